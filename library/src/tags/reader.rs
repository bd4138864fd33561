//! One file from its first byte to [`TrackInfo`]: tags around the container, then the container.
use super::container::{self, Container, Frames};
use super::fields::Fields;
use super::format_text::format_text;
use super::picture::Wanted;
use super::source::Source;
use super::stream::Stream;
use super::{TrackInfo, aac, ape, flac, id3v1, id3v2, iff, mp4, mpeg, ogg};
use crate::beneath::OpenFile;
use crate::bounded_file::BoundedFile;
use crate::error::LibraryError;

/// Most bytes read of one file for its text. Text takes kilobytes; the rest is for junk before the first
/// MPEG frame and for Ogg, whose comments cannot be skipped.
const TEXT_BUDGET: u64 = 24 << 20;

/// Most bytes read of one file for its picture: one of the largest size twice, and the text.
const PICTURE_BUDGET: u64 = 48 << 20;

/// What one file says.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) fields: Fields,
    pub(super) stream: Stream,
}

impl Read {
    pub(super) fn into_info(self) -> TrackInfo {
        let format = format_text(&self.stream);
        TrackInfo { format, duration_s: self.stream.duration_s, ..self.fields.into_info() }
    }
}

/// The bytes of the file that are the container itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: u64,
    pub(super) end: u64,
}

impl Span {
    pub(super) fn len(self) -> u64 {
        self.end.saturating_sub(self.start)
    }
}

/// Reads text, and the best picture if `wanted`.
///
/// # Errors
/// Unreadable, or not music.
pub(super) fn read(file: OpenFile, wanted: Wanted) -> Result<Read, LibraryError> {
    let budget = if wanted == Wanted::Yes { PICTURE_BUDGET } else { TEXT_BUDGET };
    let mut file = Source::new(BoundedFile::new(file, budget));
    let (id3, start) = id3v2::read_leading(&mut file, wanted)?;
    let span = Span { start, end: file.len() };
    let container = container::detect(&mut file, span.start)?;
    let mut fields = Fields::default();
    if container == Container::Frames {
        return read_frames(file, span, id3, wanted);
    }
    let stream = match container {
        Container::Flac => flac::read(&mut file, span, &mut fields, wanted)?,
        Container::Ogg => ogg::read(&mut file, span, &mut fields, wanted)?,
        Container::Mp4 => mp4::read(&mut file, span, &mut fields, wanted)?,
        Container::Riff | Container::Aiff => iff::read(&mut file, span, &mut fields, wanted)?,
        Container::Frames => return Err(LibraryError::NotMusic),
    };
    fields.fill_from(id3);
    Ok(Read { fields, stream })
}

/// A bare stream of frames, MPEG layer III or ADTS, behind the tags in `fields`.
fn read_frames(
    mut file: Source,
    mut span: Span,
    mut fields: Fields,
    wanted: Wanted,
) -> Result<Read, LibraryError> {
    let stated = mpeg::read_stated(&mut file, span)?;
    // The end of the file is a read of its own on a slow medium: only where it can add something.
    if stated.is_none() || !fields.is_complete() || wanted == Wanted::Yes {
        span.end = read_trailing(&mut file, span, wanted, &mut fields)?;
    }
    let stream = match stated {
        Some(stream) => stream,
        None => match container::find_frames(&mut file, span)? {
            Frames::Mpeg(start) => mpeg::read(&mut file, Span { start, ..span })?,
            Frames::Adts(start) => aac::read(&mut file, Span { start, ..span })?,
        },
    };
    Ok(Read { fields, stream })
}

/// Tags at the end of MPEG and ADTS files; returns where the stream before them ends.
fn read_trailing(
    file: &mut Source,
    span: Span,
    wanted: Wanted,
    fields: &mut Fields,
) -> Result<u64, LibraryError> {
    let (old, end) = id3v1::read(file, span)?;
    let end = before_lyrics(file, Span { end, ..span })?;
    let (ape, end) = ape::read(file, Span { end, ..span }, wanted)?;
    fields.fill_from(ape);
    fields.fill_from(old);
    Ok(end)
}

/// Where what comes before the lyrics at the end of `span` ends (Lyrics3 v2.00): they end with their own
/// length in six digits and a magic word.
fn before_lyrics(file: &mut Source, span: Span) -> Result<u64, LibraryError> {
    const TRAILER: u64 = 15;
    if span.len() < TRAILER {
        return Ok(span.end);
    }
    let trailer = file.peek(span.end - TRAILER, 15)?;
    let size =
        trailer.strip_suffix(b"LYRICS200").and_then(|digits| str::from_utf8(digits).ok()?.parse().ok());
    Ok(size
        .and_then(|size: u64| span.end.checked_sub(size + TRAILER))
        .map_or(span.end, |end| end.max(span.start)))
}
