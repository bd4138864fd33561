//! Text in ID3 tags: four encodings, several values in one frame (ID3v2.4.0 structure, section 4).
use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Most values looked at in one frame.
const MAX_VALUES: usize = 64;

/// The values in a text frame's data: an encoding byte, then texts with zeros between them.
///
/// Wrong text is shown as well as it can be: what UTF-8 and UTF-16 do not allow becomes the replacement
/// character, a missing byte order mark is guessed, and an unknown encoding gives no values.
pub(super) fn values(data: &[u8]) -> Vec<Cow<'_, str>> {
    let Some((&encoding, bytes)) = data.split_first() else { return Vec::new() };
    match encoding {
        // Officially ISO 8859-1, whose place for 0x80 to 0x9f Windows' programs fill with letters.
        0 => bytes.split(|&byte| byte == 0).take(MAX_VALUES).map(latin_1).collect(),
        3 => bytes.split(|&byte| byte == 0).take(MAX_VALUES).map(utf_8).collect(),
        1 => utf_16(bytes, None),
        2 => utf_16(bytes, Some(UTF_16BE)),
        _ => Vec::new(),
    }
}

/// Text in the encoding of ID3v1 and of encoding byte 0.
pub(super) fn latin_1(bytes: &[u8]) -> Cow<'_, str> {
    WINDOWS_1252.decode_without_bom_handling(bytes).0
}

fn utf_8(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
}

/// Each value may have a byte order mark of its own; one without takes that of the value before it.
fn utf_16<'a>(bytes: &'a [u8], mut order: Option<&'static Encoding>) -> Vec<Cow<'a, str>> {
    let mut values = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() && values.len() < MAX_VALUES {
        let end = rest.chunks(2).position(|unit| unit == [0, 0]).map_or(rest.len(), |index| 2 * index);
        let (value, after) = rest.split_at(end);
        let (text, marked) = match value {
            [0xff, 0xfe, text @ ..] => (text, Some(UTF_16LE)),
            [0xfe, 0xff, text @ ..] => (text, Some(UTF_16BE)),
            text => (text, None),
        };
        let encoding = marked.or(order).unwrap_or_else(|| likely_order(text));
        order = Some(encoding);
        values.push(encoding.decode_without_bom_handling(text).0);
        rest = after.get(2..).unwrap_or_default();
    }
    values
}

/// The order in which more of the text is from the first 256 characters.
fn likely_order(text: &[u8]) -> &'static Encoding {
    let zeros = |at: usize| text.iter().skip(at).step_by(2).filter(|&&byte| byte == 0).count();
    if zeros(0) > zeros(1) { UTF_16BE } else { UTF_16LE }
}

#[cfg(test)]
mod tests {
    use super::values;

    #[test]
    fn all_encodings_and_lists() {
        assert_eq!(values(b"\0Ann\0B\xf6b"), ["Ann", "Böb"]);
        assert_eq!(values(b"\x03Ann\0\xc3\xb6\0"), ["Ann", "ö", ""]);
        assert_eq!(values(b"\x01\xff\xfeA\0\0\0\xfe\xff\0B"), ["A", "B"]);
        assert_eq!(values(b"\x01\xff\xfeA\0\0\0C\0"), ["A", "C"]);
        assert_eq!(values(b"\x02\0A\0\0\x30\x42"), ["A", "あ"]);
    }

    #[test]
    fn missing_marks_and_damage() {
        assert_eq!(values(b"\x01A\0b\0c\0"), ["Abc"]);
        assert_eq!(values(b"\x01\0A\0b\0c"), ["Abc"]);
        assert_eq!(values(b"\x01\xff\xfe\x3d\xd8A\0"), ["\u{fffd}A"]);
        assert_eq!(values(b"\x01\xff\xfeA\0x"), ["A\u{fffd}"]);
        assert_eq!(values(b"\x03\xff\xfe"), ["\u{fffd}\u{fffd}"]);
        assert_eq!(values(b"\0\x93quoted\x94"), ["“quoted”"]);
        assert!(values(b"\x09abc").is_empty());
        assert!(values(b"").is_empty());
        assert_eq!(values(&[3; 1].into_iter().chain([0; 5000]).collect::<Vec<_>>()).len(), 64);
    }
}
