//! From hands to gestures: presses, long presses and turns, whatever the keys bounce.

use std::collections::HashMap;
use std::time::Duration;

use hal::{InputEvent, Key, Knob};

/// A key held this long is a long press; it fires while the key is still held.
pub(crate) const LONG_PRESS: Duration = Duration::from_millis(600);

/// What a hand meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gesture {
    /// Detents; positive is clockwise.
    Turn(Knob, i32),
    Press(Key),
    LongPress(Key),
}

/// Keys that are down.
#[derive(Debug, Default)]
pub(crate) struct Keymap {
    /// Since when; `None` once the long press has fired.
    held: HashMap<Key, Option<Duration>>,
}

impl Keymap {
    /// One event. Keys with two meanings speak when they are let go or have been held; all others at
    /// once.
    pub fn input(&mut self, now: Duration, event: InputEvent) -> Option<Gesture> {
        match event {
            InputEvent::Turn(_, 0) => None,
            InputEvent::Turn(knob, detents) => Some(Gesture::Turn(knob, detents)),
            InputEvent::Down(key) if self.held.contains_key(&key) => None,
            InputEvent::Down(key) => {
                let is_long = has_long_press(key);
                self.held.insert(key, is_long.then_some(now));
                (!is_long).then_some(Gesture::Press(key))
            }
            InputEvent::Up(key) => match self.held.remove(&key)? {
                Some(since) if now >= since + LONG_PRESS => Some(Gesture::LongPress(key)),
                Some(_) => Some(Gesture::Press(key)),
                None => None,
            },
        }
    }

    /// When [`Self::time_passed`] has something to say.
    pub fn deadline(&self) -> Option<Duration> {
        self.held.values().flatten().min().map(|since| *since + LONG_PRESS)
    }

    /// A key that has been held long enough; ask until there is none.
    pub fn time_passed(&mut self, now: Duration) -> Option<Gesture> {
        let (key, since) =
            self.held.iter_mut().find(|(_, since)| since.is_some_and(|since| now >= since + LONG_PRESS))?;
        *since = None;
        Some(Gesture::LongPress(*key))
    }
}

fn has_long_press(key: Key) -> bool {
    matches!(key, Key::Select | Key::Preset(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_short_press_speaks_when_it_is_let_go() {
        let mut keys = Keymap::default();
        assert_eq!(keys.input(MS, InputEvent::Down(Key::Select)), None);
        assert_eq!(keys.input(300 * MS, InputEvent::Up(Key::Select)), Some(Gesture::Press(Key::Select)));
        assert_eq!(keys.deadline(), None);
    }

    #[test]
    fn a_long_press_speaks_while_it_is_held_and_only_once() {
        let mut keys = Keymap::default();
        keys.input(MS, InputEvent::Down(Key::Preset(3)));
        assert_eq!(keys.deadline(), Some(601 * MS));
        assert_eq!(keys.time_passed(600 * MS), None);
        assert_eq!(keys.time_passed(601 * MS), Some(Gesture::LongPress(Key::Preset(3))));
        assert_eq!(keys.time_passed(900 * MS), None);
        assert_eq!(keys.input(950 * MS, InputEvent::Up(Key::Preset(3))), None);
    }

    #[test]
    fn other_keys_speak_at_once_and_bouncing_ones_only_once() {
        let mut keys = Keymap::default();
        assert_eq!(keys.input(MS, InputEvent::Down(Key::Back)), Some(Gesture::Press(Key::Back)));
        assert_eq!(keys.input(2 * MS, InputEvent::Down(Key::Back)), None);
        assert_eq!(keys.input(3 * MS, InputEvent::Up(Key::Back)), None);
        assert_eq!(keys.input(4 * MS, InputEvent::Up(Key::Back)), None);
        assert_eq!(keys.input(4 * MS, InputEvent::Turn(Knob::Volume, 0)), None);
    }
}
