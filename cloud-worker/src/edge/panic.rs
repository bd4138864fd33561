//! Panics: none is meant to happen; one that does costs its own request only.
//!
//! `tools/entry.mjs` numbers every event. While a future runs, its number is noted; the panic hook hands it to
//! the script, which answers that event with an error and begins new ones in a fresh instance.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use js_sys::Function;
use serde_json::json;
use wasm_bindgen::JsValue;

use super::{Level, log};

thread_local! {
    static RUNNING: Cell<u32> = const { Cell::new(0) };
    static REPORT: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// The future of the event with that number.
pub struct Numbered<F> {
    number: u32,
    future: Pin<Box<F>>,
}

impl<F: Future> Numbered<F> {
    /// Notes `number` whenever `future` runs.
    pub fn new(number: u32, future: F) -> Self {
        Self { number, future: Box::pin(future) }
    }
}

impl<F: Future> Future for Numbered<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let before = RUNNING.replace(self.number);
        let outcome = self.future.as_mut().poll(context);
        RUNNING.set(before);
        outcome
    }
}

/// From now on a panic is logged and its event's number given to `report`.
pub fn report_to(report: Function) {
    REPORT.with(|slot| *slot.borrow_mut() = Some(report));
    std::panic::set_hook(Box::new(|info| {
        // The place and not the message, which may hold what somebody sent.
        let place = info.location().map(|at| format!("{}:{}", at.file(), at.line()));
        log(Level::Error, "panic", json!({ "place": place, "number": RUNNING.get() }));
        REPORT.with(|slot| {
            if let Some(report) = slot.borrow().as_ref() {
                let place = place.as_deref().unwrap_or_default();
                report.call2(&JsValue::UNDEFINED, &RUNNING.get().into(), &place.into()).ok();
            }
        });
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Waker;

    #[test]
    fn the_number_is_known_while_the_future_runs_and_not_after() {
        let inner = Numbered::new(8, async { RUNNING.get() });
        let mut outer = Numbered::new(7, async { (RUNNING.get(), inner.await, RUNNING.get()) });
        let mut context = Context::from_waker(Waker::noop());
        assert_eq!(Pin::new(&mut outer).poll(&mut context), Poll::Ready((7, 8, 7)));
        assert_eq!(RUNNING.get(), 0);
    }
}
