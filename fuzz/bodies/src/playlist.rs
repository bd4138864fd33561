//! `playlist` and `cue`: lists of tracks as other programs wrote them.

use library::{PlaylistFile, PlaylistKind, parse_playlist};

/// Most entries of a list (`library::parse_playlist`).
const MAX_ENTRIES: usize = 10_000;

/// Reads `data` as every kind of playlist.
///
/// # Panics
/// If an answer breaks what `library::parse_playlist` promises.
pub fn playlist(data: &[u8]) {
    for kind in [PlaylistKind::M3u, PlaylistKind::M3u8, PlaylistKind::Pls, PlaylistKind::Xspf] {
        if let Ok(list) = parse_playlist(kind, data) {
            check(&list);
        }
    }
}

/// Reads `data` as a CUE sheet.
///
/// # Panics
/// As [`playlist`].
pub fn cue(data: &[u8]) {
    if let Ok(list) = parse_playlist(PlaylistKind::Cue, data) {
        check(&list);
    }
}

fn check(list: &PlaylistFile) {
    assert!(list.entries.len() <= MAX_ENTRIES, "{} entries", list.entries.len());
    for entry in &list.entries {
        if let Some(slice) = entry.slice
            && let Some(end) = slice.end
        {
            assert!(slice.start < end, "{slice:?} is empty");
        }
    }
}
