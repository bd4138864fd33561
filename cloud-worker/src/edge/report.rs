//! Reports of our own failures to Sentry, by its envelope API (develop.sentry.dev/sdk/data-model/envelopes):
//! panics and answers of 500 and above. Nothing of who asked or what they sent goes along.

use std::cell::Cell;

use oauth2::http;
use serde_json::json;
use url::Url;

use super::{Level, log};
use crate::auth::outside;
use crate::clock;
use crate::config::{Config, Environment, is_safe};

/// Most reports of an instance in a minute: an outage is known after a few.
const A_MINUTE: u32 = 30;
/// Most characters of a cause.
const MOST: usize = 300;
/// From this length on a word of letters and digits may be somebody's number or secret.
const LONG_WORD: usize = 16;

/// Where reports go, out of `https://KEY@HOST/PROJECT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dsn {
    endpoint: String,
    key: String,
}

impl Dsn {
    /// Reads the setting.
    ///
    /// # Errors
    /// If it is no such address.
    pub fn parse(text: &str, environment: Environment) -> Result<Self, String> {
        let wrong = || "SENTRY_DSN must be https://KEY@HOST/PROJECT".to_owned();
        let url = Url::parse(text).map_err(|_| wrong())?;
        let (path, project) = url.path().rsplit_once('/').ok_or_else(wrong)?;
        let key = url.username();
        if key.is_empty() || project.is_empty() || !is_safe(&url, environment) {
            return Err(wrong());
        }
        let endpoint = format!("{}{path}/api/{project}/envelope/", url.origin().ascii_serialization());
        Ok(Self { endpoint, key: key.to_owned() })
    }
}

/// A failure.
#[derive(Clone, Debug)]
pub struct Report {
    /// What sort: the code of the answer, or `panic`.
    pub code: &'static str,
    /// What is known of it.
    pub cause: String,
    /// Method and route, as the table of routes has it.
    pub place: String,
    /// Status of the answer.
    pub status: u16,
    /// The request's id, to find it in the log.
    pub request: String,
}

impl Report {
    fn envelope(&self, id: &str, now_ms: i64, environment: Environment) -> String {
        let event = json!({
            "event_id": id,
            "timestamp": now_ms as f64 / 1000.0,
            "platform": "other",
            "level": if self.code == "panic" { "fatal" } else { "error" },
            "logger": "cloud-worker",
            "release": concat!("cloud-worker@", env!("CARGO_PKG_VERSION")),
            "environment": format!("{environment:?}").to_lowercase(),
            "transaction": self.place,
            "tags": { "code": self.code, "status": self.status.to_string(), "request": self.request },
            "exception": { "values": [{ "type": self.code, "value": scrubbed(&self.cause) }] },
            "fingerprint": [self.code, self.place, scrubbed(&self.cause)],
        });
        format!("{{\"event_id\":\"{id}\"}}\n{{\"type\":\"event\"}}\n{event}\n")
    }
}

/// A cause without what may be somebody's: addresses of mail, long numbers, tokens.
fn scrubbed(cause: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || "@-_.+".contains(c);
    let mut clean = String::new();
    let mut word = String::new();
    let end = |word: &mut String, clean: &mut String| {
        let secret =
            word.contains('@') || (word.len() >= LONG_WORD && word.contains(|c: char| c.is_ascii_digit()));
        clean.push_str(if secret { "…" } else { word });
        word.clear();
    };
    for c in cause.chars().take(MOST) {
        if is_part(c) {
            word.push(c);
        } else {
            end(&mut word, &mut clean);
            clean.push(c);
        }
    }
    end(&mut word, &mut clean);
    clean
}

thread_local! {
    static SENT: Cell<(i64, u32)> = const { Cell::new((0, 0)) };
}

/// Whether another report may go out in this minute.
fn may_send(now_ms: i64) -> bool {
    let minute = now_ms / 60_000;
    let (last, sent) = SENT.get();
    let sent = if last == minute { sent } else { 0 };
    SENT.set((minute, sent + 1));
    sent < A_MINUTE
}

/// Sends a report, where the settings say whither. That it cannot be sent is logged.
pub async fn send(config: &Config, report: Report) {
    let Some(dsn) = &config.sentry else { return };
    let now = clock::now_ms();
    if !may_send(now) {
        return;
    }
    let mut bytes = [0_u8; 16];
    if getrandom::fill(&mut bytes).is_err() {
        return;
    }
    let id: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let auth = format!("Sentry sentry_version=7, sentry_client=cloud-worker/1, sentry_key={}", dsn.key);
    let request = http::Request::builder()
        .method("POST")
        .uri(&dsn.endpoint)
        .header("content-type", "application/x-sentry-envelope")
        .header("x-sentry-auth", auth)
        .body(report.envelope(&id, now, config.environment).into_bytes());
    let outcome = match request {
        Ok(request) => outside::send(request).await.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match outcome {
        Ok(answer) if answer.status().is_success() => {}
        Ok(answer) => log(Level::Warn, "sentry", json!({ "status": answer.status().as_u16() })),
        Err(cause) => log(Level::Warn, "sentry", json!({ "cause": cause })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_made_of_the_dsn() {
        let dsn = Dsn::parse("https://abc@o1.ingest.example/42", Environment::Production).unwrap();
        assert_eq!(dsn.endpoint, "https://o1.ingest.example/api/42/envelope/");
        assert_eq!(dsn.key, "abc");
        let dsn = Dsn::parse("https://abc@host.example/sub/42", Environment::Production).unwrap();
        assert_eq!(dsn.endpoint, "https://host.example/sub/api/42/envelope/");
        for bad in
            ["", "abc", "https://host.example/42", "https://k@host.example/", "http://k@host.example/1"]
        {
            assert!(Dsn::parse(bad, Environment::Production).is_err(), "{bad}");
        }
        assert!(Dsn::parse("http://k@127.0.0.1:1/1", Environment::Dev).is_ok());
    }

    #[test]
    fn an_envelope_is_three_lines_of_json_and_names_nobody() {
        let report = Report {
            code: "internal",
            cause: "row of alice@example.org: ungWv48BzpBQUDeXa4iI7A\nbroke".into(),
            place: "GET /api/presets/{id}".into(),
            status: 500,
            request: "r".into(),
        };
        let text = report.envelope("00", 1_700_000_000_500, Environment::Staging);
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[1]["type"], "event");
        assert_eq!(lines[2]["environment"], "staging");
        assert_eq!(lines[2]["timestamp"], 1_700_000_000.5);
        assert_eq!(lines[2]["exception"]["values"][0]["value"], "row of …: …\nbroke");
        assert!(!text.contains("alice") && !text.contains("ungW"));
    }

    #[test]
    fn an_outage_is_reported_a_few_times_a_minute() {
        let sent = (0..100).filter(|_| may_send(60_000)).count();
        assert_eq!(sent, 30);
        assert!(may_send(120_000));
    }
}
