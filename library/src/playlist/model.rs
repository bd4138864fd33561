//! A playlist as it is written, before anything is looked up.
use super::slice::Slice;

/// What a playlist file says. Texts are one line each, of at most 255 characters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlaylistFile {
    /// The playlist's own name; of a cue sheet, the album's.
    pub title: Option<String>,
    /// Who made the playlist; of a cue sheet, the album's artist.
    pub artist: Option<String>,
    /// Genre of the album (cue sheets).
    pub genre: Option<String>,
    /// Year of the album (cue sheets).
    pub year: Option<u16>,
    /// Disc number of the album (cue sheets).
    pub disc: Option<u32>,
    /// ReplayGain of the album in dB (cue sheets).
    pub album_gain_db: Option<f32>,
    /// In playing order; at most [`MAX_ENTRIES`].
    pub entries: Vec<PlaylistEntry>,
    /// Entries that name something elsewhere (`http:`, `smb:` …) or that no medium can hold.
    pub skipped: u32,
    /// Whether entries were left out because there are more than [`MAX_ENTRIES`].
    pub truncated: bool,
}

/// One line of a playlist.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlaylistEntry {
    /// A path as the writer spelled it: relative or absolute, with `/` or `\`, URI escapes undone. Never
    /// empty, at most [`MAX_LOCATION`] bytes, without NUL. Not to be opened as it is.
    pub location: String,
    /// The name to show.
    pub title: Option<String>,
    /// Artist of the track.
    pub artist: Option<String>,
    /// Composer of the track (`SONGWRITER` of cue sheets).
    pub composer: Option<String>,
    /// Track number (cue sheets, XSPF).
    pub number: Option<u32>,
    /// Length in milliseconds, where it is stated.
    pub duration_ms: Option<u64>,
    /// The part of the file (cue sheets).
    pub slice: Option<Slice>,
    /// ReplayGain of the track in dB (cue sheets).
    pub gain_db: Option<f32>,
}

/// Why nothing could be read from a playlist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaylistError {
    /// More than [`MAX_BYTES`]: no playlist is that large.
    #[error("the playlist is too large")]
    TooLarge,
    /// The content is of another kind than the name says.
    #[error("this is not a playlist")]
    NotAPlaylist,
}

/// Largest file read, in bytes.
pub const MAX_BYTES: usize = 4 << 20;

/// Most entries of one playlist, with everything it names.
pub const MAX_ENTRIES: usize = 10_000;

/// Longest location in bytes (`PATH_MAX` of Linux).
pub const MAX_LOCATION: usize = 4096;
