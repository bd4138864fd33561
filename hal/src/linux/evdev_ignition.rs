//! The ignition line as a switch or a key of an input device (gpio-keys on most boards).

use std::fs;
use std::path::Path;
use std::str::FromStr;

use evdev::{Device, EventType, KeyCode, SwitchCode};

use super::EventStream;
use crate::{Ignition, PartGone};

/// The kernel's code of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineCode {
    /// `KEY_…`: on while pressed.
    Key(KeyCode),
    /// `SW_…`: on while closed.
    Switch(SwitchCode),
}

/// Which line it is, and how it is wired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IgnitionLine {
    /// The kernel's code.
    pub code: LineCode,
    /// The line is on when the kernel says 0.
    pub inverted: bool,
}

impl FromStr for LineCode {
    type Err = PartGone;

    fn from_str(name: &str) -> Result<Self, PartGone> {
        let key = KeyCode::from_str(name).map(Self::Key);
        let switch = SwitchCode::from_str(name).map(Self::Switch);
        key.or(switch).map_err(|_| PartGone(format!("the kernel knows no {name}")))
    }
}

impl IgnitionLine {
    /// The state an event tells; none if it is about something else.
    fn state(self, event: evdev::InputEvent) -> Option<bool> {
        let is_ours = match self.code {
            LineCode::Key(key) => event.event_type() == EventType::KEY && event.code() == key.0,
            LineCode::Switch(switch) => event.event_type() == EventType::SWITCH && event.code() == switch.0,
        };
        is_ours.then_some((event.value() != 0) != self.inverted)
    }

    /// The state now; none if the device has no such line.
    fn state_now(self, device: &Device) -> Option<bool> {
        let is_active = match self.code {
            LineCode::Key(key) => {
                device.supported_keys()?.contains(key).then(|| device.get_key_state().ok())??.contains(key)
            }
            LineCode::Switch(switch) => device
                .supported_switches()?
                .contains(switch)
                .then(|| device.get_switch_state().ok())??
                .contains(switch),
        };
        Some(is_active != self.inverted)
    }
}

/// The ignition line of an input device.
pub struct EvdevIgnition {
    stream: Box<dyn EventStream>,
    line: IgnitionLine,
    /// In reverse order.
    waiting: Vec<bool>,
    last: Option<bool>,
}

impl EvdevIgnition {
    /// Finds the device of `/dev/input` that has the line; its present state is reported first.
    ///
    /// # Errors
    /// No device has it.
    pub fn open(line: IgnitionLine) -> Result<Self, PartGone> {
        Self::open_in(Path::new("/dev/input"), line)
    }

    fn open_in(folder: &Path, line: IgnitionLine) -> Result<Self, PartGone> {
        let nodes = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        nodes
            .filter_map(|path| Device::open(path).ok())
            .find_map(|device| {
                line.state_now(&device).map(|state| Self::new(Box::new(device), line, Some(state)))
            })
            .ok_or_else(|| PartGone(format!("no input device has the ignition line {:?}", line.code)))
    }

    /// A line over any stream of events; the state at the start, if known, is reported first.
    #[must_use]
    pub fn new(stream: Box<dyn EventStream>, line: IgnitionLine, state: Option<bool>) -> Self {
        Self { stream, line, waiting: state.into_iter().collect(), last: None }
    }
}

impl Ignition for EvdevIgnition {
    fn next(&mut self) -> Result<bool, PartGone> {
        loop {
            while let Some(state) = self.waiting.pop() {
                if self.last.replace(state) != Some(state) {
                    return Ok(state);
                }
            }
            let events = self.stream.read_events().map_err(|error| PartGone(format!("ignition: {error}")))?;
            self.waiting.extend(events.into_iter().rev().filter_map(|event| self.line.state(event)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linux::RawEvents;
    use crate::linux::evdev_stream::raw_bytes;

    const DOCK: LineCode = LineCode::Switch(SwitchCode::SW_DOCK);

    fn states(line: IgnitionLine, start: Option<bool>, bytes: Vec<u8>) -> Vec<bool> {
        let mut ignition =
            EvdevIgnition::new(Box::new(RawEvents::new(std::io::Cursor::new(bytes))), line, start);
        std::iter::from_fn(|| ignition.next().ok()).collect()
    }

    #[test]
    fn only_changes_of_the_own_line_are_told() {
        let (switch, key) = (EventType::SWITCH.0, EventType::KEY.0);
        let dock = SwitchCode::SW_DOCK.0;
        let bytes = [
            raw_bytes(switch, dock, 1),
            raw_bytes(key, dock, 0),
            raw_bytes(switch, 0, 0),
            raw_bytes(switch, dock, 0),
            raw_bytes(switch, dock, 0),
            raw_bytes(switch, dock, 1),
        ]
        .concat();
        let line = IgnitionLine { code: DOCK, inverted: false };
        assert_eq!(states(line, Some(true), bytes.clone()), [true, false, true]);
        let inverted = IgnitionLine { code: DOCK, inverted: true };
        assert_eq!(states(inverted, None, bytes), [false, true, false]);
    }

    #[test]
    fn codes_are_known_by_name() {
        assert_eq!("SW_DOCK".parse(), Ok(DOCK));
        assert_eq!("KEY_POWER".parse(), Ok(LineCode::Key(KeyCode::KEY_POWER)));
        assert!("SW_NOSUCH".parse::<LineCode>().is_err());
    }

    #[test]
    fn a_folder_without_the_line_is_an_error() {
        let line = IgnitionLine { code: DOCK, inverted: false };
        assert!(EvdevIgnition::open_in(Path::new("/nonexistent-folder"), line).is_err());
    }
}
