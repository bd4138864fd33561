//! Ogg files: Vorbis, Opus (RFC 7845) and FLAC in pages.
use super::fields::Fields;
use super::flac::stream_info;
use super::ogg_pages::Page;
use super::picture::Wanted;
use super::reader::Span;
use super::stream::{Stream, seconds};
use super::vorbis_comment;
use crate::bounded_file::BoundedFile;
use crate::bytes::{le16, le32};
use crate::error::LibraryError;

/// Most pages looked at for the header packets of one stream among others: 24 MB of full pages.
const MAX_PAGES: usize = 400;

/// Most bytes of comments collected: a picture of 9 MB, base64-coded. What lies behind is ignored.
const MAX_COMMENT: usize = 12 << 20;

/// How much of the file's end is searched for the last page; a page has at most 65,307 bytes.
const TAIL: u64 = 128 << 10;

/// A stream that was recognised by its first packet.
struct Head {
    stream: Stream,
    /// Bytes before the Vorbis comments in the second packet, with which they must start.
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
    file: &mut BoundedFile,
    span: Span,
    fields: &mut Fields,
    wanted: Wanted,
) -> Result<Stream, LibraryError> {
    let mut found: Option<(u32, Head)> = None;
    let mut packet = Vec::new();
    let mut at = span.start;
    for _ in 0..MAX_PAGES {
        let Some(page) = Page::read(file, at)? else { break };
        at = page.end();
        match &found {
            None if page.first => {
                let mut first = Vec::new();
                page.collect(file, &mut first)?;
                found = recognise(&first).map(|head| (page.serial, head));
            }
            Some((serial, head)) if page.serial == *serial && !page.first => {
                if page.collect(file, &mut packet)? || packet.len() > MAX_COMMENT {
                    if let Some(comments) = packet.strip_prefix(head.comment_magic) {
                        // Ogg FLAC: three bytes of block length follow the block type.
                        let skip = if head.stream.codec == "FLAC" { 3 } else { 0 };
                        vorbis_comment::read(comments.get(skip..).unwrap_or_default(), fields, wanted);
                    }
                    break;
                }
            }
            _ => {}
        }
    }
    let (serial, mut head) = found.ok_or(LibraryError::NotMusic)?;
    if head.stream.duration_s.is_none() {
        head.stream.duration_s = last_granule(file, span, serial)?
            .and_then(|granule| seconds(granule.saturating_sub(head.pre_skip), head.granule_rate));
    }
    Ok(head.stream)
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
    // The block type of comments is 4, with the top bit set where it is the last block.
    Some(Head { stream, comment_magic: b"\x04", pre_skip: 0, granule_rate })
}

/// The stream's last position; `None` where the file ends in another stream (chained) or is cut.
fn last_granule(file: &mut BoundedFile, span: Span, serial: u32) -> Result<Option<u64>, LibraryError> {
    let start = span.end.saturating_sub(TAIL).max(span.start);
    let tail = file.read_at(start, usize::try_from(span.end - start).unwrap_or(0))?;
    let pages = (0..tail.len().saturating_sub(26)).rev().filter_map(|at| {
        let head = tail.get(at..)?;
        head.starts_with(b"OggS").then(|| Page::parse(head, 0)).flatten()
    });
    let mut last = pages.filter(|page| page.granule != u64::MAX);
    Ok(last.find(|page| page.serial == serial).map(|page| page.granule))
}
