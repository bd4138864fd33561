//! Settings of this remote and, as far as it can be set from here, of the unit.

use protocol::remote::{Role, capability};
use protocol::{Command, ReplayGain, Theme};
use web_sys::Event;

use super::{head, heading};
use crate::app::App;
use crate::net::place;
use crate::text;
use crate::ui::dialog::confirm;
use crate::ui::{El, Signal, div, el, listen, window};
use crate::widgets::{button, choice, spectrum};
use crate::{media_session, net, shortcuts, theme};

pub fn page(app: &'static App) -> El {
    div("page settings")
        .child(head(heading(text::SETTINGS), div("")))
        .child(looks(app))
        .maybe(app.can(capability::REPLAY_GAIN).then(|| card("").child(loudness(app))))
        .child(phone(app))
        .child(super::cloud::other_way(app))
        .child(about(app))
}

fn card(title: &str) -> El {
    let card = el("section").class("card");
    if title.is_empty() { card } else { card.child(el("h2").text(title)) }
}

fn looks(app: &'static App) -> El {
    let chosen = Signal::new(theme::chosen());
    let shown = chosen.clone();
    let remote = choice(
        "look",
        text::REMOTE_LOOK,
        &[("system", text::SYSTEM), ("night", text::NIGHT), ("day", text::DAY)],
        move || shown.get(),
        move |theme| {
            theme::choose(theme);
            chosen.put(theme.to_owned());
        },
    );
    let unit = app.can(capability::THEME).then(|| {
        choice(
            "unit-look",
            text::UNIT_LOOK,
            &[("night", text::NIGHT), ("day", text::DAY)],
            move || if app.theme.get() == Theme::Day { "day" } else { "night" }.into(),
            move |name| {
                let theme = if name == "day" { Theme::Day } else { Theme::Night };
                app.send(Command::SetTheme { theme });
            },
        )
        .controls(app)
    });
    card("").child(remote).maybe(unit)
}

fn loudness(app: &'static App) -> El {
    choice(
        "replay-gain",
        text::LOUDNESS,
        &[("album", text::BY_ALBUM), ("track", text::BY_TRACK), ("off", text::OFF)],
        move || {
            match app.sound.shown.with(|sound| sound.replay_gain) {
                ReplayGain::Off => "off",
                ReplayGain::Track => "track",
                ReplayGain::Album => "album",
            }
            .into()
        },
        move |name| {
            let mode = match name {
                "off" => ReplayGain::Off,
                "track" => ReplayGain::Track,
                _ => ReplayGain::Album,
            };
            app.send(Command::SetReplayGain { mode });
        },
    )
    .controls(app)
}

/// A switch with an explanation.
fn switch(label: &'static str, why: &str, on: Signal<bool>, choose: fn(bool)) -> El {
    let shown = on.clone();
    el("button")
        .class("switch switch-row")
        .attr("type", "button")
        .attr("role", "switch")
        .attr_of("aria-checked", move || Some(shown.get().to_string()))
        .child(
            div("texts")
                .child(el("span").class("switch-text").text(label))
                .child(el("span").class("switch-why").text(why)),
        )
        .child(el("span").class("switch-track").attr("aria-hidden", "true"))
        .on("click", move |_| choose(!on.peek()))
}

fn phone(app: &'static App) -> El {
    card(text::ON_THIS_PHONE)
        .child(switch(text::MEDIA_KEYS, text::MEDIA_KEYS_WHY, media_session::wanted(), media_session::choose))
        .maybe(
            app.can(capability::SPECTRUM)
                .then(|| switch(text::SPECTRUM, text::SPECTRUM_WHY, spectrum::wanted(), spectrum::choose)),
        )
        .child(install())
        .child(button(text::KEYS, "quiet", shortcuts::help))
}

/// How to install, as far as this browser lets a page do it.
fn install() -> El {
    let standalone = window()
        .match_media("(display-mode: standalone)")
        .ok()
        .flatten()
        .is_some_and(|query| query.matches());
    let offered = Signal::new(js_sys::Reflect::has(&window(), &"remoteInstall".into()).unwrap_or(false));
    let told = offered.clone();
    listen(&window(), "remote-install", move |_| told.put(true));
    let secure = window().is_secure_context();
    let how = match (standalone, secure) {
        (true, _) => text::INSTALLED,
        (_, true) => text::INSTALL_HOW,
        (_, false) => text::INSECURE,
    };
    let ask = button(text::INSTALL, "plain", || {
        if let Ok(event) = Event::new("remote-install-now") {
            let _ = window().dispatch_event(&event);
        }
    });
    let hint = offered.clone();
    div("install")
        .child(el("h3").text(text::INSTALL))
        .child(el("p").text(text::INSTALL_WHY))
        .child(el("p").text(how).flag_of("hidden", move || hint.get()))
        .child(ask.flag_of("hidden", move || !offered.get()))
}

fn about(app: &'static App) -> El {
    let line = |name: &str, value: Box<dyn Fn() -> String>| {
        div("about-line").child(el("dt").text(name)).child(el("dd").text_of(value))
    };
    let role = move || if app.role.get() == Role::Owner { text::OWNER } else { text::GUEST }.to_owned();
    let version = env!("CARGO_PKG_VERSION");
    card(text::ABOUT)
        .child(
            el("dl")
                .class("about")
                .child(line(text::UNIT, Box::new(move || app.unit.with(|unit| unit.name.clone()))))
                .child(line(text::UNIT_VERSION, Box::new(move || app.unit.with(|unit| unit.version.clone()))))
                .child(line(text::REMOTE_VERSION, Box::new(move || version.to_owned())))
                .child(line(text::ROLE, Box::new(role))),
        )
        .child(el("p").class("dim").text(text::LICENCE))
        .maybe((!place::is_cloud()).then(|| sign_out(app)))
}

fn sign_out(app: &'static App) -> El {
    button(text::SIGN_OUT, "danger", move || {
        confirm(text::SIGN_OUT, text::SIGN_OUT_WHY, text::SIGN_OUT, move || {
            net::http::sign_out(move |gone| if gone { app.link.signed_out() } else { app.say(text::FAILED) });
        });
    })
}
