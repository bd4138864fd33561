//! The front plate of the simulator: its knobs and keys as the board's input events, and its fault panel.

use std::rc::Rc;

use hal::{InputEvent, Key, Knob};
use slint::ComponentHandle;
use slint::{Model, ModelRc, SharedString, VecModel};

use super::generated::{MediaSlot, SimWindow};

/// Sends what hands do on the front plate to `input`, and the ignition switch (true is on) to `ignition`.
pub fn attach_bezel(window: &SimWindow, input: Rc<dyn Fn(InputEvent)>, ignition: Rc<dyn Fn(bool)>) {
    let post = Rc::clone(&input);
    window.on_turn(move |knob, detents| {
        let knob = if knob == 0 { Knob::Volume } else { Knob::Select };
        post(InputEvent::Turn(knob, detents));
    });
    let post = Rc::clone(&input);
    window.on_key_down(move |name| {
        if let Some(key) = key_named(&name) {
            post(InputEvent::Down(key));
        }
    });
    window.on_key_up(move |name| {
        if let Some(key) = key_named(&name) {
            input(InputEvent::Up(key));
        }
    });
    window.on_ignition_switched(move |on| ignition(on));
}

/// What hands do on the fault panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The panel was opened or closed: the window has another shape.
    Panel(bool),
    /// The medium at this place of the list is yanked, or plugged in again.
    Slot(usize),
    /// A folder, as typed, is plugged in.
    Folder(String),
    /// The sound device is put back (true) or pulled.
    Sound(bool),
}

/// A slot as the panel shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelSlot {
    /// What the medium is called.
    pub name: String,
    /// The folder that plays it.
    pub folder: String,
    /// Whether it is plugged in.
    pub is_plugged: bool,
}

/// Sends what hands do on the fault panel to `fault`; what it answers is shown beside it, if it is not empty.
pub fn attach_faults(window: &SimWindow, fault: Rc<dyn Fn(Fault) -> String>) {
    let weak = window.as_weak();
    // Whether it went well.
    let act = move |what: Fault| {
        let note = fault(what);
        let is_well = note.is_empty();
        if let Some(window) = weak.upgrade() {
            window.set_fault_note(note.into());
        }
        is_well
    };
    let act: Rc<dyn Fn(Fault) -> bool> = Rc::new(act);
    let panel = Rc::clone(&act);
    window.on_faults_switched(move |open| {
        panel(Fault::Panel(open));
    });
    let slot = Rc::clone(&act);
    window.on_slot_switched(move |at| {
        if let Ok(at) = usize::try_from(at) {
            slot(Fault::Slot(at));
        }
    });
    let sound = Rc::clone(&act);
    window.on_sound_switched(move |on| {
        sound(Fault::Sound(on));
    });
    window.on_folder_plugged(move |path: SharedString| act(Fault::Folder(path.into())));
}

/// Shows these slots on the fault panel.
pub fn show_slots(window: &SimWindow, slots: &[PanelSlot]) {
    let rows = || {
        slots.iter().map(|slot| MediaSlot {
            name: slot.name.as_str().into(),
            folder: slot.folder.as_str().into(),
            plugged: slot.is_plugged,
        })
    };
    let known = window.get_slots();
    match known.as_any().downcast_ref::<VecModel<MediaSlot>>() {
        // Row by row: a key that is made anew would lose the keyboard.
        Some(model) => {
            for (at, row) in rows().enumerate() {
                if at < model.row_count() {
                    model.set_row_data(at, row);
                } else {
                    model.push(row);
                }
            }
            while model.row_count() > slots.len() {
                model.remove(slots.len());
            }
        }
        None => window.set_slots(ModelRc::new(VecModel::from_iter(rows()))),
    }
}

/// The key of a name as the front plate and scripts use it.
#[must_use]
pub fn key_named(name: &str) -> Option<Key> {
    Some(match name {
        "volume" => Key::Volume,
        "select" => Key::Select,
        "source" => Key::Source,
        "back" => Key::Back,
        "menu" => Key::Menu,
        "power" => Key::Power,
        "play_pause" => Key::PlayPause,
        "next" => Key::Next,
        "previous" => Key::Previous,
        "mute" => Key::Mute,
        _ => Key::Preset(name.parse().ok().filter(|number| (1..=6).contains(number))?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_numbered_from_one_to_six() {
        assert_eq!(key_named("1"), Some(Key::Preset(1)));
        assert_eq!(key_named("6"), Some(Key::Preset(6)));
        assert_eq!(key_named("7"), None);
        assert_eq!(key_named("back"), Some(Key::Back));
    }
}
