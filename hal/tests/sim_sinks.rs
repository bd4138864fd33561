//! The simulated sinks: whole frames, real or virtual pace, stop, restart, and what lies in the file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use common::{Probe, ignore_events, wav_samples};
use hal::sim::{NullSink, VirtualClock, VirtualSink, WavSink, WavWriter};
use hal::{AudioError, AudioFormat, AudioOut, Clock};

const STEREO: AudioFormat = AudioFormat { rate: 48_000, channels: 2 };
const CD_SIX: AudioFormat = AudioFormat { rate: 44_100, channels: 6 };

#[test]
fn null_sink_keeps_real_time_stops_and_starts_again() {
    for format in [STEREO, CD_SIX] {
        let mut sink = NullSink::new(format);
        assert_eq!(sink.format(), format);
        common::check_real_time_sink(&mut sink, 0.05);
    }
}

#[test]
fn wav_sink_keeps_real_time_and_writes_every_sample() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.wav");
    let mut sink = WavSink::new(&path, STEREO).unwrap();
    let frames = common::check_real_time_sink(&mut sink, 0.05);
    let (format, samples) = wav_samples(&path);
    assert_eq!(format, STEREO);
    assert_eq!(samples.len(), frames * 2);
    // Each run of the probe counts from zero: the file holds both, one after the other.
    let restart = samples.iter().skip(2).position(|&sample| sample == 0.0).unwrap() + 2;
    for run in [&samples[..restart], &samples[restart..]] {
        assert!(run.iter().enumerate().all(|(n, &sample)| sample == common::ramp(n / 2)));
    }
}

#[test]
fn wav_sink_reports_a_full_disk_and_ends() {
    // /dev/full refuses every write; elsewhere there is no such device to try.
    if !std::path::Path::new("/dev/full").exists() {
        return;
    }
    assert!(matches!(WavSink::new("/dev/full", STEREO), Err(AudioError::File(_))));
}

#[test]
fn virtual_sink_is_far_faster_than_real_time() {
    let clock = VirtualClock::new();
    let mut sink = VirtualSink::new(STEREO, Arc::clone(&clock), None);
    let probe = Probe::new(2);
    sink.start(probe.render(), ignore_events()).unwrap();
    let real = Instant::now();
    clock.wait_until(Duration::from_secs(600));
    let speed = 600.0 / real.elapsed().as_secs_f64();
    assert!(speed >= 200.0, "only {speed:.0} x real time");
    sink.stop();
    assert_eq!(probe.frames(), 600 * 48_000);
}

#[test]
fn virtual_time_stands_still_while_nobody_waits() {
    let clock = VirtualClock::new();
    let mut sink = VirtualSink::new(CD_SIX, Arc::clone(&clock), None);
    let probe = Probe::new(6);
    sink.start(probe.render(), ignore_events()).unwrap();
    thread::sleep(Duration::from_millis(50));
    assert_eq!((clock.now(), probe.frames()), (Duration::ZERO, 0));
    for target in [15, 15, 4, 1000] {
        clock.wait_until(Duration::from_millis(target));
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(clock.now(), Duration::from_secs(1));
    assert_eq!(probe.frames(), 44_100);
    sink.stop();
}

#[test]
fn the_hook_is_done_before_the_wait_returns() {
    let clock = VirtualClock::new();
    let mut sink = VirtualSink::new(STEREO, Arc::clone(&clock), None);
    let ticks = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&ticks);
    clock.on_advance(Box::new(move |_| {
        thread::sleep(Duration::from_millis(1));
        counted.fetch_add(1, Ordering::SeqCst);
    }));
    sink.start(Probe::new(2).render(), ignore_events()).unwrap();
    for n in 1..=30 {
        clock.wait_until(Duration::from_millis(10 * n as u64));
        assert_eq!(ticks.load(Ordering::SeqCst), n);
    }
}

#[test]
fn stop_from_the_code_the_hook_waits_for_does_not_deadlock() {
    let clock = VirtualClock::new();
    let mut sink = VirtualSink::new(STEREO, Arc::clone(&clock), None);
    let (to_app, app_ticks) = mpsc::channel::<(Duration, mpsc::Sender<()>)>();
    clock.on_advance(Box::new(move |now| {
        let (done, wait) = mpsc::channel();
        if to_app.send((now, done)).is_ok() {
            let _ = wait.recv();
        }
    }));
    let probe = Probe::new(2);
    let rendering = probe.clone();
    let app = thread::spawn(move || {
        sink.start(rendering.render(), ignore_events()).unwrap();
        let mut is_running = true;
        while let Ok((now, done)) = app_ticks.recv() {
            // Stop, start and stop again while the sink's thread waits for `done`.
            if now.as_millis() % 100 == 0 {
                sink.stop();
                is_running = !is_running;
                if is_running {
                    sink.start(rendering.render(), ignore_events()).unwrap();
                }
            }
            let _ = done.send(());
            if now >= Duration::from_secs(10) {
                break;
            }
        }
    });
    clock.wait_until(Duration::from_secs(10));
    app.join().unwrap();
    assert!(clock.now() >= Duration::from_secs(10));
    let seconds = probe.frames() as f64 / 48_000.0;
    assert!((4.5..=5.6).contains(&seconds), "{seconds} s rendered, half of 10 expected");
}

#[test]
fn nothing_is_rendered_after_stop_and_a_free_clock_runs_on_alone() {
    let clock = VirtualClock::new();
    let mut sink = VirtualSink::new(STEREO, Arc::clone(&clock), None);
    clock.run_freely();
    for _ in 0..20 {
        let probe = Probe::new(2);
        sink.start(probe.render(), ignore_events()).unwrap();
        while probe.frames() < 4800 {
            thread::yield_now();
        }
        sink.stop();
        let frames = probe.frames();
        thread::sleep(Duration::from_millis(2));
        assert_eq!(probe.frames(), frames);
    }
}

#[test]
fn virtual_sink_writes_what_it_renders() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("virtual.wav");
    let clock = VirtualClock::new();
    let writer = WavWriter::create(&path, STEREO).unwrap();
    let mut sink = VirtualSink::new(STEREO, Arc::clone(&clock), Some(writer));
    sink.start(Probe::new(2).render(), ignore_events()).unwrap();
    clock.wait_until(Duration::from_millis(2500));
    sink.stop();
    let (_, samples) = wav_samples(&path);
    assert_eq!(samples.len(), 240_000);
    assert!(samples.iter().enumerate().all(|(n, &sample)| sample == common::ramp(n / 2)));
}

#[test]
fn a_file_of_another_format_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let writer = WavWriter::create(dir.path().join("x.wav"), CD_SIX).unwrap();
    let mut sink = VirtualSink::new(STEREO, VirtualClock::new(), Some(writer));
    assert!(matches!(sink.start(Probe::new(2).render(), ignore_events()), Err(AudioError::NoFormat(_))));
}

#[test]
fn a_render_that_panics_does_not_hold_up_those_who_wait() {
    let clock = VirtualClock::new();
    let mut sink = VirtualSink::new(STEREO, Arc::clone(&clock), None);
    let has_panicked = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&has_panicked);
    let render = Box::new(move |_: &mut [f32]| {
        flag.store(true, Ordering::SeqCst);
        panic!("a defect in render");
    });
    sink.start(render, ignore_events()).unwrap();
    clock.wait_until(Duration::from_secs(1));
    assert!(has_panicked.load(Ordering::SeqCst));
    sink.stop();
}
