//! What the clock does: takes away what has expired, sums up, repeats alerts. A file of queries that has something to sweep adds a
//! line to [`SWEEPS`].

use serde_json::json;
use wasm_bindgen::JsValue;
use worker::Env;

use crate::auth::LOGIN_SECONDS;
use crate::clock::{self, Seconds};
use crate::edge::{Level, log};
use crate::store::{Db, Query, devices, pairings, people, presets, usage};
use crate::usage::{alert, sum_up};

const DAY: Seconds = 86_400;
/// Seconds that a deleted preset is remembered: a unit that was away for longer keeps it.
const DELETED_SECONDS: Seconds = 400 * DAY;
/// Seconds that events are kept once they are in the sums.
const EVENT_SECONDS: Seconds = 40 * DAY;
/// Seconds that messages which could not be worked off are kept.
const DEAD_SECONDS: Seconds = 90 * DAY;

/// Each query takes away what ended before `now - age`; given as ?1.
const SWEEPS: [(Query, Seconds); 7] = [
    (people::SWEEP_LOGINS, LOGIN_SECONDS),
    (people::SWEEP_SESSIONS, 0),
    (pairings::SWEEP_PAIRINGS, 0),
    (devices::SWEEP_TRANSFERS, 0),
    (presets::SWEEP_DELETED_PRESETS, DELETED_SECONDS),
    (usage::SWEEP_EVENTS, EVENT_SECONDS),
    (usage::SWEEP_DEAD, DEAD_SECONDS),
];

/// Runs every sweep; one that fails does not keep the others.
///
/// # Errors
/// If one failed, after all have been tried: the runtime then counts the event as failed.
pub async fn run(env: Env) -> Result<(), JsValue> {
    let mut failed = false;
    let now = clock::now();
    for (query, age) in SWEEPS {
        let outcome = match Db::of(&env) {
            Ok(db) => db.run(query, &[(now - age).into()]).await,
            Err(problem) => Err(problem),
        };
        match outcome {
            Ok(rows) => log(Level::Info, "sweep", json!({ "query": query.name, "rows": rows })),
            Err(problem) => {
                failed = true;
                log(Level::Error, "sweep", json!({ "query": query.name, "cause": problem.cause() }));
            }
        }
    }
    // After the sweeps, so that a sum that fails keeps nothing from being swept; it never loses what it needs.
    for (name, outcome) in [("usage_sums", sum_up(&env).await), ("alert", alert(&env).await)] {
        if let Err(problem) = outcome {
            failed = true;
            log(Level::Error, name, json!({ "cause": problem.cause() }));
        }
    }
    if failed { Err("a sweep failed".into()) } else { Ok(()) }
}
