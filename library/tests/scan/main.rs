//! Scans of real folders by real workers: what the index holds afterwards.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(unix)]

mod changes;
mod cuts;
mod hostile;
mod stage;
