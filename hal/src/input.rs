//! Knobs and keys: what a hand can do, and the trait that waits for it.

use crate::PartGone;

/// A knob.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Knob {
    /// The big one.
    Volume,
    /// The one that moves through the screen.
    Select,
}

/// A key, or the press of a knob.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// Press of the volume knob.
    Volume,
    /// Press of the select knob.
    Select,
    /// 1 to 6.
    Preset(u8),
    /// Source.
    Source,
    /// Back.
    Back,
    /// Power, on the front.
    Power,
    /// Menu or home.
    Menu,
    /// Play/pause.
    PlayPause,
    /// Next track.
    Next,
    /// Previous track.
    Previous,
    /// Mute.
    Mute,
}

/// What a hand did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputEvent {
    /// Detents, positive is clockwise.
    Turn(Knob, i32),
    /// Pressed.
    Down(Key),
    /// Released.
    Up(Key),
}

/// Knobs and keys.
pub trait InputSource: Send {
    /// Waits for the next event.
    ///
    /// # Errors
    /// The part is gone; the caller stops asking.
    fn next(&mut self) -> Result<InputEvent, PartGone>;
}
