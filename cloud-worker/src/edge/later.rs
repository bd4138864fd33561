//! Work that goes on after the answer.

use std::future::Future;

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;
use worker::worker_sys::Context;

use super::{Level, log};

/// Goes on with `work` after the answer; the runtime waits for it (up to 30 s).
pub fn later(context: &Context, work: impl Future<Output = ()> + 'static) {
    let promise = future_to_promise(async move {
        work.await;
        Ok(JsValue::UNDEFINED)
    });
    // It runs also if the runtime would not wait for it.
    if context.wait_until(&promise).is_err() {
        log(Level::Warn, "later", serde_json::json!({}));
    }
}
