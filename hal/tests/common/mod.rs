//! Shared by the sink tests: a render closure that counts, and a reader of float WAV files.
#![allow(dead_code)]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use hal::{AudioEvent, AudioFormat, AudioOut, RenderFn};

/// Counts the frames rendered and checks that each block holds whole ones.
#[derive(Clone)]
pub struct Probe {
    channels: usize,
    frames: Arc<AtomicUsize>,
    torn: Arc<AtomicUsize>,
}

/// The probe's signal at a frame: a sawtooth between 0 and 0.5, exact in 16 bits, zero only at the
/// start of a run.
pub fn ramp(frame: usize) -> f32 {
    if frame == 0 { 0.0 } else { ((frame - 1) % 16_384 + 1) as f32 / 32_768.0 }
}

impl Probe {
    pub fn new(channels: usize) -> Self {
        Self { channels, frames: Arc::default(), torn: Arc::default() }
    }

    /// A closure that counts from frame zero of its own run.
    pub fn render(&self) -> RenderFn {
        let probe = self.clone();
        let mut at = 0;
        Box::new(move |block| {
            if block.is_empty() || !block.len().is_multiple_of(probe.channels) {
                probe.torn.fetch_add(1, Ordering::SeqCst);
            }
            for frame in block.chunks_mut(probe.channels) {
                frame.fill(ramp(at));
                at += 1;
            }
            probe.frames.fetch_add(block.len() / probe.channels, Ordering::SeqCst);
        })
    }

    pub fn frames(&self) -> usize {
        assert_eq!(self.torn.load(Ordering::SeqCst), 0, "a block without whole frames");
        self.frames.load(Ordering::SeqCst)
    }
}

/// Slows an unpaced sink down, so that it does not eat the processor and fill the disk.
pub fn slowly(mut render: RenderFn) -> RenderFn {
    Box::new(move |block| {
        render(block);
        thread::sleep(Duration::from_millis(1));
    })
}

pub fn ignore_events() -> Box<dyn FnMut(AudioEvent) + Send> {
    Box::new(|_| {})
}

/// Runs a real-time sink twice and returns the frames rendered in all. The pace is measured between
/// two looks 1.2 s apart, both taken while it runs, so that a device's first fill does not count.
pub fn check_real_time_sink(sink: &mut dyn AudioOut, tolerance: f64) -> usize {
    let format = sink.format();
    let mut total = 0;
    for run in 0..2 {
        let probe = Probe::new(usize::from(format.channels));
        sink.start(probe.render(), ignore_events()).unwrap();
        thread::sleep(Duration::from_millis(150));
        let (frames, since) = (probe.frames(), Instant::now());
        thread::sleep(Duration::from_millis(if run == 0 { 1200 } else { 200 }));
        let (rendered, elapsed) = (probe.frames() - frames, since.elapsed().as_secs_f64());
        if run == 0 {
            let ratio = rendered as f64 / (elapsed * f64::from(format.rate));
            assert!((ratio - 1.0).abs() <= tolerance, "{ratio} of real time");
        }
        assert!(rendered > 0, "run {run} rendered nothing");
        sink.stop();
        let frames = probe.frames();
        thread::sleep(Duration::from_millis(60));
        assert_eq!(probe.frames(), frames, "rendered after stop");
        total += frames;
    }
    total
}

/// Format and samples of a 32-bit float WAV file, by its chunks.
pub fn wav_samples(path: &Path) -> (AudioFormat, Vec<f32>) {
    let bytes = std::fs::read(path).unwrap();
    let u32_at = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    let mut format = AudioFormat { rate: 0, channels: 0 };
    let mut at = 12;
    loop {
        let (id, len) = (&bytes[at..at + 4], u32_at(at + 4) as usize);
        if id == b"fmt " {
            format.channels = u16::from_le_bytes(bytes[at + 10..at + 12].try_into().unwrap());
            format.rate = u32_at(at + 12);
        }
        if id == b"data" {
            let data = &bytes[at + 8..at + 8 + len];
            return (
                format,
                data.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect(),
            );
        }
        at += 8 + len + len % 2;
    }
}
