//! `playlist` and `cue`: lists of tracks as other programs wrote them.

use library::{MAX_PLAYLIST_ENTRIES, PlaylistEntry, PlaylistFile, PlaylistKind, parse_playlist};

/// Longest location in bytes and longest text in characters (`PlaylistEntry`, `PlaylistFile`).
const MAX_LOCATION: usize = 4096;
const MAX_TEXT: usize = 255;

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
    assert!(list.entries.len() <= MAX_PLAYLIST_ENTRIES, "{} entries", list.entries.len());
    for text in [&list.title, &list.artist, &list.genre].into_iter().flatten() {
        check_text(text);
    }
    list.entries.iter().for_each(check_entry);
}

fn check_entry(entry: &PlaylistEntry) {
    let location = &entry.location;
    assert!(
        !location.is_empty() && location.len() <= MAX_LOCATION && !location.contains('\0'),
        "{location:?}"
    );
    for text in [&entry.title, &entry.artist, &entry.composer].into_iter().flatten() {
        check_text(text);
    }
    assert!(entry.gain_db.is_none_or(f32::is_finite), "{entry:?}");
    if let Some(slice) = entry.slice
        && let Some(end) = slice.end
    {
        assert!(slice.start < end, "{slice:?} is empty");
    }
}

fn check_text(text: &str) {
    assert!(text.chars().count() <= MAX_TEXT, "a text of {} characters", text.chars().count());
    assert!(!text.contains(['\n', '\r', '\0']), "more than a line: {text:?}");
}
