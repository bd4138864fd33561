//! The names of knobs and keys in scripts.

use hal::{Key, Knob};

/// Every key with its name, in the order the help lists them.
pub const KEYS: [(&str, Key); 16] = [
    ("volume", Key::Volume),
    ("select", Key::Select),
    ("preset1", Key::Preset(1)),
    ("preset2", Key::Preset(2)),
    ("preset3", Key::Preset(3)),
    ("preset4", Key::Preset(4)),
    ("preset5", Key::Preset(5)),
    ("preset6", Key::Preset(6)),
    ("source", Key::Source),
    ("back", Key::Back),
    ("menu", Key::Menu),
    ("power", Key::Power),
    ("play", Key::PlayPause),
    ("next", Key::Next),
    ("previous", Key::Previous),
    ("mute", Key::Mute),
];

/// The key of this name.
///
/// # Errors
/// There is none; lists those there are.
pub fn key(name: &str) -> Result<Key, String> {
    KEYS.iter().find(|(known, _)| *known == name).map(|(_, key)| *key).ok_or_else(|| {
        let names = KEYS.map(|(known, _)| known).join(", ");
        format!("`{name}` is no key; there are {names}")
    })
}

/// The knob of this name.
///
/// # Errors
/// There is none.
pub fn knob(name: &str) -> Result<Knob, String> {
    match name {
        "volume" => Ok(Knob::Volume),
        "select" => Ok(Knob::Select),
        _ => Err(format!("`{name}` is no knob; there are volume and select")),
    }
}
