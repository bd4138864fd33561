//! The header of a FLAC file without its pictures, comments and padding (RFC 9639, section 8).
//!
//! Only STREAMINFO and the seek table are shown to the demuxer: cover pictures of many megabytes are then
//! never read. Seek points count from the first frame, so they stay right.
use std::fs::File;
use std::io;

use super::bytes::read_at;
use super::source::View;

/// A seek table of 18 bytes a point; one point per second for 16 hours fits.
const MAX_SEEK_TABLE: u32 = 1 << 20;
/// Metadata blocks looked at.
const MAX_BLOCKS: usize = 1024;

/// A view of the FLAC stream that begins with its marker at `begin`; `None` if the header makes no sense.
pub(super) fn view(file: &mut File, begin: u64, end: u64) -> io::Result<Option<View>> {
    let mut kept: Vec<Vec<u8>> = Vec::new();
    let mut at = begin + 4;
    for _ in 0..MAX_BLOCKS {
        let mut head = [0; 4];
        if read_at(file, at, &mut head)? < 4 {
            return Ok(None);
        }
        let len = u32::from_be_bytes([0, head[1], head[2], head[3]]);
        let kind = head[0] & 0x7f;
        let wanted = (kind == 0 && len == 34 && kept.is_empty())
            || (kind == 3 && kept.len() == 1 && len.is_multiple_of(18) && len <= MAX_SEEK_TABLE);
        if wanted {
            let mut block = vec![0; 4 + len as usize];
            if read_at(file, at, &mut block)? < block.len() {
                return Ok(None);
            }
            block[0] = kind;
            kept.push(block);
        }
        at += 4 + u64::from(len);
        if head[0] & 0x80 != 0 {
            return Ok(finish(kept, at, end));
        }
        if at >= end {
            break;
        }
    }
    Ok(None)
}

fn finish(mut kept: Vec<Vec<u8>>, begin: u64, end: u64) -> Option<View> {
    *kept.last_mut()?.first_mut()? |= 0x80;
    let prefix = b"fLaC".iter().copied().chain(kept.into_iter().flatten()).collect();
    Some(View { prefix, begin: begin.min(end), end, patches: Vec::new() })
}
