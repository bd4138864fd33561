//! What a file is, by its content alone; names and extensions are not asked.
use std::fs::File;

use crate::TrackError;

use super::bytes::{read_at, read_vec};
use super::errors::io_error;
use super::mp4_edits::{self, Mp4Facts};
use super::mpeg_sync::{self, Elementary};
use super::source::View;
use super::{flac_header, tags};

/// How far into a file the first frame of a headerless stream may lie, after its tags.
const MAX_JUNK: usize = 1 << 20;
/// How much is looked at first.
const FIRST_LOOK: usize = 1 << 16;
/// The end of an Ogg file that surely holds the start of a page (a page has at most 65 307 bytes).
const OGG_TAIL: u64 = 1 << 17;

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
        [b'O', b'g', b'g', b'S', ..] => found(Kind::Ogg { plain: one_stream(file, begin, len)? }),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => found(Kind::Wav),
        [b'F', b'O', b'R', b'M', _, _, _, _, b'A', b'I', b'F', b'F' | b'C', ..] => found(Kind::Aiff),
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

/// True when the first and the last Ogg page belong to the same stream (RFC 3533, section 6).
fn one_stream(file: &mut File, begin: u64, len: u64) -> Result<bool, TrackError> {
    let from = len.saturating_sub(OGG_TAIL).max(begin);
    let head = read_vec(file, begin, 64).map_err(|e| io_error(&e))?;
    let tail = read_vec(file, from, OGG_TAIL as usize).map_err(|e| io_error(&e))?;
    let serial = |page: &[u8]| page.get(14..18).map(<[u8]>::to_vec);
    // A second stream in the group begins with its own first page right after the one of the first.
    let next = 27
        + usize::from(head.get(26).copied().unwrap_or(0))
        + usize::from(head.get(27).copied().unwrap_or(0));
    let second = read_vec(file, begin + next as u64, 6).map_err(|e| io_error(&e))?;
    let grouped = second.starts_with(b"OggS") && second.get(5).is_some_and(|flags| flags & 2 != 0);
    let last = tail.windows(5).rposition(|w| w == b"OggS\0").and_then(|at| serial(&tail[at..]));
    Ok(!grouped && last.is_none_or(|last| serial(&head).is_some_and(|first| first == last)))
}
