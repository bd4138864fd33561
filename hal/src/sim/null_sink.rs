//! A sink that keeps real time and throws the sound away.

use std::ops::ControlFlow;

use crate::sim::pace::PacedThread;
use crate::{AudioError, AudioEvent, AudioFormat, AudioOut, RenderFn};

/// Renders in real time, plays nothing. Works wherever there is no sound device.
#[derive(Debug)]
pub struct NullSink {
    format: AudioFormat,
    thread: PacedThread,
}

impl NullSink {
    /// A sink of this format; it renders once started.
    #[must_use]
    pub fn new(format: AudioFormat) -> Self {
        Self { format, thread: PacedThread::default() }
    }
}

impl AudioOut for NullSink {
    fn format(&self) -> AudioFormat {
        self.format
    }

    fn start(
        &mut self,
        render: RenderFn,
        events: Box<dyn FnMut(AudioEvent) + Send>,
    ) -> Result<(), AudioError> {
        let discard = Box::new(|_: &[f32]| ControlFlow::Continue(()));
        self.thread
            .start("null sink", self.format, render, discard, events)
            .map_err(|error| AudioError::NoDevice(error.to_string()))
    }

    fn stop(&mut self) {
        self.thread.stop();
    }
}
