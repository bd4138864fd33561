//! Foreign text made fit for a screen: one line, no control characters, bounded.
use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::Path;
use unicode_normalization::char::is_combining_mark;

use crate::entry::EntryKind;

/// Longest name shown, in characters, the ellipsis included.
const MAX_NAME: usize = 255;

/// More marks than this on one letter serve only to draw over the neighbouring lines.
const MAX_MARKS: usize = 4;

/// The name to show for a file or folder: the ending of tracks removed, never empty.
pub(crate) fn display_name(name: &OsStr, kind: EntryKind) -> String {
    let shown: Cow<'_, str> = match kind {
        EntryKind::Track | EntryKind::Playlist => {
            Path::new(name).file_stem().unwrap_or(name).to_string_lossy()
        }
        EntryKind::Folder => name.to_string_lossy(),
    };
    let clean = one_line(&shown, MAX_NAME);
    if clean.is_empty() { "?".to_owned() } else { clean }
}

/// `text` on one line: control characters and line breaks become spaces, runs of white space one space,
/// invisible and direction-changing characters vanish (Unicode TR 36, section 3.1: they make a name
/// look like another), at most `max` characters with an ellipsis where something was cut.
pub(crate) fn one_line(text: &str, max: usize) -> String {
    let mut out = String::with_capacity(text.len().min(4 * max));
    let (mut length, mut marks) = (0, 0);
    let mut pending_space = false;
    for character in text.chars() {
        if is_invisible(character) {
            continue;
        }
        if character.is_whitespace() || character.is_control() {
            pending_space = length > 0;
            continue;
        }
        marks = if is_combining_mark(character) { marks + 1 } else { 0 };
        if marks > MAX_MARKS {
            continue;
        }
        let needed = 1 + usize::from(pending_space);
        if length + needed > max {
            return cut(out, length, max);
        }
        if pending_space {
            out.push(' ');
            pending_space = false;
        }
        out.push(character);
        length += needed;
    }
    out
}

/// Ends a full line with an ellipsis, in place of its last character where there is no room.
fn cut(mut line: String, length: usize, max: usize) -> String {
    if length >= max {
        line.pop();
    }
    line.push('…');
    line
}

/// Characters without a shape of their own that change how others are read.
///
/// The joiners U+200C and U+200D stay: Persian and Indic scripts need them.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}'
    )
}

#[cfg(test)]
mod tests {
    use super::{display_name, one_line};
    use crate::entry::EntryKind;
    use std::ffi::OsStr;

    #[test]
    fn control_characters_and_line_breaks_become_one_space() {
        assert_eq!(one_line("a\r\n\tb\u{7}c\u{2028}d", 100), "a b c d");
        assert_eq!(one_line("  \u{0}x \n ", 100), "x");
    }

    #[test]
    fn direction_overrides_vanish() {
        assert_eq!(one_line("song\u{202E}3pm.exe\u{2066}", 100), "song3pm.exe");
    }

    #[test]
    fn long_text_is_cut_with_an_ellipsis() {
        let cut = one_line(&"ä".repeat(600), 255);
        assert_eq!(cut.chars().count(), 255);
        assert!(cut.ends_with('…'));
        assert_eq!(one_line(&"x".repeat(255), 255), "x".repeat(255));
        assert_eq!(one_line(&format!("{} y", "x".repeat(254)), 255), format!("{}…", "x".repeat(254)));
    }

    #[test]
    fn stacks_of_marks_are_trimmed() {
        let stacked = format!("z{}", "\u{0301}".repeat(50));
        assert_eq!(one_line(&stacked, 255).chars().count(), 5);
    }

    #[test]
    fn only_tracks_lose_their_ending_and_no_name_is_empty() {
        assert_eq!(display_name(OsStr::new("01. A.B.flac"), EntryKind::Track), "01. A.B");
        assert_eq!(display_name(OsStr::new("Vol. 1.5"), EntryKind::Folder), "Vol. 1.5");
        assert_eq!(display_name(OsStr::new("\n"), EntryKind::Folder), "?");
    }
}
