//! CONTRACT SKETCH, to be split into one concept a file (audio.rs, input.rs, …).
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What a sink wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AudioFormat {
    /// Frames per second.
    pub rate: u32,
    /// Interleaved channels.
    pub channels: u16,
}

/// Fills a block of interleaved frames; called on the sink's own (audio) thread.
pub type RenderFn = Box<dyn FnMut(&mut [f32]) + Send>;

/// What happens to a running sink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AudioEvent {
    /// The device is gone; the sink has stopped.
    Lost(String),
    /// The device ran dry.
    Xrun,
}

/// Why there is no sound.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AudioError {
    /// No device, or it is in use.
    #[error("no sound device could be opened: {0}")]
    NoDevice(String),
    /// The device offers nothing we can play.
    #[error("the sound device offers no usable format: {0}")]
    NoFormat(String),
    /// The file cannot be written.
    #[error("the sound file cannot be written: {0}")]
    File(String),
}

/// Sound out. Opened by its constructor, so that the format is known before the engine is made.
pub trait AudioOut: Send {
    /// What `render` must produce.
    fn format(&self) -> AudioFormat;
    /// Starts calling `render` on the sink's own thread.
    ///
    /// # Errors
    /// The device refuses to start.
    fn start(&mut self, render: RenderFn, events: Box<dyn FnMut(AudioEvent) + Send>) -> Result<(), AudioError>;
    /// Stops and waits until `render` is no longer called. The sink can be started again.
    fn stop(&mut self);
}

/// Time as the unit lives it: real, or the virtual sink's.
pub trait Clock: Send + Sync {
    /// Since the unit started.
    fn now(&self) -> Duration;
    /// Waits until `now() >= until`. On a virtual clock this is what lets time go on.
    fn wait_until(&self, until: Duration);
}

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

/// The part is gone for good (unplugged, or its sender dropped).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the part is gone: {0}")]
pub struct PartGone(pub String);

/// Knobs and keys.
pub trait InputSource: Send {
    /// Waits for the next event.
    ///
    /// # Errors
    /// The part is gone; the caller stops asking.
    fn next(&mut self) -> Result<InputEvent, PartGone>;
}

/// The ignition line.
pub trait Ignition: Send {
    /// Waits for the next change: true is on.
    ///
    /// # Errors
    /// The part is gone; the caller stops asking and takes it as on.
    fn next(&mut self) -> Result<bool, PartGone>;
}

/// The light behind the screen.
pub trait Backlight: Send {
    /// 0 (dark) to 100.
    ///
    /// # Errors
    /// The part is gone or refuses.
    fn set(&mut self, percent: u8) -> Result<(), PartGone>;
}

/// What happened to a medium.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaEvent {
    /// Music can be read here.
    Plugged {
        /// Shown to the driver; also names the medium.
        name: String,
        /// Where it is mounted.
        path: PathBuf,
    },
    /// Gone.
    Yanked {
        /// Its name.
        name: String,
    },
}

/// Sticks and cards. Those present at the start are reported first.
pub trait MediaMounts: Send {
    /// Waits for the next change.
    ///
    /// # Errors
    /// The part is gone; the caller stops asking.
    fn next(&mut self) -> Result<MediaEvent, PartGone>;
}

/// Restarts the unit when it hangs.
pub trait Watchdog: Send {
    /// How often `kick` is wanted.
    fn interval(&self) -> Duration;
    /// Still alive.
    fn kick(&mut self);
}

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
