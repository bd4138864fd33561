//! The unit and its cloud: how it gets an owner and loses one, who controls it from afar, what it tells.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod double;
mod link;
mod pairing;
#[path = "../rig/mod.rs"]
mod rig;
mod tells;
mod unit;
