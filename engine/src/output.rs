//! What the device wants, and why an engine may not start for it.

/// What the device wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutputFormat {
    /// Frames per second.
    pub rate: u32,
    /// Interleaved channels: 1 (mono sum), 2, or more (the front pair carries the sound, the others are silent).
    pub channels: u16,
}

impl OutputFormat {
    /// Whether the engine can serve this output.
    ///
    /// # Errors
    /// [`EngineError::Output`] outside 8–192 kHz or 1–8 channels.
    pub(crate) fn check(self) -> Result<Self, EngineError> {
        if (8_000..=192_000).contains(&self.rate) && (1..=8).contains(&self.channels) {
            Ok(self)
        } else {
            Err(EngineError::Output { rate: self.rate, channels: self.channels })
        }
    }
}

/// The engine could not start.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EngineError {
    /// Rate or channel count outside 8–192 kHz, 1–8.
    #[error("an output of {rate} Hz with {channels} channels is not supported")]
    Output {
        /// Hz.
        rate: u32,
        /// Channels.
        channels: u16,
    },
    /// The decoder thread could not be started.
    #[error("the system gives no thread to decode on: {0}")]
    Thread(String),
}
