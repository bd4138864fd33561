//! AAC in ADTS frames (ISO/IEC 14496-3, section 1.A.2). Such a stream states no length.
use super::estimate;
use super::mpeg::mean_bitrate;
use super::reader::Span;
use super::source::Source;
use super::stream::{Stream, seconds};
use crate::bytes::be32;
use crate::error::LibraryError;

/// Hertz by sampling frequency index (section 1.6.3.3).
const RATES: [u32; 13] =
    [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350];

/// Samples of one block; nearly all frames have one block.
const BLOCK: u64 = 1024;

/// What all frames of one stream have in common in their first four bytes.
const COMMON: u32 = 0xfffe_fdc0;

/// Length in bytes of the frame at `at`, and its first four bytes.
pub(super) fn frame(head: &[u8], at: usize) -> Option<(usize, u32)> {
    let word = be32(head, at)?;
    let length = (be32(head, at + 2)? >> 5) & 0x1fff;
    // Sync and layer; the sampling frequency index must be one of those defined.
    if word & 0xfff6_0000 != 0xfff0_0000 || (word >> 10) & 15 > 12 || length < 7 {
        return None;
    }
    Some((length as usize, word & COMMON))
}

/// Reads a stream whose first frame starts at `span.start`.
///
/// # Errors
/// Unreadable or not music.
pub(super) fn read(file: &mut Source, span: Span) -> Result<Stream, LibraryError> {
    let (_, common) = frame(file.peek(span.start, 8)?, 0).ok_or(LibraryError::NotMusic)?;
    let rate = RATES.get(((common >> 10) & 15) as usize).copied().ok_or(LibraryError::NotMusic)?;
    let length = |bytes: &[u8], at: usize| {
        frame(bytes, at).filter(|&(_, other)| other == common).map(|(length, _)| length)
    };
    let frames = estimate::frames(file, span, &length)?;
    let duration_s = frames.and_then(|frames| seconds(frames * BLOCK, rate));
    let bitrate = duration_s.and_then(|duration| mean_bitrate(span.len(), duration));
    Ok(Stream { rate: Some(rate), duration_s, bitrate, ..Stream::new("AAC") })
}
