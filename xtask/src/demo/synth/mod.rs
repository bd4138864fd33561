//! Instruments, effects and the mixing desk.

mod bass;
mod desk;
mod drums;
mod filter;
mod keys;
mod lead;
mod noise;
mod pad;
mod pluck;
mod reverb;

pub use desk::{Part, Piece, render};

use super::RATE;
use super::score::Note;

/// Two channels of the same length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stereo {
    /// Left.
    pub left: Vec<f32>,
    /// Right.
    pub right: Vec<f32>,
}

impl Stereo {
    /// Silence.
    pub fn new(frames: usize) -> Self {
        Self { left: vec![0.0; frames], right: vec![0.0; frames] }
    }

    /// Frames.
    pub fn len(&self) -> usize {
        self.left.len()
    }

    /// Frames `from..to`.
    pub fn part(&self, from: usize, to: usize) -> Self {
        Self { left: self.left[from..to].to_vec(), right: self.right[from..to].to_vec() }
    }

    /// Adds one frame; what lies past the end is dropped.
    fn add(&mut self, at: usize, left: f32, right: f32) {
        if at < self.left.len() {
            self.left[at] += left;
            self.right[at] += right;
        }
    }
}

/// What plays a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instrument {
    /// Warm chords from detuned saws.
    Pad,
    /// A plucked string.
    Pluck,
    /// An electric piano.
    Keys,
    /// A round bass.
    Bass,
    /// A soft singing voice.
    Lead,
    /// Bass drum.
    Kick,
    /// A soft snare.
    Snare,
    /// A closed hi-hat.
    Hat,
    /// A shaker.
    Shaker,
}

impl Instrument {
    /// Plays one note into `out`: `at` and `length` in frames.
    fn play(self, note: &Note, at: usize, length: usize, out: &mut Stereo) {
        match self {
            Self::Pad => pad::play(note, at, length, out),
            Self::Pluck => pluck::play(note, at, length, out),
            Self::Keys => keys::play(note, at, length, out),
            Self::Bass => bass::play(note, at, length, out),
            Self::Lead => lead::play(note, at, length, out),
            Self::Kick => drums::kick(note, at, out),
            Self::Snare => drums::snare(note, at, out),
            Self::Hat => drums::hat(note, at, out),
            Self::Shaker => drums::shaker(note, at, out),
        }
    }
}

/// Seconds to frames.
fn frames(seconds: f32) -> usize {
    (seconds * RATE as f32).round().max(0.0) as usize
}

/// Gains of a position from −1 (left) to 1 (right), equal power.
fn pan(position: f32) -> (f32, f32) {
    let angle = (position.clamp(-1.0, 1.0) + 1.0) * std::f32::consts::FRAC_PI_4;
    (angle.cos(), angle.sin())
}
