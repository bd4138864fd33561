//! Small filters for instruments and effects.

use super::super::RATE;

/// One pole, 6 dB an octave.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnePole {
    state: f32,
    coefficient: f32,
}

impl OnePole {
    /// Corner in Hz.
    pub fn new(corner: f32) -> Self {
        let coefficient = 1.0 - (-std::f32::consts::TAU * corner / RATE as f32).exp();
        Self { state: 0.0, coefficient }
    }

    /// What lies below the corner.
    pub fn low(&mut self, sample: f32) -> f32 {
        self.state += self.coefficient * (sample - self.state);
        self.state
    }

    /// What lies above it.
    pub fn high(&mut self, sample: f32) -> f32 {
        sample - self.low(sample)
    }
}

/// Two poles, 12 dB an octave, low pass whose corner may move (trapezoidal state-variable filter).
#[derive(Clone, Copy, Debug, Default)]
pub struct TwoPole {
    first: f32,
    second: f32,
    g: f32,
    k: f32,
}

impl TwoPole {
    /// Corner in Hz and resonance as Q.
    pub fn set(&mut self, corner: f32, q: f32) {
        self.g = (std::f32::consts::PI * (corner / RATE as f32).min(0.45)).tan();
        self.k = 1.0 / q;
    }

    /// One sample: low pass and band pass.
    pub fn step(&mut self, sample: f32) -> (f32, f32) {
        let a = 1.0 / (1.0 + self.g * (self.g + self.k));
        let high = sample - self.second;
        let band = a * (self.first + self.g * high);
        let low = self.second + self.g * band;
        self.first = 2.0 * band - self.first;
        self.second = 2.0 * low - self.second;
        (low, band)
    }
}
