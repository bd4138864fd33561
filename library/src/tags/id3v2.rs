//! ID3v2.2 to 2.4: the wanted frames only, the others are skipped without reading them.
use super::fields::Fields;
use super::id3_text;
use super::id3v2_frames::{Body, Frames, Version};
use super::id3v2_picture;
use super::key;
use super::picture::{MAX_PICTURE, Wanted};
use super::source::Source;
use crate::error::LibraryError;

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
pub(super) fn read_leading(file: &mut Source, wanted: Wanted) -> Result<(Fields, u64), LibraryError> {
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
    file: &mut Source,
    at: u64,
    wanted: Wanted,
    fields: &mut Fields,
) -> Result<Option<u64>, LibraryError> {
    let Some((version, flags, size)) = header(file.peek(at, 10)?) else { return Ok(None) };
    let has_footer = version == Version::V4 && flags & 0x10 != 0;
    let end = at + 10 + size + if has_footer { 10 } else { 0 };
    let Some(body) = Body::open(file, at + 10, size, version, flags)? else { return Ok(Some(end)) };
    let mut frames = Frames::new(body, version, flags);
    let (mut found, mut user, mut count) = (Fields::default(), Fields::default(), 0);
    while let Some(frame) = frames.next(file)? {
        let known = key::by_id3_frame(frame.id());
        let is_user_text = matches!(frame.id(), b"TXXX" | b"TXX");
        if (known.is_some() || is_user_text) && frame.size <= MAX_TEXT_FRAME && count < MAX_TEXT_FRAMES {
            count += 1;
            let Some(data) = frames.data(file, &frame)? else { continue };
            let mut values = id3_text::values(&data).into_iter();
            if let Some(key) = known {
                values.for_each(|value| found.add_id3(key, &value));
            } else if let Some(key) = values.next().and_then(|name| key::by_name(name.as_bytes())) {
                values.for_each(|value| user.add(key, &value));
            }
        } else if wanted == Wanted::Yes
            && matches!(frame.id(), b"APIC" | b"PIC")
            && !fields.has_front_cover()
            && !found.has_front_cover()
            && frame.size <= MAX_PICTURE as u64
            && let Some(data) = frames.data(file, &frame)?
        {
            found.add_picture(id3v2_picture::parse(data, version));
        }
    }
    fields.fill_from(found);
    // What a frame of its own says comes before user-defined text that says the same.
    fields.fill_from(user);
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
