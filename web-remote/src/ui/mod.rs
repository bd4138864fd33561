//! The few means the pages are built with: signals, elements, lists, timers, dialogs.
//!
//! `docs/decisions/0015-own-view-layer.md` says why these are our own.

pub mod dialog;
pub mod dom;
mod each;
pub mod signal;
pub mod time;

pub use dom::{El, div, document, el, listen, svg, window};
pub use signal::{Signal, batch, effect, memo, on_cleanup};
