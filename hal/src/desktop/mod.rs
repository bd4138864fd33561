//! Sound on a desktop computer, through cpal: ALSA, WASAPI, CoreAudio and, on Windows, ASIO.

mod choose;
mod cpal_sink;
mod stream;

pub use cpal_sink::{CpalSink, DesktopHost, output_devices};
