//! Second-order sections: Robert Bristow-Johnson's Audio EQ Cookbook designs, run in f64 as transposed
//! direct form II, left and right as the two lanes of one vector.
use crate::params::{Band, BandShape};

/// One frame, left and right.
pub(crate) type Frame = [f64; 2];

/// Smaller states are set to zero, so that a decaying tail never reaches the slow denormal numbers.
const TINY: f64 = 1e-25;

/// Normalised coefficients (a0 = 1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Coeffs {
    pub b0: f64,
    pub b1: f64,
    pub b2: f64,
    pub a1: f64,
    pub a2: f64,
}

impl Coeffs {
    /// The filter of `band` at `rate` Hz. The band must be in range (see `BandSetting`).
    pub fn new(band: &Band, rate: f64) -> Self {
        let amp = 10f64.powf(f64::from(band.gain_db) / 40.0);
        let (sin, cos) = (std::f64::consts::TAU * f64::from(band.frequency) / rate).sin_cos();
        let alpha = sin / (2.0 * f64::from(band.q));
        match band.shape {
            BandShape::Peaking => Self::normalise(
                [1.0 + alpha * amp, -2.0 * cos, 1.0 - alpha * amp],
                [1.0 + alpha / amp, -2.0 * cos, 1.0 - alpha / amp],
            ),
            BandShape::LowShelf => Self::shelf(amp, cos, alpha, 1.0),
            BandShape::HighShelf => Self::shelf(amp, cos, alpha, -1.0),
        }
    }

    /// The cookbook's two shelves are each other's mirror: `side` is 1 for the low one, −1 for the high one.
    fn shelf(amp: f64, cos: f64, alpha: f64, side: f64) -> Self {
        let (plus, minus, cos) = (amp + 1.0, amp - 1.0, side * cos);
        let slope = 2.0 * amp.sqrt() * alpha;
        Self::normalise(
            [
                amp * (plus - minus * cos + slope),
                side * 2.0 * amp * (minus - plus * cos),
                amp * (plus - minus * cos - slope),
            ],
            [plus + minus * cos + slope, side * -2.0 * (minus + plus * cos), plus + minus * cos - slope],
        )
    }

    fn normalise(b: [f64; 3], a: [f64; 3]) -> Self {
        let scale = 1.0 / a[0];
        Self { b0: b[0] * scale, b1: b[1] * scale, b2: b[2] * scale, a1: a[1] * scale, a2: a[2] * scale }
    }

    /// Poles and zeros at `factor` times their distance from the centre.
    pub fn shrunk(&self, factor: f64) -> Self {
        let (once, twice) = (factor, factor * factor);
        Self { b0: self.b0, b1: self.b1 * once, b2: self.b2 * twice, a1: self.a1 * once, a2: self.a2 * twice }
    }

    /// Whether both poles are inside the unit circle.
    #[cfg(test)]
    pub fn is_stable(&self) -> bool {
        self.a2.abs() < 1.0 && self.a1.abs() < 1.0 + self.a2
    }

    /// A point on the straight line from `self` to `to`. The region of stable coefficients is convex, so
    /// every point between two stable filters is stable.
    #[inline(always)]
    pub fn towards(&self, to: &Self, weight: f64) -> Self {
        Self {
            b0: self.b0 + weight * (to.b0 - self.b0),
            b1: self.b1 + weight * (to.b1 - self.b1),
            b2: self.b2 + weight * (to.b2 - self.b2),
            a1: self.a1 + weight * (to.a1 - self.a1),
            a2: self.a2 + weight * (to.a2 - self.a2),
        }
    }
}

/// The memory of one section.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct State {
    s1: Frame,
    s2: Frame,
}

impl State {
    #[inline(always)]
    fn step(&mut self, c: &Coeffs, x: Frame) -> Frame {
        let y = [c.b0 * x[0] + self.s1[0], c.b0 * x[1] + self.s1[1]];
        self.s1 = [
            c.b1 * x[0] - c.a1 * y[0] + self.s2[0], //
            c.b1 * x[1] - c.a1 * y[1] + self.s2[1],
        ];
        self.s2 = [c.b2 * x[0] - c.a2 * y[0], c.b2 * x[1] - c.a2 * y[1]];
        y
    }

    /// Filters `block` in place.
    pub fn run(&mut self, coeffs: &Coeffs, block: &mut [Frame]) {
        let (c, mut state) = (*coeffs, *self);
        for frame in block {
            *frame = state.step(&c, *frame);
        }
        *self = state.flushed();
    }

    /// Filters `block` in place by two sections in series: one pass over memory, and two recursions
    /// that the processor overlaps.
    pub fn run_pair(pair: [&mut Self; 2], coeffs: [&Coeffs; 2], block: &mut [Frame]) {
        let (c0, c1) = (*coeffs[0], *coeffs[1]);
        let (mut s0, mut s1) = (*pair[0], *pair[1]);
        for frame in block {
            let between = s0.step(&c0, *frame);
            *frame = s1.step(&c1, between);
        }
        *pair[0] = s0.flushed();
        *pair[1] = s1.flushed();
    }

    /// Filters `block` in place while the filter moves from one set of coefficients to another; one
    /// weight (0 to 1) for each frame.
    pub fn run_between(&mut self, from: &Coeffs, to: &Coeffs, weights: &[f64], block: &mut [Frame]) {
        let mut state = *self;
        for (frame, &weight) in block.iter_mut().zip(weights) {
            *frame = state.step(&from.towards(to, weight), *frame);
        }
        *self = state.flushed();
    }

    /// The largest magnitude held.
    pub fn magnitude(&self) -> f64 {
        self.s1.iter().chain(&self.s2).fold(0.0, |most, s| s.abs().max(most))
    }

    fn flushed(mut self) -> Self {
        for s in self.s1.iter_mut().chain(&mut self.s2) {
            if s.abs() < TINY {
                *s = 0.0;
            }
        }
        self
    }
}
