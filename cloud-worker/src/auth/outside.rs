//! Asking providers: requests that end in time, follow nothing, and never take in much.

use serde::de::DeserializeOwned;
use thiserror::Error;
use worker::{AbortController, Delay, Fetch, Headers, Method, Request, RequestInit, RequestRedirect};

use oauth2::http;

/// Milliseconds a provider may take.
const PATIENCE_MS: u64 = 10_000;
/// Most bytes of an answer.
const MOST: usize = 256 * 1024;

/// A provider that did not answer as it should.
#[derive(Debug, Error)]
pub enum Failed {
    /// It did not answer in time.
    #[error("no answer in {} s", PATIENCE_MS / 1000)]
    Late,
    /// It could not be asked, or broke off.
    #[error("{0}")]
    Network(String),
    /// It answered with another status than asked for.
    #[error("status {0}")]
    Status(u16),
    /// It answered with something else.
    #[error("not what was asked for: {0}")]
    Form(String),
}

/// Sends what the `oauth2` crate has made.
///
/// # Errors
/// If there is no whole answer.
pub async fn send(request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Failed> {
    let (parts, body) = request.into_parts();
    let headers = Headers::new();
    for (name, value) in &parts.headers {
        let value = value.to_str().map_err(|error| Failed::Network(error.to_string()))?;
        headers.set(name.as_str(), value).map_err(network)?;
    }
    // GitHub refuses those without.
    headers.set("user-agent", "rusty-audio-cloud").map_err(network)?;
    let mut init = RequestInit::new();
    init.with_method(Method::from(parts.method.as_str().to_owned()))
        .with_headers(headers)
        // A redirect could lead a secret elsewhere.
        .with_redirect(RequestRedirect::Manual);
    if !body.is_empty() {
        init.with_body(Some(js_sys::Uint8Array::from(&*body).into()));
    }
    let request = Request::new_with_init(&parts.uri.to_string(), &init).map_err(network)?;
    let abort = AbortController::default();
    let signal = abort.signal();
    let ask = Box::pin(async move {
        let mut response = Fetch::Request(request).send_with_signal(&signal).await.map_err(network)?;
        let status = response.status_code();
        let media_type = response.headers().get("content-type").ok().flatten();
        let body = limited(&mut response).await?;
        let mut answer = http::Response::builder().status(status);
        if let Some(media_type) = media_type {
            answer = answer.header("content-type", media_type);
        }
        answer.body(body).map_err(|error| Failed::Form(error.to_string()))
    });
    let late = Box::pin(Delay::from(std::time::Duration::from_millis(PATIENCE_MS)));
    match futures_util::future::select(ask, late).await {
        futures_util::future::Either::Left((answer, _)) => answer,
        futures_util::future::Either::Right(((), _)) => {
            abort.abort();
            Err(Failed::Late)
        }
    }
}

async fn limited(response: &mut worker::Response) -> Result<Vec<u8>, Failed> {
    use futures_util::StreamExt;
    // An answer without a body, such as 204, has no stream either.
    if matches!(response.body(), worker::ResponseBody::Empty) {
        return Ok(Vec::new());
    }
    let mut body = Vec::new();
    let mut stream = response.stream().map_err(network)?;
    while let Some(chunk) = stream.next().await {
        body.extend_from_slice(&chunk.map_err(network)?);
        if body.len() > MOST {
            return Err(Failed::Form("too long".to_owned()));
        }
    }
    Ok(body)
}

/// Gets JSON; `bearer` is sent along where there is one.
///
/// # Errors
/// If there is no whole answer of status 200 and that form.
pub async fn get<T: DeserializeOwned>(url: &str, bearer: Option<&str>) -> Result<T, Failed> {
    let mut request = http::Request::builder().uri(url).header("accept", "application/json");
    if let Some(bearer) = bearer {
        request = request.header("authorization", format!("Bearer {bearer}"));
    }
    let request = request.body(Vec::new()).map_err(|error| Failed::Network(error.to_string()))?;
    let answer = send(request).await?;
    if answer.status().as_u16() != 200 {
        return Err(Failed::Status(answer.status().as_u16()));
    }
    serde_json::from_slice(answer.body()).map_err(|error| Failed::Form(error.to_string()))
}

fn network(error: worker::Error) -> Failed {
    Failed::Network(error.to_string())
}
