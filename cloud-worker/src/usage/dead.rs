//! The consumer of what could not be worked off: records it, then tells somebody.

use serde::Deserialize;
use serde_json::json;
use wasm_bindgen::JsValue;
use worker::Env;
use worker::worker_sys::MessageBatch;

use super::alert;
use super::consume::{Delivered, delivered};
use crate::clock;
use crate::edge::{Level, Problem, log};
use crate::store::{Db, usage};

/// Most characters of a message that are recorded.
const MOST: usize = 65_536;
/// Seconds until a message comes again that could not be recorded; then twice as many each time.
const AGAIN: u32 = 60;

/// Records the messages of a batch. One that cannot be recorded comes again.
///
/// # Errors
/// If the runtime does not hand them over; they then come again.
pub async fn record(batch: MessageBatch, env: Env) -> Result<(), JsValue> {
    for delivered in delivered(&batch)? {
        match bury(&env, &delivered).await {
            Ok(()) => delivered.done(),
            Err(problem) => {
                log(Level::Error, "usage_dead", json!({ "cause": problem.cause() }));
                delivered.again(AGAIN);
            }
        }
    }
    // Whatever becomes of this, the record is made; the clock tries again.
    if let Err(problem) = alert(&env).await {
        log(Level::Error, "alert", json!({ "cause": problem.cause() }));
    }
    Ok(())
}

async fn bury(env: &Env, delivered: &Delivered) -> Result<(), Problem> {
    let body: String = delivered.text.chars().take(MOST).collect();
    let owner = owner(&delivered.text);
    let id = delivered.id()?;
    let values = [(&id).into(), owner.as_deref().into(), (&body).into(), clock::now().into()];
    Db::of(env)?.run(usage::BURY, &values).await.map(drop)
}

/// Whose it is, if it says so: with the account it goes.
fn owner(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Owned {
        user: String,
    }
    serde_json::from_str::<Owned>(text).ok().map(|owned| owned.user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_is_read_where_there_is_one() {
        assert_eq!(owner(r#"{"user":"u","events":5}"#).as_deref(), Some("u"));
        for text in ["", "null", "{}", r#"{"user":7}"#] {
            assert_eq!(owner(text), None, "{text}");
        }
    }
}
