//! `preset` and `command`: what arrives as JSON, from a file, a phone or the cloud.

use protocol::{Command, SoundPreset};

/// Reads a sound preset and checks it.
///
/// # Panics
/// If a preset that passed its own checks does not survive being written and read, to the last bit of a number
/// (the parser of JSON numbers is that inexact).
pub fn preset(data: &[u8]) {
    let Ok(preset) = serde_json::from_slice::<SoundPreset>(data) else { return };
    if preset.validate().is_ok() {
        let text = serde_json::to_string(&preset).expect("a valid preset can be written");
        let again: SoundPreset = serde_json::from_str(&text).expect("what was written can be read");
        assert_eq!(again.validate(), Ok(()));
        assert_eq!((&again.name, again.bands.len()), (&preset.name, preset.bands.len()));
    }
}

/// Reads a command.
///
/// # Panics
/// If a command becomes another one by being written and read.
pub fn command(data: &[u8]) {
    let Ok(command) = serde_json::from_slice::<Command>(data) else { return };
    let text = serde_json::to_string(&command).expect("a command can be written");
    // Numbers beyond their type become infinite, which JSON cannot say: the state refuses those by itself.
    if let Ok(again) = serde_json::from_str::<Command>(&text) {
        assert_eq!(std::mem::discriminant(&again), std::mem::discriminant(&command));
    }
}
