//! Volume and balance: one gain for each side.

/// The stage.
#[derive(Debug)]
pub(crate) struct Gain {
    from: [f32; 2],
    to: [f32; 2],
}

impl Gain {
    /// Set to `gains` at once.
    pub fn new(gains: [f32; 2]) -> Self {
        Self { from: gains, to: gains }
    }

    /// Sets off towards `gains`.
    pub fn retarget(&mut self, gains: [f32; 2]) {
        self.to = gains;
    }

    /// The ramp has ended.
    pub fn settle(&mut self) {
        self.from = self.to;
    }

    /// Applies the settled gains: 1 leaves every bit as it is, 0 is exact silence.
    pub fn run(&self, block: &mut [f32]) {
        let [left, right] = self.to;
        if self.to == [1.0; 2] {
            return;
        }
        if self.to == [0.0; 2] {
            block.fill(0.0);
            return;
        }
        for frame in block.as_chunks_mut::<2>().0 {
            *frame = [frame[0] * left, frame[1] * right];
        }
    }

    /// Applies the gains on the way; one weight for each frame.
    pub fn run_ramp(&self, weights: &[f64], block: &mut [f32]) {
        if self.from == self.to {
            self.run(block);
            return;
        }
        let at = |side: usize, weight: f64| {
            let (from, to) = (f64::from(self.from[side]), f64::from(self.to[side]));
            (from + weight * (to - from)) as f32
        };
        for (frame, &weight) in block.as_chunks_mut::<2>().0.iter_mut().zip(weights) {
            *frame = [frame[0] * at(0, weight), frame[1] * at(1, weight)];
        }
    }
}
