//! What `tools/entry.mjs` calls: one export an event of the runtime. Only wiring.

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Request, Response, WebSocket};
use worker::Env;
use worker::worker_sys::{Context, DurableObjectState, MessageBatch, ScheduleContext, ScheduledEvent};

use crate::edge::panic::{Numbered, report_to};
use crate::{edge, limits, proof, relay, sweep, usage};

/// Called once an instance, before anything else; `report` hears of panics.
#[wasm_bindgen]
pub fn begin(report: Function) {
    report_to(report);
}

/// Lets what is due run: after a panic, which ended the turn for others.
#[wasm_bindgen]
pub fn nudge() {
    wasm_bindgen_futures::spawn_local(async {});
}

/// A request.
///
/// # Errors
/// Only if the runtime cannot make a response.
#[wasm_bindgen]
pub async fn fetch(request: Request, env: Env, context: Context, number: u32) -> Result<Response, JsValue> {
    Numbered::new(number, edge::dispatch(request, env, context)).await
}

/// A batch from a queue. One of a queue that nobody here knows is given back.
///
/// # Errors
/// If it could not be taken; the runtime gives it again.
#[wasm_bindgen]
pub async fn queue(batch: MessageBatch, env: Env, _context: Context, number: u32) -> Result<(), JsValue> {
    let work = async move {
        let name = String::from(batch.queue()?);
        // Names end with the environment's.
        if name.starts_with("rusty-audio-usage-dead-") {
            usage::record(batch, env).await
        } else if name.starts_with("rusty-audio-usage-") {
            usage::consume(batch, env).await
        } else {
            batch.retry_all(JsValue::UNDEFINED)
        }
    };
    Numbered::new(number, work).await
}

/// Reports the panic of another instance, at `place`.
#[wasm_bindgen]
pub async fn report_panic(env: Env, place: String, number: u32) {
    Numbered::new(number, edge::report_panic(env, place)).await;
}

/// The clock struck.
///
/// # Errors
/// If the work could not be done; the runtime counts it as failed.
#[wasm_bindgen]
pub async fn scheduled(
    _event: ScheduledEvent,
    env: Env,
    _context: ScheduleContext,
    number: u32,
) -> Result<(), JsValue> {
    Numbered::new(number, sweep::run(env)).await
}

/// A request to a Durable Object of that kind.
///
/// # Errors
/// If the kind is unknown or its storage fails.
#[wasm_bindgen]
pub async fn object_fetch(
    kind: String,
    state: DurableObjectState,
    env: Env,
    request: Request,
    number: u32,
) -> Result<Response, JsValue> {
    let work = async move {
        match kind.as_str() {
            "Attempts" => limits::object::fetch(state.into(), request).await,
            "DeviceRelay" => relay::object::fetch(state.into(), env, &request).await,
            "Proofs" => proof::seen::fetch(state.into(), request).await,
            _ => Err(unknown(&kind)),
        }
    };
    Numbered::new(number, work).await
}

/// The alarm of a Durable Object of that kind.
///
/// # Errors
/// If the kind is unknown or its storage fails.
#[wasm_bindgen]
pub async fn object_alarm(
    kind: String,
    state: DurableObjectState,
    env: Env,
    number: u32,
) -> Result<(), JsValue> {
    let work = async move {
        match kind.as_str() {
            "Attempts" => limits::object::alarm(state.into()).await,
            "DeviceRelay" => relay::look(state.into(), env).await,
            "Proofs" => proof::seen::alarm(state.into()).await,
            _ => Err(unknown(&kind)),
        }
    };
    Numbered::new(number, work).await
}

/// A message on a hibernating WebSocket of a Durable Object.
///
/// # Errors
/// If that kind has no WebSockets.
#[wasm_bindgen]
pub async fn object_message(
    kind: String,
    state: DurableObjectState,
    _env: Env,
    socket: WebSocket,
    message: JsValue,
    number: u32,
) -> Result<(), JsValue> {
    let work = async move {
        match kind.as_str() {
            "DeviceRelay" => relay::message(state.into(), &socket, &message),
            _ => Err(unknown(&kind)),
        }
    };
    Numbered::new(number, work).await
}

/// The end of a hibernating WebSocket of a Durable Object.
///
/// # Errors
/// If that kind has no WebSockets.
#[wasm_bindgen]
pub async fn object_close(
    kind: String,
    state: DurableObjectState,
    socket: WebSocket,
    number: u32,
) -> Result<(), JsValue> {
    let work = async move {
        match kind.as_str() {
            "DeviceRelay" => relay::closed(state.into(), &socket),
            _ => Err(unknown(&kind)),
        }
    };
    Numbered::new(number, work).await
}

fn unknown(kind: &str) -> JsValue {
    JsValue::from_str(&format!("no event of this sort for {kind}"))
}
