//! What an MPEG-4 file says about its encoder's delay and padding: edit lists and iTunSMPB.
//!
//! symphonia reads edit lists but does not apply them. This reader walks the atoms it needs (ISO/IEC
//! 14496-12: moov, mvhd, trak, tkhd, mdia/mdhd, edts/elst, udta/meta/ilst), header by header, with a bound on
//! their number, and reads no more than a few hundred bytes of any. It also finds the `udta` atoms, so that
//! tags and pictures can be hidden from the demuxer.
use std::fs::File;
use std::io;

use super::bytes::{be16, be32, be64, read_vec};

/// Atoms looked at per file.
const MAX_ATOMS: usize = 16_384;
/// Edits read per track.
const MAX_EDITS: usize = 64;

/// Facts about the whole file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Mp4Facts {
    /// Ticks per second of the edits' durations.
    pub movie_timescale: u32,
    /// Every track that has an edit list.
    pub edits: Vec<Edit>,
    /// iTunes' own statement.
    pub smpb: Option<Smpb>,
    /// `udta` atoms renamed to `free`, by position in the view.
    pub patches: Vec<(u64, [u8; 4])>,
}

/// The one edit of a track that plays media.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Edit {
    /// The track it belongs to.
    pub track: u32,
    /// First media tick to be heard.
    pub media_time: u64,
    /// Movie ticks to be heard from there; none if unknown or if several edits follow each other.
    pub duration: Option<u64>,
}

/// iTunSMPB: frames at the track's rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Smpb {
    /// Encoder delay.
    pub delay: u64,
    /// Frames of music.
    pub frames: u64,
}

/// Reads the facts of the file whose `ftyp` atom is at `begin`.
pub(super) fn read(file: &mut File, begin: u64, end: u64) -> io::Result<Mp4Facts> {
    let mut walk = Walk { file, left: MAX_ATOMS, begin, facts: Mp4Facts::default() };
    walk.level(begin, end, 0, &mut Edit::default())?;
    Ok(walk.facts)
}

struct Walk<'f> {
    file: &'f mut File,
    left: usize,
    begin: u64,
    facts: Mp4Facts,
}

struct Atom {
    kind: [u8; 4],
    /// Where the atom starts, its content starts, and it ends.
    start: u64,
    body: u64,
    end: u64,
}

impl Walk<'_> {
    /// The atoms between `at` and `end`, one after the other.
    fn level(&mut self, mut at: u64, end: u64, depth: usize, track: &mut Edit) -> io::Result<()> {
        while self.left > 0 && depth < 8 {
            let Some(atom) = self.atom(at, end)? else { break };
            self.left -= 1;
            at = atom.end;
            self.visit(&atom, depth, track)?;
        }
        Ok(())
    }

    fn atom(&mut self, at: u64, end: u64) -> io::Result<Option<Atom>> {
        if at.saturating_add(8) > end {
            return Ok(None);
        }
        let head = read_vec(self.file, at, 16)?;
        let (Some(size), Some(kind)) = (be32(&head, 0), head.get(4..8)) else { return Ok(None) };
        let (len, header) = match size {
            0 => (Some(end - at), 8),
            1 => (be64(&head, 8), 16),
            n => (Some(u64::from(n)), 8),
        };
        let Some(len) = len.filter(|len| *len >= header) else { return Ok(None) };
        let kind = [kind[0], kind[1], kind[2], kind[3]];
        Ok(Some(Atom { kind, start: at, body: at + header, end: at.saturating_add(len).min(end) }))
    }

    fn visit(&mut self, atom: &Atom, depth: usize, track: &mut Edit) -> io::Result<()> {
        match &atom.kind {
            b"moov" if depth == 0 => self.level(atom.body, atom.end, 1, track)?,
            b"trak" if depth == 1 => {
                let mut edit = Edit::default();
                self.level(atom.body, atom.end, 2, &mut edit)?;
                if edit != (Edit { track: edit.track, ..Edit::default() }) {
                    self.facts.edits.push(edit);
                }
            }
            b"edts" | b"ilst" if depth >= 2 => self.level(atom.body, atom.end, depth + 1, track)?,
            b"mvhd" => self.movie_header(atom)?,
            b"tkhd" => self.track_header(atom, track)?,
            b"elst" => self.edit_list(atom, track)?,
            b"udta" => {
                self.facts.patches.push((atom.start + 4 - self.begin, *b"free"));
                self.level(atom.body, atom.end, depth + 1, track)?;
            }
            // A full atom here (version and flags first), a plain one in QuickTime.
            b"meta" => {
                let quick_time = read_vec(self.file, atom.body, 8)?.get(4..8) == Some(b"hdlr");
                let body = atom.body + if quick_time { 0 } else { 4 };
                self.level(body, atom.end, depth + 1, track)?;
            }
            b"----" => self.free_form(atom)?,
            _ => {}
        }
        Ok(())
    }

    fn movie_header(&mut self, atom: &Atom) -> io::Result<()> {
        let data = read_vec(self.file, atom.body, 28)?;
        let at = if data.first() == Some(&1) { 20 } else { 12 };
        self.facts.movie_timescale = be32(&data, at).unwrap_or(0);
        Ok(())
    }

    fn track_header(&mut self, atom: &Atom, track: &mut Edit) -> io::Result<()> {
        let data = read_vec(self.file, atom.body, 28)?;
        let at = if data.first() == Some(&1) { 20 } else { 12 };
        track.track = be32(&data, at).unwrap_or(0);
        Ok(())
    }

    /// ISO/IEC 14496-12, 8.6.6. Empty edits (media time −1) are stepped over: silence in front is not music.
    fn edit_list(&mut self, atom: &Atom, track: &mut Edit) -> io::Result<()> {
        let data = read_vec(self.file, atom.body, 8 + 20 * MAX_EDITS)?;
        let wide = data.first() == Some(&1);
        let size = if wide { 20 } else { 12 };
        let count = be32(&data, 4).unwrap_or(0) as usize;
        let mut played = 0;
        for i in 0..count.min(MAX_EDITS) {
            let at = 8 + i * size;
            let entry = if wide {
                be64(&data, at).zip(be64(&data, at + 8))
            } else {
                be32(&data, at).map(u64::from).zip(be32(&data, at + 4).map(|t| i64::from(t as i32) as u64))
            };
            let rate = be16(&data, at + size - 4);
            let (Some((duration, time)), Some(rate)) = (entry, rate) else { break };
            if (time as i64) < 0 || rate != 1 {
                continue;
            }
            if played == 0 {
                track.media_time = time;
                // A duration of 0 means "the rest" (fragmented files).
                track.duration = Some(duration).filter(|d| *d > 0);
            } else {
                track.duration = None;
            }
            played += 1;
        }
        Ok(())
    }

    /// `----`: mean, name and data. The one named iTunSMPB holds hexadecimal words, of which the second is the
    /// delay, the third the padding and the fourth the number of frames.
    fn free_form(&mut self, atom: &Atom) -> io::Result<()> {
        let most = usize::try_from(atom.end - atom.body).unwrap_or(0).min(512);
        let data = read_vec(self.file, atom.body, most)?;
        let find = |what: &[u8]| data.windows(what.len()).position(|w| w == what);
        if let (Some(_), Some(at)) = (find(b"iTunSMPB"), find(b"data")) {
            let text = String::from_utf8_lossy(data.get(at + 12..).unwrap_or_default()).into_owned();
            self.facts.smpb = smpb(&text);
        }
        Ok(())
    }
}

fn smpb(text: &str) -> Option<Smpb> {
    let words: Vec<u64> =
        text.split_whitespace().take(4).map_while(|w| u64::from_str_radix(w, 16).ok()).collect();
    match words[..] {
        [_, delay, _, frames] if frames > 0 && delay < 1 << 20 => Some(Smpb { delay, frames }),
        _ => None,
    }
}
