//! The unit's own icons on a 24 x 24 grid: one filled and one stroked path each.

use crate::ui::{El, svg};

/// A filled and a stroked path; either may be empty.
#[derive(Clone, Copy, PartialEq)]
pub struct Icon(&'static str, &'static str);

pub const ADD: Icon = Icon("", "M12 4.5 L12 19.5 M4.5 12 L19.5 12");
pub const ALBUM: Icon = Icon(
    "M10.2 12 A1.8 1.8 0 1 1 13.8 12 A1.8 1.8 0 1 1 10.2 12 Z",
    "M3 12 A9 9 0 1 1 21 12 A9 9 0 1 1 3 12 Z M6.8 12 A5.2 5.2 0 0 1 12 6.8",
);
pub const ARTIST: Icon = Icon(
    "",
    "M8 7.5 A4 4 0 1 1 16 7.5 A4 4 0 1 1 8 7.5 Z M4 20.5 C4 16.5 7.5 14.5 12 14.5 C16.5 14.5 20 16.5 20 20.5",
);
pub const BACK: Icon = Icon("", "M15 4.5 L7.5 12 L15 19.5");
pub const CHART: Icon = Icon(
    "M4 13 L7.4 13 L7.4 20 L4 20 Z M10.3 4 L13.7 4 L13.7 20 L10.3 20 Z M16.6 9 L20 9 L20 20 L16.6 20 Z",
    "",
);
pub const CLOCK: Icon = Icon("", "M3 12 A9 9 0 1 1 21 12 A9 9 0 1 1 3 12 Z M12 6.5 L12 12 L16 14.2");
pub const CLOSE: Icon = Icon("", "M6 6 L18 18 M18 6 L6 18");
pub const COMPOSER: Icon =
    Icon("", "M4 20 L5 15.5 L16.2 4.3 A2.2 2.2 0 0 1 19.7 7.8 L8.5 19 Z M13.8 6.8 L17.2 10.2 M13 20 L20 20");
pub const DOWN: Icon = Icon("", "M5 9 L12 16 L19 9");
pub const ERASE: Icon = Icon(
    "",
    "M8.5 5 L19 5 A2 2 0 0 1 21 7 L21 17 A2 2 0 0 1 19 19 L8.5 19 L2.5 12 Z M11.5 9 L17 15 M17 9 L11.5 15",
);
pub const FOLDER: Icon = Icon(
    "",
    "M3 7 A2 2 0 0 1 5 5 L9 5 L11.5 7.8 L19 7.8 A2 2 0 0 1 21 9.8 L21 17 A2 2 0 0 1 19 19 L5 19 A2 2 0 0 1 3 17 Z",
);
pub const FORWARD: Icon = Icon("", "M9 4.5 L16.5 12 L9 19.5");
pub const GENRE: Icon = Icon(
    "",
    "M3.5 4.5 L11 4.5 L20.5 13 A1.6 1.6 0 0 1 20.5 15.2 L14.8 20.4 A1.6 1.6 0 0 1 12.6 20.4 L3.5 11.5 Z M7.6 8.4 L7.8 8.4",
);
pub const GRIP: Icon = Icon(
    "M7.6 6 A1.5 1.5 0 1 1 10.6 6 A1.5 1.5 0 1 1 7.6 6 Z M13.4 6 A1.5 1.5 0 1 1 16.4 6 A1.5 1.5 0 1 1 13.4 6 Z M7.6 12 A1.5 1.5 0 1 1 10.6 12 A1.5 1.5 0 1 1 7.6 12 Z M13.4 12 A1.5 1.5 0 1 1 16.4 12 A1.5 1.5 0 1 1 13.4 12 Z M7.6 18 A1.5 1.5 0 1 1 10.6 18 A1.5 1.5 0 1 1 7.6 18 Z M13.4 18 A1.5 1.5 0 1 1 16.4 18 A1.5 1.5 0 1 1 13.4 18 Z",
    "",
);
pub const HEART: Icon = Icon(
    "",
    "M12 20.4 C5 15.6 2.6 12 2.6 8.6 A4.9 4.9 0 0 1 12 6.6 A4.9 4.9 0 0 1 21.4 8.6 C21.4 12 19 15.6 12 20.4 Z",
);
pub const HEART_FULL: Icon = Icon(
    "M12 20.4 C5 15.6 2.6 12 2.6 8.6 A4.9 4.9 0 0 1 12 6.6 A4.9 4.9 0 0 1 21.4 8.6 C21.4 12 19 15.6 12 20.4 Z",
    "",
);
pub const MEDIUM: Icon = Icon(
    "M10 5.4 L11.3 5.4 L11.3 7 L10 7 Z M12.7 5.4 L14 5.4 L14 7 L12.7 7 Z",
    "M6.5 10 L17.5 10 L17.5 19 A2 2 0 0 1 15.5 21 L8.5 21 A2 2 0 0 1 6.5 19 Z M8.2 10 L8.2 3 L15.8 3 L15.8 10",
);
pub const MINUS: Icon = Icon("", "M5 12 L19 12");
pub const MOON: Icon = Icon("", "M20 14.2 A8.2 8.2 0 1 1 9.8 4 A6.6 6.6 0 0 0 20 14.2 Z");
pub const MORE: Icon = Icon(
    "M10.2 5 A1.8 1.8 0 1 1 13.8 5 A1.8 1.8 0 1 1 10.2 5 Z M10.2 12 A1.8 1.8 0 1 1 13.8 12 A1.8 1.8 0 1 1 10.2 12 Z M10.2 19 A1.8 1.8 0 1 1 13.8 19 A1.8 1.8 0 1 1 10.2 19 Z",
    "",
);
pub const MUTED: Icon = Icon(
    "M2.5 10 A0.8 0.8 0 0 1 3.3 9.2 L6.2 9.2 L10.6 5.2 C11.1 4.8 11.8 5.1 11.8 5.8 L11.8 18.2 C11.8 18.9 11.1 19.2 10.6 18.8 L6.2 14.8 L3.3 14.8 A0.8 0.8 0 0 1 2.5 14 Z",
    "M15.6 9.3 L21 14.7 M21 9.3 L15.6 14.7",
);
pub const NEXT: Icon = Icon(
    "M3.5 5.8 C3.5 4.8 4.6 4.2 5.4 4.8 L14.6 11.1 C15.3 11.6 15.3 12.4 14.6 12.9 L5.4 19.2 C4.6 19.8 3.5 19.2 3.5 18.2 Z M17 5.5 A1 1 0 0 1 18 4.5 L19.5 4.5 A1 1 0 0 1 20.5 5.5 L20.5 18.5 A1 1 0 0 1 19.5 19.5 L18 19.5 A1 1 0 0 1 17 18.5 Z",
    "",
);
pub const PAUSE: Icon = Icon(
    "M5.5 4.2 A1.2 1.2 0 0 1 6.7 3 L8.8 3 A1.2 1.2 0 0 1 10 4.2 L10 19.8 A1.2 1.2 0 0 1 8.8 21 L6.7 21 A1.2 1.2 0 0 1 5.5 19.8 Z M14 4.2 A1.2 1.2 0 0 1 15.2 3 L17.3 3 A1.2 1.2 0 0 1 18.5 4.2 L18.5 19.8 A1.2 1.2 0 0 1 17.3 21 L15.2 21 A1.2 1.2 0 0 1 14 19.8 Z",
    "",
);
pub const PLAY: Icon = Icon(
    "M7 4.7 C7 3.4 8.3 2.7 9.4 3.4 L19.9 10.7 C20.8 11.3 20.8 12.7 19.9 13.3 L9.4 20.6 C8.3 21.3 7 20.6 7 19.3 Z",
    "",
);
pub const PLAYING: Icon = Icon(
    "M4 12 L7.4 12 L7.4 20 L4 20 Z M10.3 5 L13.7 5 L13.7 20 L10.3 20 Z M16.6 9 L20 9 L20 20 L16.6 20 Z",
    "",
);
pub const PLAYLIST: Icon = Icon(
    "M12.6 18.4 A2.4 2.4 0 1 1 17.4 18.4 A2.4 2.4 0 1 1 12.6 18.4 Z",
    "M3 5.5 L19 5.5 M3 10.5 L13 10.5 M3 15.5 L9 15.5 M17.4 18.4 L17.4 9.5 L21 8.6",
);
pub const PREVIOUS: Icon = Icon(
    "M20.5 5.8 C20.5 4.8 19.4 4.2 18.6 4.8 L9.4 11.1 C8.7 11.6 8.7 12.4 9.4 12.9 L18.6 19.2 C19.4 19.8 20.5 19.2 20.5 18.2 Z M7 5.5 A1 1 0 0 0 6 4.5 L4.5 4.5 A1 1 0 0 0 3.5 5.5 L3.5 18.5 A1 1 0 0 0 4.5 19.5 L6 19.5 A1 1 0 0 0 7 18.5 Z",
    "",
);
pub const QUEUE: Icon = Icon(
    "M16 11.2 C16 10.4 16.8 10 17.5 10.4 L22 13.4 C22.6 13.8 22.6 14.6 22 15 L17.5 18 C16.8 18.4 16 18 16 17.2 Z",
    "M3 6 L21 6 M3 12 L12 12 M3 18 L12 18",
);
pub const REPEAT: Icon = Icon(
    "",
    "M4 11 L4 9.5 A3.5 3.5 0 0 1 7.5 6 L19 6 M16.5 3 L19.5 6 L16.5 9 M20 13 L20 14.5 A3.5 3.5 0 0 1 16.5 18 L5 18 M7.5 15 L4.5 18 L7.5 21",
);
pub const REPEAT_ONE: Icon = Icon(
    "",
    "M4 11 L4 9.5 A3.5 3.5 0 0 1 7.5 6 L19 6 M16.5 3 L19.5 6 L16.5 9 M20 13 L20 14.5 A3.5 3.5 0 0 1 16.5 18 L5 18 M7.5 15 L4.5 18 L7.5 21 M11 10.4 L12.6 9.6 L12.6 14.6",
);
pub const SEARCH: Icon = Icon("", "M3.5 10.5 A7 7 0 1 1 17.5 10.5 A7 7 0 1 1 3.5 10.5 Z M15.6 15.6 L21 21");
pub const SETTINGS: Icon = Icon(
    "",
    "M12 2.8 L12 5.4 M12 18.6 L12 21.2 M2.8 12 L5.4 12 M18.6 12 L21.2 12 M5.5 5.5 L7.3 7.3 M16.7 16.7 L18.5 18.5 M5.5 18.5 L7.3 16.7 M16.7 7.3 L18.5 5.5 M6.8 12 A5.2 5.2 0 1 1 17.2 12 A5.2 5.2 0 1 1 6.8 12 Z",
);
pub const SHUFFLE: Icon = Icon(
    "",
    "M3 17 L5.5 17 C11 17 12 7 17 7 L20 7 M3 7 L5.5 7 C7.4 7 8.7 8.2 9.7 9.8 M12.6 14 C13.7 15.8 15 17 17 17 L20 17 M17.8 4 L20.8 7 L17.8 10 M17.8 14 L20.8 17 L17.8 20",
);
pub const SOUND: Icon = Icon(
    "M3.2 15 A2.6 2.6 0 1 1 8.4 15 A2.6 2.6 0 1 1 3.2 15 Z M9.4 8 A2.6 2.6 0 1 1 14.6 8 A2.6 2.6 0 1 1 9.4 8 Z M15.6 13 A2.6 2.6 0 1 1 20.8 13 A2.6 2.6 0 1 1 15.6 13 Z",
    "M5.8 3 L5.8 21 M12 3 L12 21 M18.2 3 L18.2 21",
);
pub const SPEAKER: Icon = Icon(
    "M2.5 10 A0.8 0.8 0 0 1 3.3 9.2 L6.2 9.2 L10.6 5.2 C11.1 4.8 11.8 5.1 11.8 5.8 L11.8 18.2 C11.8 18.9 11.1 19.2 10.6 18.8 L6.2 14.8 L3.3 14.8 A0.8 0.8 0 0 1 2.5 14 Z",
    "M15.2 9 A4.4 4.4 0 0 1 15.2 15 M18 6.2 A8.4 8.4 0 0 1 18 17.8",
);
pub const TRACK: Icon = Icon(
    "M3.2 17.8 A2.9 2.9 0 1 1 9 17.8 A2.9 2.9 0 1 1 3.2 17.8 Z M14.2 15.8 A2.9 2.9 0 1 1 20 15.8 A2.9 2.9 0 1 1 14.2 15.8 Z",
    "M8.1 17.8 L8.1 6 L19.1 3.6 L19.1 15.8",
);
pub const UP: Icon = Icon("", "M5 15 L12 8 L19 15");
pub const YEAR: Icon = Icon(
    "",
    "M3.5 7 A2 2 0 0 1 5.5 5 L18.5 5 A2 2 0 0 1 20.5 7 L20.5 18.5 A2 2 0 0 1 18.5 20.5 L5.5 20.5 A2 2 0 0 1 3.5 18.5 Z M3.5 10 L20.5 10 M8 3 L8 6.5 M16 3 L16 6.5",
);

/// An icon; it says nothing to a screen reader, its button does.
pub fn icon(icon: Icon) -> El {
    icon_of(move || icon)
}

/// An icon that follows `which`.
pub fn icon_of(which: impl Fn() -> Icon + Clone + 'static) -> El {
    let path = |class: &'static str, part: fn(Icon) -> &'static str| {
        let which = which.clone();
        svg("path").class(class).attr_of("d", move || Some(part(which()).to_owned()))
    };
    svg("svg")
        .class("icon")
        .attr("viewBox", "0 0 24 24")
        .attr("aria-hidden", "true")
        .child(path("fill", |icon| icon.0))
        .child(path("line", |icon| icon.1))
}
