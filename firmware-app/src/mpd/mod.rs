//! A server of the MPD protocol (<https://mpd.readthedocs.io/en/latest/protocol.html>), for the many programs
//! that speak it. Off unless it is asked for; described in `docs/mpd.md`.
//!
//! Everything goes through the [`AppHandle`](crate::AppHandle): the server holds nothing of the stereo and
//! never delays it. It runs on one thread of its own; a client that does not take what it asked for is let
//! go, and lists are read by the page, never as a whole.

mod ack;
mod args;
mod art;
mod browse;
mod client;
mod commands;
mod connection;
mod edit;
mod filter;
mod filter_parse;
mod find;
mod idle;
mod line;
mod login;
mod mirror;
mod options;
mod out;
mod playback;
mod playlists;
mod queue;
mod reflect;
mod server;
mod source;
mod status;
mod tag;
mod tag_lists;
mod unit;
mod uri;
mod write;

pub use options::{MpdArgs, MpdOptionError, MpdOptions};
pub use server::{MpdError, MpdServer};
