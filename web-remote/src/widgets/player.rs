//! What plays, in its parts: cover, names, position, transport; and all of it small.

use protocol::{Command, Repeat, TransportState};

use super::button::{toggle, tool};
use super::slider::{Move, Slider, slider, whole};
use crate::app::App;
use crate::icons::{self, icon, icon_of};
use crate::model::format::{clock, spoken};
use crate::model::route::Route;
use crate::text;
use crate::ui::{El, div, el};

fn playing(app: &'static App) -> bool {
    app.state.shown.get() == TransportState::Playing
}

/// The cover in a square that keeps its place whatever is in it. Beside a name it says nothing.
pub fn cover(app: &'static App, class: &'static str) -> El {
    let art = crate::ui::memo(move || app.now.with(|now| now.art.clone()).filter(|_| app.can("art")));
    div("cover").class_of(class, || true).content_of(move || {
        let Some(hash) = art.get() else {
            return Some(div("cover-none").child(icon(icons::ALBUM)));
        };
        let image = el("img").attr("alt", "").attr("width", "320").attr("height", "320");
        let image = image.attr("decoding", "async").attr("draggable", "false");
        let loaded = image.0.clone();
        Some(image.attr("src", &format!("/api/art/{hash}")).on("load", move |_| {
            let _ = loaded.class_list().add_1("is-loaded");
        }))
    })
}

/// Previous, play or pause, next.
pub fn transport(app: &'static App) -> El {
    div("transport")
        .child(tool(icons::PREVIOUS, text::PREVIOUS, move || app.send(Command::Previous)).controls(app))
        .child(play_button(app))
        .child(tool(icons::NEXT, text::NEXT, move || app.send(Command::Next)).controls(app))
}

fn play_button(app: &'static App) -> El {
    let label = move || Some(if playing(app) { text::PAUSE } else { text::PLAY }.to_owned());
    el("button")
        .class("icon-button play-button")
        .attr("type", "button")
        .attr_of("aria-label", label)
        .attr_of("title", label)
        .child(icon_of(move || if playing(app) { icons::PAUSE } else { icons::PLAY }))
        .on("click", move |_| app.toggle_play())
        .controls(app)
}

/// Shuffle.
pub fn shuffle(app: &'static App) -> El {
    toggle(
        |_| icons::SHUFFLE,
        text::SHUFFLE,
        move || app.shuffle.get(),
        move || app.send(Command::SetShuffle { on: !app.shuffle.peek() }),
    )
    .controls(app)
}

/// Repeat: off, all, one, in turn.
pub fn repeat(app: &'static App) -> El {
    let label = move || {
        Some(match app.repeat.get() {
            Repeat::Off => text::REPEAT_OFF.to_owned(),
            Repeat::All => text::REPEAT_ALL.to_owned(),
            Repeat::One => text::REPEAT_ONE.to_owned(),
        })
    };
    let next = move || match app.repeat.peek() {
        Repeat::Off => Repeat::All,
        Repeat::All => Repeat::One,
        Repeat::One => Repeat::Off,
    };
    el("button")
        .class("icon-button")
        .attr("type", "button")
        .attr_of("aria-label", label)
        .attr_of("title", label)
        .class_of("is-on", move || app.repeat.get() != Repeat::Off)
        .child(icon_of(move || match app.repeat.get() {
            Repeat::One => icons::REPEAT_ONE,
            _ => icons::REPEAT,
        }))
        .on("click", move |_| app.send(Command::SetRepeat { mode: next() }))
        .controls(app)
}

/// Favourite, or no longer.
pub fn heart(app: &'static App) -> El {
    toggle(
        |on| if on { icons::HEART_FULL } else { icons::HEART },
        text::FAVOURITE,
        move || app.favourite.shown.get(),
        move || app.toggle_favourite(),
    )
    .controls(app)
}

/// The tuner's scale: where we are in the track, with the time gone and the time left.
pub fn seek(app: &'static App) -> El {
    let length = move || app.now.with(|now| now.duration_s).unwrap_or(0.0);
    let scale = slider(
        app,
        Slider {
            name: text::POSITION.into(),
            class: "seek-scale",
            value: Box::new(move || app.at_s.shown.get()),
            range: Box::new(move || (0.0, length())),
            step: 5.0,
            page: 30.0,
            said: Box::new(move |at| text::position(&spoken(at), &spoken(length()))),
            number: whole,
            moved: Box::new(move |way| match way {
                Move::Begin => app.at_s.hold(&app.link, true),
                Move::To(to) => app.at_s.show(to),
                Move::End => {
                    app.seek(app.at_s.shown.peek());
                    app.at_s.hold(&app.link, false);
                }
                Move::Key(to) => app.seek(to),
            }),
        },
    );
    let left = move || {
        let left = length() - app.at_s.shown.get();
        if length() > 0.0 { format!("−{}", clock(left)) } else { String::new() }
    };
    div("seek").child(scale).child(
        div("seek-times")
            .attr("aria-hidden", "true")
            .child(el("span").text_of(move || clock(app.at_s.shown.get())))
            .child(el("span").class("dim").text_of(left)),
    )
}

/// What plays in one line, above the pages' menu of a phone; it leads to the playing page.
pub fn mini(app: &'static App) -> El {
    el("aside")
        .class("mini")
        .attr("aria-label", text::PLAYING)
        .flag_of("hidden", move || {
            matches!(app.route.get(), Route::Playing | Route::Enrol) || !app.ready.get()
        })
        .child(
            el("a").class("mini-main").link("/").child(cover(app, "cover-small")).child(
                div("texts")
                    .child(el("span").class("name").text_of(move || title(app)))
                    .child(el("span").class("sub").text_of(move || app.now.with(|now| now.artist.clone()))),
            ),
        )
        .child(play_button(app))
        .child(tool(icons::NEXT, text::NEXT, move || app.send(Command::Next)).controls(app))
}

/// The track's name, or that there is none.
pub fn title(app: &'static App) -> String {
    app.now.with(|now| match now.title.as_str() {
        "" if app.ready.get() => text::NOTHING.to_owned(),
        title => title.to_owned(),
    })
}
