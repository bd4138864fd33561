//! Lock screen and media keys, if the person wants them (Media Session API).
//!
//! The browser's part is a script of its own, loaded when it is wanted: it plays a silent file, without which
//! no browser shows a page on the lock screen.

use protocol::{Command, TransportState};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::app::App;
use crate::storage;
use crate::ui::{Signal, effect};

#[wasm_bindgen(js_namespace = remoteMedia)]
extern "C" {
    /// Turns the lock screen on (`hear` is called with an action and a time) or off.
    #[wasm_bindgen(js_name = turn)]
    fn media_session(on: bool, hear: &Closure<dyn FnMut(String, f64)>);
    #[wasm_bindgen(js_name = show)]
    fn media_show(title: &str, artist: &str, album: &str, art: &str, playing: bool, at_s: f64, of_s: f64);
}

thread_local! {
    static WANTED: Signal<bool> = Signal::new(storage::get("media").is_some());
}

pub fn wanted() -> Signal<bool> {
    WANTED.with(Clone::clone)
}

pub fn choose(on: bool) {
    if on {
        storage::set("media", "1")
    } else {
        storage::remove("media")
    }
    wanted().put(on);
}

pub fn follow(app: &'static App) {
    let was = std::cell::Cell::new(false);
    let hear = Closure::new(move |action: String, time: f64| act(app, &action, time));
    effect(move || {
        let on = wanted().get();
        if on != was.replace(on) {
            media_session(on, &hear);
        }
    });
    effect(move || {
        let playing = app.state.shown.get() == TransportState::Playing;
        if !wanted().get() || !app.ready.get() {
            return;
        }
        app.now.with(|now| {
            let art = now
                .art
                .as_deref()
                .filter(|_| app.can("art"))
                .map_or_else(String::new, |hash| format!("/api/art/{hash}"));
            let of_s = now.duration_s.unwrap_or(0.0);
            media_show(&now.title, &now.artist, &now.album, &art, playing, app.at_s.shown.peek(), of_s);
        });
    });
}

fn act(app: &'static App, action: &str, time: f64) {
    let playing = app.state.shown.peek() == TransportState::Playing;
    match action {
        "play" if !playing => app.toggle_play(),
        "pause" | "stop" if playing => app.toggle_play(),
        "nexttrack" => app.send(Command::Next),
        "previoustrack" => app.send(Command::Previous),
        "seekto" => app.seek(time),
        "seekbackward" => app.seek(app.at_s.shown.peek() - 10.0),
        "seekforward" => app.seek(app.at_s.shown.peek() + 10.0),
        _ => {}
    }
}
