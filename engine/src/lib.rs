//! Sound: decode, resample, the DSP chain and the meters. Knows no device and no interface.
//!
//! [`new`] gives two ends. [`Control`] lives on a normal thread and owns the decoder thread;
//! [`Renderer`] lives on the audio thread and never allocates, frees, locks, logs, does I/O or waits.
//! Between them are one ring of samples, one slot of parameters and one slot of meters.

mod api;
mod decode;
mod resample;

pub use api::{
    Band, BandShape, Control, EngineError, Event, Levels, OfflineOptions, OfflineStats, OutputFormat, Params,
    Playhead, Renderer, SPECTRUM_BANDS, SourceInfo, SpectrumAnalyzer, Track, TrackError, TrackId, new,
    render_offline,
};
