//! The attached picture frame (`APIC`, in version 2.2 `PIC`).
use super::id3v2_frames::Version;
use super::picture::Picture;

/// Longest media type and description looked through for their end, in bytes.
const MAX_TEXT: usize = 4096;

/// Text encodings whose characters take two bytes, and so end with two zeros.
const TWO_BYTES: [u8; 2] = [1, 2];

/// The picture in a frame's data; `None` if damaged.
pub(super) fn parse(mut data: Vec<u8>, version: Version) -> Option<Picture> {
    let encoding = *data.first()?;
    let kind_at = if version == Version::V2 {
        4
    } else {
        2 + data.get(1..)?.iter().take(MAX_TEXT).position(|&byte| byte == 0)?
    };
    let kind = u32::from(*data.get(kind_at)?);
    let start = kind_at + 1 + description_length(data.get(kind_at + 1..)?, encoding)?;
    data.drain(..start.min(data.len()));
    Picture::new(kind, data)
}

/// Bytes of the description and of the zeros that end it.
fn description_length(text: &[u8], encoding: u8) -> Option<usize> {
    let text = text.get(..text.len().min(MAX_TEXT))?;
    if TWO_BYTES.contains(&encoding) {
        return text.chunks_exact(2).position(|pair| pair == [0, 0]).map(|index| 2 * index + 2);
    }
    text.iter().position(|&byte| byte == 0).map(|index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::{Version, parse};

    #[test]
    fn all_three_versions() {
        let picture = parse(b"\x00image/png\0\x03cover\0DATA".to_vec(), Version::V3).unwrap();
        assert!(picture.front && picture.data == b"DATA");
        let wide = parse(b"\x01image/png\0\x04\xff\xfea\0\0\0DATA".to_vec(), Version::V4).unwrap();
        assert!(!wide.front && wide.data == b"DATA");
        let old = parse(b"\x00PNG\x03\0DATA".to_vec(), Version::V2).unwrap();
        assert!(old.front && old.data == b"DATA");
    }

    #[test]
    fn damage_is_no_picture() {
        assert_eq!(parse(Vec::new(), Version::V4), None);
        assert_eq!(parse(b"\x00image/png".to_vec(), Version::V3), None);
        assert_eq!(parse(b"\x01x\0\x03\x00".to_vec(), Version::V3), None);
    }
}
