//! What may be said to a unit and what it says back: commands, snapshots, presets. No I/O.
//!
//! Everything that reaches the stereo, from the knob, the touch screen, a script or a phone, is one
//! [`Command`]; everything it tells the world is one [`Snapshot`] with a [`Changed`] mask. The crate is
//! pure data plus its rules of validity, so it compiles for the unit, the cloud and wasm32 alike.
#![forbid(unsafe_code)]

pub mod cloud;
mod command;
mod library;
mod preset;
pub mod remote;
mod snapshot;
mod units;
mod volume;

pub use command::{Command, Repeat, Theme};
pub use library::{
    LibraryInfo, MAX_NAME, MAX_ROW_KEY, MediumInfo, MusicRef, NoRowKey, ReplayGain, RowKey, Scanned,
    Scanning, ViewRef, tidy_name,
};
pub use preset::{
    BAND_GAIN_LIMIT_DB, BandKind, EqBand, GRAPHIC_BANDS_HZ, GRAPHIC_Q, MAX_BANDS, PresetError, SoundPreset,
};
pub use snapshot::{
    Changed, Now, Power, QueueInfo, SNAPSHOT_VERSION, Snapshot, Sound, Transport, TransportState, Volume,
};
pub use units::{Decibels, Hertz, Seconds};
pub use volume::{VOLUME_STEPS, VolumeLimits, db_to_step, step_to_db};
