//! The stream's own parameters.

/// What carries the sound, as people call it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Stream {
    /// `FLAC`, `MP3`, …
    pub(super) codec: &'static str,
    /// Hertz.
    pub(super) rate: Option<u32>,
    /// Bits of one sample, for lossless codecs only.
    pub(super) bits: Option<u32>,
    /// Bits per second, where it is known without reading the whole file.
    pub(super) bitrate: Option<u32>,
    /// Seconds.
    pub(super) duration_s: Option<f64>,
}

impl Stream {
    /// A stream of `codec` of which nothing else is known yet.
    pub(super) fn new(codec: &'static str) -> Self {
        Self { codec, ..Self::default() }
    }
}

/// `frames` at `rate` hertz in seconds; `None` for a rate of zero or no frames at all.
pub(super) fn seconds(frames: u64, rate: u32) -> Option<f64> {
    // Exact up to 2^53 frames, six thousand years of music.
    #[allow(clippy::cast_precision_loss)]
    (rate > 0 && frames > 0).then(|| frames as f64 / f64::from(rate))
}
