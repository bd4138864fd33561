//! CONTRACT SKETCH, to be split into one concept a file and implemented.
use std::path::{Path, PathBuf};

/// What an entry of a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A folder that may hold music.
    Folder,
    /// A file whose ending is one this unit plays.
    Track,
}

/// One entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Shown to the driver: control characters replaced, the ending of tracks removed.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// What it is.
    pub kind: EntryKind,
}

/// Why the medium cannot be read; the variant names the reaction.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LibraryError {
    /// Gone: the medium was pulled or the file removed.
    #[error("this is no longer there")]
    Missing,
    /// The system would not let us read it.
    #[error("this cannot be read: {0}")]
    Unreadable(String),
    /// Outside the medium (a link that leads away, or `..`).
    #[error("this lies outside the medium")]
    Outside,
    /// Not music this unit plays, or damaged.
    #[error("this is not music this unit can play")]
    NotMusic,
}

/// What the file says of itself. Empty strings where it says nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrackInfo {
    /// Title.
    pub title: String,
    /// Artist.
    pub artist: String,
    /// Album.
    pub album: String,
    /// Album artist.
    pub album_artist: String,
    /// Number on its disc.
    pub track: Option<u32>,
    /// Disc.
    pub disc: Option<u32>,
    /// Seconds.
    pub duration_s: Option<f64>,
    /// For people: `FLAC · 44.1 kHz · 16 bit`.
    pub format: String,
    /// ReplayGain of the track in dB (R128 converted).
    pub replaygain_db: Option<f32>,
}

/// Cover art, scaled and ready to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Art {
    /// Hash of the picture's bytes, hexadecimal.
    pub hash: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// RGBA, 8 bit, row by row.
    pub rgba: Vec<u8>,
    /// A calm colour taken from the picture, RGB, for the page's accent.
    pub accent: [u8; 3],
}

/// Folders first, then tracks, each in natural order; hidden files left out; at most 10,000 entries.
///
/// # Errors
/// Missing, unreadable or outside `medium`.
pub fn list_folder(_medium: &Path, _folder: &Path) -> Result<Vec<Entry>, LibraryError> {
    unimplemented!()
}

/// All tracks below a folder in playing order (depth first, natural order), at most `limit`, depth 16.
///
/// # Errors
/// As [`list_folder`], for the folder itself; what cannot be read below it is left out.
pub fn tracks_below(_medium: &Path, _folder: &Path, _limit: usize) -> Result<Vec<PathBuf>, LibraryError> {
    unimplemented!()
}

/// Tags and stream parameters of one file. Bounded in memory and time whatever the file holds.
///
/// # Errors
/// Missing, unreadable, or not music.
pub fn read_track(_path: &Path) -> Result<TrackInfo, LibraryError> {
    unimplemented!()
}

/// The embedded picture, else `cover`/`folder`/`front`.{jpg,jpeg,png,webp} beside it (any case), scaled
/// so that the longer edge is at most `max_edge`.
///
/// # Errors
/// Missing or unreadable. No picture, or a damaged one, is `Ok(None)`.
pub fn read_art(_path: &Path, _max_edge: u32) -> Result<Option<Art>, LibraryError> {
    unimplemented!()
}

/// Whether the file's ending is one this unit plays.
#[must_use]
pub fn is_track(_path: &Path) -> bool {
    unimplemented!()
}
