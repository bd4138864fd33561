//! What can be played, what is known of it, and why it may not play.
use std::path::PathBuf;

/// Names a track between the caller and the engine; the caller chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TrackId(pub u64);

/// A part of a file that plays as a track of its own: one song of a CUE sheet. Both ends are rounded to the
/// nearest frame at the file's own rate, so that the end of one slice and the same second as the start of the
/// next name the same frame: 1/75 s, what CUE sheets count in, is 588 frames at 44.1 kHz.
///
/// An end beyond the file's is the file's. A slice in which nothing of the file lies is
/// [`TrackError::Empty`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slice {
    /// First frame, in seconds of the file.
    pub start_s: f64,
    /// The frame after the last, in seconds of the file; none is the file's end.
    pub end_s: Option<f64>,
}

/// A track to play: a file, or a slice of one.
///
/// To everybody outside, a slice is a track like any other: positions, seeks, durations and
/// [`SourceInfo::frames`] count from its start, 0 being the slice's first frame. A slice that follows the one
/// before it in the same file joins without a seam: together they are the undivided file, bit for bit with
/// lossless codecs.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// The caller's name for it.
    pub id: TrackId,
    /// The file.
    pub path: PathBuf,
    /// The part of the file that is the track; none is all of it.
    pub slice: Option<Slice>,
    /// Where to start playing (a resume position), in seconds of the track: of the slice, if there is one.
    pub start_s: f64,
    /// Source gain in dB (ReplayGain); 0 changes nothing.
    pub gain_db: f32,
}

impl Track {
    /// All of a file from its beginning, at its own level.
    #[must_use]
    pub fn whole(id: TrackId, path: impl Into<PathBuf>) -> Self {
        Self { id, path: path.into(), slice: None, start_s: 0.0, gain_db: 0.0 }
    }

    /// Whether playing begins in the middle of the file, and so perhaps in the middle of a wave.
    pub(crate) fn starts_within(&self) -> bool {
        self.start_s > 0.0 || self.slice.is_some_and(|slice| slice.start_s > 0.0)
    }
}

/// What is known of a source once it is open; of a slice, where it is one.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceInfo {
    /// Codec's short name: `FLAC`.
    pub codec: String,
    /// Hz.
    pub rate: u32,
    /// Channels in the file.
    pub channels: u16,
    /// Bits per sample where the codec has them.
    pub bits: Option<u32>,
    /// Exact frames at the source rate after trimming, where the container states them.
    pub frames: Option<u64>,
    /// Seconds.
    pub duration_s: Option<f64>,
}

/// Why a track cannot be played; the variant names the reaction.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TrackError {
    /// The file or its medium is gone.
    #[error("the file is gone")]
    Missing,
    /// The system would not let us read it.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
    /// Not a format this engine plays.
    #[error("this is not music this unit can play")]
    Unsupported,
    /// Damaged beyond the point where playing makes sense.
    #[error("the file is damaged")]
    Damaged,
    /// Holds no sound at all.
    #[error("the file is empty")]
    Empty,
}
