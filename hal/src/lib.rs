//! The board: audio out, knobs and keys, ignition, backlight, media, watchdog, clock. Real and simulated.
//!
//! Each trait has one to three methods; `sim` has an implementation of every one, `desktop` sound
//! through cpal, `linux` the board's own drivers.

mod traits;
pub use traits::*;
