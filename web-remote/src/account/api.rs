//! Asking the cloud, and what its refusals mean to the person.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::text;
use crate::net::cloud;
use crate::net::http::Heard;
use crate::net::json::read;

/// Why something did not come about. Each variant is one reaction of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nobody is signed in: ask for it.
    SignedOut,
    /// The cloud did not answer, or not as one: try again.
    Away,
    /// It does not exist, or is somebody else's.
    NotFound,
    /// It was changed elsewhere: show it anew.
    Stale,
    /// Too often: seconds to wait.
    Wait(u32),
    /// For another reason: its code, and the cloud's words.
    Refused(String, String),
}

impl Trouble {
    /// For the person.
    pub fn words(&self) -> String {
        match self {
            Self::SignedOut => text::SIGNED_OUT.into(),
            Self::Away => text::AWAY.into(),
            Self::NotFound => text::NOT_FOUND.into(),
            Self::Stale => text::STALE.into(),
            Self::Wait(seconds) => text::wait(*seconds),
            Self::Refused(_, words) if words.is_empty() => crate::text::FAILED.into(),
            Self::Refused(_, words) => words.clone(),
        }
    }

    /// The cloud's code of the refusal; empty for other troubles.
    pub fn code(&self) -> &str {
        if let Self::Refused(code, _) = self { code } else { "" }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal {
    error: String,
    code: String,
    retry_after: Option<u32>,
    fields: Vec<Field>,
}

#[derive(Deserialize)]
struct Field {
    field: String,
    error: String,
}

/// What an answer comes to: its body, or why there is none.
pub fn outcome(said: Heard) -> Result<String, Trouble> {
    let Some((status, body)) = said else { return Err(Trouble::Away) };
    if (200..300).contains(&status) {
        return Ok(body);
    }
    let refusal: Refusal = read(&body).unwrap_or_default();
    Err(match status {
        401 => Trouble::SignedOut,
        404 => Trouble::NotFound,
        412 | 428 => Trouble::Stale,
        429 => Trouble::Wait(refusal.retry_after.unwrap_or(60)),
        500.. => Trouble::Away,
        _ => Trouble::Refused(refusal.code, words(refusal.error, &refusal.fields)),
    })
}

/// What is wrong with the fields says more than that something is.
fn words(error: String, fields: &[Field]) -> String {
    match fields.first() {
        Some(field) if field.field.is_empty() => field.error.clone(),
        Some(field) => format!("{}: {}", field.field, field.error),
        None => error,
    }
}

/// One request, as whoever is signed in.
pub struct Ask {
    method: &'static str,
    address: String,
    body: Option<String>,
    version: Option<u64>,
}

/// A request without a body.
pub fn ask(method: &'static str, address: impl Into<String>) -> Ask {
    Ask { method, address: address.into(), body: None, version: None }
}

impl Ask {
    /// With a body.
    pub fn with(mut self, body: &impl serde::Serialize) -> Self {
        // Our own bodies are plain structures: writing them cannot fail.
        self.body = serde_json::to_string(body).ok();
        self
    }

    /// Only while the thing is still of this version.
    pub fn of_version(mut self, version: u64) -> Self {
        self.version = Some(version);
        self
    }

    /// Sends it; `heard` is called once.
    pub fn send(self, heard: impl FnOnce(Result<String, Trouble>) + 'static) {
        let condition = self.version.map(|version| format!("\"{version}\""));
        cloud::ask_if(self.method, &self.address, self.body, condition, move |said| heard(outcome(said)));
    }

    /// Sends it and reads the answer.
    pub fn read<T: DeserializeOwned>(self, heard: impl FnOnce(Result<T, Trouble>) + 'static) {
        self.send(move |said| heard(said.and_then(|body| read(&body).ok_or(Trouble::Away))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &str) -> Result<String, Trouble> {
        outcome(Some((status, body.into())))
    }

    #[test]
    fn every_refusal_has_its_own_meaning() {
        assert_eq!(of(200, "{}"), Ok("{}".into()));
        assert_eq!(of(204, ""), Ok(String::new()));
        assert_eq!(of(401, "{}"), Err(Trouble::SignedOut));
        assert_eq!(of(404, "{}"), Err(Trouble::NotFound));
        assert_eq!(of(412, "{}"), Err(Trouble::Stale));
        assert_eq!(of(429, r#"{"retry_after":7}"#), Err(Trouble::Wait(7)));
        assert_eq!(of(503, "<html>"), Err(Trouble::Away));
        assert_eq!(outcome(None), Err(Trouble::Away));
        let full = of(409, r#"{"error":"No room.","code":"account_full"}"#).unwrap_err();
        assert_eq!((full.code(), full.words().as_str()), ("account_full", "No room."));
        let field = r#"{"error":"Bad.","code":"invalid","fields":[{"field":"name","error":"is empty"}]}"#;
        assert_eq!(of(422, field).unwrap_err().words(), "name: is empty");
        assert_eq!(of(400, "<html>").unwrap_err().words(), crate::text::FAILED);
    }
}
