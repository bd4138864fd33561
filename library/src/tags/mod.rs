//! What one file says of itself: title, artist, length, format, gain.
//!
//! Containers are walked here, element by element, and only what is wanted is read. A demuxer that reads
//! everything first cannot be bounded from outside: its in-memory form of ten megabytes of one-byte tags
//! takes hundreds. Pictures are skipped without reading them unless they are what is asked for.
mod aac;
mod ape;
mod container;
mod estimate;
mod fields;
mod flac;
mod format_text;
mod gain;
mod genre;
mod id3_text;
mod id3v1;
mod id3v2;
mod id3v2_frames;
mod id3v2_picture;
mod iff;
mod iff_audio;
mod key;
mod mp4;
mod mp4_atoms;
mod mp4_codec;
mod mp4_tags;
mod mpeg;
mod ogg;
mod ogg_pages;
mod packet;
mod picture;
mod reader;
mod source;
mod stream;
mod vorbis_comment;
mod year;

use std::path::Path;

use crate::beneath::OpenFile;
use crate::error::LibraryError;
use crate::guard::contain;
pub(crate) use picture::{MAX_PICTURE, Picture};

/// What the file says of itself. Empty strings where it says nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrackInfo {
    /// Title.
    pub title: String,
    /// Artist; several are joined by `, `.
    pub artist: String,
    /// Album.
    pub album: String,
    /// Album artist; several are joined by `, `.
    pub album_artist: String,
    /// Genre; several are joined by `, `. Numbers of ID3v1's list are given by name.
    pub genre: String,
    /// Composer; several are joined by `, `.
    pub composer: String,
    /// The artist as lists sort him, where the tag says so: `Bach, Johann Sebastian`.
    pub artist_sort: String,
    /// The album artist as lists sort him.
    pub album_artist_sort: String,
    /// The album as lists sort it.
    pub album_sort: String,
    /// The title as lists sort it.
    pub title_sort: String,
    /// Number on its disc.
    pub track: Option<u32>,
    /// Tracks on its disc.
    pub track_total: Option<u32>,
    /// Disc.
    pub disc: Option<u32>,
    /// Discs of the album.
    pub disc_total: Option<u32>,
    /// Year of the recording, else of this release, else of the first one; 1 to 9999.
    pub year: Option<u16>,
    /// Whether the album is a compilation of several artists.
    pub compilation: bool,
    /// Seconds.
    pub duration_s: Option<f64>,
    /// For people: `FLAC · 44.1 kHz · 16 bit`.
    pub format: String,
    /// ReplayGain of the track in dB (R128 converted).
    pub replaygain_db: Option<f32>,
    /// ReplayGain of the album in dB (R128 converted).
    pub album_gain_db: Option<f32>,
}

/// Tags and stream parameters of one file. Bounded in memory and time whatever the file holds.
///
/// What the file is, its content decides, not its ending. Text is on one line and at most 512 characters.
/// The duration is what the container states, encoder delay and padding taken off (in MP4 by the edit
/// list); for MPEG and ADTS streams that state none it is estimated from the bitrate.
///
/// # Errors
/// Missing, unreadable, or not music.
pub fn read_track(path: &Path) -> Result<TrackInfo, LibraryError> {
    read_open(OpenFile::anywhere(path)?)
}

/// [`read_track`] of a file that is open already; needs no file system.
///
/// # Errors
/// Unreadable, or not music.
pub(crate) fn read_open(file: OpenFile) -> Result<TrackInfo, LibraryError> {
    let read =
        contain("tags", || reader::read(file, picture::Wanted::No)).unwrap_or(Err(LibraryError::NotMusic))?;
    Ok(read.into_info())
}

/// The best picture inside the file: the front cover, else the first of another kind.
///
/// # Errors
/// Unreadable. Damaged, or not music, is `Ok(None)`.
pub(crate) fn embedded_picture(file: OpenFile) -> Result<Option<Picture>, LibraryError> {
    match contain("tags", || reader::read(file, picture::Wanted::Yes)) {
        Some(Ok(read)) => Ok(read.fields.picture),
        Some(Err(LibraryError::NotMusic)) | None => Ok(None),
        Some(Err(error)) => Err(error),
    }
}
