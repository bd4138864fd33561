//! FLAC (RFC 9639): stream information, comments and pictures lie in blocks before the sound.
use super::fields::Fields;
use super::packet::Packet;
use super::picture::{MAX_PICTURE, Wanted, from_flac_block};
use super::reader::Span;
use super::source::Source;
use super::stream::{Stream, seconds};
use super::vorbis_comment;
use crate::bytes::{be32, be64};
use crate::error::LibraryError;

/// Most metadata blocks looked at.
const MAX_BLOCKS: usize = 512;

/// Reads a FLAC file.
///
/// # Errors
/// Unreadable, or not music: no stream information.
pub(super) fn read(
    file: &mut Source,
    span: Span,
    fields: &mut Fields,
    wanted: Wanted,
) -> Result<Stream, LibraryError> {
    let mut stream = None;
    let mut at = span.start + 4;
    for _ in 0..MAX_BLOCKS {
        let Ok(header) = file.read_array::<4>(at) else { break };
        let word = u32::from_be_bytes(header);
        let (kind, length) = ((word >> 24) & 0x7f, (word & 0x00ff_ffff) as usize);
        at += 4;
        match kind {
            0 => stream = stream_info(file.peek(at, 34)?),
            4 => {
                // Some programs stated too short a block: the comments' own lengths count.
                let mut packet = Packet::block(at, span.end, length as u64);
                vorbis_comment::read(file, &mut packet, 0, fields, wanted)?;
                // There is only one such block, and behind it nothing but pictures and padding.
                if stream.is_some() && wanted == Wanted::No {
                    break;
                }
            }
            6 if wanted == Wanted::Yes && !fields.has_front_cover() && length <= MAX_PICTURE => {
                fields.add_picture(from_flac_block(file.read_at(at, length)?));
            }
            _ => {}
        }
        at += length as u64;
        if word >> 31 == 1 {
            break;
        }
    }
    stream.ok_or(LibraryError::NotMusic)
}

/// The STREAMINFO block, section 8.2: 20 bits rate, 3 channels, 5 bits of a sample, 36 number of samples.
pub(super) fn stream_info(block: &[u8]) -> Option<Stream> {
    let packed = be64(block, 10)?;
    let rate = be32(block, 10)? >> 12;
    let bits = u32::try_from(packed >> 36 & 0x1f).ok()? + 1;
    if rate == 0 || bits < 4 {
        return None;
    }
    Some(Stream {
        rate: Some(rate),
        bits: Some(bits),
        duration_s: seconds(packed & 0xf_ffff_ffff, rate),
        ..Stream::new("FLAC")
    })
}
