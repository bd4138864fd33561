//! The volume: a ribbed wheel that is turned by dragging across or up, by keys, and by a mouse's wheel.
//!
//! The drag is relative, as on a real knob: putting a finger down changes nothing, so nothing gets loud by
//! accident.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent, WheelEvent};

use super::button::{toggle, tool};
use super::slider::{grab, target};
use crate::app::App;
use crate::icons;
use crate::model::format::{css, gain};
use crate::model::knob::{Drag, key_step};
use crate::text;
use crate::ui::{El, div, el};

/// Wheel, number, scale, softer and louder, mute.
pub fn volume(app: &'static App) -> El {
    let number = el("output")
        .class("volume-number")
        .attr("aria-hidden", "true")
        .class_of("is-muted", move || app.muted.shown.get())
        .text_of(move || if app.ready.get() { app.step.shown.get().to_string() } else { "–".into() });
    let mute = toggle(
        |muted| if muted { icons::MUTED } else { icons::SPEAKER },
        text::MUTE,
        move || app.muted.shown.get(),
        move || app.toggle_mute(),
    );
    let mute = mute
        .attr_of("aria-label", move || {
            Some(if app.muted.shown.get() { text::UNMUTE } else { text::MUTE }.into())
        })
        .attr_of("aria-pressed", || None)
        .controls(app);
    div("volume")
        .child(mute)
        .child(
            tool(icons::MINUS, text::SOFTER, move || app.set_step(app.step.shown.peek() - 1)).controls(app),
        )
        .child(div("volume-wheel-frame").child(wheel(app)).child(number))
        .child(tool(icons::ADD, text::LOUDER, move || app.set_step(app.step.shown.peek() + 1)).controls(app))
}

fn wheel(app: &'static App) -> El {
    let drag = Rc::new(RefCell::new(None::<Drag>));
    let (begun, moving) = (Rc::clone(&drag), Rc::clone(&drag));
    let end = move |_: Event| {
        if drag.take().is_some() {
            app.step.hold(&app.link, false);
        }
    };
    let scrolled = Cell::new(0.0);
    named(app)
        .style_of("--step", move || app.step.shown.get().to_string())
        .style_of("--at", move || css(f64::from(app.step.shown.get()) / 50.0))
        .on("pointerdown", move |event| {
            let Some((_, pointer)) = grab(&event).filter(|_| app.may_control()) else { return };
            let (x, y) = (f64::from(pointer.client_x()), f64::from(pointer.client_y()));
            begun.replace(Some(Drag::begin(app.step.shown.peek(), 0, app.loudest(), x, y)));
            app.step.hold(&app.link, true);
        })
        .on("pointermove", move |event| {
            let Some((_, pointer)) = target(&event) else { return };
            let (x, y) = (f64::from(pointer.client_x()), f64::from(pointer.client_y()));
            let step = moving.borrow_mut().as_mut().map(|drag| drag.at(x, y));
            if let Some(step) = step {
                app.set_step(step);
            }
        })
        .on("pointerup", end.clone())
        .on("lostpointercapture", end)
        .on("wheel", move |event| {
            let Some(wheel) = event.dyn_ref::<WheelEvent>() else { return };
            event.prevent_default();
            let all = scrolled.get() - wheel.delta_y();
            let steps = (all / 40.0).trunc();
            scrolled.set(all - steps * 40.0);
            app.set_step(app.step.shown.peek() + steps as i32);
        })
        .on("keydown", move |event| {
            let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
            let (now, high) = (f64::from(app.step.shown.peek()), f64::from(app.loudest()));
            if let Some(to) = key_step(&key.key(), now, 0.0, high, 1.0, 5.0) {
                event.prevent_default();
                event.stop_propagation();
                app.set_step(to as i32);
            }
        })
}

/// The wheel as screen readers see it.
fn named(app: &'static App) -> El {
    div("volume-wheel")
        .attr("role", "slider")
        .attr("tabindex", "0")
        .attr("aria-label", text::VOLUME)
        .attr("aria-valuemin", "0")
        .attr_of("aria-disabled", move || (!app.may_control()).then(|| "true".into()))
        .attr_of("aria-valuemax", move || Some(app.loudest().to_string()))
        .attr_of("aria-valuenow", move || Some(app.step.shown.get().to_string()))
        .attr_of("aria-valuetext", move || {
            let step = app.step.shown.get();
            let muted = if app.muted.shown.get() { text::MUTED } else { "" };
            let level = protocol::step_to_db(u8::try_from(step).unwrap_or(0));
            Some(format!("{} {} {muted}", text::volume(step), gain(level.0)).trim_end().to_owned())
        })
}
