//! Finding the first real frame of an MP3 or ADTS stream, which have no header of their own.
//!
//! Two bytes of sync turn up by chance every few kilobytes, so a stream is only believed when
//! [`CHAIN`] frames follow each other with the same layer, rate and version (ISO/IEC 11172-3, 2.4.1.3 and
//! ISO/IEC 13818-7, 6.2), or when the frames reach the end of a file that is shorter than that.

/// Frames in a row that make a stream.
const CHAIN: usize = 4;

/// What kind of elementary stream it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Elementary {
    /// MPEG-1/2/2.5 layer III.
    Mp3,
    /// AAC in ADTS.
    Adts,
}

/// A frame header: what must stay the same from frame to frame, and the frame's length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Frame {
    kind: Elementary,
    constant: u16,
    len: usize,
}

/// Where a stream starts in `data`, and which. `complete` says that the file ends where `data` ends.
pub(super) fn find(data: &[u8], complete: bool) -> Option<(usize, Elementary)> {
    let mut at = 0;
    while at + 7 <= data.len() {
        let rest = &data[at..];
        // memchr-like: nearly all bytes are refused by the first test.
        if rest[0] == 0xff
            && let Some(kind) = chain(rest, complete)
        {
            return Some((at, kind));
        }
        at += 1;
    }
    None
}

fn chain(data: &[u8], complete: bool) -> Option<Elementary> {
    let first = header(data)?;
    let mut at = first.len;
    for done in 1..CHAIN {
        match data.get(at..).and_then(header) {
            Some(next) if next.kind == first.kind && next.constant == first.constant => at += next.len,
            // A short file may end after, or within, its second frame.
            _ if complete && at >= data.len() && done >= 2 => break,
            _ => return None,
        }
    }
    Some(first.kind)
}

fn header(data: &[u8]) -> Option<Frame> {
    let [sync, flags, third, fourth, fifth, sixth] = *data.get(..6)?.first_chunk::<6>()?;
    if sync != 0xff || flags & 0xe0 != 0xe0 {
        return None;
    }
    match flags >> 1 & 3 {
        0 if flags & 0xf0 == 0xf0 => adts(flags, third, fourth, fifth, sixth),
        1 => mp3(flags, third),
        _ => None,
    }
}

fn adts(flags: u8, third: u8, fourth: u8, fifth: u8, sixth: u8) -> Option<Frame> {
    let len = usize::from(fourth & 3) << 11 | usize::from(fifth) << 3 | usize::from(sixth >> 5);
    let rate = third >> 2 & 15;
    (rate < 12 && len > 9).then(|| Frame {
        kind: Elementary::Adts,
        constant: u16::from(flags & 0x0f) << 8 | u16::from(third & 0xfd),
        len,
    })
}

fn mp3(flags: u8, third: u8) -> Option<Frame> {
    /// kbit/s of layer III for MPEG-1, then for MPEG-2 and 2.5.
    const RATES: [[u32; 16]; 2] = [
        [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0],
        [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0],
    ];
    let version = flags >> 3 & 3;
    let rate = [44_100, 48_000, 32_000, 0][usize::from(third >> 2 & 3)];
    // Version 0 is MPEG-2.5, 2 is MPEG-2, 3 is MPEG-1, 1 is reserved.
    let (row, divisor, slots) = match version {
        3 => (0, 1, 144_000),
        2 => (1, 2, 72_000),
        0 => (1, 4, 72_000),
        _ => return None,
    };
    let bits = RATES[row][usize::from(third >> 4)];
    if rate == 0 || bits == 0 {
        return None;
    }
    let len = slots * bits / (rate / divisor) + u32::from(third >> 1 & 1);
    Some(Frame {
        kind: Elementary::Mp3,
        constant: u16::from(flags & 0x1e) << 8 | u16::from(third & 0x0c),
        len: len as usize,
    })
}

/// True when the frame at the start of `data` is a Xing, Info or VBRI header, which counts the frames exactly.
pub(super) fn counts_frames(data: &[u8]) -> bool {
    // The header lies after the side information: 4 + 9, 17 or 32 bytes in; VBRI always 36.
    let tag = |at: usize| data.get(at..at + 4);
    [13, 21, 36].iter().any(|at| matches!(tag(*at), Some(b"Xing" | b"Info"))) || tag(36) == Some(b"VBRI")
}
