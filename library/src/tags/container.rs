//! What a file is, by its first bytes.
use std::ops::Range;

use super::aac;
use super::reader::Span;
use super::source::Source;
use crate::bytes::be32;
use crate::error::LibraryError;

/// How far into a bare stream the first frame is looked for, step by step: nearly always it is the first
/// thing there, but some encoders and cutters leave junk.
const MAX_JUNK: [usize; 3] = [LOOK_AHEAD + 1024, 64 << 10, 1 << 20];

/// What has to be seen of a stream to believe it: the longest frames of MPEG layer III, and a header.
const LOOK_AHEAD: usize = FRAMES_IN_A_ROW * 1441 + 4;

/// Frames that must follow one another before bytes are believed to be a stream. Two random
/// headers in a row are common in a megabyte of noise; three with equal parameters are not.
const FRAMES_IN_A_ROW: usize = 3;

/// Containers this unit plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Flac,
    Ogg,
    Mp4,
    Riff,
    Aiff,
    /// None: MPEG or ADTS frames one after the other, or nothing known.
    Frames,
}

/// The container that starts at `start`.
///
/// # Errors
/// Unreadable.
pub(super) fn detect(file: &mut Source, start: u64) -> Result<Container, LibraryError> {
    let head = file.peek(start, 12)?;
    let at = |from: usize| head.get(from..from + 4).unwrap_or_default();
    Ok(match (at(0), at(4), at(8)) {
        (b"fLaC", _, _) => Container::Flac,
        (b"OggS", _, _) => Container::Ogg,
        (_, b"ftyp", _) => Container::Mp4,
        (b"RIFF", _, b"WAVE") => Container::Riff,
        (b"FORM", _, b"AIFF" | b"AIFC") => Container::Aiff,
        _ => Container::Frames,
    })
}

/// A bare stream and where its first frame lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frames {
    Mpeg(u64),
    Adts(u64),
}

/// Finds the first frame of a bare stream.
///
/// # Errors
/// [`LibraryError::NotMusic`] when there is none.
pub(super) fn find_frames(file: &mut Source, span: Span) -> Result<Frames, LibraryError> {
    let mut from = 0;
    for reach in MAX_JUNK {
        let length = usize::try_from(span.len()).unwrap_or(reach).min(reach);
        let head = file.peek(span.start, length)?;
        let reaches_end = head.len() as u64 == span.len();
        let is_last = reaches_end || reach == MAX_JUNK[2];
        // Further steps see more of what starts near the end of this one.
        let end = head.len().saturating_sub(if is_last { 3 } else { LOOK_AHEAD });
        if let Some(frames) = frames_in(head, from..end, reaches_end, span.start) {
            return Ok(frames);
        }
        if is_last {
            break;
        }
        from = end;
    }
    Err(LibraryError::NotMusic)
}

fn frames_in(head: &[u8], places: Range<usize>, reaches_end: bool, start: u64) -> Option<Frames> {
    for at in places {
        if head.get(at) != Some(&0xff) {
            continue;
        }
        if follow(head, at, reaches_end, mpeg_frame) {
            return Some(Frames::Mpeg(start + at as u64));
        }
        if follow(head, at, reaches_end, aac::frame) {
            return Some(Frames::Adts(start + at as u64));
        }
    }
    None
}

/// Length of a frame in bytes, and what all frames of one stream have in common.
type Frame = (usize, u32);

fn follow(head: &[u8], mut at: usize, reaches_end: bool, frame: fn(&[u8], usize) -> Option<Frame>) -> bool {
    let mut stream = None;
    for count in 0..FRAMES_IN_A_ROW {
        if at + 4 > head.len() {
            // The stream is over, or goes on beyond what was read, after at least one good frame.
            return count > 1 || (count == 1 && reaches_end && at == head.len());
        }
        let Some((length, common)) = frame(head, at) else { return false };
        if stream.replace(common).is_some_and(|known| known != common) {
            return false;
        }
        at += length;
    }
    true
}

/// A frame of MPEG-1, 2 or 2.5 layer III (ISO/IEC 11172-3, section 2.4.1.3).
pub(super) fn mpeg_frame(head: &[u8], at: usize) -> Option<Frame> {
    let word = be32(head, at)?;
    let (length, _) = mpeg_length(word)?;
    Some((length, word & 0xfffe_0c00))
}

/// Length in bytes and bits per second of the layer III frame with this header.
pub(super) fn mpeg_length(word: u32) -> Option<(usize, u32)> {
    const V1: [u32; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    const V2: [u32; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    const RATES: [u32; 3] = [44_100, 48_000, 32_000];
    let (version, layer) = ((word >> 19) & 3, (word >> 17) & 3);
    if word >> 21 != 0x7ff || layer != 1 || version == 1 {
        return None;
    }
    let rate = RATES.get(((word >> 10) & 3) as usize)? / [4, 1, 2, 1].get(version as usize)?;
    let table = if version == 3 { &V1 } else { &V2 };
    let bitrate = table.get(((word >> 12) & 15) as usize).filter(|&&kbit| kbit > 0)? * 1000;
    let factor = if version == 3 { 144 } else { 72 };
    Some(((factor * bitrate / rate + ((word >> 9) & 1)) as usize, bitrate))
}

#[cfg(test)]
mod tests {
    use super::mpeg_length;

    #[test]
    fn lengths_of_mpeg_frames() {
        // MPEG-1 layer III, 128 kbit/s, 44.1 kHz, without and with padding.
        assert_eq!(mpeg_length(0xfffb_9000), Some((417, 128_000)));
        assert_eq!(mpeg_length(0xfffb_9200), Some((418, 128_000)));
        // MPEG-2, 64 kbit/s, 22.05 kHz.
        assert_eq!(mpeg_length(0xfff3_8000), Some((208, 64_000)));
        // Free format, the bad bitrate, layer II, no sync.
        for word in [0xfffb_0000, 0xfffb_f000, 0xfffd_9000, 0x7ffb_9000] {
            assert_eq!(mpeg_length(word), None, "{word:08x}");
        }
    }
}
