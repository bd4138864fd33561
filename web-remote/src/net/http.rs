//! Requests beside the WebSocket: letting this phone in, asking whether it is let in, signing it out.

use serde::{Deserialize, Serialize};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{RequestInit, Response};

use crate::ui::window;

/// What a request came to: the status and the body, or `None` when the unit did not answer.
pub type Heard = Option<(u16, String)>;

/// Asks whoever served this page; `heard` is called once.
pub fn request(method: &str, address: &str, body: Option<&str>, heard: impl FnOnce(Heard) + 'static) {
    request_if(method, address, body, None, Box::new(heard));
}

/// As [`request`], on a condition: the value of `If-Match`. Not generic: every copy is loaded by every phone.
pub fn request_if(
    method: &str,
    address: &str,
    body: Option<&str>,
    condition: Option<&str>,
    heard: Box<dyn FnOnce(Heard)>,
) {
    let init = RequestInit::new();
    init.set_method(method);
    let headers = js_sys::Object::new();
    if let Some(body) = body {
        init.set_body(&JsValue::from_str(body));
        let _ = js_sys::Reflect::set(&headers, &"content-type".into(), &"application/json".into());
    }
    if let Some(condition) = condition {
        let _ = js_sys::Reflect::set(&headers, &"if-match".into(), &condition.into());
    }
    init.set_headers(&headers);
    let promise = window().fetch_with_str_and_init(address, &init);
    // A response becomes `[status, text]`; whatever fails on the way becomes nothing.
    let read = Closure::once_into_js(move |response: JsValue| -> JsValue {
        let Ok(response) = response.dyn_into::<Response>() else { return JsValue::NULL };
        let status = f64::from(response.status());
        let Ok(text) = response.text() else { return JsValue::NULL };
        let pair = Closure::once_into_js(move |text: JsValue| -> JsValue {
            js_sys::Array::of2(&JsValue::from_f64(status), &text).into()
        });
        then(&text, &pair)
    });
    let heard = std::rc::Rc::new(std::cell::Cell::new(Some(heard)));
    let failed = std::rc::Rc::clone(&heard);
    let done = Closure::once_into_js(move |pair: JsValue| {
        let said = pair.dyn_into::<js_sys::Array>().ok().and_then(|pair| {
            let status = pair.get(0).as_f64()?;
            Some((status as u16, pair.get(1).as_string().unwrap_or_default()))
        });
        if let Some(heard) = heard.take() {
            heard(said);
        }
    });
    let gone = Closure::once_into_js(move |_: JsValue| {
        if let Some(heard) = failed.take() {
            heard(None);
        }
    });
    let read = then(&promise, &read);
    let _ = call(&read, "then", &[&done, &gone]);
}

fn then(promise: &JsValue, next: &JsValue) -> JsValue {
    call(promise, "then", &[next])
}

/// Calls a method by its name; promises' own wrappers in `js_sys` are typed for Rust closures that live on.
fn call(object: &JsValue, method: &str, with: &[&JsValue]) -> JsValue {
    let arguments = js_sys::Array::new();
    for argument in with {
        arguments.push(argument);
    }
    js_sys::Reflect::get(object, &method.into())
        .ok()
        .and_then(|method| method.dyn_into::<js_sys::Function>().ok())
        .and_then(|method| method.apply(object, &arguments).ok())
        .unwrap_or(JsValue::NULL)
}

/// Whether the unit knows this phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    Yes,
    No,
    /// The unit did not answer, or not as one.
    Unclear,
}

/// Asks whether this phone is let in.
pub fn session(heard: impl FnOnce(Known) + 'static) {
    request("GET", "/api/session", None, move |said| {
        heard(match said {
            Some((200, _)) => Known::Yes,
            Some((401 | 403, _)) => Known::No,
            _ => Known::Unclear,
        });
    });
}

/// Has the unit forget this phone.
pub fn sign_out(heard: impl FnOnce(bool) + 'static) {
    request("DELETE", "/api/session", None, move |said| {
        heard(said.is_some_and(|(status, _)| status < 300 || status == 401));
    });
}

#[derive(Serialize)]
struct Enrol<'a> {
    code: &'a str,
    name: &'a str,
    client: &'static str,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Refused {
    error: String,
    message: String,
    tries_left: Option<u32>,
    retry_after: Option<u32>,
}

/// What came of an attempt to get in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enrolled {
    In,
    /// With this many tries left, where the unit says so.
    WrongCode(Option<u32>),
    /// Seconds to wait.
    Wait(u32),
    /// Nobody asked the unit to let a phone in.
    NotOpen,
    Unreachable,
    /// For another reason, in the unit's words.
    Refused(String),
}

/// Shows the unit a code.
pub fn enrol(code: &str, name: &str, heard: impl FnOnce(Enrolled) + 'static) {
    let body = serde_json::to_string(&Enrol { code, name, client: "web" }).unwrap_or_default();
    request("POST", "/api/enrol", Some(&body), move |said| heard(enrolled(said)));
}

fn enrolled(said: Heard) -> Enrolled {
    let Some((status, body)) = said else { return Enrolled::Unreachable };
    if status == 200 {
        return Enrolled::In;
    }
    let refused: Refused = super::json::read(&body).unwrap_or_default();
    match refused.error.as_str() {
        "wrong_code" => Enrolled::WrongCode(refused.tries_left),
        "wait" => Enrolled::Wait(refused.retry_after.unwrap_or(30)),
        "not_open" => Enrolled::NotOpen,
        _ => Enrolled::Refused(refused.message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(status: u16, body: &str) -> Enrolled {
        enrolled(Some((status, body.into())))
    }

    #[test]
    fn every_refusal_of_a_code_has_its_own_meaning() {
        assert_eq!(said(200, "{\"role\":\"owner\"}"), Enrolled::In);
        let wrong = "{\"error\":\"wrong_code\",\"message\":\"no\",\"tries_left\":2}";
        assert_eq!(said(403, wrong), Enrolled::WrongCode(Some(2)));
        assert_eq!(said(429, "{\"error\":\"wait\",\"retry_after\":60}"), Enrolled::Wait(60));
        assert_eq!(said(409, "{\"error\":\"not_open\"}"), Enrolled::NotOpen);
        assert_eq!(said(400, "{\"message\":\"why\"}"), Enrolled::Refused("why".into()));
        assert_eq!(said(502, "<html>"), Enrolled::Refused(String::new()));
        assert_eq!(enrolled(None), Enrolled::Unreachable);
    }
}
