//! The menu: the pages one can go to.

use crate::screen::Page;

/// Rows of the menu.
pub(crate) const MENU: [(Page, &str); 8] = [
    (Page::NowPlaying, "Now playing"),
    (Page::Browser, "Music"),
    (Page::Search, "Search"),
    (Page::Queue, "Queue"),
    (Page::Equalizer, "Equalizer"),
    (Page::Presets, "Sound presets"),
    (Page::Settings, "Settings"),
    (Page::Phones, "Phones"),
];
