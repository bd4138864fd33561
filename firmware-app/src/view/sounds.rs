//! The page of sounds, and the few choices about one thing.

use super::{row, window};
use crate::nav::{Nav, PresetRow};
use crate::screen::{Action, List, RowKind};
use crate::state::State;

/// "Save this sound", the owner's, the factory's.
pub(super) fn presets(state: &State, nav: &Nav) -> List {
    window("Sound presets", &nav.presets, PresetRow::total(state), |index| {
        let kind = PresetRow::at(state, index);
        let Some(name) = kind.and_then(|row| row.name(state)) else {
            return row("Save this sound …", String::new(), RowKind::Action(Action::Save), false);
        };
        let is_active = state.sound.preset.name == name;
        let detail = match kind {
            _ if is_active && state.sound.edited => "changed",
            Some(PresetRow::Own(_)) => "yours",
            _ => "",
        };
        row(name, detail.into(), RowKind::Preset, is_active)
    })
}

/// What can be done with a sound or a phone.
pub(super) fn choices(nav: &Nav) -> List {
    let Some(sheet) = nav.sheet() else { return List::default() };
    window(&sheet.title, &sheet.focus, sheet.choices.len(), |index| match sheet.choices.get(index) {
        Some(choice) => row(&choice.label, String::new(), RowKind::Action(choice.action), false),
        None => row("", String::new(), RowKind::Page, false),
    })
}
