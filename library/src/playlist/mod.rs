//! Playlists: what a file says ([`parse_playlist`]) and which tracks of the medium it means.
//!
//! Parsing is pure and bounded: at most 4 MiB in, 10,000 entries and about 16 MiB of text out, time
//! linear in the input but for one sort. It opens nothing.
mod builder;
mod cue;
mod cue_tracks;
mod kind;
mod location;
mod m3u;
mod model;
mod pls;
mod resolve;
mod slice;
mod text;
mod xspf;

pub use kind::PlaylistKind;
pub use model::{PlaylistEntry, PlaylistError, PlaylistFile};
pub use resolve::{ResolvedEntry, ResolvedPlaylist, resolve_playlist, resolve_playlist_with};
pub use slice::{CueFrames, Slice, TrackRef};

/// Largest playlist file read, in bytes.
pub const MAX_PLAYLIST_BYTES: usize = model::MAX_BYTES;

/// Most entries of one playlist, with everything it names.
pub const MAX_PLAYLIST_ENTRIES: usize = model::MAX_ENTRIES;

/// Reads a playlist. Text in UTF-8, UTF-16 (with a byte order mark) or Windows-1252.
///
/// A damaged file gives the entries that could be read; entries that are on no medium are counted.
///
/// # Errors
/// Larger than [`MAX_PLAYLIST_BYTES`], or nothing of the kind.
pub fn parse_playlist(kind: PlaylistKind, bytes: &[u8]) -> Result<PlaylistFile, PlaylistError> {
    if bytes.len() > MAX_PLAYLIST_BYTES {
        return Err(PlaylistError::TooLarge);
    }
    let text = text::without_mark(bytes);
    match kind {
        PlaylistKind::M3u | PlaylistKind::M3u8 => Ok(m3u::parse(&text)),
        PlaylistKind::Pls => pls::parse(&text),
        PlaylistKind::Xspf => xspf::parse(&text),
        PlaylistKind::Cue => cue::parse(&text),
    }
}

/// Whether `location`, written as a line of a playlist, reads back as the path it is.
pub(crate) fn is_local_path(location: &str) -> bool {
    !location::is_drive(location) && location::local(location).as_deref() == Some(location)
}

/// Bytes of a name as text: UTF-8, or what Windows-1252 makes of them.
pub(crate) fn text_of(bytes: &[u8]) -> String {
    text::decode(bytes, None).into_owned()
}
