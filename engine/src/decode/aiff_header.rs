//! The header of an AIFF or AIFC file, with nothing but its sound behind it (Apple, "Audio Interchange File
//! Format", version C, 1991).
//!
//! The demuxer looks for further chunks behind the sound and refuses a file that was cut within it. It is
//! shown the common chunk and as much sound as there is; markers, comments and ID3 tags are left out.
use std::fs::File;
use std::io;

use super::bytes::{be32, read_vec};
use super::source::View;

/// Chunks looked at.
const MAX_CHUNKS: usize = 1024;
/// A common chunk of AIFC ends in a name of at most 256 bytes.
const MAX_COMMON: usize = 512;

/// A view of the file whose `FORM` is at `begin`; `None` if it has no common or no sound chunk.
pub(super) fn view(file: &mut File, begin: u64, end: u64) -> io::Result<Option<View>> {
    let form = read_vec(file, begin, 12)?;
    let (mut common, mut sound) = (None, None);
    let mut at = begin + 12;
    for _ in 0..MAX_CHUNKS {
        let head = read_vec(file, at, 8)?;
        let Some(len) = be32(&head, 4) else { break };
        let body = at + 8;
        match &head[..4] {
            b"COMM" if common.is_none() => {
                let padded = (len as usize).next_multiple_of(2).min(MAX_COMMON);
                common = Some(read_vec(file, at, 8 + padded)?);
            }
            b"SSND" if sound.is_none() => sound = Some((body, body.saturating_add(u64::from(len)).min(end))),
            _ => {}
        }
        at = body + u64::from(len).next_multiple_of(2);
        if (common.is_some() && sound.is_some()) || at >= end {
            break;
        }
    }
    let (Some(common), Some((body, sound_end))) = (common, sound) else { return Ok(None) };
    let offsets = read_vec(file, body, 8)?;
    let left = sound_end.saturating_sub(body);
    let (Ok(len), 8) = (u32::try_from(left), offsets.len()) else { return Ok(None) };
    let total = (4 + common.len() as u32 + 8).saturating_add(len);
    let parts: [&[u8]; 7] = [
        b"FORM",
        &total.to_be_bytes(),
        form.get(8..12).unwrap_or_default(),
        &common,
        b"SSND",
        &len.to_be_bytes(),
        &offsets,
    ];
    Ok(Some(View { prefix: parts.concat(), begin: body + 8, end: sound_end, patches: Vec::new() }))
}
