//! One stretch of the stream with one source rate: the resampler that runs through it, and the frame count.
use crate::TrackError;
use crate::resample::Resampler;

/// Consecutive tracks of one rate share a line, so that the seam between them is resampled like any
/// other place.
pub(crate) struct Line {
    resampler: Resampler,
    from: u32,
    to: u32,
    /// The frame of the stream it began at.
    base: u64,
    /// Source frames taken in.
    fed: u64,
}

impl Line {
    /// From `from` Hz to `to` Hz, beginning at frame `base` of the stream.
    ///
    /// # Errors
    /// If there is no resampler for these rates.
    pub fn new(from: u32, to: u32, base: u64) -> Result<Self, TrackError> {
        Ok(Self { resampler: Resampler::new(from, to)?, from, to, base, fed: 0 })
    }

    /// The source rate.
    pub fn rate(&self) -> u32 {
        self.from
    }

    /// Takes interleaved stereo in; appends what is ready.
    pub fn feed(&mut self, stereo: &[f32], out: &mut Vec<f32>) {
        self.fed += stereo.len() as u64 / 2;
        self.resampler.process(stereo, out);
    }

    /// Appends what the resampler still holds.
    pub fn finish(&mut self, out: &mut Vec<f32>) {
        self.resampler.flush(out);
    }

    /// The same rates, beginning anew at frame `base`: cheaper than planning another resampler.
    pub fn restart(mut self, base: u64) -> Self {
        self.resampler.reset();
        self.base = base;
        self.fed = 0;
        self
    }

    /// The frame of the stream at which the next source frame will sound.
    pub fn boundary(&self) -> u64 {
        let (from, to, fed) = (u128::from(self.from), u128::from(self.to), u128::from(self.fed));
        self.base + u64::try_from((fed * to + from / 2) / from).unwrap_or(0)
    }
}
