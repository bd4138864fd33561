//! Keys for the whole page, and their help.

use protocol::Command;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::app::App;
use crate::model::route::Route;
use crate::text;
use crate::ui::dialog::sheet;
use crate::ui::{div, document, el, listen};

pub fn listen_to_keys(app: &'static App) {
    listen(&document(), "keydown", move |event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let words = target
            .as_ref()
            .is_some_and(|node| node.closest("input,select,textarea,dialog").ok().flatten().is_some());
        if words || key.ctrl_key() || key.alt_key() || key.meta_key() || app.route.peek() == Route::Enrol {
            return;
        }
        // Space and Enter press what has the focus.
        let presses =
            target.is_some_and(|node| node.closest("button,a,[role=slider]").ok().flatten().is_some());
        if presses && matches!(key.key().as_str(), " " | "Enter") {
            return;
        }
        if act(app, &key.key()) {
            event.prevent_default();
        }
    });
}

fn act(app: &'static App, key: &str) -> bool {
    match key {
        " " | "k" => app.toggle_play(),
        "n" => app.send(Command::Next),
        "p" => app.send(Command::Previous),
        "ArrowLeft" => app.seek(app.at_s.shown.peek() - 10.0),
        "ArrowRight" => app.seek(app.at_s.shown.peek() + 10.0),
        "+" | "=" => app.set_step(app.step.shown.peek() + 1),
        "-" => app.set_step(app.step.shown.peek() - 1),
        "m" => app.toggle_mute(),
        "f" => app.toggle_favourite(),
        "/" => app.go(Route::Search(String::new())),
        "1" => app.go(Route::Playing),
        "2" => app.go(Route::Queue),
        "3" => app.go(Route::Music),
        "4" => app.go(Route::Search(String::new())),
        "5" => app.go(Route::Sound),
        "6" => app.go(Route::Settings),
        "?" => help(),
        _ => return false,
    }
    true
}

pub fn help() {
    sheet(text::KEYS, |_| {
        let list = text::SHORTCUTS.iter().fold(el("dl").class("about"), |list, (key, does)| {
            list.child(
                div("about-line").child(el("dt").child(el("kbd").text(key))).child(el("dd").text(does)),
            )
        });
        div("sheet-body").child(list)
    });
}
