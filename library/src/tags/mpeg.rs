//! MPEG layer III streams: the frame header and the Xing, LAME or VBRI header in the first frame.
use std::cell::Cell;

use super::container::{mpeg_frame, mpeg_length};
use super::estimate;
use super::reader::Span;
use super::source::Source;
use super::stream::{Stream, seconds};
use crate::bytes::{array, be32};
use crate::error::LibraryError;

/// The first frame's bytes that can hold a header with the number of frames.
const FIRST_FRAME: usize = 200;

/// What a decoder adds at the start of what it was given, in samples (LAME's tag specification).
const DECODER_DELAY: u32 = 528 + 1;

/// What the first frame states of the whole stream.
#[derive(Debug, Default, PartialEq)]
struct Stated {
    /// Frames of sound.
    frames: u32,
    /// Bytes of the stream.
    bytes: Option<u32>,
    /// Samples that are not to be heard, at both ends together.
    discard: u32,
}

/// Reads a stream that starts at `span.start` with a frame that states its length; `None` for others.
///
/// # Errors
/// Unreadable.
pub(super) fn read_stated(file: &mut Source, span: Span) -> Result<Option<Stream>, LibraryError> {
    let first = file.peek(span.start, FIRST_FRAME)?;
    let word = be32(first, 0).unwrap_or(0);
    let Some(((length, bitrate), (rate, samples))) = mpeg_length(word).zip(rate_and_samples(word)) else {
        return Ok(None);
    };
    let Some(stated) = xing(first, word).or_else(|| vbri(first)) else { return Ok(None) };
    let total = u64::from(stated.frames) * u64::from(samples);
    let bytes = stated.bytes.map_or(span.len(), u64::from);
    // The frame that carries this is counted in bytes, but not as a frame.
    let sounding = bytes.saturating_sub(length as u64);
    let bitrate =
        seconds(total, rate).and_then(|duration| mean_bitrate(sounding, duration)).unwrap_or(bitrate);
    let duration_s = seconds(total.saturating_sub(stated.discard.into()), rate);
    Ok(Some(Stream { rate: Some(rate), bitrate: Some(bitrate), duration_s, ..Stream::new("MP3") }))
}

/// Reads a stream whose first frame starts at `span.start` and that states no length.
///
/// # Errors
/// Unreadable or not music.
pub(super) fn read(file: &mut Source, span: Span) -> Result<Stream, LibraryError> {
    if let Some(stream) = read_stated(file, span)? {
        return Ok(stream);
    }
    let first = file.peek(span.start, 4)?;
    let (_, common) = mpeg_frame(first, 0).ok_or(LibraryError::NotMusic)?;
    let word = be32(first, 0).ok_or(LibraryError::NotMusic)?;
    let (rate, samples) = rate_and_samples(word).ok_or(LibraryError::NotMusic)?;
    let (_, mut bitrate) = mpeg_length(word).ok_or(LibraryError::NotMusic)?;
    let is_constant = Cell::new(true);
    let length = |bytes: &[u8], at: usize| {
        let (length, _) = mpeg_frame(bytes, at).filter(|&(_, other)| other == common)?;
        is_constant
            .set(is_constant.get() && be32(bytes, at).is_some_and(|other| (other ^ word) >> 12 & 15 == 0));
        Some(length)
    };
    let frames = estimate::frames(file, span, &length)?;
    let mut duration_s = seconds(span.len() * 8, bitrate);
    if let (false, Some(frames)) = (is_constant.get(), frames) {
        duration_s = seconds(frames * u64::from(samples), rate);
        bitrate = duration_s.and_then(|duration| mean_bitrate(span.len(), duration)).unwrap_or(bitrate);
    }
    Ok(Stream { rate: Some(rate), bitrate: Some(bitrate), duration_s, ..Stream::new("MP3") })
}

/// Hertz, and samples of a frame, by a valid frame header (ISO/IEC 11172-3 and 13818-3).
fn rate_and_samples(word: u32) -> Option<(u32, u32)> {
    let rate = *[44_100_u32, 48_000, 32_000].get(((word >> 10) & 3) as usize)?;
    Some(match (word >> 19) & 3 {
        3 => (rate, 1152),
        2 => (rate / 2, 576),
        _ => (rate / 4, 576),
    })
}

/// Where the side information ends, which is where encoders put their header.
fn after_side_information(word: u32) -> usize {
    let (is_version_1, is_mono) = ((word >> 19) & 3 == 3, (word >> 6) & 3 == 3);
    4 + match (is_version_1, is_mono) {
        (true, false) => 32,
        (true, true) | (false, false) => 17,
        (false, true) => 9,
    }
}

/// Xing's header, and LAME's extension of it; LAME calls it `Info` where the bitrate is constant.
fn xing(first: &[u8], word: u32) -> Option<Stated> {
    let head = first.get(after_side_information(word)..)?;
    let flags = be32(head, 4)?;
    if !(head.starts_with(b"Info") || head.starts_with(b"Xing")) || flags & 1 == 0 {
        return None;
    }
    let frames = be32(head, 8).filter(|&frames| frames > 0)?;
    let bytes = if flags & 2 != 0 { be32(head, 12).filter(|&bytes| bytes > 0) } else { None };
    // Number of bytes, table of contents, quality: each as the flags say.
    let extension = 12
        + if flags & 2 != 0 { 4 } else { 0 }
        + if flags & 4 != 0 { 100 } else { 0 }
        + if flags & 8 != 0 { 4 } else { 0 };
    let discard = head.get(extension..).and_then(lame_discard).unwrap_or(0);
    Some(Stated { frames, bytes, discard })
}

/// Delay and padding of the encoder: twelve bits each.
fn lame_discard(extension: &[u8]) -> Option<u32> {
    let encoder = array::<4>(extension, 0)?;
    let [a, b, c] = array::<3>(extension, 21)?.map(u32::from);
    let known = matches!(&encoder, b"LAME" | b"Lavf" | b"Lavc");
    let (delay, padding) = (a << 4 | b >> 4, (b & 0x0f) << 8 | c);
    known.then(|| delay + DECODER_DELAY + padding.saturating_sub(DECODER_DELAY))
}

/// Fraunhofer's header, always 32 bytes behind the frame's.
fn vbri(first: &[u8]) -> Option<Stated> {
    let head = first.get(36..)?.strip_prefix(b"VBRI")?;
    let frames = be32(head, 10).filter(|&frames| frames > 0)?;
    Some(Stated { frames, bytes: be32(head, 6).filter(|&bytes| bytes > 0), ..Stated::default() })
}

/// Bits per second of `bytes` bytes that last `duration` seconds.
pub(super) fn mean_bitrate(bytes: u64, duration: f64) -> Option<u32> {
    // Truncation cannot matter: the range is checked, and a bitrate is shown in whole kbit/s.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    {
        let bitrate = bytes as f64 * 8.0 / duration;
        (bitrate.is_finite() && (1000.0..5_000_000.0).contains(&bitrate)).then_some(bitrate as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::{Stated, lame_discard, vbri, xing};

    #[test]
    fn headers_in_the_first_frame() {
        let mut first = vec![0xff, 0xfb, 0x90, 0x00];
        first.extend([0; 32]);
        first.extend(b"Xing\0\0\0\x03\0\0\x01\0\0\0\x02\0LAME3.100");
        first.extend([0; 12]);
        first.extend([0x24, 0x04, 0x11, 0, 0]);
        let stated = Stated { frames: 256, bytes: Some(512), discard: 576 + 529 + 512 };
        assert_eq!(xing(&first, 0xfffb_9000), Some(stated));
        // Mono has less side information: nothing is found where stereo has it.
        assert_eq!(xing(&first, 0xfffb_90c0), None);
        let mut first = vec![0; 36];
        first.extend(b"VBRI\0\x01\0\0\0\0\0\0\x02\0\0\0\x01\0");
        let stated = Stated { frames: 256, bytes: Some(512), ..Stated::default() };
        assert_eq!(vbri(&first), Some(stated));
    }

    #[test]
    fn other_encoders_state_no_delay() {
        assert_eq!(lame_discard(&[b'G'; 30]), None);
        assert_eq!(lame_discard(b"LAME"), None);
    }
}
