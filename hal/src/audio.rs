//! Sound out: the trait every sink implements, its format, its events and its errors.

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
    fn start(
        &mut self,
        render: RenderFn,
        events: Box<dyn FnMut(AudioEvent) + Send>,
    ) -> Result<(), AudioError>;
    /// Stops and waits until `render` is no longer called. The sink can be started again.
    fn stop(&mut self);
}
