//! Which key and which dial does what: a table of defaults, changed line by line by a board's file.
//!
//! ```text
//! # kernel name = action
//! KEY_VOLUMEUP = turn volume +1
//! REL_DIAL     = turn select -1
//! KEY_F1       = press preset1
//! KEY_POWER    = none
//! ```
//! Kernel names are those of `linux/input-event-codes.h`. An axis turns by its own value times the
//! number; a key turns at each press and at each repeat.

use std::collections::HashMap;
use std::str::FromStr;

use evdev::{EventType, KeyCode, RelativeAxisCode};

use crate::{InputEvent, Key, Knob};

/// What a key or an axis does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Turns a knob by so many detents.
    Turn(Knob, i32),
    /// Is a key.
    Press(Key),
}

/// A line that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("keymap line {line}: {problem}")]
pub struct KeymapError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Code {
    Key(u16),
    Axis(u16),
}

/// The table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    actions: HashMap<Code, Action>,
}

/// A board without a file of its own: media keys, a keyboard, one dial and one wheel. A wheel turned
/// away from the hand moves up the screen, hence its sign.
const DEFAULTS: &str = "
KEY_VOLUMEUP = turn volume +1
KEY_VOLUMEDOWN = turn volume -1
REL_DIAL = turn volume +1
REL_WHEEL = turn select -1
KEY_DOWN = turn select +1
KEY_UP = turn select -1
KEY_ENTER = press select
KEY_KPENTER = press select
KEY_SELECT = press select
KEY_ESC = press back
KEY_BACK = press back
KEY_BACKSPACE = press back
KEY_MENU = press menu
KEY_HOME = press menu
KEY_HOMEPAGE = press menu
KEY_MEDIA = press source
KEY_MODE = press source
KEY_TAB = press source
KEY_POWER = press power
KEY_PLAYPAUSE = press play-pause
KEY_PLAY = press play-pause
KEY_PLAYCD = press play-pause
KEY_PAUSECD = press play-pause
KEY_SPACE = press play-pause
KEY_NEXTSONG = press next
KEY_RIGHT = press next
KEY_PREVIOUSSONG = press previous
KEY_LEFT = press previous
KEY_MUTE = press mute
KEY_1 = press preset1
KEY_2 = press preset2
KEY_3 = press preset3
KEY_4 = press preset4
KEY_5 = press preset5
KEY_6 = press preset6
";

impl Default for Keymap {
    fn default() -> Self {
        let mut map = Self { actions: HashMap::new() };
        // A test holds that the table has no bad line.
        let _ = map.apply(DEFAULTS);
        map
    }
}

impl Keymap {
    /// The defaults, changed by the lines of a board's file.
    ///
    /// # Errors
    /// The first line that cannot be understood, by number.
    pub fn parse(text: &str) -> Result<Self, KeymapError> {
        let mut map = Self::default();
        map.apply(text)?;
        Ok(map)
    }

    fn apply(&mut self, text: &str) -> Result<(), KeymapError> {
        for (index, line) in text.lines().enumerate() {
            let content = line.split('#').next().unwrap_or_default().trim();
            if !content.is_empty() {
                self.apply_line(content).map_err(|problem| KeymapError { line: index + 1, problem })?;
            }
        }
        Ok(())
    }

    fn apply_line(&mut self, line: &str) -> Result<(), String> {
        let (code, action) = line.split_once('=').ok_or("there is no =")?;
        let code = parse_code(code.trim())?;
        match (code, parse_action(action.trim())?) {
            (Code::Axis(_), Some(Action::Press(_))) => return Err("an axis can only turn a knob".into()),
            (code, Some(action)) => drop(self.actions.insert(code, action)),
            (code, None) => drop(self.actions.remove(&code)),
        }
        Ok(())
    }

    /// Whether a device with this key is of use.
    pub(super) fn has_key(&self, key: KeyCode) -> bool {
        self.actions.contains_key(&Code::Key(key.0))
    }

    /// Whether a device with this axis is of use.
    pub(super) fn has_axis(&self, axis: RelativeAxisCode) -> bool {
        self.actions.contains_key(&Code::Axis(axis.0))
    }

    /// What a kernel event means; none if nothing.
    #[must_use]
    pub fn translate(&self, event: evdev::InputEvent) -> Option<InputEvent> {
        let code = match event.event_type() {
            EventType::KEY => Code::Key(event.code()),
            EventType::RELATIVE => Code::Axis(event.code()),
            _ => return None,
        };
        match (*self.actions.get(&code)?, code, event.value()) {
            (Action::Turn(_, _), _, 0) => None,
            (Action::Turn(knob, detents), Code::Axis(_), value) => {
                Some(InputEvent::Turn(knob, detents.saturating_mul(value)))
            }
            (Action::Turn(knob, detents), Code::Key(_), _) => Some(InputEvent::Turn(knob, detents)),
            (Action::Press(key), _, 1) => Some(InputEvent::Down(key)),
            (Action::Press(key), _, 0) => Some(InputEvent::Up(key)),
            // 2 is the keyboard's own repeat: how long a key is held is the app's affair.
            (Action::Press(_), _, _) => None,
        }
    }
}

fn parse_code(name: &str) -> Result<Code, String> {
    let unknown = || format!("the kernel knows no {name}");
    if name.starts_with("REL_") {
        return RelativeAxisCode::from_str(name).map(|axis| Code::Axis(axis.0)).map_err(|_| unknown());
    }
    KeyCode::from_str(name).map(|key| Code::Key(key.0)).map_err(|_| unknown())
}

fn parse_action(text: &str) -> Result<Option<Action>, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words[..] {
        ["none"] => Ok(None),
        ["turn", knob, detents] => {
            let knob = match knob {
                "volume" => Knob::Volume,
                "select" => Knob::Select,
                other => return Err(format!("there is no knob {other}: volume or select")),
            };
            match detents.parse() {
                Ok(0) | Err(_) => Err(format!("{detents} is no number of detents, such as +1")),
                Ok(detents) => Ok(Some(Action::Turn(knob, detents))),
            }
        }
        ["press", key] => parse_key(key).map(|key| Some(Action::Press(key))),
        _ => Err(format!("{text:?} is not: turn KNOB ±N, press KEY, or none")),
    }
}

fn parse_key(name: &str) -> Result<Key, String> {
    Ok(match name {
        "volume" => Key::Volume,
        "select" => Key::Select,
        "source" => Key::Source,
        "back" => Key::Back,
        "power" => Key::Power,
        "menu" => Key::Menu,
        "play-pause" => Key::PlayPause,
        "next" => Key::Next,
        "previous" => Key::Previous,
        "mute" => Key::Mute,
        _ => match name.strip_prefix("preset").and_then(|number| number.parse().ok()) {
            Some(number @ 1..=6) => Key::Preset(number),
            _ => return Err(format!("there is no key {name}")),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: EventType, code: u16, value: i32) -> evdev::InputEvent {
        evdev::InputEvent::new(kind.0, code, value)
    }

    fn key(code: KeyCode, value: i32) -> evdev::InputEvent {
        event(EventType::KEY, code.0, value)
    }

    #[test]
    fn the_defaults_have_no_bad_line() {
        let mut map = Keymap { actions: HashMap::new() };
        assert_eq!(map.apply(DEFAULTS), Ok(()));
        assert_eq!(map.actions.len(), DEFAULTS.trim().lines().count());
    }

    #[test]
    fn keys_press_once_and_turn_at_each_repeat() {
        let map = Keymap::default();
        let press = [1, 2, 2, 0].map(|value| map.translate(key(KeyCode::KEY_MUTE, value)));
        assert_eq!(press, [Some(InputEvent::Down(Key::Mute)), None, None, Some(InputEvent::Up(Key::Mute))]);
        let up = Some(InputEvent::Turn(Knob::Volume, 1));
        let turn = [1, 2, 0].map(|value| map.translate(key(KeyCode::KEY_VOLUMEUP, value)));
        assert_eq!(turn, [up, up, None]);
    }

    #[test]
    fn axes_turn_by_their_value() {
        let map = Keymap::parse("REL_DIAL = turn select -2 # a fine encoder").unwrap_or_default();
        let dial = event(EventType::RELATIVE, RelativeAxisCode::REL_DIAL.0, -3);
        assert_eq!(map.translate(dial), Some(InputEvent::Turn(Knob::Select, 6)));
        let wheel = event(EventType::RELATIVE, RelativeAxisCode::REL_WHEEL.0, 1);
        assert_eq!(map.translate(wheel), Some(InputEvent::Turn(Knob::Select, -1)));
        let motion = event(EventType::RELATIVE, RelativeAxisCode::REL_X.0, 5);
        assert_eq!(map.translate(motion), None);
        assert_eq!(map.translate(event(EventType::SYNCHRONIZATION, 0, 0)), None);
    }

    #[test]
    fn a_file_changes_and_removes() {
        let map = Keymap::parse("\n# board\nKEY_F1=press preset6\n KEY_POWER = none \n").unwrap_or_default();
        assert_eq!(map.translate(key(KeyCode::KEY_F1, 1)), Some(InputEvent::Down(Key::Preset(6))));
        assert_eq!(map.translate(key(KeyCode::KEY_POWER, 1)), None);
        assert!(map.has_key(KeyCode::KEY_F1) && !map.has_key(KeyCode::KEY_POWER));
        assert!(map.has_axis(RelativeAxisCode::REL_DIAL) && !map.has_axis(RelativeAxisCode::REL_X));
    }

    #[test]
    fn bad_lines_are_told_by_number_and_reason() {
        for (text, line, reason) in [
            ("KEY_F1", 1, "no ="),
            ("# ok\n\nKEY_NOSUCH = press mute", 3, "KEY_NOSUCH"),
            ("REL_NOSUCH = turn volume +1", 1, "REL_NOSUCH"),
            ("KEY_F1 = press preset7", 1, "preset7"),
            ("KEY_F1 = turn balance +1", 1, "balance"),
            ("KEY_F1 = turn volume zero", 1, "zero"),
            ("KEY_F1 = turn volume 0", 1, "0 is no number"),
            ("KEY_F1 = turn volume", 1, "is not"),
            ("KEY_F1 =", 1, "is not"),
            ("REL_DIAL = press mute", 1, "axis"),
        ] {
            let error = Keymap::parse(text).err();
            assert!(
                error.as_ref().is_some_and(|e| e.line == line && e.problem.contains(reason)),
                "{text:?}: {error:?}"
            );
        }
    }
}
