//! What a handler answers, before it becomes the runtime's response.

use serde::Serialize;

use super::Problem;
use crate::proof::challenge;

/// Who may keep an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Caching {
    /// Nobody.
    #[default]
    Never,
    /// Anybody, for so many seconds.
    Public(u32),
}

/// An answer.
#[derive(Debug, Default)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Media type of the body, if there is one.
    pub media_type: Option<&'static str>,
    /// The body.
    pub body: Vec<u8>,
    /// `Set-Cookie` lines.
    pub cookies: Vec<String>,
    /// Other headers.
    pub headers: Vec<(&'static str, String)>,
    /// Who may keep it.
    pub caching: Caching,
    /// A response made by the runtime (a WebSocket): taken as it is.
    pub raw: Option<web_sys::Response>,
}

impl Reply {
    /// JSON with status 200.
    ///
    /// # Errors
    /// If the value cannot be JSON.
    pub fn json(value: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_vec(value).map_err(|error| Problem::internal(error.to_string()))?;
        Ok(Self { status: 200, media_type: Some("application/json"), body, ..Self::default() })
    }

    /// JSON that is written already, with status 200.
    pub fn written(body: Vec<u8>) -> Self {
        Self { status: 200, media_type: Some("application/json"), body, ..Self::default() }
    }

    /// Nothing to say (204).
    pub fn empty() -> Self {
        Self { status: 204, ..Self::default() }
    }

    /// Go and see there (303: with GET, whatever the method was).
    pub fn see_other(location: impl Into<String>) -> Self {
        Self { status: 303, headers: vec![("location", location.into())], ..Self::default() }
    }

    /// Another status.
    pub fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// One more cookie.
    pub fn with_cookie(mut self, cookie: String) -> Self {
        self.cookies.push(cookie);
        self
    }

    /// One more header.
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Anybody may keep it for so many seconds. Never for what depends on who asks.
    pub fn public(self, seconds: u32) -> Self {
        Self { caching: Caching::Public(seconds), ..self }
    }
}

impl From<&Problem> for Reply {
    fn from(problem: &Problem) -> Self {
        let body = serde_json::to_vec(&problem.body()).unwrap_or_default();
        let mut headers = Vec::new();
        if let Some(seconds) = problem.retry_after() {
            headers.push(("retry-after", seconds.to_string()));
        }
        if let Problem::MethodNotAllowed(allowed) = problem {
            headers.push(("allow", allowed.clone()));
        }
        if let Problem::Unauthorized(code) = problem {
            headers.push(("www-authenticate", challenge(code)));
        }
        Self {
            status: problem.status(),
            media_type: Some("application/json"),
            body,
            headers,
            ..Self::default()
        }
    }
}
