//! Which file endings this unit plays.
use std::path::Path;

/// Endings of the formats the engine decodes, lower case.
const TRACK: [&str; 14] =
    ["aac", "aif", "aifc", "aiff", "flac", "m4a", "m4b", "m4r", "mp3", "oga", "ogg", "opus", "wav", "wave"];

/// Whether the file's ending is one this unit plays.
///
/// Names only: nothing is opened, so that a listing costs no read per file.
#[must_use]
pub fn is_track(path: &Path) -> bool {
    let Some(extension) = path.extension().and_then(|extension| extension.to_str()) else {
        return false;
    };
    TRACK.iter().any(|known| known.eq_ignore_ascii_case(extension))
}

#[cfg(test)]
mod tests {
    use super::is_track;
    use std::path::Path;

    #[test]
    fn case_does_not_matter_and_other_endings_are_no_tracks() {
        for name in ["a.flac", "b.FLAC", "c.Mp3", "d.e.ogg", "f.WAV", "g.m4a", "h.opus", "i.aiff"] {
            assert!(is_track(Path::new(name)), "{name}");
        }
        for name in ["a.jpg", "flac", ".flac", "b.mp3.part", "c.m3u", "d.", ""] {
            assert!(!is_track(Path::new(name)), "{name}");
        }
    }
}
