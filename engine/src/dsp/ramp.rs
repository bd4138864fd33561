//! The one ramp by which every parameter moves.
//!
//! All parameters move together, by the same weight from 0 to 1, along the quintic
//! 6t⁵ − 15t⁴ + 10t³ whose first and second derivatives vanish at both ends. A tone whose level is moved
//! along it gets side bands that fall by 24 dB per octave of distance, so a move of 30 ms keeps its
//! energy close to the tone. A new target waits until the ramp under way has ended (at most 30 ms):
//! then every path is a chain of such curves and never has a corner.

/// How long a move takes, seconds.
pub(crate) const RAMP_S: f64 = 0.030;

/// Position on the way from one setting to the next.
#[derive(Debug)]
pub(crate) struct Ramp {
    length: usize,
    done: usize,
}

impl Ramp {
    /// At rest, for an output of `rate` Hz.
    pub fn new(rate: u32) -> Self {
        let length = (f64::from(rate) * RAMP_S).round() as usize;
        Self { length, done: length }
    }

    /// Sets off from 0.
    pub fn start(&mut self) {
        self.done = 0;
    }

    /// Frames until it rests.
    pub fn left(&self) -> usize {
        self.length - self.done
    }

    /// The next `weights.len()` weights; the last of the ramp is exactly 1.
    pub fn advance(&mut self, weights: &mut [f64]) {
        let step = 1.0 / self.length as f64;
        for weight in weights {
            self.done = (self.done + 1).min(self.length);
            let t = self.done as f64 * step;
            *weight = if self.done == self.length { 1.0 } else { t * t * t * (t * (t * 6.0 - 15.0) + 10.0) };
        }
    }
}
