//! Bringing a medium's index up to date.
//!
//! Four kinds of threads in a line, with bounded queues between them:
//!
//! ```text
//! walkers: list, compare with the index ──files──▶ readers: tags, by a worker each ──changes──▶ writer
//!                                       └────────── removed, empty, new folders ────────────▶
//! ```
//!
//! What the index knows by name, size, time and number is not opened. What is committed is not read again
//! after a cut. Nothing is removed unless the medium is still there after the listing that lacked it: a
//! stick that is being pulled lists empty folders without an error.
mod diff;
mod link;
mod list;
mod memory;
mod options;
mod presence;
mod progress;
mod queue;
mod read;
mod run;
mod shared;
mod walk;
mod write;

pub use options::ScanOptions;
pub use progress::{ScanOutcome, ScanPhase, ScanProgress, ScanStats};
pub use run::Scan;
