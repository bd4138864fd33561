//! A sink that keeps real time and writes what it hears to a WAV file.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, Mutex};

use crate::sim::WavWriter;
use crate::sim::pace::PacedThread;
use crate::sync::lock;
use crate::{AudioError, AudioEvent, AudioFormat, AudioOut, RenderFn};

/// Renders in real time into a file. Started again after a stop it goes on in the same file.
#[derive(Debug)]
pub struct WavSink {
    format: AudioFormat,
    writer: Arc<Mutex<WavWriter>>,
    thread: PacedThread,
}

impl WavSink {
    /// Creates (or overwrites) the file.
    ///
    /// # Errors
    /// [`AudioError::File`] when it cannot be created.
    pub fn new(path: impl AsRef<Path>, format: AudioFormat) -> Result<Self, AudioError> {
        let writer = Arc::new(Mutex::new(WavWriter::create(path, format)?));
        Ok(Self { format, writer, thread: PacedThread::default() })
    }
}

impl AudioOut for WavSink {
    fn format(&self) -> AudioFormat {
        self.format
    }

    fn start(
        &mut self,
        render: RenderFn,
        events: Box<dyn FnMut(AudioEvent) + Send>,
    ) -> Result<(), AudioError> {
        let writer = Arc::clone(&self.writer);
        let write = move |block: &[f32]| match lock(&writer).write(block) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(AudioEvent::Lost(error.to_string())),
        };
        self.thread
            .start("wav sink", self.format, render, Box::new(write), events)
            .map_err(|error| AudioError::NoDevice(error.to_string()))
    }

    fn stop(&mut self) {
        self.thread.stop();
        if let Err(error) = lock(&self.writer).flush() {
            tracing::warn!(%error, "the last second may be missing");
        }
    }
}

impl Drop for WavSink {
    fn drop(&mut self) {
        self.stop();
    }
}
