//! Signed requests to the cloud. Each shows a proof with the cloud's last nonce; where that is too old, the
//! cloud gives a new one and the request is made once more (RFC 9449, section 8).

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use protocol::cloud::{NONCE_HEADER, PROOF_HEADER};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Error as WsError;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use super::key::{Key, Request as Proven};
use super::net::{Dialer, Stream};
use super::trouble::Trouble;
use crate::remote::{random, unix_now};

/// An answer is there within.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// Longest answer, bytes: a hundred sounds of 31 bands take 400 kB.
const LONGEST_ANSWER: usize = 2 * 1024 * 1024;
/// Longest message of the relay, bytes: a remote's frame and its head.
const LONGEST_MESSAGE: usize = 256 * 1024;
/// The longest the cloud may wish not to be asked.
const LONGEST_WAIT: u64 = 3600;

/// The link's WebSocket.
pub(crate) type Socket = WebSocketStream<Box<dyn Stream>>;

/// Speaks to the cloud as this unit.
pub(crate) struct Caller {
    dialer: Dialer,
    key: Key,
    nonce: Mutex<String>,
}

/// What the cloud says when it refuses.
#[derive(serde::Deserialize)]
struct Problem {
    #[serde(default)]
    error: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    retry_after: Option<u64>,
}

struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Caller {
    pub fn new(dialer: Dialer, key: Key) -> Self {
        Self { dialer, key, nonce: Mutex::default() }
    }

    /// Asks, and reads the answer.
    pub async fn ask<A: DeserializeOwned>(
        &self,
        path: &str,
        question: &impl Serialize,
    ) -> Result<A, Trouble> {
        let body = serde_json::to_vec(question).map_err(|error| Trouble::Nonsense(error.to_string()))?;
        let answer = self.call(Method::POST, path, body.into()).await?;
        serde_json::from_slice(&answer).map_err(|error| Trouble::Nonsense(error.to_string()))
    }

    /// One request, made once more with a new nonce where the cloud wants one.
    pub async fn call(&self, method: Method, path: &str, body: Bytes) -> Result<Bytes, Trouble> {
        for is_last in [false, true] {
            let once = self.once(&method, path, body.clone());
            let reply = tokio::time::timeout(ANSWER_WITHIN, once)
                .await
                .map_err(|_| Trouble::Unreachable("it takes too long".into()))??;
            let is_renewed = self.renew(&reply.headers);
            if reply.status.is_success() {
                return Ok(reply.body);
            }
            let (trouble, wants_nonce) = trouble(reply.status, &reply.headers, &reply.body);
            if is_last || !wants_nonce || !is_renewed {
                return Err(trouble);
            }
        }
        Err(Trouble::Nonsense("it wants one nonce after the other".into()))
    }

    async fn once(&self, method: &Method, path: &str, body: Bytes) -> Result<Reply, Trouble> {
        let broken = |error: hyper::Error| Trouble::Unreachable(error.to_string());
        let proof = self.proof(method.as_str(), path, &body)?;
        let stream = self.dialer.dial().await?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
        // It ends with its request.
        let driver = tokio::spawn(connection);
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, &self.dialer.address.authority)
            .header(header::USER_AGENT, concat!("rusty-audio/", env!("CARGO_PKG_VERSION")))
            .header(header::CONTENT_TYPE, "application/json")
            .header(PROOF_HEADER, proof)
            .body(Body::from(body))
            .map_err(|error| Trouble::Nonsense(error.to_string()))?;
        let answer = sender.send_request(request).await.map_err(broken)?;
        let (parts, body) = answer.into_parts();
        let body = axum::body::to_bytes(Body::new(body), LONGEST_ANSWER)
            .await
            .map_err(|error| Trouble::Unreachable(error.to_string()))?;
        driver.abort();
        Ok(Reply { status: parts.status, headers: parts.headers, body })
    }

    /// The link's WebSocket.
    pub async fn link(&self) -> Result<Socket, Trouble> {
        for is_last in [false, true] {
            let trouble = match tokio::time::timeout(ANSWER_WITHIN, self.link_once()).await {
                Ok(Ok(socket)) => return Ok(socket),
                Ok(Err(WsError::Http(answer))) => {
                    let is_renewed = self.renew(answer.headers());
                    let body = answer.body().as_deref().unwrap_or_default();
                    let (trouble, wants_nonce) = trouble(answer.status(), answer.headers(), body);
                    if !is_last && wants_nonce && is_renewed {
                        continue;
                    }
                    trouble
                }
                Ok(Err(error)) => Trouble::Unreachable(error.to_string()),
                Err(_) => Trouble::Unreachable("it takes too long".into()),
            };
            return Err(trouble);
        }
        Err(Trouble::Nonsense("it wants one nonce after the other".into()))
    }

    async fn link_once(&self) -> Result<Socket, WsError> {
        const PATH: &str = "/api/devices/link";
        let broken = |trouble: Trouble| WsError::Io(std::io::Error::other(trouble.to_string()));
        let scheme = if self.dialer.address.is_secure { "wss" } else { "ws" };
        let url = format!("{scheme}://{}{PATH}", self.dialer.address.authority);
        let mut request = url.into_client_request()?;
        let proof = self.proof("GET", PATH, &[]).map_err(broken)?;
        let proof = HeaderValue::from_str(&proof).map_err(|error| WsError::HttpFormat(error.into()))?;
        request.headers_mut().insert(PROOF_HEADER, proof);
        let stream = self.dialer.dial().await.map_err(broken)?;
        let config = WebSocketConfig::default()
            .max_message_size(Some(LONGEST_MESSAGE))
            .max_frame_size(Some(LONGEST_MESSAGE))
            .read_buffer_size(16 * 1024)
            .write_buffer_size(0);
        Ok(tokio_tungstenite::client_async_with_config(request, stream, Some(config)).await?.0)
    }

    fn proof(&self, method: &str, path: &str, body: &[u8]) -> Result<String, Trouble> {
        let url = self.dialer.address.url(path);
        let nonce = self.nonce().clone();
        let number = random().map_err(|error| Trouble::NoKey(error.to_string()))?;
        Ok(self.key.proof(&Proven { method, url: &url, nonce: &nonce, body }, number, unix_now()))
    }

    /// Takes over the nonce of an answer; false if there is none.
    fn renew(&self, headers: &HeaderMap) -> bool {
        let new = headers.get(NONCE_HEADER).and_then(|nonce| nonce.to_str().ok());
        if let Some(new) = new {
            new.clone_into(&mut self.nonce());
        }
        new.is_some()
    }

    fn nonce(&self) -> MutexGuard<'_, String> {
        self.nonce.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a refusal means, and whether a new nonce would help.
fn trouble(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> (Trouble, bool) {
    let problem = serde_json::from_slice(body);
    let problem = problem.unwrap_or(Problem { error: String::new(), code: String::new(), retry_after: None });
    let retry_after = headers.get(header::RETRY_AFTER).and_then(|wait| wait.to_str().ok()?.parse().ok());
    let wait = problem.retry_after.or(retry_after).map(|wait| Duration::from_secs(wait.min(LONGEST_WAIT)));
    let wants_nonce = status == StatusCode::UNAUTHORIZED && problem.code == "use_dpop_nonce";
    let trouble = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND
            if problem.code == "not_paired" =>
        {
            Trouble::NotPaired
        }
        StatusCode::CONFLICT if problem.code == "already_paired" => Trouble::AlreadyPaired,
        StatusCode::TOO_MANY_REQUESTS => Trouble::Busy(wait),
        status if status.is_server_error() => Trouble::Busy(wait),
        status if status.is_client_error() => {
            let said: String = problem.error.chars().filter(|c| !c.is_control()).take(120).collect();
            Trouble::Refused(if said.is_empty() { format!("error {}", status.as_u16()) } else { said })
        }
        status => Trouble::Nonsense(format!("status {}", status.as_u16())),
    };
    (trouble, wants_nonce)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &str) -> (Trouble, bool) {
        let mut headers = HeaderMap::new();
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("7"));
        trouble(StatusCode::from_u16(status).unwrap(), &headers, body.as_bytes())
    }

    #[test]
    fn refusals_are_told_apart_by_what_is_to_be_done() {
        let nonce = r#"{"error":"x","code":"use_dpop_nonce"}"#;
        assert!(of(401, nonce).1 && !of(403, nonce).1);
        for status in [401, 403, 404] {
            assert_eq!(of(status, r#"{"error":"x","code":"not_paired"}"#).0, Trouble::NotPaired);
        }
        assert_eq!(of(404, r#"{"error":"gone","code":"not_found"}"#).0, Trouble::Refused("gone".into()));
        assert_eq!(of(409, r#"{"error":"x","code":"already_paired"}"#).0, Trouble::AlreadyPaired);
        assert_eq!(of(400, "<html>").0, Trouble::Refused("error 400".into()));
        assert_eq!(of(429, "{}").0.wait(), Some(Duration::from_secs(7)));
        assert_eq!(of(503, r#"{"retry_after":99999}"#).0.wait(), Some(Duration::from_secs(3600)));
        assert!(matches!(of(302, "").0, Trouble::Nonsense(_)));
    }
}
