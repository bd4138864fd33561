//! What the tests that render share: the allocation guard, a virtual device, generated files.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]
pub mod guard;
pub mod rig;
pub mod signal;
pub mod wav;
