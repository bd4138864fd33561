//! Ogg files: Vorbis, Opus (RFC 7845) and FLAC in pages.
use super::fields::Fields;
use super::flac::stream_info;
use super::ogg_pages::{HEADER, Pages, last_granule};
use super::packet::Packet;
use super::picture::Wanted;
use super::reader::Span;
use super::source::Source;
use super::stream::{Stream, seconds};
use super::vorbis_comment;
use crate::bytes::{le16, le32};
use crate::error::LibraryError;

/// Longest first packet looked at: FLAC's has 51 bytes.
const FIRST_PACKET: usize = 256;

/// How much of the file's end is searched for the last page, step by step. Pages of Vorbis mostly have
/// 4 kB, of Opus up to 16 kB; the largest possible has 65,307 bytes.
const TAIL: [u64; 3] = [8 << 10, 32 << 10, 128 << 10];

/// A stream that was recognised by its first packet.
struct Head {
    stream: Stream,
    /// What comes before the comments in the second packet; nothing for FLAC, whose packet is a block.
    comment_magic: &'static [u8],
    /// Samples at the start that are not to be heard.
    pre_skip: u64,
    /// Samples a second of the granule position.
    granule_rate: u32,
}

/// Reads an Ogg file: its first stream of sound.
///
/// # Errors
/// Unreadable, or not music.
pub(super) fn read(
    file: &mut Source,
    span: Span,
    fields: &mut Fields,
    wanted: Wanted,
) -> Result<Stream, LibraryError> {
    let mut pages = Pages::new(span.start);
    let (serial, mut head) = find_sound(file, &mut pages)?.ok_or(LibraryError::NotMusic)?;
    let mut packet = Packet::ogg(pages, serial);
    if let Some(start) = comments_at(file, &head, &mut packet)? {
        vorbis_comment::read(file, &mut packet, start, fields, wanted)?;
    }
    if head.stream.duration_s.is_none() && wanted == Wanted::No {
        head.stream.duration_s = end_granule(file, span, serial)?
            .and_then(|granule| seconds(granule.saturating_sub(head.pre_skip), head.granule_rate));
    }
    Ok(head.stream)
}

/// Where the comments start in the stream's second packet.
fn comments_at(file: &mut Source, head: &Head, packet: &mut Packet) -> Result<Option<u64>, LibraryError> {
    let start = packet.peek(file, 0, 8)?;
    if head.comment_magic.is_empty() {
        // Block type 4, the top bit set where it is the last block, and three bytes of length.
        return Ok(start.first().filter(|&kind| kind & 0x7f == 4).map(|_| 4));
    }
    Ok(start.starts_with(head.comment_magic).then_some(head.comment_magic.len() as u64))
}

/// The first stream whose first packet is known, and its serial number.
fn find_sound(file: &mut Source, pages: &mut Pages) -> Result<Option<(u32, Head)>, LibraryError> {
    while let Some(page) = pages.next(file)? {
        if page.first {
            let length = usize::try_from(page.packet_length).unwrap_or(FIRST_PACKET).min(FIRST_PACKET);
            if let Some(head) = recognise(file.peek(page.body, length)?) {
                return Ok(Some((page.serial, head)));
            }
        }
    }
    Ok(None)
}

fn recognise(packet: &[u8]) -> Option<Head> {
    if packet.starts_with(b"\x01vorbis") {
        let rate = le32(packet, 12).filter(|&rate| rate > 0)?;
        let bitrate = le32(packet, 20).filter(|&nominal| nominal > 0 && nominal < 1 << 31);
        let stream = Stream { rate: Some(rate), bitrate, ..Stream::new("Vorbis") };
        return Some(Head { stream, comment_magic: b"\x03vorbis", pre_skip: 0, granule_rate: rate });
    }
    if packet.starts_with(b"OpusHead") {
        let pre_skip = u64::from(le16(packet, 10)?);
        // Opus always decodes to 48 kHz, whatever rate the header remembers of its source.
        let stream = Stream { rate: Some(48_000), ..Stream::new("Opus") };
        return Some(Head { stream, comment_magic: b"OpusTags", pre_skip, granule_rate: 48_000 });
    }
    let info = packet.strip_prefix(b"\x7fFLAC")?.get(12..)?;
    let stream = stream_info(info)?;
    let granule_rate = stream.rate?;
    Some(Head { stream, comment_magic: b"", pre_skip: 0, granule_rate })
}

/// The stream's last position; `None` where the file ends in another stream (chained) or is cut.
fn end_granule(file: &mut Source, span: Span, serial: u32) -> Result<Option<u64>, LibraryError> {
    // The start of what was read before, for a header that begins in front of it.
    let (mut end, mut behind) = (span.end, Vec::new());
    for length in TAIL {
        // From the start of a page of the system's cache on.
        let start = (span.end.saturating_sub(length) & !0xfff).max(span.start);
        let mut tail = file.read_at(start, usize::try_from(end.saturating_sub(start)).unwrap_or(0))?;
        tail.extend_from_slice(&behind);
        let granule = last_granule(&tail, serial);
        if granule.is_some() || start == span.start {
            return Ok(granule);
        }
        tail.truncate(HEADER);
        (end, behind) = (start, tail);
    }
    Ok(None)
}
