//! What can be played, what is known of it, and why it may not play.
use std::path::PathBuf;

/// Names a track between the caller and the engine; the caller chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TrackId(pub u64);

/// A track to play.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// The caller's name for it.
    pub id: TrackId,
    /// The file.
    pub path: PathBuf,
    /// Where to start, in seconds.
    pub start_s: f64,
    /// Source gain in dB (ReplayGain); 0 changes nothing.
    pub gain_db: f32,
}

/// What is known of a source once it is open.
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
