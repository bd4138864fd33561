//! MP4 files: AAC, ALAC, and the rarer FLAC, Opus and MP3 in boxes.
use super::fields::Fields;
use super::mp4_atoms::{Atom, Atoms};
use super::mp4_codec::{Codec, sample_entry};
use super::mp4_tags;
use super::picture::Wanted;
use super::reader::Span;
use super::source::Source;
use super::stream::{Stream, seconds};
use crate::bytes::{be32, be64};
use crate::error::LibraryError;

/// Most boxes looked at in one file.
const MAX_ATOMS: u32 = 8192;

/// Reads an MP4 file: its first track of sound.
///
/// # Errors
/// Unreadable, or not music: no track of sound, encrypted, or a codec this unit does not play.
pub(super) fn read(
    file: &mut Source,
    span: Span,
    fields: &mut Fields,
    wanted: Wanted,
) -> Result<Stream, LibraryError> {
    let mut walk = Walk { file, left: MAX_ATOMS };
    let top = Atoms::new(span.start, span.end);
    let movie = walk.find(top, b"moov")?.ok_or(LibraryError::NotMusic)?;
    let mut movie_time = Time::default();
    let mut sound = None;
    let mut smpb = None;
    let mut children = movie.children(0);
    while let Some(atom) = children.next(walk.file, &mut walk.left)? {
        match &atom.kind {
            b"mvhd" => movie_time = walk.header(atom)?,
            b"trak" if sound.is_none() => sound = walk.track(atom)?,
            b"udta" => {
                if let Some(meta) = walk.find(atom.children(0), b"meta")? {
                    smpb = mp4_tags::read(walk.file, meta, &mut walk.left, fields, wanted)?.or(smpb);
                }
            }
            _ => {}
        }
    }
    let sound = sound.ok_or(LibraryError::NotMusic)?;
    Ok(sound.into_stream(movie_time, smpb))
}

/// A time scale in ticks a second, and a duration in ticks.
#[derive(Clone, Copy, Debug, Default)]
struct Time {
    scale: u32,
    ticks: u64,
}

/// The part of a track that is to be heard (`elst`).
#[derive(Clone, Copy, Debug)]
struct Edit {
    /// Ticks of the movie.
    length: u64,
    /// Ticks of the track.
    start: u64,
}

/// A track of sound.
#[derive(Debug)]
struct Sound {
    time: Time,
    edit: Option<Edit>,
    codec: Codec,
}

impl Sound {
    fn into_stream(self, movie: Time, smpb: Option<u64>) -> Stream {
        let rate = self.codec.rate.filter(|&rate| rate > 0).unwrap_or(self.time.scale);
        let mut stream = self.codec.stream.clone();
        stream.rate = Some(rate);
        stream.duration_s = match (self.edit, smpb) {
            (Some(edit), _) => self.edited(edit, movie),
            (None, Some(frames)) => seconds(frames, rate),
            (None, None) => seconds(self.time.ticks, self.time.scale),
        }
        .or_else(|| seconds(movie.ticks, movie.scale));
        stream
    }

    /// What the edit leaves of the track. Its length is in the movie's ticks, often milliseconds: it
    /// counts only where it cuts off more than one of those.
    fn edited(&self, edit: Edit, movie: Time) -> Option<f64> {
        let rest = seconds(self.time.ticks.saturating_sub(edit.start), self.time.scale)?;
        match seconds(edit.length, movie.scale) {
            Some(cut) if cut + 1.5 / f64::from(movie.scale) < rest => Some(cut),
            _ => Some(rest),
        }
    }
}

/// The file and how many boxes may still be looked at.
struct Walk<'a> {
    file: &'a mut Source,
    left: u32,
}

impl Walk<'_> {
    fn find(&mut self, mut atoms: Atoms, kind: &[u8; 4]) -> Result<Option<Atom>, LibraryError> {
        atoms.find(self.file, &mut self.left, kind)
    }

    fn find_in(&mut self, parent: Option<Atom>, kind: &[u8; 4]) -> Result<Option<Atom>, LibraryError> {
        parent.map_or(Ok(None), |parent| self.find(parent.children(0), kind))
    }

    /// A movie or media header: both start with times, scale and duration (sections 8.2.2 and 8.4.2).
    fn header(&mut self, atom: Atom) -> Result<Time, LibraryError> {
        let body = atom.read(self.file, 0, 32)?;
        let (scale, ticks) = if body.first() == Some(&1) {
            (be32(&body, 20), be64(&body, 24))
        } else {
            (be32(&body, 12), be32(&body, 16).map(u64::from).filter(|&ticks| ticks != u64::from(u32::MAX)))
        };
        let ticks = ticks.filter(|&ticks| ticks != u64::MAX);
        Ok(Time { scale: scale.unwrap_or(0), ticks: ticks.unwrap_or(0) })
    }

    /// The track, if it is sound this unit plays.
    fn track(&mut self, track: Atom) -> Result<Option<Sound>, LibraryError> {
        let Some(media) = self.find(track.children(0), b"mdia")? else { return Ok(None) };
        let handler = self.find(media.children(0), b"hdlr")?;
        let handler = handler.map(|atom| atom.read(self.file, 8, 4)).transpose()?;
        if handler.as_deref() != Some(b"soun") {
            return Ok(None);
        }
        let header = self.find(media.children(0), b"mdhd")?;
        let time = header.map(|atom| self.header(atom)).transpose()?.unwrap_or_default();
        let information = self.find(media.children(0), b"minf")?;
        let table = self.find_in(information, b"stbl")?;
        let Some(description) = self.find_in(table, b"stsd")? else { return Ok(None) };
        // Version, flags and the number of entries come first; more than one entry is not in use.
        let Some(entry) = description.children(8).next(self.file, &mut self.left)? else { return Ok(None) };
        let Some(codec) = sample_entry(self.file, entry, &mut self.left)? else { return Ok(None) };
        let edits = self.find(track.children(0), b"edts")?;
        let edit = match self.find_in(edits, b"elst")? {
            Some(list) => self.edit(list)?,
            None => None,
        };
        Ok(Some(Sound { time, edit, codec }))
    }

    /// The only edit that is not silence; lists that cut a track into pieces are left to the player.
    fn edit(&mut self, list: Atom) -> Result<Option<Edit>, LibraryError> {
        let body = list.read(self.file, 0, 8 + 20 * 8)?;
        let wide = body.first() == Some(&1);
        let count = be32(&body, 4).unwrap_or(0).min(8) as usize;
        let size = if wide { 20 } else { 12 };
        let mut edits = (0..count).filter_map(|index| {
            let at = 8 + index * size;
            let (length, start) = if wide {
                (be64(&body, at)?, be64(&body, at + 8)?)
            } else {
                let start = be32(&body, at + 4)?;
                (be32(&body, at)?.into(), if start == u32::MAX { u64::MAX } else { start.into() })
            };
            // All ones is an empty edit: silence before the sound.
            (start != u64::MAX).then_some(Edit { length, start })
        });
        let first = edits.next();
        Ok(if edits.next().is_some() { None } else { first })
    }
}
