//! Answers of the HTTP side: JSON, errors, and the headers every answer carries.

use axum::body::Body;
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde::Serialize;

/// An answer.
pub(crate) type Answer = Response<Body>;

/// An answer in JSON, which nobody may keep.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Answer {
    let text = serde_json::to_vec(value).unwrap_or_else(|error| {
        tracing::error!(%error, "an answer cannot be written");
        b"{}".to_vec()
    });
    let mut answer = Response::new(Body::from(text));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// What an error says.
#[derive(Default, Serialize)]
pub(crate) struct Problem<'a> {
    /// For programs.
    pub error: &'a str,
    /// For people.
    pub message: &'a str,
    /// Wrong codes that still may come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tries_left: Option<u8>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

impl Problem<'_> {
    pub fn answer(&self, status: StatusCode) -> Answer {
        let mut answer = json(status, self);
        if let Some(seconds) = self.retry_after {
            answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        answer
    }
}

/// An error.
pub(crate) fn problem(status: StatusCode, error: &str, message: &str) -> Answer {
    Problem { error, message, ..Problem::default() }.answer(status)
}

/// What every answer carries.
///
/// Scripts and styles come from the unit alone, and the unit's pages are in nobody's frame. `'self'` covers
/// WebSockets by CSP 3; older Safari wants them named, hence `host`.
pub(crate) fn protect(headers: &mut HeaderMap, is_secure: bool, host: &str) {
    let socket = if is_secure { "wss" } else { "ws" };
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
         connect-src 'self' {socket}://{host}; object-src 'none'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    const FIXED: [(HeaderName, &str); 7] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), bluetooth=()",
        ),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ];
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
