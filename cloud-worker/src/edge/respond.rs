//! From our answer to the runtime's response.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use web_sys::{Headers, Response, ResponseInit};

use super::headers::SECURITY;
use super::reply::Caching;
use super::{Problem, Reply};

thread_local! {
    // Copying a header list is one call into the runtime instead of one a header.
    static BASE: Option<Headers> = base().ok();
}

fn base() -> Result<Headers, JsValue> {
    let headers = Headers::new()?;
    for (name, value) in SECURITY {
        headers.set(name, value)?;
    }
    headers.set("cache-control", "no-store")?;
    headers.set("content-type", "application/json")?;
    Ok(headers)
}

/// An error of the runtime as our fault.
pub fn js_error(error: JsValue) -> Problem {
    Problem::internal(format!("runtime: {error:?}"))
}

/// Makes the response; `extra` are the headers the edge adds.
///
/// # Errors
/// If the runtime takes a header or a status for wrong.
pub fn respond(reply: Reply, id: &str, extra: &[(&'static str, String)]) -> Result<Response, JsValue> {
    if let Some(raw) = reply.raw {
        return Ok(raw);
    }
    let headers = BASE.with(|base| base.as_ref().map_or_else(base_again, Headers::new_with_headers))?;
    headers.set("x-request-id", id)?;
    match reply.media_type {
        Some("application/json") => {}
        Some(media_type) => headers.set("content-type", media_type)?,
        None => headers.delete("content-type")?,
    }
    if let Caching::Public(seconds) = reply.caching {
        headers.set("cache-control", &format!("public, max-age={seconds}"))?;
    }
    for (name, value) in reply.headers.iter().chain(extra) {
        headers.set(name, value)?;
    }
    for cookie in &reply.cookies {
        headers.append("set-cookie", cookie)?;
    }
    let init = ResponseInit::new();
    init.set_status(reply.status);
    init.set_headers(&headers);
    if reply.media_type.is_none() {
        return Response::new_with_opt_str_and_init(None, &init);
    }
    // Text crosses the border quicker than bytes.
    match std::str::from_utf8(&reply.body) {
        Ok(text) => Response::new_with_opt_str_and_init(Some(text), &init),
        Err(_) => Response::new_with_opt_js_u8_array_and_init(Some(&Uint8Array::from(&*reply.body)), &init),
    }
}

fn base_again() -> Result<Headers, JsValue> {
    base()
}
