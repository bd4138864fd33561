//! ID3v2.2 to 2.4: the wanted frames only.
//!
//! symphonia reads the text frames, out of a small tag made of them alone. Given the whole tag it would
//! read everything into memory, and it builds chapter tables by recursion: a crafted chain of them
//! overflows the stack, which nothing can catch.
use symphonia::core::meta::MetadataOptions;
use symphonia::default::meta::Id3v2Reader;

use super::fields::Fields;
use super::id3v2_frames::{Body, Frames, Version};
use super::id3v2_picture;
use super::picture::{MAX_PICTURE, Wanted};
use super::symphonia_tags::{read_all, source};
use crate::bounded_file::BoundedFile;
use crate::error::LibraryError;

/// Text frames that are read: id in versions 2.3 and 2.4, id in version 2.2.
const WANTED_TEXT: [(&[u8], &[u8]); 7] = [
    (b"TIT2", b"TT2"),
    (b"TPE1", b"TP1"),
    (b"TPE2", b"TP2"),
    (b"TALB", b"TAL"),
    (b"TRCK", b"TRK"),
    (b"TPOS", b"TPA"),
    (b"TXXX", b"TXX"),
];

/// Longest text frame read, in bytes.
const MAX_TEXT_FRAME: u64 = 64 << 10;

/// Most text frames read: some taggers write hundreds of user-defined ones.
const MAX_TEXT_FRAMES: usize = 256;

/// Most tags one after the other: editors that did not find the first one put a second before it.
const MAX_TAGS: usize = 4;

/// The tags at the start of the file, and where what follows them starts.
///
/// # Errors
/// Unreadable.
pub(super) fn read_leading(file: &mut BoundedFile, wanted: Wanted) -> Result<(Fields, u64), LibraryError> {
    let mut fields = Fields::default();
    let mut at = 0;
    for _ in 0..MAX_TAGS {
        let Some(end) = read_at(file, at, wanted, &mut fields)? else { break };
        at = end;
    }
    Ok((fields, at))
}

/// Reads the tag at `at` into `fields`; returns where it ends, `None` if there is none.
///
/// # Errors
/// Unreadable.
pub(super) fn read_at(
    file: &mut BoundedFile,
    at: u64,
    wanted: Wanted,
    fields: &mut Fields,
) -> Result<Option<u64>, LibraryError> {
    let head = file.read_at(at, 10)?;
    let Some((version, flags, size)) = header(&head) else { return Ok(None) };
    let has_footer = version == Version::V4 && flags & 0x10 != 0;
    let end = at + 10 + size + if has_footer { 10 } else { 0 };
    let Some(body) = Body::open(file, at + 10, size, version, flags)? else { return Ok(Some(end)) };
    let mut frames = Frames::new(body, version);
    let mut text = Vec::new();
    let mut count = 0;
    while let Some(frame) = frames.next(file)? {
        if is_wanted_text(&frame.id) && frame.size <= MAX_TEXT_FRAME && count < MAX_TEXT_FRAMES {
            text.extend(frames.whole(file, &frame)?);
            count += 1;
        } else if wanted == Wanted::Yes
            && matches!(frame.id.as_slice(), b"APIC" | b"PIC")
            && !fields.has_front_cover()
            && frame.size <= MAX_PICTURE as u64
        {
            fields.add_picture(id3v2_picture::parse(frames.data(file, &frame)?, version, frame.flags));
        }
    }
    if count > 0 {
        let tag = tag_of(version, &text);
        let reader = Id3v2Reader::try_new(source(tag), MetadataOptions::default());
        fields.fill_from(reader.map(read_all).unwrap_or_default());
    }
    Ok(Some(end))
}

/// Version, flags and size of the tag with this header (ID3v2.4.0 structure, section 3.1).
fn header(head: &[u8]) -> Option<(Version, u8, u64)> {
    let &[b'I', b'D', b'3', major, minor, flags, a, b, c, d] = head else { return None };
    let size = [a, b, c, d]
        .iter()
        .try_fold(0_u64, |size, &byte| (byte < 0x80).then(|| size << 7 | u64::from(byte)))?;
    let version = match major {
        2 => Version::V2,
        3 => Version::V3,
        4 => Version::V4,
        _ => return None,
    };
    (minor != 0xff).then_some((version, flags, size))
}

fn is_wanted_text(id: &[u8]) -> bool {
    WANTED_TEXT.iter().any(|&(long, short)| id == long || id == short)
}

/// A tag without flags that consists of `frames`.
fn tag_of(version: Version, frames: &[u8]) -> Vec<u8> {
    let size = u32::try_from(frames.len()).unwrap_or(0);
    let mut tag = vec![b'I', b'D', b'3', version.major(), 0, 0];
    tag.extend([21, 14, 7, 0].map(|shift| (size >> shift & 0x7f) as u8));
    tag.extend(frames);
    tag
}
