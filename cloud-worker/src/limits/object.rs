//! The Durable Object `Attempts`: one counter each. Its storage answers without waiting, so that between
//! reading and writing a count nothing else happens in the object.

use serde::Deserialize;
use url::{Url, form_urlencoded};
use wasm_bindgen::JsValue;
use web_sys::{Request, Response};
use worker::State;

use super::{Limit, window};
use crate::clock::{self, Seconds};

const TABLE: &str = "CREATE TABLE IF NOT EXISTS window (one INTEGER PRIMARY KEY CHECK (one = 1), \
                     began INTEGER NOT NULL, ends INTEGER NOT NULL, tries INTEGER NOT NULL)";
const READ: &str = "SELECT began, tries FROM window WHERE one = 1";
const ENDS: &str = "SELECT ends FROM window WHERE one = 1";
const WRITE: &str = "INSERT INTO window (one, began, ends, tries) VALUES (1, ?, ?, ?) ON CONFLICT (one) DO \
                     UPDATE SET began = excluded.began, ends = excluded.ends, tries = excluded.tries";
/// Seconds that a counter is kept after its window.
const KEPT_SECONDS: Seconds = 60;

/// Counts a try, or takes one back.
///
/// # Errors
/// If its storage fails or the question is not ours.
pub async fn fetch(state: State, request: Request) -> Result<Response, JsValue> {
    let url = Url::parse(&request.url()).map_err(|error| JsValue::from_str(&error.to_string()))?;
    let limit = limit(url.query().unwrap_or_default()).ok_or("a limit is missing")?;
    let storage = state.storage();
    let sql = storage.sql();
    sql.exec(TABLE, None)?;
    let before = sql.exec(READ, None)?.to_array::<window::Window>()?.into_iter().next();
    let now = clock::now();
    let (after, verdict) = match url.path() {
        "/hit" => window::hit(before, now, limit),
        "/refund" => window::refund(before, now, limit),
        _ => return Err("no such question".into()),
    };
    let seconds = i64::from(limit.seconds);
    sql.exec(WRITE, vec![after.began.into(), (after.began + seconds).into(), i64::from(after.tries).into()])?;
    if before.is_none() {
        storage.set_alarm((seconds + KEPT_SECONDS) * 1000).await?;
    }
    let body = serde_json::to_string(&verdict).map_err(|error| JsValue::from_str(&error.to_string()))?;
    Response::new_with_opt_str(Some(&body))
}

/// Forgets a counter whose window is over; one whose next window has begun is looked at again later.
///
/// # Errors
/// If its storage fails.
pub async fn alarm(state: State) -> Result<(), JsValue> {
    #[derive(Deserialize)]
    struct Row {
        ends: Seconds,
    }
    let storage = state.storage();
    let sql = storage.sql();
    sql.exec(TABLE, None)?;
    let left = sql.exec(ENDS, None)?.to_array::<Row>()?.first().map_or(0, |row| row.ends - clock::now());
    if left > 0 {
        storage.set_alarm((left + KEPT_SECONDS) * 1000).await?;
    } else {
        storage.delete_all().await?;
    }
    Ok(())
}

fn limit(query: &str) -> Option<Limit> {
    let number = |wanted: &str| {
        form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == wanted)?.1.parse().ok()
    };
    Some(Limit { tries: number("tries")?, seconds: number("seconds")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_needs_both_numbers() {
        assert_eq!(limit("tries=3&seconds=60"), Some(Limit { tries: 3, seconds: 60 }));
        for bad in ["", "tries=3", "seconds=60", "tries=-1&seconds=60", "tries=x&seconds=60"] {
            assert_eq!(limit(bad), None, "{bad}");
        }
    }
}
