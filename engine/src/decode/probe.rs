//! What a file is, by its content alone; names and extensions are not asked.
use std::fs::File;
use std::io;

use crate::TrackError;

use super::bytes::{read_at, read_vec};
use super::errors::io_error;
use super::mp4_edits::{self, Mp4Facts};
use super::mpeg_sync::{self, Elementary};
use super::source::View;
use super::{aiff_header, flac_header, tags};

/// How far into a file the first frame of a headerless stream may lie, after its tags.
const MAX_JUNK: usize = 1 << 20;
/// How much is looked at first.
const FIRST_LOOK: usize = 1 << 16;
/// The longest Ogg page.
const MAX_OGG_PAGE: usize = 65_307;
/// The last page is searched backwards in steps of this many bytes,
const OGG_STEP: u64 = 1 << 18;
/// and in at most so many steps.
const MAX_OGG_TAIL: usize = 64;

/// The container.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Native FLAC.
    Flac,
    /// Layer III elementary stream; `exact` if its first frame counts the others.
    Mp3 {
        /// A Xing, Info or VBRI header is there.
        exact: bool,
    },
    /// AAC elementary stream.
    Adts,
    /// MPEG-4 file.
    Mp4(Mp4Facts),
    /// Ogg; `plain` if one single stream fills the file.
    Ogg {
        /// Neither chained nor multiplexed, as far as first and last page tell.
        plain: bool,
    },
    /// RIFF WAVE.
    Wav,
    /// AIFF or AIFC.
    Aiff,
    /// Core Audio Format.
    Caf,
}

/// What was found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// The container.
    pub kind: Kind,
    /// The bytes to show to its demuxer.
    pub view: View,
}

/// Looks into an open file of `len` bytes.
pub(super) fn probe(file: &mut File, len: u64) -> Result<Found, TrackError> {
    let begin = tags::skip_leading(file, len).map_err(|e| io_error(&e))?;
    let mut head = [0; 16];
    let got = read_at(file, begin, &mut head).map_err(|e| io_error(&e))?;
    let plain = View { begin, end: len, ..View::default() };
    let found = |kind| Ok(Found { kind, view: plain.clone() });
    match &head[..got] {
        [b'f', b'L', b'a', b'C', ..] => {
            let view = flac_header::view(file, begin, len).map_err(|e| io_error(&e))?;
            view.map(|view| Found { kind: Kind::Flac, view }).ok_or(TrackError::Damaged)
        }
        [b'O', b'g', b'g', b'S', ..] => {
            let (one, end) = ogg(file, begin, len).map_err(|e| io_error(&e))?;
            Ok(Found { kind: Kind::Ogg { plain: one }, view: View { end, ..plain } })
        }
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => found(Kind::Wav),
        [b'F', b'O', b'R', b'M', _, _, _, _, b'A', b'I', b'F', b'F' | b'C', ..] => {
            let view = aiff_header::view(file, begin, len).map_err(|e| io_error(&e))?;
            view.map(|view| Found { kind: Kind::Aiff, view }).ok_or(TrackError::Damaged)
        }
        [b'c', b'a', b'f', b'f', ..] => found(Kind::Caf),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => {
            let facts = mp4_edits::read(file, begin, len).map_err(|e| io_error(&e))?;
            let patches = facts.patches.clone();
            Ok(Found { kind: Kind::Mp4(facts), view: View { patches, ..plain } })
        }
        _ => elementary(file, begin, len),
    }
}

fn elementary(file: &mut File, begin: u64, len: u64) -> Result<Found, TrackError> {
    let end = tags::skip_trailing(file, begin, len).map_err(|e| io_error(&e))?;
    for most in [FIRST_LOOK, MAX_JUNK] {
        let room = usize::try_from(end - begin).unwrap_or(usize::MAX);
        let data = read_vec(file, begin, most.min(room)).map_err(|e| io_error(&e))?;
        if let Some((at, kind)) = mpeg_sync::find(&data, most >= room) {
            let kind = match kind {
                Elementary::Adts => Kind::Adts,
                Elementary::Mp3 => Kind::Mp3 { exact: mpeg_sync::counts_frames(&data[at..]) },
            };
            return Ok(Found { kind, view: View { begin: begin + at as u64, end, ..View::default() } });
        }
    }
    Err(TrackError::Unsupported)
}

/// The complete pages of an Ogg file, and whether they are of one stream (RFC 3533, section 6).
///
/// A page cut short at the end, or anything else behind the last page, would keep the demuxer from finding
/// the end at all.
fn ogg(file: &mut File, begin: u64, len: u64) -> io::Result<(bool, u64)> {
    let head = read_vec(file, begin, MAX_OGG_PAGE)?;
    // A second stream in the group begins with its own first page right after the one of the first.
    let second = ogg_page_len(&head).and_then(|n| head.get(n..)).unwrap_or_default();
    let grouped = second.starts_with(b"OggS") && second.get(5).is_some_and(|flags| flags & 2 != 0);
    let mut until = len;
    for _ in 0..MAX_OGG_TAIL {
        let from = until.saturating_sub(OGG_STEP).max(begin);
        let most = usize::try_from(until - from).unwrap_or(0) + MAX_OGG_PAGE;
        let tail = read_vec(file, from, most)?;
        let complete = |at: &usize| ogg_page_len(&tail[*at..]).filter(|n| at + n <= tail.len()).is_some();
        let pages = (0..tail.len().saturating_sub(27)).rev().filter(|at| tail[*at..].starts_with(b"OggS\0"));
        if let Some(at) = pages.into_iter().find(complete) {
            let same = tail.get(at + 14..at + 18) == head.get(14..18);
            let end = from + at as u64 + ogg_page_len(&tail[at..]).unwrap_or(0) as u64;
            return Ok((same && !grouped, end.min(len)));
        }
        if from == begin {
            break;
        }
        until = from;
    }
    Ok((!grouped, len))
}

/// Length of the page that starts `data`, by its segment table.
fn ogg_page_len(data: &[u8]) -> Option<usize> {
    let segments = usize::from(*data.get(26)?);
    Some(27 + segments + data.get(27..27 + segments)?.iter().map(|n| usize::from(*n)).sum::<usize>())
}
