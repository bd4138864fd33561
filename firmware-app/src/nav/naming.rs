//! The page of letters for a name: the keys of the search page, with "Save" where the results are.

use protocol::Command;

use super::search::{Letters, Typed};
use super::{Act, Nav};
use crate::screen::{Page, SearchView};
use crate::state::State;

/// What gets the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Naming {
    /// The sound as it is set now.
    Sound,
    /// This sound of the owner's.
    Rename(String),
}

/// What is typed, and for what.
#[derive(Debug)]
pub(crate) struct NameEntry {
    letters: Letters,
    naming: Naming,
}

impl Default for NameEntry {
    fn default() -> Self {
        Self { letters: Letters::default(), naming: Naming::Sound }
    }
}

impl NameEntry {
    /// The keys, and the name as it will be.
    pub fn view(&self) -> SearchView {
        SearchView { text: self.name(), ..self.letters.view() }
    }

    /// What the page says until there is a name.
    pub fn hint(&self) -> String {
        match &self.naming {
            Naming::Sound => "A name for this sound. Turn to a letter and press; then Save.".into(),
            Naming::Rename(from) => {
                format!("Another name for “{from}”. Turn to a letter and press; then Save.")
            }
        }
    }

    /// The keys know capitals only: a name begins with one.
    fn name(&self) -> String {
        let text = self.letters.text();
        let mut characters = text.chars();
        let first = characters.next().map(String::from).unwrap_or_default();
        first + &characters.as_str().to_lowercase()
    }
}

impl Nav {
    pub(super) fn ask_name(&mut self, state: &State, naming: Naming) {
        self.name_entry = NameEntry { naming, ..NameEntry::default() };
        self.sheets.clear();
        self.open(state, Page::Name);
    }

    pub(super) fn turn_letters(&mut self, detents: i32) {
        self.name_entry.letters.turn(detents);
    }

    pub(super) fn press_letter(&mut self, state: &State) {
        let typed = self.name_entry.letters.press();
        self.name_typed(state, typed);
    }

    pub(super) fn touch_letter(&mut self, state: &State, index: usize) {
        let typed = self.name_entry.letters.press_key(index);
        self.name_typed(state, typed);
    }

    fn name_typed(&mut self, state: &State, typed: Typed) {
        if typed != Typed::Results {
            return;
        }
        let name = self.name_entry.name();
        let command = match self.name_entry.naming.clone() {
            Naming::Sound => Command::SavePreset { name },
            Naming::Rename(from) => Command::RenamePreset { from, to: name },
        };
        self.back(state);
        self.acts.push(Act::Do(command));
    }
}
