//! Simulated parts: every trait of this crate without a board, for the simulator, the tests and
//! the offline renderer. Parts driven from outside come as a pair: a handle and the part.

mod backlight;
mod ignition;
mod input;
mod loose_sink;
mod media;
mod null_sink;
mod pace;
mod screen;
mod virtual_clock;
mod virtual_sink;
mod watchdog;
mod wav_sink;
mod wav_writer;

pub use crate::RealClock;
pub use backlight::{BacklightHandle, SimBacklight};
pub use ignition::{ChannelIgnition, IgnitionHandle};
pub use input::{ChannelInput, InputHandle};
pub use loose_sink::{LooseSink, SoundCable};
pub use media::{MediaHandle, PlugError, SimMedia, Slot};
pub use null_sink::NullSink;
pub use screen::{Glass, ScreenHandle, SimScreen};
pub use virtual_clock::{AdvanceHook, VirtualClock};
pub use virtual_sink::VirtualSink;
pub use watchdog::{SimWatchdog, WatchdogHandle};
pub use wav_sink::WavSink;
pub use wav_writer::WavWriter;
