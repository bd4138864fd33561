//! The now-playing page: what a press of its focused element does.

use protocol::Command;

use super::Nav;
use crate::screen::{NowElement, Page};
use crate::state::State;

impl Nav {
    pub(super) fn press_now_playing(&mut self, state: &State) {
        match NowElement::ORDER.get(self.now_focus) {
            Some(NowElement::PlayPause) => self.act(Command::TogglePlay),
            Some(NowElement::Next) => self.act(Command::Next),
            Some(NowElement::Previous) => self.act(Command::Previous),
            Some(NowElement::Browse) => self.open(state, Page::Browser),
            Some(NowElement::Queue) => self.open(state, Page::Queue),
            Some(NowElement::Sound) => self.open(state, Page::Equalizer),
            Some(NowElement::Menu) => self.open(state, Page::Menu),
            None => {}
        }
    }
}
