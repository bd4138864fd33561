//! One open track: its decoder, where its frames lie in the stream, and what has been told of it.
use crate::decode::Decoder;
use crate::params::linear;
use crate::section::Section;
use crate::{SourceInfo, Track, TrackError};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Replay gains beyond ± this many dB are brought back to it.
const MAX_GAIN_DB: f32 = 24.0;

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
    /// # Errors
    /// If the rest cannot be played.
    pub fn read(&mut self, out: &mut Vec<f32>) -> Result<usize, TrackError> {
        if !self.primed.is_empty() {
            let frames = self.primed.len() / 2;
            out.append(&mut self.primed);
            return Ok(frames);
        }
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

/// Foreign bytes must not take the thread down: a panic in a decoder is a damaged file.
fn contained<T>(work: impl FnOnce() -> Result<T, TrackError>) -> Result<T, TrackError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(TrackError::Damaged))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panicking_decoder_is_a_damaged_file() {
        let index = std::hint::black_box(9);
        let result = contained(|| Ok([1, 2, 3][index]));
        assert_eq!(result, Err(TrackError::Damaged));
        assert_eq!(contained(|| Ok(5)), Ok(5));
    }
}
