//! A slider for finger and keys: the value is where the finger is; upright when it is higher than wide.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent, PointerEvent};

use crate::app::App;
use crate::model::format::css;
use crate::model::knob::key_step;
use crate::ui::dom::set_style;
use crate::ui::{El, div, effect};

/// What a person does with a slider.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Move {
    /// A finger is put down; `To` follows.
    Begin,
    To(f64),
    /// The finger is gone.
    End,
    /// A key was pressed.
    Key(f64),
}

/// How a slider looks and what it does.
pub struct Slider {
    pub name: String,
    pub class: &'static str,
    pub value: Box<dyn Fn() -> f64>,
    pub range: Box<dyn Fn() -> (f64, f64)>,
    /// By arrow keys.
    pub step: f64,
    /// By page keys.
    pub page: f64,
    /// The value in words.
    pub said: Box<dyn Fn(f64) -> String>,
    /// The value as `aria-valuenow`.
    pub number: fn(f64) -> String,
    pub moved: Box<dyn Fn(Move)>,
}

pub fn slider(app: &'static App, spec: Slider) -> El {
    let spec = Rc::new(spec);
    let held = Rc::new(Cell::new(false));
    let element = div(spec.class)
        .attr("role", "slider")
        .attr("tabindex", "0")
        .attr("aria-label", &spec.name)
        .attr_of("aria-disabled", move || (!app.may_control()).then(|| "true".into()));
    let node = element.0.clone();
    let shown = Rc::clone(&spec);
    effect(move || show(&node, &shown));
    let (down, way, up, keys) = (Rc::clone(&spec), Rc::clone(&spec), Rc::clone(&spec), spec);
    let (held_down, held_move) = (Rc::clone(&held), Rc::clone(&held));
    let end = move |_: Event| {
        if held.replace(false) {
            (up.moved)(Move::End);
        }
    };
    element
        .on("pointerdown", move |event| {
            let Some((node, pointer)) = grab(&event) else { return };
            if node.get_attribute("aria-disabled").is_some() {
                return;
            }
            held_down.set(true);
            (down.moved)(Move::Begin);
            (down.moved)(Move::To(value_at(&node, &pointer, (down.range)())));
        })
        .on("pointermove", move |event| {
            if let Some((node, pointer)) = held_move.get().then(|| target(&event)).flatten() {
                (way.moved)(Move::To(value_at(&node, &pointer, (way.range)())));
            }
        })
        .on("pointerup", end.clone())
        .on("lostpointercapture", end)
        .on("keydown", move |event| {
            let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
            let (low, high) = (keys.range)();
            if key.ctrl_key() || key.alt_key() || key.meta_key() {
                return;
            }
            if let Some(to) = key_step(&key.key(), (keys.value)(), low, high, keys.step, keys.page) {
                event.prevent_default();
                event.stop_propagation();
                (keys.moved)(Move::Key(to));
            }
        })
}

fn show(node: &Element, spec: &Slider) {
    let value = (spec.value)();
    let (low, high) = (spec.range)();
    let share = if high > low { ((value - low) / (high - low)).clamp(0.0, 1.0) } else { 0.0 };
    let attrs = [
        ("aria-valuemin", (spec.number)(low)),
        ("aria-valuemax", (spec.number)(high)),
        ("aria-valuenow", (spec.number)(value)),
        ("aria-valuetext", (spec.said)(value)),
    ];
    for (name, value) in attrs {
        if node.get_attribute(name).as_ref() != Some(&value) {
            let _ = node.set_attribute(name, &value);
        }
    }
    set_style(node, "--at", &css(share));
}

/// The slider and the pointer of an event.
pub fn target(event: &Event) -> Option<(Element, PointerEvent)> {
    let node = event.current_target()?.dyn_into::<Element>().ok()?;
    Some((node, event.dyn_ref::<PointerEvent>()?.clone()))
}

/// As [`target`], and from now on this element hears of the pointer, wherever it goes.
pub fn grab(event: &Event) -> Option<(Element, PointerEvent)> {
    let (node, pointer) = target(event)?;
    if pointer.button() != 0 {
        return None;
    }
    let _ = node.set_pointer_capture(pointer.pointer_id());
    Some((node, pointer))
}

fn value_at(node: &Element, pointer: &PointerEvent, (low, high): (f64, f64)) -> f64 {
    let rect = node.get_bounding_client_rect();
    let (x, y) = (f64::from(pointer.client_x()), f64::from(pointer.client_y()));
    let share = if rect.height() > rect.width() {
        (rect.bottom() - y) / rect.height().max(1.0)
    } else {
        (x - rect.left()) / rect.width().max(1.0)
    };
    low + (high - low) * share.clamp(0.0, 1.0)
}

/// A whole number.
pub fn whole(value: f64) -> String {
    (value.round() as i64).to_string()
}

/// One decimal with an ASCII minus, as ARIA wants numbers.
pub fn decimal(value: f64) -> String {
    let all = (value * 10.0).round() as i64;
    let sign = if all < 0 { "-" } else { "" };
    format!("{sign}{}.{}", all.abs() / 10, all.abs() % 10)
}
