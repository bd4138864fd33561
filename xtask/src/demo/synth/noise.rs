//! White noise that is the same in every run.

/// xorshift32 (Marsaglia 2003), as samples from −1 to 1.
pub struct Noise(u32);

impl Noise {
    /// A sequence of its own for every seed.
    pub fn new(seed: u32) -> Self {
        Self(seed.wrapping_mul(2_654_435_761) | 1)
    }

    /// The next sample.
    pub fn sample(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        (self.0 >> 8) as f32 / 8_388_608.0 - 1.0
    }
}
