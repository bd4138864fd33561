//! Generated signals, interleaved stereo.
use std::f64::consts::TAU;

/// A tone, the same in both channels.
pub fn tone(rate: u32, hertz: f64, amplitude: f64, frames: usize) -> Vec<f32> {
    let sample = |n: usize| (amplitude * (TAU * hertz * n as f64 / f64::from(rate)).sin()) as f32;
    (0..frames).flat_map(|n| [sample(n); 2]).collect()
}

/// A full-scale square wave.
pub fn square(rate: u32, hertz: f64, frames: usize) -> Vec<f32> {
    let sample = |n: usize| if (hertz * n as f64 / f64::from(rate)).fract() < 0.5 { 1.0 } else { -1.0 };
    (0..frames).flat_map(|n| [sample(n); 2]).collect()
}

/// Noise between −amplitude and amplitude, a different one in each channel, never the same twice.
pub fn noise(seed: u64, amplitude: f32, frames: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = move || {
        // xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled")
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        let bits = state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 40;
        (bits as f32 / (1u32 << 23) as f32 - 1.0) * amplitude
    };
    (0..2 * frames).map(|_| next()).collect()
}

/// A frame counter a renderer cannot get wrong unnoticed: frame n is a value no neighbour has, exact in f32.
pub fn ladder(from: usize, frames: usize) -> Vec<f32> {
    (from..from + frames)
        .flat_map(|n| [(n as f32 + 1.0) / 8_388_608.0, -(n as f32 + 1.0) / 8_388_608.0])
        .collect()
}

/// The largest magnitude.
pub fn peak(samples: &[f32]) -> f32 {
    samples.iter().fold(0.0, |most, sample| sample.abs().max(most))
}
