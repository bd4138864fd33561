//! A playlist as M3U8, and writing it onto a medium.
use std::fmt::Write as _;
use std::path::PathBuf;

use super::{Collection, CollectionError, CollectionTrack, PlaylistId, place};
use crate::MediumId;
use crate::beneath::MediumRoot;
use crate::error::LibraryError;
use crate::playlist::{CueFrames, MAX_PLAYLIST_BYTES, is_local_path};

/// The second line of every file we write: what carries it may be written over.
const MARK: &str = "# written by Rusty Audio";

/// Longest name without its ending, in UTF-16 units: FAT allows 255 with it.
const MAX_NAME: usize = 200;

/// A playlist as M3U8, with paths relative to the medium's root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// UTF-8, LF.
    pub text: String,
    /// Entries in it.
    pub entries: u32,
    /// Entries left out: on other media, or with a name M3U cannot express (line breaks).
    pub left_out: u32,
}

/// A playlist that was written onto a medium.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaylistWritten {
    /// Absolute.
    pub path: PathBuf,
    /// Entries in it.
    pub entries: u32,
    /// Entries left out, see [`Export`].
    pub left_out: u32,
}

/// Why a playlist was not written onto a medium.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ExportError {
    /// The collection cannot be read, or the playlist is gone.
    #[error(transparent)]
    Collection(#[from] CollectionError),
    /// A file of that name is there that we did not write: ask, then write with `replace`.
    #[error("there is another file of this name")]
    Exists(PathBuf),
    /// The medium is gone, full or read-only.
    #[error(transparent)]
    Medium(#[from] LibraryError),
}

impl Collection {
    /// The playlist as M3U8 for `medium`, to be saved in its root folder. Parts of files are given as VLC
    /// does, which [`parse_playlist`](crate::parse_playlist) understands to the sector.
    ///
    /// # Errors
    /// The playlist is [`Gone`](CollectionError::Gone), or the file cannot be read.
    pub fn export_m3u8(&self, id: PlaylistId, medium: &MediumId) -> Result<Export, CollectionError> {
        let name = self.playlist(id)?.ok_or(CollectionError::Gone)?.name;
        let mut text = format!("#EXTM3U\n{MARK}\n#PLAYLIST:{name}\n");
        let (mut entries, mut left_out) = (0, 0);
        for track in self.tracks(id)? {
            let location = if track.medium == *medium { location(&track) } else { None };
            let lines = location.map(|location| lines(&track, &location));
            match lines.filter(|lines| text.len() + lines.len() <= MAX_PLAYLIST_BYTES) {
                Some(lines) => {
                    text.push_str(&lines);
                    entries += 1;
                }
                None => left_out += 1,
            }
        }
        Ok(Export { text, entries, left_out })
    }
}

/// Writes a playlist into the root folder of `medium` as `NAME.m3u8`, whole or not at all.
///
/// # Errors
/// [`ExportError::Exists`] unless the file of that name is one of ours or `replace` is set.
pub fn write_playlist(
    collection: &Collection,
    id: PlaylistId,
    medium: &MediumRoot,
    medium_id: &MediumId,
    replace: bool,
) -> Result<PlaylistWritten, ExportError> {
    let info = collection.playlist(id)?.ok_or(CollectionError::Gone)?;
    let Export { text, entries, left_out } = collection.export_m3u8(id, medium_id)?;
    let name = file_name(&info.name);
    let path = medium.root().join(&name);
    let root = medium.open_folder(std::path::Path::new(""))?;
    let ours = root.starts_with(name.as_ref(), format!("#EXTM3U\n{MARK}\n").as_bytes());
    if !root.write_file(name.as_ref(), text.as_bytes(), replace || ours)? {
        return Err(ExportError::Exists(path));
    }
    Ok(PlaylistWritten { path, entries, left_out })
}

/// The path as a line of M3U8 that reads back as the same path; `None`: there is none.
fn location(track: &CollectionTrack) -> Option<String> {
    let bytes = place::path_bytes(&track.relative)?;
    // Names that are no UTF-8 are written as they look; readers of ours find them by that.
    let path = crate::playlist::text_of(&bytes);
    if path.contains(['\n', '\r']) || path.len() > 4000 || path.ends_with(char::is_whitespace) {
        return None;
    }
    let plain = is_local_path(&path) && !path.starts_with('#') && !path.starts_with(char::is_whitespace);
    Some(if plain { path } else { format!("./{path}") })
}

fn lines(track: &CollectionTrack, location: &str) -> String {
    let mut lines = String::new();
    let seconds = track.duration_ms.map_or(-1, |ms| i64::try_from(ms.div_ceil(1000)).unwrap_or(-1));
    let dash = if track.artist.is_empty() || track.title.is_empty() { "" } else { " - " };
    // Writing to a string cannot fail.
    if seconds >= 0 || !track.title.is_empty() {
        let _ = writeln!(lines, "#EXTINF:{seconds},{}{dash}{}", track.artist, track.title);
    }
    if let Some(slice) = track.slice {
        let _ = writeln!(lines, "#EXTVLCOPT:start-time={}", seconds_of(slice.start));
        if let Some(end) = slice.end {
            let _ = writeln!(lines, "#EXTVLCOPT:stop-time={}", seconds_of(end));
        }
    }
    let _ = writeln!(lines, "{location}");
    lines
}

/// Four digits after the point tell sectors (13.3 ms) apart.
fn seconds_of(position: CueFrames) -> String {
    format!("{:.4}", position.as_secs_f64())
}

/// `NAME.m3u8`, with a name every system can hold: no `<>:"/\|?*`, no device of DOS, no dot or space at
/// its ends.
fn file_name(name: &str) -> String {
    let mut clean = String::new();
    let mut units = 0;
    for character in name.chars() {
        let forbidden = character.is_control() || "<>:\"/\\|?*".contains(character);
        let character = if forbidden { '_' } else { character };
        units += character.len_utf16();
        if units > MAX_NAME {
            break;
        }
        clean.push(character);
    }
    let clean = clean.trim_matches(['.', ' ']);
    let base = clean.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |device: &str| {
        base.strip_prefix(device).is_some_and(|n| n.len() == 1 && matches!(n.as_bytes()[0], b'1'..=b'9'))
    };
    let device = matches!(base.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT");
    let prefix = if device { "_" } else { "" };
    let clean = if clean.is_empty() { "Playlist" } else { clean };
    format!("{prefix}{clean}.m3u8")
}

#[cfg(test)]
mod tests {
    use super::{MAX_NAME, file_name, seconds_of};
    use crate::playlist::CueFrames;
    use proptest::prelude::*;

    #[test]
    fn names_fit_every_file_system() {
        for (name, file) in [
            ("Drive", "Drive.m3u8"),
            ("AC/DC: live?", "AC_DC_ live_.m3u8"),
            ("..hidden. ", "hidden.m3u8"),
            ("...", "Playlist.m3u8"),
            ("con", "_con.m3u8"),
            ("Com1.best", "_Com1.best.m3u8"),
            ("COM0", "COM0.m3u8"),
            ("Жара", "Жара.m3u8"),
        ] {
            assert_eq!(file_name(name), file, "{name}");
        }
        assert_eq!(file_name(&"😀".repeat(150)).encode_utf16().count(), MAX_NAME + 5);
    }

    proptest! {
        #[test]
        fn sectors_survive_the_text(frames in 0..27_000_000_u32) {
            let seconds: f64 = seconds_of(CueFrames(frames)).parse().unwrap();
            prop_assert_eq!((seconds * 75.0).round(), f64::from(frames));
        }
    }
}
