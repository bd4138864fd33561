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
    /// What comes before the comments in the second packet; nothing for FLAC, whose packet is a block.
    comment_magic: &'static [u8],
    /// Samples at the start that are not to be heard.
    pre_skip: u64,
    /// Samples a second of the granule position.
    granule_rate: u32,
}

impl Head {
    /// The comments in the stream's second packet.
    fn comments<'a>(&self, packet: &'a [u8]) -> Option<&'a [u8]> {
        if self.comment_magic.is_empty() {
            // Block type 4, the top bit set where it is the last block, and three bytes of length.
            let (&kind, rest) = packet.split_first()?;
            return if kind & 0x7f == 4 { rest.get(3..) } else { None };
        }
        packet.strip_prefix(self.comment_magic)
    }
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
    let mut pages = Pages { at: span.start, left: MAX_PAGES };
    let (serial, mut head) = find_sound(file, &mut pages)?.ok_or(LibraryError::NotMusic)?;
    let packet = comment_packet(file, &mut pages, serial)?;
    if let Some(comments) = head.comments(&packet) {
        vorbis_comment::read(comments, fields, wanted);
    }
    if head.stream.duration_s.is_none() {
        head.stream.duration_s = last_granule(file, span, serial)?
            .and_then(|granule| seconds(granule.saturating_sub(head.pre_skip), head.granule_rate));
    }
    Ok(head.stream)
}

/// Goes from page to page.
struct Pages {
    at: u64,
    left: usize,
}

impl Pages {
    fn next(&mut self, file: &mut BoundedFile) -> Result<Option<Page>, LibraryError> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let page = Page::read(file, self.at)?;
        if let Some(page) = &page {
            self.at = page.end();
        }
        Ok(page)
    }
}

/// The first stream whose first packet is known, and its serial number.
fn find_sound(file: &mut BoundedFile, pages: &mut Pages) -> Result<Option<(u32, Head)>, LibraryError> {
    while let Some(page) = pages.next(file)? {
        if page.first {
            let mut packet = Vec::new();
            page.collect(file, &mut packet)?;
            if let Some(head) = recognise(&packet) {
                return Ok(Some((page.serial, head)));
            }
        }
    }
    Ok(None)
}

/// The second packet of a stream, as far as it goes.
fn comment_packet(file: &mut BoundedFile, pages: &mut Pages, serial: u32) -> Result<Vec<u8>, LibraryError> {
    let mut packet = Vec::new();
    while let Some(page) = pages.next(file)? {
        if page.serial == serial && (page.collect(file, &mut packet)? || packet.len() > MAX_COMMENT) {
            break;
        }
    }
    Ok(packet)
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
