//! CONTRACT SKETCH, to be split into one concept a file and implemented.
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Bands of the spectrum.
pub const SPECTRUM_BANDS: usize = 32;

/// What the device wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutputFormat {
    /// Frames per second.
    pub rate: u32,
    /// Interleaved channels: 1 (mono sum), 2, or more (front pair, others silent for now).
    pub channels: u16,
}

/// Names a track between the caller and the engine; the caller chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TrackId(pub u64);

/// A track to play.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// The caller's name for it.
    pub id: TrackId,
    /// The file.
    pub path: PathBuf,
    /// Where to start, in seconds.
    pub start_s: f64,
    /// Source gain in dB (ReplayGain); 0 changes nothing.
    pub gain_db: f32,
}

/// Everything about the sound that can change while it plays. Every change is ramped.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// Level in dB; −100 and below is exact silence; never above 0.
    pub volume_db: f32,
    /// Silent for the moment.
    pub muted: bool,
    /// Equaliser in the chain.
    pub eq_enabled: bool,
    /// Gain ahead of the bands, dB.
    pub preamp_db: f32,
    /// At most 31.
    pub bands: Vec<Band>,
    /// −1 (left) to 1 (right).
    pub balance: f32,
    /// The limiter's ceiling in dBFS, at most 0.
    pub ceiling_db: f32,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            volume_db: 0.0,
            muted: false,
            eq_enabled: true,
            preamp_db: 0.0,
            bands: Vec::new(),
            balance: 0.0,
            ceiling_db: 0.0,
        }
    }
}

/// Shape of a band (RBJ Audio EQ Cookbook).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BandShape {
    /// Bell.
    Peaking,
    /// Low shelf.
    LowShelf,
    /// High shelf.
    HighShelf,
}

/// One band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Shape.
    pub shape: BandShape,
    /// Hz.
    pub frequency: f32,
    /// dB.
    pub gain_db: f32,
    /// Quality factor.
    pub q: f32,
}

/// What is known of a source once it is open.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceInfo {
    /// Codec's short name: `FLAC`.
    pub codec: String,
    /// Hz.
    pub rate: u32,
    /// Channels in the file.
    pub channels: u16,
    /// Bits per sample where the codec has them.
    pub bits: Option<u32>,
    /// Exact frames at the source rate after trimming, where the container states them.
    pub frames: Option<u64>,
    /// Seconds.
    pub duration_s: Option<f64>,
}

/// Why a track cannot be played; the variant names the reaction.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TrackError {
    /// The file or its medium is gone.
    #[error("the file is gone")]
    Missing,
    /// The system would not let us read it.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
    /// Not a format this engine plays.
    #[error("this is not music this unit can play")]
    Unsupported,
    /// Damaged beyond the point where playing makes sense.
    #[error("the file is damaged")]
    Damaged,
    /// Holds no sound at all.
    #[error("the file is empty")]
    Empty,
}

/// What the engine tells its owner, from the decoder thread, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The first frame of this track is being heard (or was, within 20 ms). Time to call `set_next`.
    Started {
        /// Which.
        track: TrackId,
        /// What it is.
        info: SourceInfo,
    },
    /// The track could not be opened or nothing of it decoded. It is skipped; if it was the next one,
    /// call `set_next` with another.
    Failed {
        /// Which.
        track: TrackId,
        /// Why.
        error: TrackError,
    },
    /// The track broke off before its end (damage, medium pulled); what follows comes at once.
    Broken {
        /// Which.
        track: TrackId,
        /// Why.
        error: TrackError,
    },
    /// The last frame of the last track was heard and there is no next.
    Finished {
        /// Which track was last.
        track: TrackId,
    },
}

/// What is heard now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Playhead {
    /// Which track, if any.
    pub track: Option<TrackId>,
    /// Seconds from its start, of the frame heard now.
    pub position_s: f64,
    /// How often the ring ran dry since the start.
    pub underruns: u64,
}

/// Levels of the last block, linear full scale = 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Levels {
    /// Sample peak, left and right.
    pub peak: [f32; 2],
    /// Root mean square over about 300 ms.
    pub rms: [f32; 2],
    /// How far the limiter pulls down now, dB (0 or negative).
    pub limiter_db: f32,
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

/// The owner's end.
pub struct Control {}

impl Control {
    /// Drop what plays and play this, at once, unpaused state unchanged.
    pub fn play(&mut self, _track: Track) {
        unimplemented!()
    }
    /// What follows the current track without a gap; replaces an earlier choice, even one already decoded.
    pub fn set_next(&mut self, _track: Option<Track>) {
        unimplemented!()
    }
    /// Sample-accurate jump in the current track.
    pub fn seek(&mut self, _to_s: f64) {
        unimplemented!()
    }
    /// Pause or go on, with a short ramp. A new engine is not paused.
    pub fn set_paused(&mut self, _paused: bool) {
        unimplemented!()
    }
    /// Drop everything and be silent.
    pub fn stop(&mut self) {
        unimplemented!()
    }
    /// New parameters, used from the next block on, ramped.
    pub fn set_params(&mut self, _params: &Params) {
        unimplemented!()
    }
    /// What is heard now. Cheap; wait-free against the audio thread.
    pub fn playhead(&self) -> Playhead {
        unimplemented!()
    }
    /// Latest levels.
    pub fn levels(&mut self) -> Levels {
        unimplemented!()
    }
    /// A reader of the spectrum for the interface thread; any number of them.
    pub fn spectrum_analyzer(&self) -> SpectrumAnalyzer {
        unimplemented!()
    }
}

/// Reads the latest spectrum and levels; `Send`. The FFT runs in the caller's thread.
pub struct SpectrumAnalyzer {}

impl SpectrumAnalyzer {
    /// 32 bands, log spaced 40 Hz–16 kHz, each 0..=1 for −72..0 dBFS, of the last 2048 frames after volume-independent chain.
    pub fn bands(&mut self) -> [f32; SPECTRUM_BANDS] {
        unimplemented!()
    }
    /// Latest peak levels left and right.
    pub fn levels(&mut self) -> Levels {
        unimplemented!()
    }
}

/// The audio thread's end.
pub struct Renderer {}

impl Renderer {
    /// Fills `buf` (interleaved, whole frames). Never allocates, locks, logs or waits.
    pub fn render(&mut self, _buf: &mut [f32]) {
        unimplemented!()
    }
    /// For sinks that own time (virtual clock, offline), never for a device: waits until the decoder
    /// has seen everything played so far and the next `frames` are there, or never will be (paused,
    /// stopped, ended). False when `timeout` passed first.
    pub fn wait_ready(&self, _frames: usize, _timeout: Duration) -> bool {
        unimplemented!()
    }
}

/// A pair of ends for one device. `events` is called on the decoder thread.
///
/// # Errors
/// An unsupported output, or no thread to be had.
pub fn new(
    _output: OutputFormat,
    _params: &Params,
    _events: Box<dyn FnMut(Event) + Send>,
) -> Result<(Control, Renderer), EngineError> {
    unimplemented!()
}

/// What to render offline.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OfflineOptions {
    /// Output rate; the first file's own if not given.
    pub rate: Option<u32>,
    /// The sound.
    pub params: Params,
    /// Where to start in the first file, seconds.
    pub seek_s: f64,
    /// Stop after this much output.
    pub seconds: Option<f64>,
}

/// What an offline rendering did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OfflineStats {
    /// Frames written.
    pub frames: u64,
    /// Output rate.
    pub rate: u32,
    /// Sample peak written, linear.
    pub peak: f32,
    /// Times the ring ran dry; 0 unless something is wrong.
    pub underruns: u64,
    /// Files that were skipped, and why.
    pub failed: Vec<(PathBuf, TrackError)>,
}

/// Plays `files` in order, gapless, through the very same chain as fast as it goes; stereo output, the
/// chain's own latency removed and its tail kept. `start` is called once with the rate, `write` with
/// blocks of interleaved stereo.
///
/// # Errors
/// If no file can be played, or `write` fails.
pub fn render_offline(
    _files: &[&Path],
    _options: &OfflineOptions,
    _start: &mut dyn FnMut(u32) -> std::io::Result<()>,
    _write: &mut dyn FnMut(&[f32]) -> std::io::Result<()>,
) -> std::io::Result<OfflineStats> {
    unimplemented!()
}
