//! What a gesture means on each page.

use std::time::Duration;

use hal::{Key, Knob};
use protocol::Command;

use super::{AccountRow, Act, Nav, PhoneRow, PresetRow, SentRow, SettingRow, equalizer, menu};
use crate::keymap::Gesture;
use crate::screen::{NowElement, Page};
use crate::state::State;

impl Nav {
    /// One gesture. While the ignition is off only the power key is heard.
    pub fn gesture(&mut self, now: Duration, state: &State, gesture: Gesture) {
        if self.page == Page::Off {
            if gesture == Gesture::Press(Key::Power) {
                self.acts.push(Act::TogglePower);
            }
            return;
        }
        match gesture {
            Gesture::Turn(Knob::Volume, detents) => self.act(Command::VolumeBy { detents }),
            Gesture::Turn(Knob::Select, detents) => self.turn(now, state, detents),
            Gesture::Press(key) => self.press_key(now, state, key),
            Gesture::LongPress(Key::Preset(key)) => self.act(Command::StoreKey { key }),
            Gesture::LongPress(_) if self.hold(state) => self.used(now),
            Gesture::LongPress(_) => {
                self.used(now);
                if self.editing && self.page() == Page::Equalizer {
                    self.set_band_gain(state, self.eq_focus, 0.0);
                } else {
                    self.open(state, Page::Menu);
                }
            }
        }
    }

    /// What can be done with the focused row is shown; false where there is nothing.
    pub(super) fn hold(&mut self, state: &State) -> bool {
        match self.page() {
            Page::Presets => self.opens_preset_choices(state),
            Page::Phones => {
                let row = PhoneRow::at(state, self.phones.focus());
                let is_phone = matches!(row, Some(PhoneRow::Phone(_)));
                if is_phone {
                    self.press_phone(state);
                }
                is_phone
            }
            _ => self.opens_actions(state),
        }
    }

    fn press_key(&mut self, now: Duration, state: &State, key: Key) {
        match key {
            Key::Volume | Key::Mute => self.act(Command::ToggleMute),
            Key::Select => {
                self.used(now);
                self.press(state);
            }
            Key::Back => {
                self.used_at = now;
                self.back(state);
            }
            Key::Menu => self.open(state, Page::Menu),
            Key::Preset(key) => self.act(Command::RecallKey { key }),
            Key::Source => self.act(Command::NextSource),
            Key::Power => self.acts.push(Act::TogglePower),
            Key::PlayPause => self.act(Command::TogglePlay),
            Key::Next => self.act(Command::Next),
            Key::Previous => self.act(Command::Previous),
        }
    }

    fn turn(&mut self, now: Duration, state: &State, detents: i32) {
        self.used(now);
        match self.page() {
            Page::NowPlaying => {
                self.now_focus = equalizer::step(self.now_focus, detents, NowElement::ORDER.len());
            }
            Page::Menu => self.menu.turn(now, detents, menu(state).len()),
            Page::Browser => self.turn_browser(now, state, detents),
            Page::Queue if self.editing => self.move_entry(state, detents),
            Page::Queue => self.queue.turn(now, detents, state.queue.len()),
            Page::Presets => self.presets.turn(now, detents, PresetRow::total(state)),
            Page::Phones => self.phones.turn(now, detents, PhoneRow::total(state)),
            Page::Account => self.account.turn(now, detents, AccountRow::total(state)),
            Page::Sent => self.sent.turn(now, detents, SentRow::total(state)),
            Page::Choice => self.turn_sheet(now, detents),
            Page::Name => self.turn_letters(detents),
            Page::Search => self.letters.turn(detents),
            Page::Actions => {
                let total = self.actions.total();
                self.actions.focus_mut().turn(now, detents, total);
                let acts = self.actions.wants();
                self.acts.extend(acts);
            }
            Page::Equalizer => self.turn_equalizer(state, detents),
            Page::Settings if self.editing => {
                let row = SettingRow::ORDER.get(self.settings.focus());
                let command = row.and_then(|row| row.turned(state, detents));
                self.acts.extend(command.map(Act::Do));
            }
            Page::Settings => self.settings.turn(now, detents, SettingRow::ORDER.len()),
            Page::Enrol | Page::Pair | Page::Off => {}
        }
    }

    pub(super) fn press(&mut self, state: &State) {
        match self.page() {
            Page::NowPlaying => self.press_now_playing(state),
            Page::Menu => {
                if let Some((page, _)) = menu(state).get(self.menu.focus()) {
                    self.open(state, *page);
                }
            }
            Page::Browser => self.press_browser(state),
            Page::Queue if state.queue.is_empty() => {}
            Page::Queue if self.editing => self.editing = false,
            Page::Queue => self.act(Command::PlayQueueEntry { index: self.queue.focus() }),
            Page::Presets => self.press_preset(state),
            Page::Phones => self.press_phone(state),
            Page::Account => self.press_account(state),
            Page::Sent => self.press_sent(state),
            Page::Pair => self.answer_pairing(state, true),
            Page::Choice => self.press_choice(state),
            Page::Name => self.press_letter(state),
            Page::Search => {
                let typed = self.letters.press();
                self.typed(state, typed);
            }
            Page::Actions => self.press_action(state),
            Page::Equalizer => self.press_equalizer(state),
            Page::Settings => self.editing = !self.editing,
            Page::Enrol | Page::Off => {}
        }
    }
}
