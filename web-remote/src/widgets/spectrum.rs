//! The spectrum on the playing page: 32 bars on a canvas, as on the unit's screen.

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::app::App;
use crate::storage;
use crate::ui::{El, Signal, effect, el, on_cleanup, window};

const BANDS: usize = 32;
/// How much of a bar's height is left one picture later.
const FALL: f64 = 0.86;

thread_local! {
    static WANTED: Signal<bool> = Signal::new(storage::get("spectrum").is_none());
}

/// Whether the person wants to see it.
pub fn wanted() -> Signal<bool> {
    WANTED.with(Clone::clone)
}

pub fn choose(on: bool) {
    if on {
        storage::remove("spectrum")
    } else {
        storage::set("spectrum", "off")
    }
    wanted().put(on);
}

/// Whether things may move on this page.
fn calm() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// The canvas; watches the unit's spectrum while it is in the page.
pub fn spectrum(app: &'static App) -> El {
    let canvas = el("canvas").class("spectrum").attr("width", "640").attr("height", "96");
    let canvas = canvas.attr("aria-hidden", "true");
    let node = canvas.0.clone().unchecked_into::<HtmlCanvasElement>();
    effect(move || {
        let online = app.link.standing.get() == crate::net::link::Standing::Online;
        if online && app.can("spectrum") && wanted().get() && !calm() {
            app.link.watch(true);
            on_cleanup(move || app.link.watch(false));
        }
    });
    let heights = std::cell::RefCell::new([0.0; BANDS]);
    effect(move || {
        app.spectrum.with(|bands| {
            for (height, band) in heights.borrow_mut().iter_mut().zip(bands) {
                *height = (f64::from(*band) / 255.0).max(*height * FALL);
            }
        });
        draw(&node, &heights.borrow());
    });
    canvas
}

fn draw(canvas: &HtmlCanvasElement, heights: &[f64; BANDS]) {
    let Some(context) = canvas.get_context("2d").ok().flatten() else { return };
    let Ok(context) = context.dyn_into::<CanvasRenderingContext2d>() else { return };
    let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
    context.clear_rect(0.0, 0.0, width, height);
    let colour = window().get_computed_style(canvas).ok().flatten();
    let colour = colour.and_then(|style| style.get_property_value("color").ok()).unwrap_or_default();
    context.set_fill_style_str(&colour);
    let pitch = width / 32.0;
    for (place, share) in (0_u8..).zip(heights) {
        let bar = (share * height).max(2.0);
        context.fill_rect(f64::from(place) * pitch, height - bar, pitch * 0.6, bar);
    }
}
