//! The browser's clock and timers.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::dom::window;

/// Milliseconds since the page was opened; never goes back.
pub fn now_ms() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// A timer that runs until it is dropped.
pub struct Timer {
    id: i32,
    repeats: bool,
    _run: Closure<dyn FnMut()>,
}

/// Runs `run` once, `ms` from now.
#[must_use]
pub fn after(ms: i32, run: impl FnMut() + 'static) -> Timer {
    start(ms, false, Box::new(run))
}

/// Runs `run` every `ms`.
#[must_use]
pub fn every(ms: i32, run: impl FnMut() + 'static) -> Timer {
    start(ms, true, Box::new(run))
}

fn start(ms: i32, repeats: bool, run: Box<dyn FnMut()>) -> Timer {
    let run = Closure::wrap(run);
    let function = run.as_ref().unchecked_ref();
    let id = if repeats {
        window().set_interval_with_callback_and_timeout_and_arguments_0(function, ms)
    } else {
        window().set_timeout_with_callback_and_timeout_and_arguments_0(function, ms)
    };
    Timer { id: id.unwrap_or(0), repeats, _run: run }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if self.repeats {
            window().clear_interval_with_handle(self.id);
        } else {
            window().clear_timeout_with_handle(self.id);
        }
    }
}

/// Runs `run` once before the next picture.
pub fn next_frame(run: impl FnOnce() + 'static) {
    let run = Closure::once_into_js(run);
    let _ = window().request_animation_frame(run.unchecked_ref());
}
