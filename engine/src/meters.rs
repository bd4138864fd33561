//! Levels after the chain: peak, RMS and the limiter's gain, published latest-wins.
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

/// Time constant of the RMS, seconds.
const RMS_S: f64 = 0.300;
/// A peak is shown for at least this long, seconds, so that no reader at 50 Hz or more misses one.
const PEAK_S: f64 = 0.020;

/// Levels now, linear full scale = 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Levels {
    /// Sample peak of the last 20 to 40 ms, left and right.
    pub peak: [f32; 2],
    /// Root mean square over about 300 ms (exponential).
    pub rms: [f32; 2],
    /// How far the limiter pulled down in the last block, dB (0 or negative).
    pub limiter_db: f32,
}

/// The slot between the audio thread and any number of readers. A pair is always of one moment.
#[derive(Debug, Default)]
pub(crate) struct SharedLevels {
    peak: AtomicU64,
    rms: AtomicU64,
    limiter: AtomicU32,
}

impl SharedLevels {
    /// The latest.
    pub fn load(&self) -> Levels {
        let gain = f32::from_bits(self.limiter.load(Relaxed));
        let limiter_db = if gain > 0.0 && gain < 1.0 { 20.0 * gain.log10() } else { 0.0 };
        Levels { peak: unpack(self.peak.load(Relaxed)), rms: unpack(self.rms.load(Relaxed)), limiter_db }
    }
}

fn pack(pair: [f32; 2]) -> u64 {
    u64::from(pair[0].to_bits()) << 32 | u64::from(pair[1].to_bits())
}

fn unpack(bits: u64) -> [f32; 2] {
    [f32::from_bits((bits >> 32) as u32), f32::from_bits(bits as u32)]
}

/// The audio thread's end.
#[derive(Debug)]
pub(crate) struct LevelMeter {
    shared: Arc<SharedLevels>,
    rate: f64,
    square: [f64; 2],
    /// Peaks of the window under way and of the one before.
    peaks: [[f32; 2]; 2],
    window: usize,
    filled: usize,
    /// The decay for blocks of the length seen last.
    decay: (usize, f64),
}

impl LevelMeter {
    /// For an output of `rate` Hz.
    pub fn new(rate: u32, shared: Arc<SharedLevels>) -> Self {
        let rate = f64::from(rate);
        let window = (rate * PEAK_S) as usize;
        Self { shared, rate, square: [0.0; 2], peaks: [[0.0; 2]; 2], window, filled: 0, decay: (0, 1.0) }
    }

    /// Measures a block of interleaved stereo and publishes.
    pub fn measure(&mut self, block: &[f32], limiter_gain: f32) {
        let frames = block.as_chunks::<2>().0;
        let (mut peak, mut energy) = ([0.0f32; 2], [0.0f64; 2]);
        for eight in frames.chunks(8) {
            let mut sum = [0.0f32; 2];
            for frame in eight {
                for side in 0..2 {
                    peak[side] = peak[side].max(frame[side].abs());
                    sum[side] += frame[side] * frame[side];
                }
            }
            energy = [energy[0] + f64::from(sum[0]), energy[1] + f64::from(sum[1])];
        }
        self.publish(frames.len(), peak, energy);
        self.shared.limiter.store(limiter_gain.to_bits(), Relaxed);
    }

    fn publish(&mut self, frames: usize, peak: [f32; 2], energy: [f64; 2]) {
        if frames == 0 {
            return;
        }
        if self.decay.0 != frames {
            self.decay = (frames, (-(frames as f64) / (self.rate * RMS_S)).exp());
        }
        let decay = self.decay.1;
        for side in 0..2 {
            let mean = energy[side] / frames as f64;
            let square = self.square[side] * decay + mean * (1.0 - decay);
            // Far below anything visible: stop before the slow denormal numbers.
            self.square[side] = if square < 1e-20 { 0.0 } else { square };
            self.peaks[0][side] = self.peaks[0][side].max(peak[side]);
        }
        let shown = [0, 1].map(|side: usize| self.peaks[0][side].max(self.peaks[1][side]));
        self.filled += frames;
        if self.filled >= self.window {
            self.filled = 0;
            self.peaks = [[0.0; 2], self.peaks[0]];
        }
        self.shared.peak.store(pack(shown), Relaxed);
        self.shared.rms.store(pack(self.square.map(|square| square.sqrt() as f32)), Relaxed);
    }
}
