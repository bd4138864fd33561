//! An ignition line switched by a program.

use std::sync::mpsc::{self, Receiver, Sender};

use crate::{Ignition, PartGone};

/// The receiving end: reports each real change once.
#[derive(Debug)]
pub struct ChannelIgnition {
    states: Receiver<bool>,
    last: Option<bool>,
}

/// The ignition key. Dropping the last clone breaks the line.
#[derive(Clone, Debug)]
pub struct IgnitionHandle {
    states: Sender<bool>,
}

impl ChannelIgnition {
    /// A key and the line it switches.
    #[must_use]
    pub fn new() -> (IgnitionHandle, Self) {
        let (sender, receiver) = mpsc::channel();
        (IgnitionHandle { states: sender }, Self { states: receiver, last: None })
    }
}

impl Ignition for ChannelIgnition {
    fn next(&mut self) -> Result<bool, PartGone> {
        loop {
            let on = self.states.recv().map_err(|_| PartGone("simulated ignition".into()))?;
            if self.last.replace(on) != Some(on) {
                return Ok(on);
            }
        }
    }
}

impl IgnitionHandle {
    /// Turns the key; false when nobody listens any more.
    pub fn set(&self, on: bool) -> bool {
        self.states.send(on).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_changes_are_reported() {
        let (key, mut line) = ChannelIgnition::new();
        for on in [true, true, false, false, true] {
            assert!(key.set(on));
        }
        drop(key);
        assert_eq!(line.next(), Ok(true));
        assert_eq!(line.next(), Ok(false));
        assert_eq!(line.next(), Ok(true));
        assert!(line.next().is_err());
    }
}
