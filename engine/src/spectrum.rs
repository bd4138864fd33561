//! The live spectrum: the audio thread only stores samples; the transform runs where it is read.
use crate::meters::{Levels, SharedLevels};
use realfft::{RealFftPlanner, RealToComplex, num_complex::Complex};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

/// Bands of the spectrum.
pub const SPECTRUM_BANDS: usize = 32;
/// Length of the transform.
const SIZE: usize = 2048;
/// Length of the ring: the reader is done with the last `SIZE` long before they are overwritten.
const RING: usize = 4 * SIZE;
/// Edges of the bands, Hz.
const LOW_HZ: f32 = 40.0;
const HIGH_HZ: f32 = 16_000.0;
/// What counts as nothing, dBFS.
const FLOOR_DB: f32 = -72.0;
/// The share of the way up made in one 60th of a second.
const ATTACK: f32 = 0.75;
/// How fast a band falls: the whole height in this many seconds.
const FALL_S: f32 = 0.6;

/// The ring between the audio thread and the readers: mono samples as bits, no frame ever waited for.
#[derive(Debug)]
pub(crate) struct SpectrumRing {
    samples: Box<[AtomicU32]>,
    written: AtomicUsize,
}

impl SpectrumRing {
    /// Full of silence.
    pub fn new() -> Arc<Self> {
        let samples = (0..RING).map(|_| AtomicU32::new(0)).collect();
        Arc::new(Self { samples, written: AtomicUsize::new(0) })
    }
}

/// The audio thread's end.
#[derive(Debug)]
pub(crate) struct SpectrumTap {
    ring: Arc<SpectrumRing>,
    at: usize,
}

impl SpectrumTap {
    /// Writes into `ring`; there is one such end.
    pub fn new(ring: Arc<SpectrumRing>) -> Self {
        Self { ring, at: 0 }
    }

    /// Stores the mean of left and right.
    pub fn store(&mut self, block: &[f32]) {
        let mut frames = block.as_chunks::<2>().0;
        while !frames.is_empty() {
            let start = self.at % RING;
            let room = self.ring.samples.get(start..).unwrap_or_default();
            let count = room.len().min(frames.len());
            let (now, later) = frames.split_at(count);
            for (cell, [left, right]) in room.iter().zip(now) {
                cell.store(((left + right) * 0.5).to_bits(), Ordering::Relaxed);
            }
            self.at = self.at.wrapping_add(count);
            frames = later;
        }
        self.ring.written.store(self.at, Ordering::Release);
    }
}

/// Reads the latest spectrum and levels; `Send`. The FFT runs in the caller's thread.
pub struct SpectrumAnalyzer {
    ring: Arc<SpectrumRing>,
    levels: Arc<SharedLevels>,
    rate: f32,
    transform: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    input: Vec<f32>,
    output: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    magnitudes: Vec<f32>,
    shown: [f32; SPECTRUM_BANDS],
    read_at: usize,
}

impl SpectrumAnalyzer {
    pub(crate) fn new(ring: Arc<SpectrumRing>, levels: Arc<SharedLevels>, rate: u32) -> Self {
        let transform = RealFftPlanner::<f32>::new().plan_fft_forward(SIZE);
        // Hann; scaled so that a full-scale sine reads 1.
        let hann = |n: usize| 0.5 - 0.5 * (std::f32::consts::TAU * n as f32 / SIZE as f32).cos();
        let window = (0..SIZE).map(|n| hann(n) * 4.0 / SIZE as f32).collect();
        let (input, output, scratch) =
            (transform.make_input_vec(), transform.make_output_vec(), transform.make_scratch_vec());
        Self {
            read_at: ring.written.load(Ordering::Acquire),
            ring,
            levels,
            rate: rate as f32,
            window,
            magnitudes: vec![0.0; output.len()],
            input,
            output,
            scratch,
            transform,
            shown: [0.0; SPECTRUM_BANDS],
        }
    }

    /// 32 bands, log spaced 40 Hz–16 kHz, each 0..=1 for −72..0 dBFS (a full-scale sine in both channels
    /// is 0 dBFS), of the last 2048 frames after the equaliser and before the volume.
    ///
    /// They rise fast and fall evenly by the time of the stream; while no sound runs, each call counts as
    /// one 60th of a second.
    pub fn bands(&mut self) -> [f32; SPECTRUM_BANDS] {
        let written = self.ring.written.load(Ordering::Acquire);
        let passed = written.wrapping_sub(self.read_at);
        self.read_at = written;
        let (steps, heard) = match passed {
            0 => (1.0, false),
            frames => (frames as f32 / self.rate * 60.0, true),
        };
        let mut now = [0.0; SPECTRUM_BANDS];
        if heard && self.measure(written) {
            self.band_levels(&mut now);
        }
        let (rise, fall) = (1.0 - (1.0 - ATTACK).powf(steps), steps / (60.0 * FALL_S));
        for (shown, now) in self.shown.iter_mut().zip(now) {
            *shown = if now > *shown { *shown + (now - *shown) * rise } else { now.max(*shown - fall) };
        }
        self.shown
    }

    /// Latest levels, as [`Control::levels`](crate::Control::levels).
    pub fn levels(&mut self) -> Levels {
        self.levels.load()
    }

    /// Magnitudes of the `SIZE` frames before `written`; false when there are none.
    fn measure(&mut self, written: usize) -> bool {
        let start = written.wrapping_sub(SIZE);
        let mut sound = 0.0f32;
        for (n, (input, window)) in self.input.iter_mut().zip(&self.window).enumerate() {
            let cell = self.ring.samples.get(start.wrapping_add(n) % RING);
            let sample = cell.map_or(0.0, |cell| f32::from_bits(cell.load(Ordering::Relaxed)));
            sound = sound.max(sample.abs());
            *input = sample * window;
        }
        if sound < 1e-6 {
            return false;
        }
        let Self { transform, input, output, scratch, .. } = self;
        if transform.process_with_scratch(input, output, scratch).is_err() {
            return false;
        }
        for (magnitude, bin) in self.magnitudes.iter_mut().zip(&self.output) {
            *magnitude = bin.norm();
        }
        true
    }

    fn band_levels(&self, bands: &mut [f32; SPECTRUM_BANDS]) {
        let per_hz = SIZE as f32 / self.rate;
        let edge = |n: usize| LOW_HZ * (HIGH_HZ / LOW_HZ).powf(n as f32 / SPECTRUM_BANDS as f32) * per_hz;
        for (n, band) in bands.iter_mut().enumerate() {
            let (low, high) = (edge(n), edge(n + 1));
            // Narrow bands lie between two bins; wide ones hold several.
            let ends = self.between(low).max(self.between(high)).max(self.between((low * high).sqrt()));
            let inside = self.magnitudes.get(low.ceil() as usize..=(high as usize)).unwrap_or_default();
            let magnitude = inside.iter().fold(ends, |most, magnitude| most.max(*magnitude));
            let db = 20.0 * magnitude.max(1e-9).log10();
            *band = (1.0 - db / FLOOR_DB).clamp(0.0, 1.0);
        }
    }

    /// Magnitude between two bins.
    fn between(&self, bin: f32) -> f32 {
        let at = |bin: usize| self.magnitudes.get(bin).copied().unwrap_or(0.0);
        let (below, share) = (bin as usize, bin.fract());
        at(below) * (1.0 - share) + at(below + 1) * share
    }
}
