//! One open track: its decoder, where its frames lie in the stream, and what has been told of it.
use crate::decode::Decoder;
use crate::params::linear;
use crate::section::Section;
use crate::{SourceInfo, Track, TrackError};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Replay gains beyond ± this many dB are brought back to it.
const MAX_GAIN_DB: f32 = 24.0;

/// What is held back of the decoded frames, seconds: where a track breaks off, they fade.
const HOLD_S: f64 = 0.005;

/// One open track.
pub(crate) struct Deck {
    pub track: Track,
    pub info: SourceInfo,
    decoder: Decoder,
    /// Which of the file's frames are the track.
    section: Section,
    /// The file's frame that the decoder gives next.
    at: u64,
    gain: f32,
    /// Decoded while opening, to be sure that there is sound.
    primed: Vec<f32>,
    /// Decoded last and held back.
    held: Vec<f32>,
    /// The track broke off; told once what is left has been given.
    failed: Option<TrackError>,
    /// Where in the track its frames begin, seconds.
    pub start_s: f64,
    /// Where in the stream its frames begin.
    pub start_index: u64,
    /// `Started` was told.
    pub announced: bool,
    /// All that will come has been decoded.
    pub ended: bool,
    /// Ended early.
    pub broken: Option<TrackError>,
    /// Ended without a frame.
    pub empty: bool,
}

impl Deck {
    /// Opens `track`, goes to its start and decodes the first frames.
    ///
    /// # Errors
    /// If it cannot be opened or nothing of it decoded.
    pub fn open(track: Track) -> Result<Self, TrackError> {
        let decoder = contained(|| Decoder::open(&track.path))?;
        if decoder.info().rate == 0 {
            return Err(TrackError::Damaged);
        }
        let section = Section::new(track.slice, decoder.info())?;
        let gain_db =
            if track.gain_db.is_finite() { track.gain_db.clamp(-MAX_GAIN_DB, MAX_GAIN_DB) } else { 0.0 };
        let mut deck = Self {
            info: section.describe(decoder.info()),
            decoder,
            section,
            at: 0,
            gain: linear(f64::from(gain_db)) as f32,
            primed: Vec::new(),
            held: Vec::new(),
            failed: None,
            start_s: 0.0,
            start_index: 0,
            announced: false,
            ended: false,
            broken: None,
            empty: false,
            track,
        };
        deck.prime()?;
        Ok(deck)
    }

    fn prime(&mut self) -> Result<(), TrackError> {
        if self.track.starts_within() {
            self.seek(self.track.start_s)?;
        }
        let mut primed = Vec::new();
        if self.read(&mut primed)? == 0 {
            if self.start_s == 0.0 {
                return Err(TrackError::Empty);
            }
            self.ended = true;
            self.empty = true;
        }
        self.primed = primed;
        Ok(())
    }

    /// Goes to second `to_s` of the track, or to its end if that is sooner.
    ///
    /// # Errors
    /// If the file cannot be read there.
    pub fn seek(&mut self, to_s: f64) -> Result<(), TrackError> {
        let rate = f64::from(self.info.rate);
        let frame = self.section.frame_at(to_s, self.info.rate);
        self.primed.clear();
        self.held.clear();
        self.failed = None;
        self.ended = false;
        self.empty = false;
        self.broken = None;
        // The end of a slice is no place to decode from.
        let is_end = self.section.to == Some(frame);
        self.at = if is_end { frame } else { contained(|| self.decoder.seek(frame))? };
        self.start_s = self.at.saturating_sub(self.section.from) as f64 / rate;
        Ok(())
    }

    /// Appends the next frames, at the source rate and with the track's gain; their number, 0 at the end.
    ///
    /// Where the track ends its last frames are as they are, so that the next one joins; where it breaks off
    /// (its medium is pulled) they fade out, so that the wave is not cut.
    ///
    /// # Errors
    /// If the rest cannot be played.
    pub fn read(&mut self, out: &mut Vec<f32>) -> Result<usize, TrackError> {
        if !self.primed.is_empty() {
            let frames = self.primed.len() / 2;
            out.append(&mut self.primed);
            return Ok(frames);
        }
        let before = out.len();
        out.append(&mut self.held);
        let hold = 2 * (f64::from(self.info.rate) * HOLD_S) as usize;
        loop {
            let failed = self.failed.take();
            match failed.map_or_else(|| self.decode(out), Err) {
                Ok(0) => break,
                Ok(_) if out.len() - before > hold => {
                    self.held.extend(out.drain(out.len() - hold..));
                    break;
                }
                Ok(_) => {}
                Err(error) if out.len() == before => return Err(error),
                Err(error) => {
                    let tail = before.max(out.len().saturating_sub(hold));
                    fade_out(out.get_mut(tail..).unwrap_or_default());
                    self.failed = Some(error);
                    break;
                }
            }
        }
        Ok((out.len() - before) / 2)
    }

    /// Appends the next frames as they come; their number.
    fn decode(&mut self, out: &mut Vec<f32>) -> Result<usize, TrackError> {
        if self.section.within(self.at, 1) == 0 {
            return Ok(0);
        }
        let before = out.len();
        let frames = contained(|| self.decoder.read(out))? as u64;
        let ours = self.section.within(self.at, frames);
        self.at += frames;
        out.truncate(before + 2 * ours as usize);
        let new = out.get_mut(before..).unwrap_or_default();
        if self.gain != 1.0 {
            for sample in &mut *new {
                *sample *= self.gain;
            }
        }
        Ok(new.len() / 2)
    }
}

/// From full to nothing over all of `stereo`, on a raised cosine.
fn fade_out(stereo: &mut [f32]) {
    let frames = (stereo.len() / 2).max(1) as f64;
    for (n, frame) in stereo.as_chunks_mut::<2>().0.iter_mut().enumerate() {
        let gain = (0.5 + 0.5 * (std::f64::consts::PI * (n + 1) as f64 / frames).cos()) as f32;
        *frame = [frame[0] * gain, frame[1] * gain];
    }
}

/// Foreign bytes must not take the thread down: a panic in a decoder is a damaged file.
fn contained<T>(work: impl FnOnce() -> Result<T, TrackError>) -> Result<T, TrackError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(TrackError::Damaged))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One second of a full-scale constant at 48 kHz: 16-bit stereo WAV.
    fn constant(path: &std::path::Path) {
        let data: Vec<u8> = (0..2 * 48_000).flat_map(|_| 16_384_i16.to_le_bytes()).collect();
        let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0".to_vec();
        wav[4..8].copy_from_slice(&(36 + data.len() as u32).to_le_bytes());
        wav.extend(48_000_u32.to_le_bytes());
        wav.extend(192_000_u32.to_le_bytes());
        wav.extend([4, 0, 16, 0]);
        wav.extend(b"data");
        wav.extend((data.len() as u32).to_le_bytes());
        wav.extend(data);
        std::fs::write(path, wav).unwrap();
    }

    fn deck() -> (tempfile::TempDir, Deck) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.wav");
        constant(&path);
        let deck = Deck::open(Track::whole(crate::TrackId(1), path)).unwrap();
        (dir, deck)
    }

    #[test]
    fn a_track_that_ends_keeps_every_frame() {
        let (_dir, mut deck) = deck();
        let mut out = Vec::new();
        while deck.read(&mut out).unwrap() > 0 {}
        assert_eq!(out, vec![0.5; 2 * 48_000]);
        assert_eq!(deck.read(&mut out), Ok(0), "and stays ended");
    }

    /// ENXIO, EIO, ENODEV: what a pulled stick answers; the last by far the most often.
    #[cfg(unix)]
    #[test]
    fn a_pulled_medium_ends_in_a_fade_and_is_told_once() {
        for code in [6, 19, 5] {
            let (_dir, mut deck) = deck();
            let mut out = Vec::new();
            deck.read(&mut out).unwrap();
            deck.decoder.break_reads(code);
            let error = loop {
                match deck.read(&mut out) {
                    Ok(0) => panic!("a track that breaks off has no end"),
                    Ok(_) => {}
                    Err(error) => break error,
                }
            };
            assert_eq!(error, TrackError::Missing);
            let left: Vec<f32> = out.iter().step_by(2).copied().collect();
            let (whole, fade) = left.split_at(left.len() - 240);
            assert!(left.len() > 240 && left.len() < 48_000, "{} frames", left.len());
            assert!(whole.iter().all(|sample| *sample == 0.5), "nothing is repeated, nothing is left out");
            assert!(
                fade.is_sorted_by(|a, b| a >= b) && fade[0] > 0.499 && fade[239].abs() < 1e-6,
                "{fade:?}"
            );
            let steepest = left.windows(2).map(|pair| pair[0] - pair[1]).fold(0.0, f32::max);
            assert!(steepest < 0.5 * 0.01, "a step of {steepest}");
            // The medium is back: the same deck goes on where it is told to.
            deck.decoder.break_reads(0);
            deck.seek(0.5).unwrap();
            let mut rest = Vec::new();
            while deck.read(&mut rest).unwrap() > 0 {}
            assert_eq!(rest, vec![0.5; 48_000]);
        }
    }

    #[test]
    fn a_panicking_decoder_is_a_damaged_file() {
        let index = std::hint::black_box(9);
        let result = contained(|| Ok([1, 2, 3][index]));
        assert_eq!(result, Err(TrackError::Damaged));
        assert_eq!(contained(|| Ok(5)), Ok(5));
    }
}
