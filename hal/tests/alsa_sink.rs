//! The ALSA sink against plugin PCMs: what is written is what was rendered. Its timing needs a board.
#![cfg(all(target_os = "linux", feature = "linux"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;
#[path = "common/alsa.rs"]
mod conf;

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use common::{Probe, ignore_events, ramp, slowly};
use hal::convert::{Converter, SampleLayout};
use hal::linux::{AlsaConfig, AlsaSink};
use hal::{AudioFormat, AudioOut};

fn config(device: &str) -> AlsaConfig {
    // An unpaced PCM never blocks: a real-time thread on it would starve the machine.
    AlsaConfig { device: device.into(), realtime_priority: None, lock_memory: false, ..AlsaConfig::default() }
}

fn run_for(sink: &mut AlsaSink, probe: &Probe, frames: usize) {
    let target = probe.frames() + frames;
    sink.start(slowly(probe.render()), ignore_events()).unwrap();
    let since = Instant::now();
    while probe.frames() < target {
        assert!(since.elapsed() < Duration::from_secs(20), "{} of {target} frames", probe.frames());
        thread::sleep(Duration::from_millis(1));
    }
    sink.stop();
}

/// The probe's first frames as the device's bytes.
fn expected(layout: SampleLayout, frames: usize, channels: usize) -> Vec<u8> {
    let samples: Vec<f32> = (0..frames).flat_map(|n| std::iter::repeat_n(ramp(n), channels)).collect();
    let mut bytes = vec![0; samples.len() * layout.bytes()];
    Converter::new(layout).convert(&samples, &mut bytes);
    bytes
}

#[test]
fn every_layout_is_written_as_rendered() {
    conf::with_alsa("every_layout_is_written_as_rendered", |dir| {
        for layout in AlsaConfig::LAYOUTS {
            let mut sink = AlsaSink::open(AlsaConfig { layouts: vec![layout], ..config("capture") }).unwrap();
            assert_eq!(sink.format(), AudioFormat { rate: 48_000, channels: 2 });
            assert_eq!(sink.layout(), layout);
            assert_eq!(sink.latency(), Duration::from_nanos(1024 * 1_000_000_000 / 48_000));
            let probe = Probe::new(2);
            run_for(&mut sink, &probe, 20_000);
            drop(sink);
            let written = fs::read(dir.join("out.raw")).unwrap();
            let frames = written.len() / (2 * layout.bytes());
            assert!(
                frames >= 10_000 && frames <= probe.frames(),
                "{layout:?}: {frames} of {}",
                probe.frames()
            );
            assert_eq!(written.len() % (2 * layout.bytes()), 0);
            assert!(written == expected(layout, frames, 2), "{layout:?}: the bytes differ");
        }
    });
}

#[test]
fn off_the_grid_sixteen_bits_are_dithered_within_their_bounds() {
    conf::with_alsa("off_the_grid_sixteen_bits_are_dithered_within_their_bounds", |dir| {
        let mut sink =
            AlsaSink::open(AlsaConfig { layouts: vec![SampleLayout::I16], ..config("capture") }).unwrap();
        let mut at = 0;
        let sine = move |n: usize| (n as f32 * 0.05).sin() * 0.7;
        let render = move |block: &mut [f32]| {
            for frame in block.chunks_mut(2) {
                frame.fill(sine(at));
                at += 1;
            }
        };
        sink.start(slowly(Box::new(render)), ignore_events()).unwrap();
        thread::sleep(Duration::from_millis(200));
        sink.stop();
        drop(sink);
        let written = fs::read(dir.join("out.raw")).unwrap();
        let errors: Vec<f64> = written
            .chunks_exact(2)
            .enumerate()
            .map(|(n, b)| f64::from(i16::from_ne_bytes([b[0], b[1]])) - f64::from(sine(n / 2)) * 32_768.0)
            .collect();
        assert!(errors.len() > 5_000, "only {} samples", errors.len());
        assert!(errors.iter().all(|error| error.abs() <= 1.5));
        let power = errors.iter().map(|e| e * e).sum::<f64>() / errors.len() as f64;
        assert!((power - 0.25).abs() < 0.03, "noise power {power}, a quarter of a step squared expected");
    });
}

#[test]
fn stop_really_stops_and_a_stopped_sink_starts_again() {
    conf::with_alsa("stop_really_stops_and_a_stopped_sink_starts_again", |_| {
        let mut sink = AlsaSink::open(config("void")).unwrap();
        for _ in 0..5 {
            let probe = Probe::new(2);
            run_for(&mut sink, &probe, 2_000);
            let frames = probe.frames();
            thread::sleep(Duration::from_millis(60));
            assert_eq!(probe.frames(), frames);
        }
    });
}

#[test]
fn other_rates_and_channels_are_negotiated() {
    conf::with_alsa("other_rates_and_channels_are_negotiated", |_| {
        let wanted = AlsaConfig { rates: vec![96_000], channels: 6, period_frames: 512, ..config("void") };
        let mut sink = AlsaSink::open(wanted).unwrap();
        assert_eq!(sink.format(), AudioFormat { rate: 96_000, channels: 6 });
        run_for(&mut sink, &Probe::new(6), 5_000);
        let mut sink = AlsaSink::open(config("narrow")).unwrap();
        assert_eq!(sink.format(), AudioFormat { rate: 48_000, channels: 1 });
        run_for(&mut sink, &Probe::new(1), 5_000);
    });
}

/// On a board: `HAL_TEST_PCM=hw:CARD=… HAL_TEST_PERIOD=256 cargo test -p hal --features linux -- --ignored`.
#[test]
#[ignore = "needs a sound device that keeps time"]
fn a_real_device_keeps_real_time() {
    let device = std::env::var("HAL_TEST_PCM").unwrap_or_else(|_| "default".into());
    let period_frames = std::env::var("HAL_TEST_PERIOD").map_or(256, |frames| frames.parse().unwrap());
    let mut sink = AlsaSink::open(AlsaConfig { device, period_frames, ..AlsaConfig::default() }).unwrap();
    common::check_real_time_sink(&mut sink, 0.05);
}
