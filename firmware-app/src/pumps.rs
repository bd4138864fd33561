//! One thread per part of the board that blocks: it waits there and posts events.
//!
//! The threads end when their part is gone or the loop is; nobody joins them, because a part that
//! says nothing would keep them for ever.

use std::sync::mpsc::Sender;

use hal::{Ignition, InputSource, MediaMounts, PartGone};

use crate::event::Event;

/// Starts a thread that turns what `next` returns into events until the part or the loop is gone.
fn pump(
    name: &str,
    events: Sender<Event>,
    mut next: impl FnMut() -> Result<Event, PartGone> + Send + 'static,
) -> std::io::Result<()> {
    let run = move || {
        loop {
            match next() {
                Ok(event) => {
                    if events.send(event).is_err() {
                        return;
                    }
                }
                Err(gone) => {
                    tracing::info!(%gone, "a part of the board is no longer heard");
                    return;
                }
            }
        }
    };
    std::thread::Builder::new().name(name.to_owned()).spawn(run).map(drop)
}

/// Knobs and keys.
pub(crate) fn input(mut part: Box<dyn InputSource>, events: Sender<Event>) -> std::io::Result<()> {
    pump("input", events, move || part.next().map(Event::Input))
}

/// The ignition line.
pub(crate) fn ignition(mut part: Box<dyn Ignition>, events: Sender<Event>) -> std::io::Result<()> {
    pump("ignition", events, move || part.next().map(Event::Ignition))
}

/// Sticks and cards.
pub(crate) fn media(mut part: Box<dyn MediaMounts>, events: Sender<Event>) -> std::io::Result<()> {
    pump("media", events, move || part.next().map(Event::Media))
}
