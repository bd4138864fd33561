//! Sound: decode, resample, the DSP chain and the meters. Knows no device and no interface.
//!
//! [`new`] gives two ends. [`Control`] lives on a normal thread and owns the decoder thread;
//! [`Renderer`] lives on the audio thread and never allocates, frees, locks, logs, does I/O or waits.
//! Between them are one ring of samples, one slot of parameters and one slot of meters.

mod control;
mod deck;
mod decode;
mod dsp;
mod events;
mod feeder;
mod line;
mod meters;
mod offline;
mod output;
mod params;
mod renderer;
mod resample;
mod section;
mod source;
mod spectrum;
mod timeline;
mod track;
mod transport;

pub use control::{Control, new};
pub use events::Event;
pub use meters::Levels;
pub use offline::{OfflineOptions, OfflineStats, render_offline};
pub use output::{EngineError, OutputFormat};
pub use params::{Band, BandShape, MAX_BANDS, Params};
pub use renderer::Renderer;
pub use spectrum::{SPECTRUM_BANDS, SpectrumAnalyzer};
pub use timeline::Playhead;
pub use track::{Slice, SourceInfo, Track, TrackError, TrackId};
