//! iTunes-style tags: `moov/udta/meta/ilst`.
use super::fields::Fields;
use super::genre;
use super::key::{self, Key};
use super::mp4_atoms::Atom;
use super::picture::{MAX_PICTURE, Picture, Wanted};
use super::source::Source;
use crate::bytes::{be16, be32};
use crate::error::LibraryError;

/// Most bytes of one text read.
const MAX_TEXT: u64 = 64 << 10;

/// Version, type and locale before a value.
const DATA_HEADER: u64 = 8;

/// Reads the tags; returns the frames to be heard where `iTunSMPB` states them.
///
/// # Errors
/// Unreadable.
pub(super) fn read(
    file: &mut Source,
    meta: Atom,
    left: &mut u32,
    fields: &mut Fields,
    wanted: Wanted,
) -> Result<Option<u64>, LibraryError> {
    // ISO's `meta` starts with version and flags, QuickTime's with its first box.
    let head = meta.read(file, 4, 4)?;
    let skip = if head == b"hdlr" { 0 } else { 4 };
    let Some(list) = meta.children(skip).find(file, left, b"ilst")? else { return Ok(None) };
    let (mut smpb, mut free) = (None, Fields::default());
    let mut items = list.children(0);
    while let Some(item) = items.next(file, left)? {
        if item.kind == *b"----" {
            smpb = freeform(file, item, left, &mut free)?.or(smpb);
            continue;
        }
        let mut values = item.children(0);
        while let Some(value) = values.find(file, left, b"data")? {
            add(file, item.kind, value, fields, wanted)?;
        }
    }
    // What an item of its own says comes before one named in words that says the same.
    fields.fill_from(free);
    Ok(smpb)
}

fn add(
    file: &mut Source,
    kind: [u8; 4],
    value: Atom,
    fields: &mut Fields,
    wanted: Wanted,
) -> Result<(), LibraryError> {
    match &kind {
        b"covr"
            if wanted == Wanted::Yes && !fields.has_front_cover() && value.len() <= MAX_PICTURE as u64 =>
        {
            let data = value.read(file, DATA_HEADER, value.len())?;
            fields.add_picture(Picture::new(3, data));
        }
        b"trkn" | b"disk" => {
            let body = value.read(file, DATA_HEADER, 8)?;
            let key = if &kind == b"trkn" { Key::Track } else { Key::Disc };
            let number = |at| be16(&body, at).unwrap_or(0).into();
            fields.add_pair(key, number(2), number(4));
        }
        b"gnre" => {
            // The numbers of ID3v1, starting with one.
            let number = be16(&value.read(file, DATA_HEADER, 2)?, 0).unwrap_or(0);
            if let Some(name) = usize::from(number).checked_sub(1).and_then(genre::by_number) {
                fields.add(Key::Genre, name);
            }
        }
        b"cpil" => {
            if let Some(flag) = value.read(file, DATA_HEADER, 1)?.first() {
                fields.add(Key::Compilation, if *flag == 0 { "0" } else { "1" });
            }
        }
        kind if let Some(key) = key::by_mp4_item(kind) => {
            let text = text(file, value)?;
            fields.add(key, &text);
        }
        _ => {}
    }
    Ok(())
}

/// A tag named in words: `mean` (who defines it), `name`, `data`.
fn freeform(
    file: &mut Source,
    item: Atom,
    left: &mut u32,
    fields: &mut Fields,
) -> Result<Option<u64>, LibraryError> {
    let Some(name) = item.children(0).find(file, left, b"name")? else { return Ok(None) };
    let name = name.read(file, 4, 64)?;
    let key = key::by_name(&name);
    let is_smpb = name == b"iTunSMPB";
    if key.is_none() && !is_smpb {
        return Ok(None);
    }
    let mut smpb = None;
    let mut values = item.children(0);
    while let Some(value) = values.find(file, left, b"data")? {
        let text = text(file, value)?;
        if is_smpb {
            smpb = frames_heard(&text);
        } else if let Some(key) = key {
            fields.add(key, &text);
        }
    }
    Ok(smpb)
}

fn text(file: &mut Source, value: Atom) -> Result<String, LibraryError> {
    let kind = be32(&value.read(file, 0, 4)?, 0).unwrap_or(0) & 0x00ff_ffff;
    let body = value.read(file, DATA_HEADER, MAX_TEXT)?;
    if kind == 2 {
        let units: Vec<u16> = body.chunks_exact(2).filter_map(|pair| be16(pair, 0)).collect();
        return Ok(String::from_utf16_lossy(&units));
    }
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// The fourth number of `iTunSMPB`: frames without delay and padding.
fn frames_heard(text: &str) -> Option<u64> {
    let frames = u64::from_str_radix(text.split_ascii_whitespace().nth(3)?, 16).ok()?;
    (frames > 0).then_some(frames)
}

#[cfg(test)]
mod tests {
    use super::frames_heard;

    #[test]
    fn frames_of_itunsmpb() {
        assert_eq!(frames_heard(" 00000000 00000840 000001CA 00000000003F31F6 00000000"), Some(0x3f_31f6));
        assert_eq!(frames_heard("x"), None);
    }
}
