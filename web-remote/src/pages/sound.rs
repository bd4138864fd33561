//! The sound: ten sliders over their curve, sounds to choose from, balance.

use protocol::remote::capability;
use protocol::{BAND_GAIN_LIMIT_DB, Command, Decibels, EqBand};

use super::presets::presets;
use super::{head, heading};
use crate::app::App;
use crate::model::curve::{path, place_of};
use crate::model::format::{css, gain, hertz, tenths};
use crate::text;
use crate::ui::{El, Signal, div, el, memo, svg};
use crate::widgets::button;
use crate::widgets::slider::{Move, Slider, decimal, slider};

/// Which part of the sound a command changes: bands by their index, then these.
const BALANCE: usize = 1000;
const LIMIT: f64 = BAND_GAIN_LIMIT_DB as f64;

pub fn page(app: &'static App) -> El {
    let switch = el("button")
        .class("switch")
        .attr("type", "button")
        .attr("role", "switch")
        .attr("aria-label", text::EQUALISER)
        .attr_of("aria-checked", move || Some(app.sound.shown.with(|sound| sound.eq_enabled).to_string()))
        .child(el("span").class("switch-text").text(text::EQUALISER))
        .child(el("span").class("switch-track").attr("aria-hidden", "true"))
        .on("click", move |_| {
            let on = !app.sound.shown.peek_with(|sound| sound.eq_enabled);
            app.send(Command::SetEqEnabled { on });
        })
        .controls(app);
    let editor = el("section")
        .class("eq")
        .attr("aria-label", text::EQUALISER)
        .class_of("is-off", move || !app.sound.shown.with(|sound| sound.eq_enabled))
        .child(div("eq-plot").child(curve(app)))
        .child(bands(app));
    let balance = el("section")
        .class("balance")
        .child(el("h2").class("section").text(text::BALANCE))
        .child(balance(app));
    div("page").child(head(heading(text::SOUND), switch)).child(
        div("sound-columns")
            .child(div("sound-main").child(editor).child(balance))
            .maybe(app.can(capability::PRESETS).then(|| presets(app))),
    )
}

/// The response over frequency, as the unit draws it.
fn curve(app: &'static App) -> El {
    let drawing = svg("svg")
        .attr("viewBox", "0 -13 120 26")
        .attr("preserveAspectRatio", "none")
        .attr("aria-hidden", "true")
        .class("eq-curve");
    let lines = [-12, -6, 0, 6, 12].iter().fold(drawing, |all, db| {
        let path = format!("M0 {db} H120");
        all.child(svg("path").class(if *db == 0 { "eq-zero" } else { "eq-line" }).attr("d", &path))
    });
    let path = memo(move || app.sound.shown.with(|sound| path(&sound.preset)));
    let area = path.clone();
    lines
        .child(svg("path").class("eq-area").attr_of("d", move || Some(format!("{} V0 H0 Z", area.get()))))
        .child(svg("path").class("eq-response").attr_of("d", move || Some(path.get())))
}

fn bands(app: &'static App) -> El {
    let shape = memo(move || {
        app.sound.shown.with(|sound| {
            sound.preset.bands.iter().map(|band| band.frequency.0.to_bits()).collect::<Vec<_>>()
        })
    });
    el("ul").class("eq-bands").attr("role", "list").attr("aria-label", text::EQUALISER).each(
        move || {
            shape.with(|shape| {
                (0..).zip(shape).map(|(index, hz): (usize, _)| (format!("{index} {hz}"), index)).collect()
            })
        },
        move |index: Signal<usize>| band(app, index.peek()),
    )
}

fn band_of(app: &App, index: usize) -> EqBand {
    app.sound.shown.with(|sound| sound.preset.bands.get(index).copied()).unwrap_or(EqBand {
        kind: protocol::BandKind::Peaking,
        frequency: protocol::Hertz(1000.0),
        gain: Decibels(0.0),
        q: 1.0,
    })
}

fn band(app: &'static App, index: usize) -> El {
    let hz = crate::ui::signal::untracked(|| band_of(app, index)).frequency.0;
    let level = move || f64::from(band_of(app, index).gain.0);
    let short = if hz >= 1000.0 { format!("{}k", tenths(hz / 1000.0)) } else { (hz as u32).to_string() };
    let control = slider(
        app,
        Slider {
            name: hertz(hz),
            class: "eq-slider",
            value: Box::new(level),
            range: Box::new(|| (-LIMIT, LIMIT)),
            step: 0.5,
            page: 3.0,
            said: Box::new(|db| gain(db as f32)),
            number: decimal,
            moved: Box::new(move |way| match way {
                Move::Begin => app.sound.hold(&app.link, true),
                Move::To(db) | Move::Key(db) => set_band(app, index, db),
                Move::End => app.sound.hold(&app.link, false),
            }),
        },
    );
    el("li")
        .class("eq-band")
        .style_of("--place", move || css(place_of(f64::from(hz))))
        .child(el("span").class("eq-hz").attr("aria-hidden", "true").text(&short))
        .child(control)
        .child(el("span").class("eq-db").attr("aria-hidden", "true").text_of(move || {
            let db = band_of(app, index).gain.0;
            let plus = if db > 0.04 { "+" } else { "" };
            format!("{plus}{}", tenths(db))
        }))
}

fn set_band(app: &'static App, index: usize, db: f64) {
    // Half decibels: what a finger means, and what an ear hears.
    let db = (db * 2.0).round() / 2.0;
    let mut sound = app.sound.shown.peek();
    let Some(band) = sound.preset.bands.get_mut(index) else { return };
    let level = Decibels(db as f32);
    if band.gain == level || !app.may_control() {
        return;
    }
    band.gain = level;
    let band = *band;
    sound.edited = true;
    app.sound.want(&app.link, index, sound, Command::SetBand { index, band });
}

fn balance(app: &'static App) -> El {
    let said = |value: f64| {
        let share = (value.abs() * 100.0).round() as i32;
        match share {
            0 => text::BALANCE_CENTRE.to_owned(),
            _ => format!("{} {share} %", if value < 0.0 { text::LEFT } else { text::RIGHT }),
        }
    };
    let control = slider(
        app,
        Slider {
            name: text::BALANCE.into(),
            class: "balance-slider",
            value: Box::new(move || app.sound.shown.with(|sound| f64::from(sound.balance))),
            range: Box::new(|| (-1.0, 1.0)),
            step: 0.05,
            page: 0.25,
            said: Box::new(said),
            number: decimal,
            moved: Box::new(move |way| match way {
                Move::Begin => app.sound.hold(&app.link, true),
                Move::End => app.sound.hold(&app.link, false),
                Move::To(value) | Move::Key(value) => set_balance(app, value),
            }),
        },
    );
    div("balance-row")
        .child(el("span").attr("aria-hidden", "true").text(text::LEFT))
        .child(control)
        .child(el("span").attr("aria-hidden", "true").text(text::RIGHT))
        .child(button(text::BALANCE_CENTRE, "quiet", move || set_balance(app, 0.0)).controls(app))
}

fn set_balance(app: &'static App, value: f64) {
    // The centre holds on to a finger that comes near.
    let value = if value.abs() < 0.04 { 0.0 } else { (value * 20.0).round() / 20.0 };
    let mut sound = app.sound.shown.peek();
    if f64::from(sound.balance) != value && app.may_control() {
        sound.balance = value as f32;
        app.sound.want(&app.link, BALANCE, sound, Command::SetBalance { value: value as f32 });
    }
}
