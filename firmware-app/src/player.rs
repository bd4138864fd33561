//! The engine and the sink it plays into, replaced together when the device is lost.

use std::sync::mpsc::Sender;
use std::time::Duration;

use engine::{Control, OutputFormat, Params, SpectrumAnalyzer};
use hal::AudioOut;

use crate::event::Event;

/// A sink that owns time waits for the decoder at most this long in real time.
const WAIT_FOR_DECODER: Duration = Duration::from_secs(1);

/// Why there is no sound for the moment.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlayerError {
    #[error(transparent)]
    Engine(#[from] engine::EngineError),
    #[error(transparent)]
    Audio(#[from] hal::AudioError),
}

/// Sound: `control` is there while the device runs.
pub(crate) struct Player {
    audio: Box<dyn AudioOut>,
    sink_owns_time: bool,
    generation: u64,
    control: Option<Control>,
    events: Sender<Event>,
}

impl Player {
    pub fn new(audio: Box<dyn AudioOut>, sink_owns_time: bool, events: Sender<Event>) -> Self {
        Self { audio, sink_owns_time, generation: 0, control: None, events }
    }

    /// Makes a new engine for the device as it is now and starts it.
    ///
    /// # Errors
    /// The device or the system refuses; there is no sound then.
    pub fn start(&mut self, params: &Params) -> Result<SpectrumAnalyzer, PlayerError> {
        self.stop();
        self.generation += 1;
        let generation = self.generation;
        let format = self.audio.format();
        let output = OutputFormat { rate: format.rate, channels: format.channels };
        let engine_events = self.events.clone();
        let report = move |event| drop(engine_events.send(Event::Engine(generation, event)));
        let (control, mut renderer) = engine::new(output, params, Box::new(report))?;
        let channels = usize::from(format.channels).max(1);
        let waits = self.sink_owns_time;
        let render = move |block: &mut [f32]| {
            if waits {
                renderer.wait_ready(block.len() / channels, WAIT_FOR_DECODER);
            }
            renderer.render(block);
        };
        let sink_events = self.events.clone();
        let report = move |event| drop(sink_events.send(Event::Audio(generation, event)));
        self.audio.start(Box::new(render), Box::new(report))?;
        let spectrum = control.spectrum_analyzer();
        self.control = Some(control);
        Ok(spectrum)
    }

    /// Whether an event is about the engine and device in use.
    pub fn is_current(&self, generation: u64) -> bool {
        self.control.is_some() && generation == self.generation
    }

    /// Silence: the device is let go and the engine dropped.
    pub fn stop(&mut self) {
        if self.control.take().is_some() {
            self.audio.stop();
        }
    }

    pub fn control(&mut self) -> Option<&mut Control> {
        self.control.as_mut()
    }

    pub fn playhead(&self) -> engine::Playhead {
        self.control.as_ref().map(Control::playhead).unwrap_or_default()
    }
}
