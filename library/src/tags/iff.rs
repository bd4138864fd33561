//! WAV and AIFF: files of chunks, little-endian in RIFF and big-endian in EA IFF 85.
use super::fields::Fields;
use super::id3v2;
use super::iff_audio::{AudioChunks, aiff_common, wave_format};
use super::key::{self, Key};
use super::picture::Wanted;
use super::reader::Span;
use super::source::Source;
use super::stream::Stream;
use crate::bytes::{array, be32, le32};
use crate::error::LibraryError;

/// Most chunks looked at.
const MAX_CHUNKS: usize = 512;

/// Largest text chunk or list of them read, in bytes.
const MAX_TEXT: usize = 64 << 10;

/// Bytes of a `fmt ` or `COMM` chunk that are looked at.
const MAX_FORMAT: usize = 64;

/// Reads a WAV or AIFF file.
///
/// # Errors
/// Unreadable, or not music: no format, no sound, or a codec this unit does not play.
pub(super) fn read(
    file: &mut Source,
    span: Span,
    fields: &mut Fields,
    wanted: Wanted,
) -> Result<Stream, LibraryError> {
    let little = file.read_array::<4>(span.start)? == *b"RIFF";
    let mut audio = AudioChunks::default();
    // The format's own texts: older and poorer than an ID3 tag, which may come after them.
    let mut own = Fields::default();
    let mut at = span.start + 12;
    for _ in 0..MAX_CHUNKS {
        let head = file.peek(at, 8)?;
        let size = if little { le32(head, 4) } else { be32(head, 4) };
        let (Some(id), Some(size)) = (array::<4>(head, 0), size) else { break };
        at += 8;
        let stored = u64::from(size).min(span.end.saturating_sub(at));
        let short = usize::try_from(stored).unwrap_or(usize::MAX);
        match &id {
            b"fmt " if little => audio.format = wave_format(file.peek(at, short.min(MAX_FORMAT))?),
            b"COMM" if !little => audio.format = aiff_common(file.peek(at, short.min(MAX_FORMAT))?),
            b"fact" => audio.fact = le32(file.peek(at, 4)?, 0),
            // Recorders that were cut off leave 0 or all ones here: the sound goes on to the end.
            b"data" if matches!(size, 0 | u32::MAX) => {
                audio.data = Some(span.end.saturating_sub(at));
                break;
            }
            b"data" => audio.data = Some(stored),
            // Eight bytes of offset and block size come before the sound.
            b"SSND" => audio.data = Some(stored.saturating_sub(8)),
            b"LIST" => info_list(file.peek(at, short.min(MAX_TEXT))?, &mut own),
            b"NAME" | b"AUTH" if !little => {
                let key = if &id == b"NAME" { Key::Title } else { Key::Artist };
                own.add(key, &text_of(file.peek(at, short.min(MAX_TEXT))?));
            }
            b"id3 " | b"ID3 " => {
                id3v2::read_at(file, at, wanted, fields)?;
            }
            _ => {}
        }
        at += u64::from(size) + u64::from(size & 1);
    }
    fields.fill_from(own);
    audio.into_stream(if little { "WAV" } else { "AIFF" }).ok_or(LibraryError::NotMusic)
}

/// The texts of a `LIST` of form `INFO`.
fn info_list(list: &[u8], fields: &mut Fields) {
    let Some(mut rest) = list.strip_prefix(b"INFO") else { return };
    while let (Some(id), Some(size)) = (array::<4>(rest, 0), le32(rest, 4)) {
        let end = (8 + size as usize).min(rest.len());
        let text = rest.get(8..end).unwrap_or_default();
        if let Some(key) = key::by_riff_chunk(id) {
            fields.add(key, &text_of(text));
        }
        rest = rest.get(end + (end & 1)..).unwrap_or_default();
    }
}

/// Neither format says how text is coded: UTF-8 where it is valid, else Latin-1.
fn text_of(bytes: &[u8]) -> String {
    let bytes = bytes.split(|&byte| byte == 0).next().unwrap_or_default();
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect(),
    }
}
