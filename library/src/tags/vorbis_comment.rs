//! Vorbis comments (Vorbis I specification, section 5): FLAC, Ogg Vorbis, Opus.
use super::fields::Fields;
use super::key;
use super::packet::Packet;
use super::picture::{Picture, Wanted, from_flac_block};
use super::source::Source;
use crate::bytes::le32;
use crate::error::LibraryError;

/// Most comments looked at.
const MAX_COMMENTS: u32 = 4096;

/// Longest comment taken as text, in bytes.
const MAX_TEXT: usize = 64 << 10;

/// Longest comment read for its picture, in bytes: nine megabytes, base64-coded.
const MAX_PICTURE_TEXT: usize = 12 << 20;

/// Longest name looked at.
const MAX_NAME: usize = 64;

/// Reads the comments that start at `start` in `packet` as far as they go; the rest of damaged ones is
/// ignored, and pictures that are not wanted are not read.
///
/// # Errors
/// Unreadable.
pub(super) fn read(
    file: &mut Source,
    packet: &mut Packet,
    start: u64,
    fields: &mut Fields,
    wanted: Wanted,
) -> Result<(), LibraryError> {
    let Some(vendor) = le32(packet.peek(file, start, 4)?, 0) else { return Ok(()) };
    let mut at = start + 4 + u64::from(vendor);
    let Some(count) = le32(packet.peek(file, at, 4)?, 0) else { return Ok(()) };
    at += 4;
    for _ in 0..count.min(MAX_COMMENTS) {
        let Some(length) = le32(packet.peek(file, at, 4)?, 0) else { break };
        let (from, length) = (at + 4, length as usize);
        at = from + length as u64;
        let head = packet.peek(file, from, length.min(MAX_NAME))?;
        let Some(split) = head.iter().position(|&byte| byte == b'=') else { continue };
        let name = head.get(..split).unwrap_or_default();
        if let Some(key) = key::by_name(name) {
            if length <= MAX_TEXT {
                let comment = packet.peek(file, from, length)?;
                // A comment that was cut off is no comment.
                let Some(value) = comment.get(split + 1..length) else { break };
                fields.add(key, &String::from_utf8_lossy(value));
            }
        } else if wanted == Wanted::Yes && !fields.has_front_cover() && length <= MAX_PICTURE_TEXT {
            let is_block = name.eq_ignore_ascii_case(b"METADATA_BLOCK_PICTURE");
            if is_block || name.eq_ignore_ascii_case(b"COVERART") {
                let text = packet.read(file, from + split as u64 + 1, length - split - 1)?;
                fields.add_picture(picture(text, is_block));
            }
        }
    }
    Ok(())
}

fn picture(text: Vec<u8>, is_block: bool) -> Option<Picture> {
    let decoded = decode_base64(text)?;
    if is_block { from_flac_block(decoded) } else { Picture::new(0, decoded) }
}

/// RFC 4648 base 64, in place; padding and line breaks are skipped, anything else is an error.
fn decode_base64(mut text: Vec<u8>) -> Option<Vec<u8>> {
    let (mut bits, mut count, mut length) = (0_u32, 0, 0);
    for index in 0..text.len() {
        let value = match text.get(index).copied()? {
            byte @ b'A'..=b'Z' => byte - b'A',
            byte @ b'a'..=b'z' => byte - b'a' + 26,
            byte @ b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' | b'\r' | b'\n' | b' ' => continue,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            *text.get_mut(length)? = (bits >> count & 0xff) as u8;
            length += 1;
        }
    }
    text.truncate(length);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::{Fields, Packet, Source, Wanted, decode_base64, read};
    use crate::bounded_file::BoundedFile;

    fn block(comments: &[&str]) -> Vec<u8> {
        let mut block = vec![2, 0, 0, 0, b'v', b'w'];
        block.extend(u32::try_from(comments.len()).unwrap().to_le_bytes());
        for comment in comments {
            block.extend(u32::try_from(comment.len()).unwrap().to_le_bytes());
            block.extend(comment.bytes());
        }
        block
    }

    fn fields(block: &[u8], budget: u64) -> Fields {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), block).unwrap();
        let mut source = Source::new(BoundedFile::open(file.path(), budget).unwrap());
        let mut fields = Fields::default();
        let mut packet = Packet::block(0, block.len() as u64, block.len() as u64);
        read(&mut source, &mut packet, 0, &mut fields, Wanted::No).unwrap();
        fields
    }

    #[test]
    fn base64_of_the_rfc() {
        let decode = |text: &[u8]| decode_base64(text.to_vec());
        assert_eq!(decode(b"Zm9vYmFy").unwrap(), b"foobar");
        assert_eq!(decode(b"Zm9v\nYg==").unwrap(), b"foob");
        assert_eq!(decode(b"Zm?v"), None);
    }

    #[test]
    fn comments_up_to_the_damage() {
        let mut block = block(&["Title=a=b", "ARTIST=x", "artist=y", "no separator", "ALBUM=lost"]);
        block.truncate(block.len() - 1);
        let info = fields(&block, 10_000).into_info();
        assert_eq!((info.title.as_str(), info.album.as_str(), info.artist.as_str()), ("a=b", "", "x, y"));
    }

    #[test]
    fn a_huge_count_ends_with_the_bytes() {
        let endless = [0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 3, 0, 0, 0, b'a', b'=', b'b'];
        assert!(fields(&endless, 10_000).picture.is_none());
        assert!(fields(&[0xff; 12], 10_000).picture.is_none());
    }

    #[test]
    fn a_picture_in_front_of_the_title_is_not_read() {
        let picture = format!("METADATA_BLOCK_PICTURE={}", "A".repeat(1 << 20));
        let fields = fields(&block(&["ARTIST=x", &picture, "TITLE=behind"]), 20_000);
        assert_eq!(fields.into_info().title, "behind");
    }
}
