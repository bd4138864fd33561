//! Scripts: a file of simple lines that drives the stereo and checks what it does.
//!
//! [`parse`] turns text into lines, all mistakes at once; [`expect`] compares a line with a snapshot;
//! [`run`] carries lines out against a running stereo.

pub mod cloud;
pub mod expect;
pub mod parse;
pub mod run;
mod words;

use std::path::PathBuf;
use std::time::Duration;

use hal::{Key, Knob};

use self::cloud::CloudStep;
use self::expect::Expect;

/// What one line asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// A file or folder; without one, go on from a pause.
    Play(Option<String>),
    /// Pause.
    Pause,
    /// Next track.
    Next,
    /// Start of the track or the track before it.
    Previous,
    /// Seconds from the start of the track.
    Seek(f64),
    /// Level in dB.
    Volume(f32),
    /// Detents, positive is clockwise.
    Turn(Knob, i32),
    /// Hold a key for this long.
    Press(Key, Duration),
    /// Let the unit's clock go on.
    Wait(Duration),
    /// Check the snapshot.
    Expect(Expect),
    /// Write the unit's screen to a PNG file.
    Screenshot(PathBuf),
    /// Plug a folder in as a medium.
    MediaPlug {
        /// What the medium is called.
        name: String,
        /// The folder, as written.
        folder: String,
    },
    /// Pull a medium out.
    MediaYank(String),
    /// Ignition line.
    Ignition(bool),
    /// End at once, as a power cut does.
    Kill,
    /// Day (true) or night.
    Day(bool),
    /// Choose a sound by its name.
    Preset(String),
    /// The account.
    Cloud(CloudStep),
    /// Gain of one equaliser band.
    Eq {
        /// From 1.
        band: usize,
        /// dB.
        gain_db: f32,
    },
}

/// One line with where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// From 1.
    pub number: usize,
    /// As written, without comment.
    pub text: String,
    /// What it asks for.
    pub step: Step,
}

/// A script and the folder its relative paths start from.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// The folder of the script's file.
    pub folder: PathBuf,
    /// What to do, in order.
    pub lines: Vec<Line>,
}
