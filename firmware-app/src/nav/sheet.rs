//! A few choices over a page: what can be done with a sound or a phone, and whether it is really meant.

use std::time::Duration;

use super::{Act, ListFocus, Naming, Nav};
use crate::screen::{Action, Page};
use crate::state::State;

/// One page of choices.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    pub title: String,
    pub choices: Vec<Choice>,
    pub focus: ListFocus,
}

/// One choice.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub label: String,
    pub action: Action,
    pub then: Then,
}

/// What comes of it.
#[derive(Clone, Debug)]
pub(crate) enum Then {
    /// Back to the page below, and this.
    Do(Act),
    /// Another page of choices first.
    Ask(Sheet),
    /// A name first.
    Name(Naming),
    /// Back, and nothing else.
    Leave,
}

impl Sheet {
    pub fn new(title: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self { title: title.into(), choices, focus: ListFocus::default() }
    }

    /// "Are you sure": the focus rests on the choice that changes nothing.
    pub fn confirm(question: String, keep: &str, action: Action, label: &str, act: Act) -> Self {
        let keep = Choice { label: keep.into(), action: Action::Keep, then: Then::Leave };
        Self::new(question, vec![keep, Choice { label: label.into(), action, then: Then::Do(act) }])
    }
}

impl Choice {
    pub fn new(label: impl Into<String>, action: Action, then: Then) -> Self {
        Self { label: label.into(), action, then }
    }
}

impl Nav {
    /// The page of choices that is shown.
    pub(crate) fn sheet(&self) -> Option<&Sheet> {
        self.sheets.last()
    }

    pub(super) fn open_sheet(&mut self, state: &State, sheet: Sheet) {
        self.sheets = vec![sheet];
        self.open(state, Page::Choice);
    }

    pub(super) fn turn_sheet(&mut self, now: Duration, detents: i32) {
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.focus.turn(now, detents, sheet.choices.len());
        }
    }

    pub(super) fn sheet_focus(&mut self) -> Option<&mut ListFocus> {
        self.sheets.last_mut().map(|sheet| &mut sheet.focus)
    }

    pub(super) fn press_choice(&mut self, state: &State) {
        let focused = self.sheet().and_then(|sheet| sheet.choices.get(sheet.focus.focus()));
        let Some(then) = focused.map(|choice| choice.then.clone()) else { return };
        match then {
            Then::Ask(sheet) => self.sheets.push(sheet),
            Then::Leave => self.back(state),
            Then::Name(naming) => self.ask_name(state, naming),
            Then::Do(act) => {
                self.sheets.clear();
                self.back(state);
                self.acts.push(act);
            }
        }
    }

    /// Out of a question to what led there; false when the page itself is left.
    pub(super) fn back_in_sheets(&mut self) -> bool {
        self.sheets.pop();
        !self.sheets.is_empty()
    }
}
