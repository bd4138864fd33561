//! The page of sounds: storing the one that is heard, the owner's, the factory's.

use protocol::Command;

use super::sheet::{Choice, Sheet, Then};
use super::{Act, Naming, Nav};
use crate::screen::Action;
use crate::sound::factory_presets;
use crate::state::State;

/// A row of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PresetRow {
    /// "Save this sound".
    Save,
    /// One of the owner's, from 0.
    Own(usize),
    /// One of the factory's, from 0.
    Factory(usize),
}

impl PresetRow {
    pub fn total(state: &State) -> usize {
        1 + state.presets.len() + factory_presets().len()
    }

    pub fn at(state: &State, index: usize) -> Option<Self> {
        let Some(index) = index.checked_sub(1) else { return Some(Self::Save) };
        match index.checked_sub(state.presets.len()) {
            None => Some(Self::Own(index)),
            Some(factory) => (factory < factory_presets().len()).then_some(Self::Factory(factory)),
        }
    }

    /// The sound's name.
    pub fn name(self, state: &State) -> Option<&str> {
        let preset = match self {
            Self::Save => None,
            Self::Own(index) => state.presets.get(index),
            Self::Factory(index) => factory_presets().get(index),
        };
        preset.map(|preset| preset.name.as_str())
    }

    /// The row of the sound that is heard; the first sound where it is not in the list.
    pub fn index_of_current(state: &State) -> usize {
        let is_current = |index: &usize| {
            Self::at(state, *index).and_then(|row| row.name(state)) == Some(&state.sound.preset.name)
        };
        (1..Self::total(state)).find(is_current).unwrap_or(1)
    }
}

impl Nav {
    pub(super) fn press_preset(&mut self, state: &State) {
        match PresetRow::at(state, self.presets.focus()) {
            Some(PresetRow::Save) => self.open_sheet(state, save_sheet(state)),
            Some(row) => {
                if let Some(name) = row.name(state) {
                    self.act(Command::SelectPreset { name: name.to_owned() });
                }
            }
            None => {}
        }
    }

    /// What can be done with a sound of the owner's; false for the factory's.
    pub(super) fn opens_preset_choices(&mut self, state: &State) -> bool {
        let row = PresetRow::at(state, self.presets.focus());
        let Some(name) = row.filter(|row| matches!(row, PresetRow::Own(_))).and_then(|row| row.name(state))
        else {
            return false;
        };
        self.open_sheet(state, own_sheet(name));
        true
    }
}

fn save_sheet(state: &State) -> Sheet {
    let save = |name: String| Then::Do(Act::Do(Command::SavePreset { name }));
    let mut choices = Vec::new();
    let own = state.presets.find(&state.sound.preset.name);
    if let Some(own) = own.filter(|_| state.sound.edited) {
        let label = format!("Save as “{}” again", own.name);
        choices.push(Choice::new(label, Action::Save, save(own.name.clone())));
    }
    let name = state.presets.free_name();
    choices.push(Choice::new(format!("Save as “{name}”"), Action::Save, save(name)));
    choices.push(Choice::new("Type a name …", Action::Rename, Then::Name(Naming::Sound)));
    Sheet::new("Save this sound", choices)
}

fn own_sheet(name: &str) -> Sheet {
    let name = name.to_owned();
    let delete = Act::Do(Command::DeletePreset { name: name.clone() });
    let sure = format!("Delete “{name}”?");
    let sure = Sheet::confirm(sure, "Keep it", Action::Delete, "Delete it", delete);
    let choose = Act::Do(Command::SelectPreset { name: name.clone() });
    Sheet::new(
        name.clone(),
        vec![
            Choice::new("Use this sound", Action::Play, Then::Do(choose)),
            Choice::new("Give it another name", Action::Rename, Then::Name(Naming::Rename(name))),
            Choice::new("Delete it …", Action::Delete, Then::Ask(sure)),
        ],
    )
}
