//! Lines of text in whatever encoding the writer used.
use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// Longest line read, in bytes; longer ones are passed over.
const MAX_LINE: usize = 8 << 10;

/// The content after its byte order mark, UTF-16 turned into UTF-8.
pub(super) fn without_mark(bytes: &[u8]) -> Cow<'_, [u8]> {
    match Encoding::for_bom(bytes) {
        Some((encoding, length)) if encoding == UTF_8 => Cow::Borrowed(&bytes[length..]),
        Some((encoding, length)) => {
            let (text, _) = encoding.decode_without_bom_handling(&bytes[length..]);
            Cow::Owned(text.into_owned().into_bytes())
        }
        None => Cow::Borrowed(bytes),
    }
}

/// The lines of `bytes` without white space at their ends: LF, CR or both end a line; blank and
/// overlong ones are left out.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .filter(|line| line.len() <= MAX_LINE)
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty())
}

/// `line` as text: valid UTF-8 is UTF-8, anything else is in `declared` or in Windows-1252, the code page
/// of most playlists that were never told better. Line by line, because lists are pasted together.
pub(super) fn decode<'a>(line: &'a [u8], declared: Option<&'static Encoding>) -> Cow<'a, str> {
    if let Ok(text) = str::from_utf8(line) {
        return Cow::Borrowed(text);
    }
    let encoding = declared.filter(|&encoding| encoding != UTF_8).unwrap_or(WINDOWS_1252);
    encoding.decode_without_bom_handling(line).0
}

/// `text` without one pair of quotes around it.
pub(super) fn unquoted(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('"').map_or(text, |inner| inner.strip_suffix('"').unwrap_or(inner))
}

/// The rest of `line` after `word`, whatever its case.
pub(super) fn after<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let head = line.get(..word.len())?;
    head.eq_ignore_ascii_case(word).then(|| &line[word.len()..])
}

#[cfg(test)]
mod tests {
    use super::{MAX_LINE, after, decode, lines, unquoted, without_mark};

    #[test]
    fn marks_are_removed_and_utf_16_is_decoded() {
        assert_eq!(&*without_mark(b"\xEF\xBB\xBFa"), b"a");
        assert_eq!(&*without_mark(b"\xFF\xFEa\0\xE4\0"), "aä".as_bytes());
        assert_eq!(&*without_mark(b"\xFE\xFF\0a\0\xE4"), "aä".as_bytes());
        assert_eq!(&*without_mark(b"\xFF\xFE\x00\xD8"), "\u{FFFD}".as_bytes());
        assert_eq!(&*without_mark(b"plain"), b"plain");
    }

    #[test]
    fn every_line_ending_ends_a_line() {
        let found: Vec<&[u8]> = lines(b"a\r\nb\n\n  c \rd").collect();
        assert_eq!(found, [&b"a"[..], b"b", b"c", b"d"]);
    }

    #[test]
    fn overlong_lines_are_passed_over() {
        let text = format!("{}\n{}\nok", "x".repeat(MAX_LINE + 1), "y".repeat(MAX_LINE));
        let lengths: Vec<usize> = lines(text.as_bytes()).map(<[u8]>::len).collect();
        assert_eq!(lengths, [MAX_LINE, 2]);
    }

    #[test]
    fn what_is_no_utf_8_is_windows_1252_or_as_declared() {
        assert_eq!(decode("Mädchen".as_bytes(), None), "Mädchen");
        assert_eq!(decode(b"M\xE4dchen \x80", None), "Mädchen €");
        let cyrillic = encoding_rs::Encoding::for_label(b"windows-1251");
        assert_eq!(decode(b"\xCF\xEE", cyrillic), "По");
        assert_eq!(decode(b"M\xE4", Some(encoding_rs::UTF_8)), "Mä");
    }

    #[test]
    fn quotes_and_words() {
        assert_eq!(unquoted(" \"a \"b\" c\" "), "a \"b\" c");
        assert_eq!(unquoted("\"open"), "open");
        assert_eq!(after("#extinf:1", "#EXTINF:"), Some("1"));
        assert_eq!(after("ä", "#EXT"), None);
    }
}
