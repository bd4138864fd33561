//! The engine on a virtual device: it waits for the decoder before each block and renders under the guard.
use super::guard::without_allocation;
use engine::{Control, Event, OutputFormat, Params, Renderer, Track, TrackId};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Frames of a block: 10 ms at 48 kHz.
pub const BLOCK: usize = 480;

pub struct Rig {
    pub control: Control,
    pub renderer: Renderer,
    pub events: Receiver<Event>,
    channels: usize,
}

impl Rig {
    pub fn new(rate: u32, params: &Params) -> Self {
        Self::with_channels(rate, 2, params)
    }

    pub fn with_channels(rate: u32, channels: u16, params: &Params) -> Self {
        let (sender, events) = channel();
        let tell = Box::new(move |event| sender.send(event).unwrap_or_default());
        let (control, renderer) = engine::new(OutputFormat { rate, channels }, params, tell).unwrap();
        Self { control, renderer, events, channels: usize::from(channels) }
    }

    /// One block without asking whether the decoder is ready, as a device would.
    pub fn rush(&mut self, frames: usize) -> Vec<f32> {
        let mut block = vec![f32::NAN; frames * self.channels];
        let renderer = &mut self.renderer;
        without_allocation(|| renderer.render(&mut block));
        block
    }

    pub fn wait(&self) {
        assert!(
            self.renderer.wait_ready(BLOCK, Duration::from_secs(20)),
            "the decoder does not come forward"
        );
    }

    /// `frames` of sound, in blocks.
    pub fn run(&mut self, frames: usize) -> Vec<f32> {
        let mut out = Vec::with_capacity(frames * self.channels);
        let mut left = frames;
        while left > 0 {
            self.wait();
            let now = left.min(BLOCK);
            out.extend(self.rush(now));
            left -= now;
        }
        self.wait();
        out
    }

    /// As `run`, without the chain's latency.
    pub fn run_aligned(&mut self, frames: usize) -> Vec<f32> {
        let late = self.renderer.latency();
        let mut out = self.run(frames + late);
        out.drain(..late * self.channels);
        out
    }

    /// The events since the last call.
    pub fn told(&self) -> Vec<Event> {
        self.events.try_iter().collect()
    }
}

pub fn track(id: u64, path: &Path) -> Track {
    Track::whole(TrackId(id), path)
}

/// Events by kind and track, short enough to compare: `started 1`.
pub fn short(events: &[Event]) -> Vec<String> {
    let name = |event: &Event| match event {
        Event::Started { track, .. } => format!("started {}", track.0),
        Event::Failed { track, .. } => format!("failed {}", track.0),
        Event::Broken { track, .. } => format!("broken {}", track.0),
        Event::Finished { track } => format!("finished {}", track.0),
    };
    events.iter().map(name).collect()
}
