//! The owner's end, and how a pair of ends is made.
use crate::dsp::{BLOCK, Chain};
use crate::feeder::{Command, Feeder};
use crate::meters::SharedLevels;
use crate::params::Settings;
use crate::renderer::Renderer;
use crate::source::Source;
use crate::spectrum::{SpectrumRing, SpectrumTap};
use crate::transport::{Shared, Transport};
use crate::{EngineError, Event, Levels, OutputFormat, Params, Playhead, SpectrumAnalyzer, Track, TrackId};
use std::sync::atomic::Ordering;
use std::sync::{Arc, mpsc};
use std::thread::Thread;
use std::time::{Duration, Instant};
use triple_buffer::{Input, TripleBuffer};

/// How long dropping the owner's end waits for the decoder thread, which may hang on a dying medium.
const LEAVE: Duration = Duration::from_millis(500);

/// The owner's end. Dropping it ends the decoder thread and the sound.
pub struct Control {
    rate: u32,
    shared: Arc<Shared>,
    outbox: mpsc::Sender<Command>,
    feeder: Thread,
    settings: Input<Settings>,
    levels: Arc<SharedLevels>,
    spectrum: Arc<SpectrumRing>,
    /// The last jump asked for: shown as the playhead until it is carried out.
    asked: Option<Asked>,
}

#[derive(Clone, Copy)]
struct Asked {
    flush: u64,
    track: Option<TrackId>,
    position_s: f64,
}

impl Control {
    /// Drop what plays, with what should follow it, and play this, at once; unpaused state unchanged.
    pub fn play(&mut self, track: Track) {
        let flush = self.flush(Some(track.id), track.start_s);
        self.send(Command::Play { track, flush, bare: false });
    }

    /// What follows the current track without a gap; replaces an earlier choice, even one already decoded.
    /// Plays at once when the current track has just finished or failed; without one it does nothing.
    pub fn set_next(&mut self, track: Option<Track>) {
        self.send(Command::SetNext(track));
    }

    /// Sample-accurate jump in the current track; beyond its end, on to what follows.
    pub fn seek(&mut self, to_s: f64) {
        let to_s = if to_s.is_finite() { to_s.max(0.0) } else { 0.0 };
        let track = self.playhead().track;
        let flush = self.flush(track, to_s);
        self.send(Command::Seek { to_s, flush });
    }

    /// Pause or go on, with a short ramp. A new engine is not paused.
    pub fn set_paused(&mut self, paused: bool) {
        self.shared.paused.store(paused, Ordering::Release);
        self.feeder.unpark();
    }

    /// Drop everything and be silent.
    pub fn stop(&mut self) {
        let flush = self.flush(None, 0.0);
        self.send(Command::Stop { flush });
    }

    /// New parameters, used from the next block on, ramped over 30 ms (one ramp after the other).
    pub fn set_params(&mut self, params: &Params) {
        self.settings.write(Settings::new(params, self.rate));
    }

    /// What is heard now. Cheap; wait-free against the audio thread.
    pub fn playhead(&self) -> Playhead {
        let underruns = self.shared.underruns.load(Ordering::Relaxed);
        let consumed = self.shared.consumed.load(Ordering::Acquire);
        let timeline = self.shared.timeline();
        let (flush, to) = timeline.jump;
        match self.asked {
            Some(asked) if flush < asked.flush || consumed < to => {
                Playhead { track: asked.track, position_s: asked.position_s, underruns }
            }
            _ => {
                let (track, position_s) = timeline.at(consumed);
                Playhead { track, position_s, underruns }
            }
        }
    }

    /// Latest levels.
    pub fn levels(&mut self) -> Levels {
        self.levels.load()
    }

    /// A reader of the spectrum for the interface thread; any number of them.
    pub fn spectrum_analyzer(&self) -> SpectrumAnalyzer {
        SpectrumAnalyzer::new(Arc::clone(&self.spectrum), Arc::clone(&self.levels), self.rate)
    }

    /// Plays `tracks` one after the other from an idle start, without the fade a start in mid-track gets.
    pub(crate) fn play_all(&mut self, tracks: Vec<Track>) {
        let mut tracks = tracks.into_iter();
        let Some(track) = tracks.next() else { return };
        let flush = self.flush(Some(track.id), track.start_s);
        self.send(Command::Play { track, flush, bare: true });
        self.send(Command::Queue(tracks.collect()));
    }

    /// Calls for silence: the audio thread fades out even before the decoder thread wakes up.
    fn flush(&mut self, track: Option<TrackId>, position_s: f64) -> u64 {
        let flush = self.shared.flushes_asked.fetch_add(1, Ordering::AcqRel) + 1;
        self.asked = Some(Asked { flush, track, position_s });
        flush
    }

    fn send(&mut self, command: Command) {
        self.shared.commands_sent.fetch_add(1, Ordering::AcqRel);
        // Without a receiver the thread has ended: the playhead shows it.
        let _ = self.outbox.send(command);
        self.feeder.unpark();
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        self.flush(None, 0.0);
        self.send(Command::Quit);
        if std::thread::current().id() == self.feeder.id() {
            return;
        }
        let start = Instant::now();
        let mut progress = self.shared.progress();
        while let (false, Some(left)) = (progress.gone, LEAVE.checked_sub(start.elapsed())) {
            progress = match self.shared.moved.wait_timeout(progress, left) {
                Ok((progress, _)) => progress,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }
}

/// A pair of ends for one device. `events` is called on the decoder thread.
///
/// # Errors
/// An unsupported output, or no thread to be had.
pub fn new(
    output: OutputFormat,
    params: &Params,
    events: Box<dyn FnMut(Event) + Send>,
) -> Result<(Control, Renderer), EngineError> {
    let OutputFormat { rate, channels } = output.check()?;
    let shared = Arc::new(Shared::new(rate));
    let levels = Arc::new(SharedLevels::default());
    let spectrum = SpectrumRing::new();
    let (settings, settings_out) = TripleBuffer::new(&Settings::new(params, rate)).split();
    let (transport, transport_out) = TripleBuffer::new(&Transport::default()).split();
    let (outbox, inbox) = mpsc::channel();
    let (ring_in, ring_out) = rtrb::RingBuffer::new(Feeder::ring_samples(rate));
    let feeder = {
        let shared = Arc::clone(&shared);
        let run = move || Feeder::new(rate, shared, inbox, events, ring_in, transport).run();
        let thread = std::thread::Builder::new().name("decoder".to_owned()).spawn(run);
        thread.map_err(|error| EngineError::Thread(error.to_string()))?.thread().clone()
    };
    let tap = SpectrumTap::new(Arc::clone(&spectrum));
    let renderer = Renderer {
        source: Source::new(rate, ring_out, transport_out, Arc::clone(&shared)),
        chain: Box::new(Chain::new(rate, settings_out, tap, Arc::clone(&levels))),
        rate,
        channels: usize::from(channels),
        stereo: Box::new([0.0; 2 * BLOCK]),
        shared: Arc::clone(&shared),
        feeder: feeder.clone(),
    };
    let control = Control { rate, shared, outbox, feeder, settings, levels, spectrum, asked: None };
    Ok((control, renderer))
}
