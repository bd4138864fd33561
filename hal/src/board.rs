//! A whole board: one of each part, as the stereo receives it.

use std::sync::Arc;

use crate::{AudioOut, Backlight, Clock, Ignition, InputSource, MediaMounts, Watchdog};

/// Everything the stereo needs of its board.
pub struct Board {
    /// Sound.
    pub audio: Box<dyn AudioOut>,
    /// Whether the sink makes its own time, so that the player may make it wait for the decoder.
    pub sink_owns_time: bool,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Knobs and keys, any number.
    pub inputs: Vec<Box<dyn InputSource>>,
    /// Ignition, if the board has the line.
    pub ignition: Option<Box<dyn Ignition>>,
    /// Backlight, if it can be set.
    pub backlight: Option<Box<dyn Backlight>>,
    /// Media.
    pub media: Box<dyn MediaMounts>,
    /// Watchdog, if there is one.
    pub watchdog: Option<Box<dyn Watchdog>>,
}
