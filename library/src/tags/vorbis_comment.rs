//! Vorbis comments (Vorbis I specification, section 5): FLAC, Ogg Vorbis, Opus.
use super::fields::Fields;
use super::picture::{Picture, Wanted, from_flac_block};
use crate::bytes::le32;

/// Most comments looked at.
const MAX_COMMENTS: u32 = 4096;

/// Longest comment taken as text, in bytes.
const MAX_TEXT: usize = 64 << 10;

/// Reads the comments in `bytes` as far as they go; the rest of a damaged block is ignored.
pub(super) fn read(bytes: &[u8], fields: &mut Fields, wanted: Wanted) {
    let Some(vendor) = le32(bytes, 0) else { return };
    let mut at = (vendor as usize).saturating_add(4);
    let Some(count) = le32(bytes, at) else { return };
    at = at.saturating_add(4);
    for _ in 0..count.min(MAX_COMMENTS) {
        let Some(length) = le32(bytes, at) else { return };
        let start = at.saturating_add(4);
        let Some(comment) = bytes.get(start..start.saturating_add(length as usize)) else { return };
        at = start + length as usize;
        if let Some(split) = comment.iter().take(256).position(|&byte| byte == b'=') {
            let (key, value) = comment.split_at(split);
            add(key, value.get(1..).unwrap_or_default(), fields, wanted);
        }
    }
}

fn add(key: &[u8], value: &[u8], fields: &mut Fields, wanted: Wanted) {
    let is_block = key.eq_ignore_ascii_case(b"METADATA_BLOCK_PICTURE");
    if is_block || key.eq_ignore_ascii_case(b"COVERART") {
        if wanted == Wanted::Yes && !fields.has_front_cover() {
            let picture = decode_base64(value).and_then(|decoded| {
                if is_block { from_flac_block(decoded) } else { Picture::new(0, decoded) }
            });
            fields.add_picture(picture);
        }
    } else if value.len() <= MAX_TEXT {
        fields.add(&String::from_utf8_lossy(key), &String::from_utf8_lossy(value));
    }
}

/// RFC 4648 base 64; padding and line breaks are skipped, anything else is an error.
fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut bits, mut count) = (0_u32, 0);
    for &byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' | b'\r' | b'\n' | b' ' => continue,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count & 0xff) as u8);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{decode_base64, read};
    use crate::tags::fields::Fields;
    use crate::tags::picture::Wanted;

    fn block(comments: &[&str]) -> Vec<u8> {
        let mut block = vec![2, 0, 0, 0, b'v', b'w'];
        block.extend(u32::try_from(comments.len()).unwrap().to_le_bytes());
        for comment in comments {
            block.extend(u32::try_from(comment.len()).unwrap().to_le_bytes());
            block.extend(comment.bytes());
        }
        block
    }

    #[test]
    fn base64_of_the_rfc() {
        assert_eq!(decode_base64(b"Zm9vYmFy").unwrap(), b"foobar");
        assert_eq!(decode_base64(b"Zm9v\nYg==").unwrap(), b"foob");
        assert_eq!(decode_base64(b"Zm?v"), None);
    }

    #[test]
    fn comments_up_to_the_damage() {
        let mut fields = Fields::default();
        let mut block = block(&["Title=a=b", "ARTIST=x", "artist=y", "no separator", "ALBUM=lost"]);
        block.truncate(block.len() - 1);
        read(&block, &mut fields, Wanted::No);
        assert_eq!((fields.title.as_str(), fields.album.as_str()), ("a=b", ""));
        assert_eq!(fields.artists, ["x", "y"]);
    }

    #[test]
    fn a_huge_count_ends_with_the_bytes() {
        let mut fields = Fields::default();
        read(&[0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 3, 0, 0, 0, b'a', b'=', b'b'], &mut fields, Wanted::Yes);
        read(&[0xff; 12], &mut fields, Wanted::Yes);
        assert!(fields.picture.is_none());
    }
}
