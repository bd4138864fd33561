//! APE tags (version 1 and 2) at the end of MPEG files.
use super::fields::Fields;
use super::key;
use super::picture::{Picture, Wanted};
use super::reader::Span;
use super::source::Source;
use crate::bytes::{array, le32};
use crate::error::LibraryError;

/// Length of the footer, and of the header that repeats it.
const FOOTER: u64 = 32;

/// Largest tag read whole: a cover and a little text.
const MAX_TAG: u64 = 17 << 20;

/// Most items looked at.
const MAX_ITEMS: u32 = 512;

/// Longest text looked at, in bytes.
const MAX_TEXT: usize = 64 << 10;

/// The tag at the end of `span`, and where what comes before it ends.
///
/// # Errors
/// Unreadable.
pub(super) fn read(file: &mut Source, span: Span, wanted: Wanted) -> Result<(Fields, u64), LibraryError> {
    let mut fields = Fields::default();
    let Some((size, count, has_header)) = footer(file, span)? else { return Ok((fields, span.end)) };
    let start = span.end - size;
    let end = start.saturating_sub(if has_header { FOOTER } else { 0 }).max(span.start);
    if size <= MAX_TAG {
        let mut at = start;
        for _ in 0..count.min(MAX_ITEMS) {
            let Some(next) = item(file, at, span.end - FOOTER, wanted, &mut fields)? else { break };
            at = next;
        }
    }
    Ok((fields, end))
}

/// Size of items and footer, number of items, whether there is a header too.
fn footer(file: &mut Source, span: Span) -> Result<Option<(u64, u32, bool)>, LibraryError> {
    if span.len() < FOOTER {
        return Ok(None);
    }
    let footer: [u8; 32] = file.read_array(span.end - FOOTER)?;
    let number = |at| le32(&footer, at).unwrap_or_default();
    let size = u64::from(number(12));
    let known = footer.starts_with(b"APETAGEX") && matches!(number(8), 1000 | 2000);
    if !known || size < FOOTER || size > span.len() {
        return Ok(None);
    }
    Ok(Some((size, number(16), number(8) == 2000 && number(20) >> 31 == 1)))
}

/// Reads the item at `at`; returns where the next one starts.
fn item(
    file: &mut Source,
    at: u64,
    end: u64,
    wanted: Wanted,
    fields: &mut Fields,
) -> Result<Option<u64>, LibraryError> {
    // Two numbers, a key of 2 to 255 characters and its end.
    let head = file.peek(at, 8 + 256)?;
    let (Some(length), Some(flags)) = (le32(head, 0), le32(head, 4)) else { return Ok(None) };
    let Some(key_length) = head.iter().skip(8).position(|&byte| byte == 0) else { return Ok(None) };
    let name = head.get(8..8 + key_length).unwrap_or_default();
    let key = key::by_name(name);
    let (is_cover, is_front) = cover(name);
    let (start, length) = (at + 8 + key_length as u64 + 1, length as usize);
    let next = start + length as u64;
    if next > end {
        return Ok(None);
    }
    match (flags >> 1) & 3 {
        0 if length <= MAX_TEXT => {
            let Some(key) = key else { return Ok(Some(next)) };
            // One item may hold several values, separated by zero bytes.
            let value = String::from_utf8_lossy(file.peek(start, length)?);
            value.split('\0').for_each(|value| fields.add(key, value));
        }
        1 if wanted == Wanted::Yes && is_cover && !fields.has_front_cover() => {
            let mut value = file.read_at(start, length)?;
            // A file name, ended by a zero byte, comes before the picture.
            if let Some(name) = value.iter().take(512).position(|&byte| byte == 0)
                && array::<2>(&value, 0).is_none_or(|magic| magic != [0xff, 0xd8])
            {
                value.drain(..=name);
            }
            fields.add_picture(Picture::new(if is_front { 3 } else { 0 }, value));
        }
        _ => {}
    }
    Ok(Some(next))
}

/// Whether an item of this name is a picture, and whether it is the front cover.
fn cover(name: &[u8]) -> (bool, bool) {
    let is_cover = name.get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"cover art"));
    (is_cover, is_cover && name.get(9..).is_some_and(|kind| kind.eq_ignore_ascii_case(b" (front)")))
}
