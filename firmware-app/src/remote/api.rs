//! The routes that answer at once: who the unit is, how it stands, one command, one question.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use protocol::Command;
use protocol::remote::{ByeCode, PROTOCOL_VERSION, Question, RefusalCode};
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::sync::oneshot;

use super::answer::{Answer, json, problem};
use super::enrol::cookie;
use super::routes::Call;

/// Longest body of a request.
const BODY: usize = 16 * 1024;
/// It must be there within.
const BODY_WITHIN: Duration = Duration::from_secs(10);
/// The stereo answers within, unless it hangs.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

pub(crate) async fn health(call: Call) -> Answer {
    let unit = call.server.unit();
    json(StatusCode::OK, &json!({ "status": "ok", "unit": unit, "protocol": PROTOCOL_VERSION }))
}

pub(crate) async fn session(call: Call) -> Answer {
    let Some(member) = &call.member else { return internal() };
    let unit = call.server.unit();
    let mut answer = json(StatusCode::OK, &json!({ "role": member.role, "name": member.name, "unit": unit }));
    // A phone that comes back within the cookie's life keeps it for another one.
    if let Some(token) = super::routes::cookie_token(&call.door, &call.request) {
        answer
            .headers_mut()
            .extend(cookie(&call.door, Some(&token)).map(|value| (header::SET_COOKIE, value)));
    }
    answer
}

pub(crate) async fn forget(call: Call) -> Answer {
    let Some(member) = &call.member else { return internal() };
    call.server.forget(member.id, ByeCode::Revoked, "This phone was signed out.");
    let mut answer = json(StatusCode::OK, &json!({ "status": "forgotten" }));
    answer.headers_mut().extend(cookie(&call.door, None).map(|value| (header::SET_COOKIE, value)));
    answer
}

pub(crate) async fn snapshot(call: Call) -> Answer {
    let frame = call.server.frame();
    json(StatusCode::OK, &*frame.snapshot)
}

pub(crate) async fn command(call: Call) -> Answer {
    let command: Command = match body(call.request).await {
        Ok(command) => command,
        Err(answer) => return answer,
    };
    let (sender, done) = oneshot::channel();
    call.server.app.request(command, move |frame| {
        // Whoever asked may be gone by now.
        let _ = sender.send(frame.snapshot.seq);
    });
    match tokio::time::timeout(ANSWER_WITHIN, done).await {
        Ok(Ok(seq)) => json(StatusCode::OK, &json!({ "seq": seq })),
        _ => ending(),
    }
}

pub(crate) async fn ask(call: Call) -> Answer {
    let question: Question = match body(call.request).await {
        Ok(question) => question,
        Err(answer) => return answer,
    };
    let (sender, answered) = oneshot::channel();
    call.server.app.ask(question, Box::new(move |answer| drop(sender.send(answer))));
    match tokio::time::timeout(ANSWER_WITHIN, answered).await {
        Ok(Ok(Ok(answer))) => json(StatusCode::OK, &answer),
        Ok(Ok(Err(why))) => {
            let status = match why.code {
                RefusalCode::Busy | RefusalCode::NotReady | RefusalCode::Ending => {
                    StatusCode::SERVICE_UNAVAILABLE
                }
                RefusalCode::Changed => StatusCode::CONFLICT,
                _ => StatusCode::BAD_REQUEST,
            };
            let code = serde_json::to_value(why.code).unwrap_or_default();
            problem(status, code.as_str().unwrap_or("other"), &why.message)
        }
        _ => ending(),
    }
}

pub(crate) async fn art(call: Call) -> Answer {
    let hash = call.request.uri().path().rsplit('/').next().unwrap_or_default();
    let frame = call.server.frame();
    let Some(jpeg) = call.server.art.jpeg(hash, frame.cover.as_ref()).await else {
        return problem(StatusCode::NOT_FOUND, "changed", "This cover is not shown any more.");
    };
    let mut answer = Response::new(Body::from(jpeg));
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    let kept = HeaderValue::from_static("private, max-age=31536000, immutable");
    headers.insert(header::CACHE_CONTROL, kept);
    answer
}

pub(crate) async fn schema(call: Call) -> Answer {
    drop(call);
    json(StatusCode::OK, &protocol::remote::json_schema())
}

/// The certificate by which a phone can know this unit, where it has one.
pub(crate) async fn certificate(call: Call) -> Answer {
    let Some(der) = call.server.certificate.get().cloned() else {
        return problem(StatusCode::NOT_FOUND, "no_https", "This unit does not serve https.");
    };
    let mut answer = Response::new(Body::from(der));
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-x509-ca-cert"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let name = HeaderValue::from_static("attachment; filename=\"rusty-audio.crt\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    answer
}

/// The JSON body of a request.
///
/// # Errors
/// The answer when there is none that fits.
pub(crate) async fn body<T: DeserializeOwned>(request: Request<Body>) -> Result<T, Answer> {
    let is_json = request.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        let kind = kind.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
        kind.trim_ascii().eq_ignore_ascii_case(b"application/json")
    });
    if !is_json {
        let message = "Send it as application/json.";
        return Err(problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, "bad_frame", message));
    }
    let bytes: Bytes =
        match tokio::time::timeout(BODY_WITHIN, axum::body::to_bytes(request.into_body(), BODY)).await {
            Ok(Ok(bytes)) => bytes,
            Ok(Err(_)) => {
                return Err(problem(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "too_large",
                    "A request has at most 16 KiB.",
                ));
            }
            Err(_) => {
                return Err(problem(StatusCode::REQUEST_TIMEOUT, "too_slow", "The request did not come."));
            }
        };
    serde_json::from_slice(&bytes)
        .map_err(|why| problem(StatusCode::BAD_REQUEST, "bad_frame", &format!("This cannot be read: {why}")))
}

fn ending() -> Answer {
    problem(StatusCode::SERVICE_UNAVAILABLE, "ending", "The unit is ending.")
}

pub(crate) fn internal() -> Answer {
    problem(StatusCode::INTERNAL_SERVER_ERROR, "internal", "The unit has lost track.")
}
