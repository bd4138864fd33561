//! Where the sound begins and ends in a file that carries tags around it: ID3v2 in front, ID3v1, APEv2 and
//! Lyrics3v2 behind. They are stepped over without being read, pictures included.
use std::fs::File;
use std::io;

use super::bytes::read_at;

/// Tags in front or behind that are stepped over; more than this is not a music file.
const MAX_TAGS: usize = 8;

/// First byte after all ID3v2 tags at the start (id3.org, "ID3v2.4.0 main structure", section 3.1).
pub(super) fn skip_leading(file: &mut File, len: u64) -> io::Result<u64> {
    let mut at = 0;
    for _ in 0..MAX_TAGS {
        let mut head = [0; 10];
        if read_at(file, at, &mut head)? < head.len()
            || &head[..3] != b"ID3"
            || head[6..].iter().any(|b| b & 0x80 != 0)
        {
            break;
        }
        let body = head[6..].iter().fold(0u64, |size, b| size << 7 | u64::from(*b));
        let footer = if head[5] & 0x10 != 0 { 10 } else { 0 };
        at = at.saturating_add(10 + body + footer);
        if at >= len {
            return Ok(len);
        }
    }
    Ok(at)
}

/// One past the last byte of sound.
pub(super) fn skip_trailing(file: &mut File, begin: u64, len: u64) -> io::Result<u64> {
    let mut end = len;
    for _ in 0..MAX_TAGS {
        let size = trailing_tag(file, end)?;
        match end.checked_sub(size) {
            Some(rest) if size > 0 && rest >= begin => end = rest,
            _ => break,
        }
    }
    Ok(end)
}

/// Bytes taken by the tag that ends at `end`; 0 when there is none.
fn trailing_tag(file: &mut File, end: u64) -> io::Result<u64> {
    let mut tail = [0; 128];
    let Some(at) = end.checked_sub(128) else { return Ok(0) };
    if read_at(file, at, &mut tail)? < tail.len() {
        return Ok(0);
    }
    if &tail[..3] == b"TAG" {
        return Ok(128);
    }
    if &tail[96..104] == b"APETAGEX" {
        let word = |i: usize| u32::from_le_bytes([tail[i], tail[i + 1], tail[i + 2], tail[i + 3]]);
        let header = if word(116) & 0x8000_0000 != 0 { 32 } else { 0 };
        return Ok(u64::from(word(108)) + header);
    }
    if &tail[119..] == b"LYRICS200" {
        let digits = std::str::from_utf8(&tail[113..119]).ok().and_then(|d| d.parse::<u64>().ok());
        return Ok(digits.map_or(0, |size| size + 15));
    }
    Ok(0)
}
