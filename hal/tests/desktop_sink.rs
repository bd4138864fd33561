//! The cpal sink on Linux against plugin PCMs: opening, whole frames, stop and restart. Its timing
//! needs a sound device.
#![cfg(all(target_os = "linux", feature = "desktop"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;
#[path = "common/alsa.rs"]
mod conf;

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use common::{Probe, ignore_events, ramp, slowly};
use hal::desktop::{CpalSink, DesktopHost, output_devices};
use hal::{AudioError, AudioFormat, AudioOut};

fn run_for(sink: &mut CpalSink, probe: &Probe, frames: usize) {
    let target = probe.frames() + frames;
    sink.start(slowly(probe.render()), ignore_events()).unwrap();
    let since = Instant::now();
    while probe.frames() < target {
        assert!(since.elapsed() < Duration::from_secs(20), "{} of {target} frames", probe.frames());
        thread::sleep(Duration::from_millis(1));
    }
    sink.stop();
}

#[test]
fn the_default_device_plays_stops_and_plays_again() {
    conf::with_alsa("the_default_device_plays_stops_and_plays_again", |dir| {
        let mut sink = CpalSink::open(DesktopHost::System, None).unwrap();
        assert_eq!(sink.format(), AudioFormat { rate: 48_000, channels: 2 });
        for _ in 0..3 {
            let probe = Probe::new(2);
            run_for(&mut sink, &probe, 10_000);
            let frames = probe.frames();
            thread::sleep(Duration::from_millis(60));
            assert_eq!(probe.frames(), frames, "rendered after stop");
        }
        drop(sink);
        // The last run's file: float, since that is what was asked for first.
        let written = fs::read(dir.join("out.raw")).unwrap();
        let samples: Vec<f32> =
            written.chunks_exact(4).map(|b| f32::from_ne_bytes([b[0], b[1], b[2], b[3]])).collect();
        let start = samples.iter().position(|&sample| sample != 0.0).unwrap();
        let heard = &samples[start..];
        assert!(heard.len() > 5_000, "only {} samples", heard.len());
        let same = heard.iter().enumerate().take_while(|(n, sample)| **sample == ramp(n / 2 + 1)).count();
        assert!(same > 5_000, "only the first {same} samples are as rendered");
    });
}

#[test]
fn devices_are_listed_and_opened_by_name() {
    conf::with_alsa("devices_are_listed_and_opened_by_name", |_| {
        let names = output_devices(DesktopHost::System).unwrap();
        assert!(!names.is_empty());
        let mut sink = CpalSink::open(DesktopHost::System, Some("default")).unwrap();
        run_for(&mut sink, &Probe::new(2), 2_000);
        let missing = CpalSink::open(DesktopHost::System, Some("Loudspeaker of the neighbours"));
        assert!(
            matches!(&missing, Err(AudioError::NoDevice(text)) if text.contains("neighbours")),
            "{missing:?}"
        );
    });
}

#[test]
fn asio_is_refused_where_there_is_none() {
    assert!(matches!(CpalSink::open(DesktopHost::Asio, None), Err(AudioError::NoDevice(_))));
}

/// On a desktop with sound: `cargo test -p hal --test desktop_sink -- --ignored`.
#[test]
#[ignore = "needs a sound device that keeps time"]
fn the_default_device_keeps_real_time() {
    let mut sink = CpalSink::open(DesktopHost::System, None).unwrap();
    common::check_real_time_sink(&mut sink, 0.05);
}
