//! The board: audio out, screen, knobs and keys, ignition, backlight, media, watchdog, clock. Real and simulated.
//!
//! Each trait has one to three methods; `sim` has an implementation of every one, `desktop` sound
//! through cpal, `linux` the board's own drivers.

mod audio;
mod backlight;
mod board;
mod clock;
mod input;
mod media;
mod part;
mod power;
mod screen;
mod sync;
mod watchdog;

pub mod convert;
#[cfg(feature = "desktop")]
pub mod desktop;
#[cfg(all(target_os = "linux", feature = "linux"))]
pub mod linux;
pub mod sim;

pub use audio::*;
pub use backlight::*;
pub use board::*;
pub use clock::*;
pub use input::*;
pub use media::*;
pub use part::*;
pub use power::*;
pub use screen::*;
pub use watchdog::*;
