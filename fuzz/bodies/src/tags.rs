//! `tags`: any container, told by its content.

use library::TrackInfo;

use crate::scratch;

/// Longest text of a tag, in characters (`library::read_track`).
const MAX_TEXT: usize = 512;

/// Reads the tags of a file that holds `data`.
///
/// # Panics
/// If an answer breaks what `library::read_track` promises.
pub fn tags(data: &[u8]) {
    let path = scratch::write("track", data);
    if let Ok(info) = library::read_track(&path) {
        check(&info);
    }
}

fn check(info: &TrackInfo) {
    for text in [&info.title, &info.artist, &info.album, &info.album_artist, &info.format] {
        assert!(text.chars().count() <= MAX_TEXT, "a text of {} characters", text.chars().count());
        assert!(!text.chars().any(char::is_control), "a control character in {text:?}");
    }
    assert!(!info.format.is_empty(), "music of no format");
    assert!(info.duration_s.is_none_or(|seconds| seconds.is_finite() && seconds >= 0.0), "{info:?}");
    assert!(info.replaygain_db.is_none_or(f32::is_finite), "{info:?}");
}
