//! Knobs and keys fed from a program: the simulator's bezel, a script, a test.

use std::sync::mpsc::{self, Receiver, Sender};

use crate::{InputEvent, InputSource, Key, Knob, PartGone};

/// The receiving end: an input source whose events come from [`InputHandle`]s.
#[derive(Debug)]
pub struct ChannelInput {
    events: Receiver<InputEvent>,
}

/// The hand at the knobs. Any number of clones; the part is gone when the last one is dropped.
#[derive(Clone, Debug)]
pub struct InputHandle {
    events: Sender<InputEvent>,
}

impl ChannelInput {
    /// A handle and the part it drives.
    #[must_use]
    pub fn new() -> (InputHandle, Self) {
        let (sender, receiver) = mpsc::channel();
        (InputHandle { events: sender }, Self { events: receiver })
    }
}

impl InputSource for ChannelInput {
    fn next(&mut self) -> Result<InputEvent, PartGone> {
        self.events.recv().map_err(|_| PartGone("simulated input".into()))
    }
}

impl InputHandle {
    /// Sends one event; false when nobody listens any more.
    pub fn send(&self, event: InputEvent) -> bool {
        self.events.send(event).is_ok()
    }

    /// Turns a knob by `detents`, positive is clockwise.
    pub fn turn(&self, knob: Knob, detents: i32) -> bool {
        self.send(InputEvent::Turn(knob, detents))
    }

    /// Presses a key and releases it at once.
    pub fn press(&self, key: Key) -> bool {
        self.send(InputEvent::Down(key)) && self.send(InputEvent::Up(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_arrive_in_order_and_the_end_is_told() {
        let (hand, mut part) = ChannelInput::new();
        assert!(hand.clone().turn(Knob::Volume, -3));
        assert!(hand.press(Key::Preset(2)));
        assert_eq!(part.next(), Ok(InputEvent::Turn(Knob::Volume, -3)));
        assert_eq!(part.next(), Ok(InputEvent::Down(Key::Preset(2))));
        assert_eq!(part.next(), Ok(InputEvent::Up(Key::Preset(2))));
        drop(hand);
        assert!(part.next().is_err());
    }

    #[test]
    fn the_hand_learns_that_nobody_listens() {
        let (hand, part) = ChannelInput::new();
        drop(part);
        assert!(!hand.press(Key::Mute));
    }
}
