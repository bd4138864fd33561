//! Everything anybody may ask of a unit.

use serde::{Deserialize, Serialize};

use crate::{Decibels, EqBand, Seconds, SoundPreset, VolumeLimits};

/// What happens at the end of the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeat {
    /// Stop after the last track.
    Off,
    /// Start again with the first track.
    #[default]
    All,
    /// The same track again.
    One,
}

/// The look of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// Dark ground, for the night.
    #[default]
    Night,
    /// Light ground, for the sun.
    Day,
}

/// One request. The knob, the screen, scripts and phones all speak it; `State::apply` answers it.
///
/// Paths are as the unit sees them. A command that makes no sense at the moment (next track with an
/// empty queue) changes nothing; one that cannot be done (a missing file) leads to a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Command {
    /// Play, from where it was paused.
    Play,
    /// Pause, with a short ramp.
    Pause,
    /// Play if paused, pause if playing.
    TogglePlay,
    /// Next track of the queue.
    Next,
    /// Start of the track, or the track before it within the first 3 s.
    Previous,
    /// Go to a position in the current track.
    Seek {
        /// From the start of the track; clamped to its duration.
        to: Seconds,
    },
    /// Go forward (or back, if negative) in the current track.
    SeekBy {
        /// Distance.
        by: Seconds,
    },
    /// Set the level, within the owner's limits.
    SetVolume {
        /// 0 dB is full level.
        level: Decibels,
    },
    /// Turn the volume knob.
    VolumeBy {
        /// Detents; positive is louder.
        detents: i32,
    },
    /// Silence without losing the level, or back.
    SetMute {
        /// True is silent.
        on: bool,
    },
    /// Mute if not, unmute if so.
    ToggleMute,
    /// Set the owner's limits on the level.
    SetVolumeLimits {
        /// Brought into 0 to −100 dB; the level follows at once.
        limits: VolumeLimits,
    },
    /// Replace the queue by a file's folder and start with that file; or by a whole folder.
    PlayPath {
        /// A file or a folder.
        path: String,
    },
    /// Jump to an entry of the queue.
    PlayQueueEntry {
        /// From 0.
        index: usize,
    },
    /// Append a file or a folder to the queue.
    Enqueue {
        /// A file or a folder.
        path: String,
    },
    /// Empty the queue and stop.
    ClearQueue,
    /// Play the queue in random order, or in its own.
    SetShuffle {
        /// True is random.
        on: bool,
    },
    /// What happens at the end.
    SetRepeat {
        /// The mode.
        mode: Repeat,
    },
    /// Change one band of the equaliser; the sound is then no longer the preset.
    SetBand {
        /// From 0.
        index: usize,
        /// The band's new shape.
        band: EqBand,
    },
    /// Use this sound.
    SetSound {
        /// Checked before it is used.
        preset: SoundPreset,
    },
    /// Use a factory or stored sound by its name.
    SelectPreset {
        /// As listed.
        name: String,
    },
    /// Equaliser in or out of the chain.
    SetEqEnabled {
        /// True is in.
        on: bool,
    },
    /// Left to right.
    SetBalance {
        /// −1 (left only) to 1 (right only).
        value: f32,
    },
    /// Remember what plays now under a key.
    StoreKey {
        /// 1 to 6.
        key: u8,
    },
    /// Play what a key remembers.
    RecallKey {
        /// 1 to 6.
        key: u8,
    },
    /// Go to the next medium that holds music.
    NextSource,
    /// Day or night.
    SetTheme {
        /// The look.
        theme: Theme,
    },
    /// Put away the message on the screen.
    DismissMessage,
}
