//! The menu: the pages one can go to.

use crate::screen::Page;
use crate::state::State;

/// Rows of the menu.
pub(crate) const MENU: [(Page, &str); 9] = [
    (Page::NowPlaying, "Now playing"),
    (Page::Browser, "Music"),
    (Page::Search, "Search"),
    (Page::Queue, "Queue"),
    (Page::Equalizer, "Equalizer"),
    (Page::Presets, "Sound presets"),
    (Page::Settings, "Settings"),
    (Page::Phones, "Phones"),
    (Page::Account, "Account"),
];

/// The rows of this unit's menu: one that is set up for no cloud does not speak of accounts.
pub(crate) fn menu(state: &State) -> &'static [(Page, &'static str)] {
    let rows = if state.cloud.server.is_empty() { MENU.len() - 1 } else { MENU.len() };
    &MENU[..rows]
}
