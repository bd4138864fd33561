//! Touch screens by evdev: fingers as places on the panel.
//!
//! Panels of the kernel's multi-touch protocol B (Documentation/input/multi-touch-protocol.rst) tell of each finger
//! by its slot; simple ones tell of one finger by BTN_TOUCH and ABS_X, ABS_Y. The first finger counts, until it is
//! taken off; others are not looked at. A touchpad or a mouse is no touch screen.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};

use evdev::{
    AbsoluteAxisCode as Axis, Device, EventType, InputEvent, KeyCode, PropType, SynchronizationCode,
};

/// What a finger does on the panel; places are shares of its width and height, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum PanelTouch {
    Down(f32, f32),
    Move(f32, f32),
    Up,
}

/// The values of an axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub min: i32,
    pub max: i32,
}

impl Range {
    fn share(self, value: i32) -> f32 {
        let span = (i64::from(self.max) - i64::from(self.min)).max(1) as f32;
        ((i64::from(value) - i64::from(self.min)) as f32 / span).clamp(0.0, 1.0)
    }
}

/// What a panel is like.
#[derive(Clone, Copy, Debug)]
pub(super) struct PanelFacts {
    pub x: Range,
    pub y: Range,
    /// Slots; without them it is a panel for one finger.
    pub has_slots: bool,
    /// The slot the next event is about.
    pub slot: i32,
}

/// Follows one finger through the events of a panel.
#[derive(Clone, Debug)]
pub(super) struct TouchDecoder {
    facts: PanelFacts,
    /// The slot whose finger is followed.
    followed: Option<i32>,
    place: (i32, i32),
    is_down: bool,
    was_down: bool,
    has_moved: bool,
    /// Events were lost: nothing counts until the next report.
    is_blind: bool,
}

impl TouchDecoder {
    pub fn new(facts: PanelFacts) -> Self {
        Self {
            facts,
            followed: None,
            place: (facts.x.min, facts.y.min),
            is_down: false,
            was_down: false,
            has_moved: false,
            is_blind: false,
        }
    }

    /// Takes an event; tells what the finger did once the report is complete.
    pub fn event(&mut self, event: InputEvent) -> Option<PanelTouch> {
        match (event.event_type(), event.code(), event.value()) {
            (EventType::SYNCHRONIZATION, code, _) if code == SynchronizationCode::SYN_REPORT.0 => {
                return self.report();
            }
            (EventType::SYNCHRONIZATION, code, _) if code == SynchronizationCode::SYN_DROPPED.0 => {
                self.is_blind = true;
            }
            (EventType::ABSOLUTE, code, value) if self.facts.has_slots => self.slot_axis(Axis(code), value),
            (EventType::ABSOLUTE, code, value) if code == Axis::ABS_X.0 => self.moved(Some(value), None),
            (EventType::ABSOLUTE, code, value) if code == Axis::ABS_Y.0 => self.moved(None, Some(value)),
            (EventType::KEY, code, value) if code == KeyCode::BTN_TOUCH.0 && !self.facts.has_slots => {
                self.is_down = value != 0;
            }
            _ => {}
        }
        None
    }

    fn slot_axis(&mut self, axis: Axis, value: i32) {
        let slot = self.facts.slot;
        let is_followed = self.followed == Some(slot);
        match axis {
            Axis::ABS_MT_SLOT => self.facts.slot = value,
            Axis::ABS_MT_TRACKING_ID if value < 0 && is_followed => {
                self.followed = None;
                self.is_down = false;
            }
            Axis::ABS_MT_TRACKING_ID if value >= 0 && self.followed.is_none() && !self.was_down => {
                self.followed = Some(slot);
                self.is_down = true;
            }
            Axis::ABS_MT_POSITION_X if is_followed => self.moved(Some(value), None),
            Axis::ABS_MT_POSITION_Y if is_followed => self.moved(None, Some(value)),
            _ => {}
        }
    }

    fn moved(&mut self, x: Option<i32>, y: Option<i32>) {
        let place = (x.unwrap_or(self.place.0), y.unwrap_or(self.place.1));
        self.has_moved |= place != self.place;
        self.place = place;
    }

    fn report(&mut self) -> Option<PanelTouch> {
        if std::mem::take(&mut self.is_blind) {
            return self.release();
        }
        let (x, y) = (self.facts.x.share(self.place.0), self.facts.y.share(self.place.1));
        let has_moved = std::mem::take(&mut self.has_moved);
        match (std::mem::replace(&mut self.was_down, self.is_down), self.is_down) {
            (false, true) => Some(PanelTouch::Down(x, y)),
            (true, true) if has_moved => Some(PanelTouch::Move(x, y)),
            (true, false) => Some(PanelTouch::Up),
            _ => None,
        }
    }

    /// The panel is gone, or events were lost: the finger counts as taken off.
    pub fn release(&mut self) -> Option<PanelTouch> {
        self.followed = None;
        self.is_down = false;
        self.has_moved = false;
        std::mem::take(&mut self.was_down).then_some(PanelTouch::Up)
    }
}

/// All touch screens of a folder of device nodes.
pub(super) struct TouchScreens {
    folder: PathBuf,
    screens: Vec<TouchScreen>,
    refused: HashSet<PathBuf>,
}

struct TouchScreen {
    path: PathBuf,
    device: Device,
    decoder: TouchDecoder,
}

impl TouchScreens {
    /// None yet: see [`Self::look`].
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), screens: Vec::new(), refused: HashSet::new() }
    }

    /// Opens those that have come. A node that is not ours to open may be later, when its owner is set.
    pub fn look(&mut self) {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let nodes: HashSet<PathBuf> =
            entries.map(|entry| entry.path()).filter(|path| is_event(path)).collect();
        self.refused.retain(|path| nodes.contains(path));
        for path in nodes {
            if self.refused.contains(&path) || self.screens.iter().any(|screen| screen.path == path) {
                continue;
            }
            match open(&path) {
                Ok(Some((device, decoder))) => self.screens.push(TouchScreen { path, device, decoder }),
                Ok(None) => drop(self.refused.insert(path)),
                Err(error) => tracing::trace!(%error, path = %path.display(), "not ours, or not yet"),
            }
        }
    }

    /// The files to sleep on, in the order [`Self::hear`] counts them.
    pub fn files(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        self.screens.iter().map(|screen| screen.device.as_fd())
    }

    /// Reads what those have to say that are `told`.
    pub fn hear(&mut self, told: &[bool]) -> Vec<PanelTouch> {
        let mut touches = Vec::new();
        let mut told = told.iter();
        self.screens.retain_mut(|screen| {
            if !told.next().is_some_and(|told| *told) {
                return true;
            }
            match screen.device.fetch_events() {
                Ok(events) => touches.extend(events.filter_map(|event| screen.decoder.event(event))),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => {
                    touches.extend(screen.decoder.release());
                    return false;
                }
            }
            true
        });
        touches
    }
}

fn is_event(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("event"))
}

/// The device, if it is a touch screen.
fn open(path: &Path) -> io::Result<Option<(Device, TouchDecoder)>> {
    let mut device = Device::open(path)?;
    let Some(facts) = facts(&device)? else { return Ok(None) };
    device.set_nonblocking(true)?;
    if let Err(error) = device.grab() {
        tracing::warn!(%error, path = %path.display(), "a touch screen is not ours alone");
    }
    tracing::info!(path = %path.display(), name = device.name(), "touch screen");
    Ok(Some((device, TouchDecoder::new(facts))))
}

fn facts(device: &Device) -> io::Result<Option<PanelFacts>> {
    let Some(axes) = device.supported_absolute_axes() else { return Ok(None) };
    let has_button = device.supported_keys().is_some_and(|keys| keys.contains(KeyCode::BTN_TOUCH));
    let is_pad = device.properties().contains(PropType::POINTER);
    let has_slots = axes.contains(Axis::ABS_MT_SLOT) && axes.contains(Axis::ABS_MT_POSITION_X);
    if is_pad || !(has_slots || has_button && axes.contains(Axis::ABS_X)) {
        return Ok(None);
    }
    let (x_axis, y_axis) = if has_slots {
        (Axis::ABS_MT_POSITION_X, Axis::ABS_MT_POSITION_Y)
    } else {
        (Axis::ABS_X, Axis::ABS_Y)
    };
    let (mut x, mut y, mut slot) = (Range { min: 0, max: 1 }, Range { min: 0, max: 1 }, 0);
    for (axis, info) in device.get_absinfo()? {
        match axis {
            axis if axis == x_axis => x = Range { min: info.minimum(), max: info.maximum() },
            axis if axis == y_axis => y = Range { min: info.minimum(), max: info.maximum() },
            Axis::ABS_MT_SLOT => slot = info.value(),
            _ => {}
        }
    }
    Ok(Some(PanelFacts { x, y, has_slots, slot }))
}

#[cfg(test)]
#[path = "touch_tests.rs"]
mod tests;
