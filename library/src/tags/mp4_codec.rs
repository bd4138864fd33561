//! The codec of an MP4 track: its sample description.
use super::flac;
use super::mp4_atoms::Atom;
use super::source::Source;
use super::stream::Stream;
use crate::bytes::{be16, be32};
use crate::error::LibraryError;

/// What the sample description says.
#[derive(Debug)]
pub(super) struct Codec {
    pub(super) stream: Stream,
    /// Hertz, where stated.
    pub(super) rate: Option<u32>,
}

/// Length of an audio sample entry before the boxes in it, by its version (QuickTime has three).
const ENTRY: [u64; 3] = [28, 44, 64];

/// Bytes of a codec's own box that are looked at.
const MAX_CONFIG: u64 = 128;

/// Reads a sample entry; `None` for codecs this unit does not play, encrypted ones among them.
///
/// # Errors
/// Unreadable.
pub(super) fn sample_entry(
    file: &mut Source,
    entry: Atom,
    left: &mut u32,
) -> Result<Option<Codec>, LibraryError> {
    let body = entry.read(file, 0, ENTRY[0])?;
    let version = usize::from(be16(&body, 8).unwrap_or(0));
    let skip = ENTRY.get(version).copied().unwrap_or(ENTRY[0]);
    // 16.16 fixed point: rates from 65536 Hz on do not fit, and are stated elsewhere.
    let rate = be16(&body, 24).map(u32::from).filter(|&rate| rate > 0);
    let kind: &[u8; 4] = match &entry.kind {
        b"mp4a" => b"esds",
        b"alac" => b"alac",
        b"fLaC" => b"dfLa",
        b"Opus" => {
            return Ok(Some(Codec { stream: Stream::new("Opus"), rate: Some(48_000) }));
        }
        _ => return Ok(None),
    };
    let mut boxes = entry.children(skip);
    let mut config = boxes.find(file, left, kind)?;
    if config.is_none()
        && let Some(wave) = entry.children(skip).find(file, left, b"wave")?
    {
        // QuickTime wraps the codec's box once more.
        config = wave.children(0).find(file, left, kind)?;
    }
    let config = config.map(|atom| atom.read(file, 4, MAX_CONFIG)).transpose()?.unwrap_or_default();
    Ok(match kind {
        b"esds" => elementary_stream(&config).map(|stream| Codec { stream, rate }),
        b"alac" => alac(&config, rate),
        // A block header comes before the stream information.
        _ => config.get(4..).and_then(flac::stream_info).map(|info| Codec { rate: info.rate, stream: info }),
    })
}

/// The ALAC magic cookie (Apple, ALACMagicCookieDescription).
fn alac(cookie: &[u8], rate: Option<u32>) -> Option<Codec> {
    let bits = u32::from(*cookie.get(5)?);
    let stream = Stream { bits: Some(bits), ..Stream::new("ALAC") };
    Some(Codec { stream, rate: be32(cookie, 20).filter(|&rate| rate > 0).or(rate) })
}

/// The elementary stream descriptor (ISO/IEC 14496-1, section 7.2.6.5): which codec, which bitrate.
fn elementary_stream(descriptor: &[u8]) -> Option<Stream> {
    let (tag, body) = descend(descriptor)?;
    let flags = *body.get(2)?;
    if tag != 3 {
        return None;
    }
    let mut at = 3 + if flags & 0x80 != 0 { 2 } else { 0 };
    if flags & 0x40 != 0 {
        at += 1 + usize::from(*body.get(at)?);
    }
    at += if flags & 0x20 != 0 { 2 } else { 0 };
    let (tag, config) = descend(body.get(at..)?)?;
    let codec = match (tag, *config.first()?) {
        (4, 0x40 | 0x66..=0x68) => "AAC",
        (4, 0x69 | 0x6b) => "MP3",
        _ => return None,
    };
    let bitrate = be32(config, 9).filter(|&mean| mean > 0);
    Some(Stream { bitrate, ..Stream::new(codec) })
}

/// A descriptor's tag and body; its length takes up to four bytes of seven bits.
fn descend(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let (&tag, mut rest) = bytes.split_first()?;
    for _ in 0..4 {
        let (&byte, after) = rest.split_first()?;
        rest = after;
        if byte < 0x80 {
            return Some((tag, rest));
        }
    }
    None
}
