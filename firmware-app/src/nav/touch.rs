//! What a finger means.

use std::time::Duration;

use super::{AccountRow, Act, Nav, PhoneRow, PresetRow, SentRow, SettingRow, menu};
use crate::screen::{Page, Touch};
use crate::state::State;

impl Nav {
    /// One touch; it hides the knob's focus.
    pub fn touch(&mut self, now: Duration, state: &State, touch: Touch) {
        if self.page == Page::Off {
            return;
        }
        self.used_at = now;
        self.focus_visible = false;
        match touch {
            Touch::Do(command) => self.acts.push(Act::Do(command)),
            // These are about something that is chosen on the way to them.
            Touch::Open(
                Page::Off | Page::Actions | Page::Choice | Page::Name | Page::Enrol | Page::Pair | Page::Sent,
            ) => {}
            Touch::Answer(accept) => self.answer_pairing(state, accept),
            Touch::Open(page) => self.open(state, page),
            Touch::Back => self.back(state),
            Touch::Row(index) => self.touch_row(state, index),
            Touch::SearchKey(index) if self.page == Page::Search => {
                let typed = self.letters.press_key(index);
                self.typed(state, typed);
            }
            Touch::SearchKey(index) if self.page == Page::Name => self.touch_letter(state, index),
            Touch::SearchKey(_) => {}
            Touch::Hold(index) => self.hold_row(state, index),
            Touch::Scroll(first) => self.scroll(state, first),
            Touch::Band { index, gain_db } => {
                if index < state.sound.preset.bands.len() {
                    self.eq_focus = index;
                    self.set_band_gain(state, index, gain_db);
                }
            }
        }
    }

    fn hold_row(&mut self, state: &State, index: usize) {
        let total = self.list_total(state);
        let (Some(list), true) = (self.list(), index < total) else { return };
        list.focus_on(index);
        self.hold(state);
    }

    fn touch_row(&mut self, state: &State, index: usize) {
        if self.page == Page::Search {
            return self.press_hit(state, index);
        }
        let total = self.list_total(state);
        let (Some(list), true) = (self.list(), index < total) else { return };
        let was = list.focus();
        list.focus_on(index);
        if self.page != Page::Settings {
            return self.press(state);
        }
        match SettingRow::ORDER.get(index) {
            Some(row) if row.is_choice() => {
                self.editing = false;
                self.acts.extend(row.turned(state, 1).map(Act::Do));
            }
            _ => self.editing = !(self.editing && was == index),
        }
    }

    fn scroll(&mut self, state: &State, first: usize) {
        let total = self.list_total(state);
        if let Some(list) = self.list() {
            list.scroll_to(first, total);
        }
        if self.page == Page::Browser {
            let acts = self.browser.wants();
            self.acts.extend(acts);
        }
    }

    fn list(&mut self) -> Option<&mut super::ListFocus> {
        match self.page {
            Page::Menu => Some(&mut self.menu),
            Page::Browser => Some(&mut self.browser.here_mut().focus),
            Page::Queue => Some(&mut self.queue),
            Page::Presets => Some(&mut self.presets),
            Page::Phones => Some(&mut self.phones),
            Page::Account => Some(&mut self.account),
            Page::Sent => Some(&mut self.sent),
            Page::Choice => self.sheet_focus(),
            Page::Settings => Some(&mut self.settings),
            Page::Actions => Some(self.actions.focus_mut()),
            Page::NowPlaying
            | Page::Search
            | Page::Name
            | Page::Enrol
            | Page::Pair
            | Page::Equalizer
            | Page::Off => None,
        }
    }

    fn list_total(&self, state: &State) -> usize {
        match self.page {
            Page::Menu => menu(state).len(),
            Page::Browser => self.browser.total(&state.media),
            Page::Queue => state.queue.len(),
            Page::Presets => PresetRow::total(state),
            Page::Phones => PhoneRow::total(state),
            Page::Account => AccountRow::total(state),
            Page::Sent => SentRow::total(state),
            Page::Choice => self.sheet().map_or(0, |sheet| sheet.choices.len()),
            Page::Settings => SettingRow::ORDER.len(),
            Page::Actions => self.actions.total(),
            Page::NowPlaying
            | Page::Search
            | Page::Name
            | Page::Enrol
            | Page::Pair
            | Page::Equalizer
            | Page::Off => 0,
        }
    }
}
