//! What each fuzz target does with its bytes. The fuzzers and the replay of the corpus call the same functions.
//!
//! A body reads the bytes as the product would and then checks what the reader promises of its answer. It
//! fails by panicking. A panic inside a reader counts too, although the product survives it: the fuzzer aborts
//! at the panic, the replay counts them.
#![forbid(unsafe_code)]
// This crate is a test: what cannot be set up ends it.
#![allow(clippy::expect_used)]

mod art;
mod config;
mod json;
mod playlist;
mod scratch;
mod tags;

pub use art::art;
pub use config::config;
pub use json::{command, preset};
pub use playlist::{cue, playlist};
pub use tags::tags;

/// One target: its name, which is also its folder of the corpus, and its body.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 7] = [
    ("art", art),
    ("command", command),
    ("config", config),
    ("cue", cue),
    ("playlist", playlist),
    ("preset", preset),
    ("tags", tags),
];
