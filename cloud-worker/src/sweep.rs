//! What the clock does: takes away what has expired. A file of queries that has something to sweep adds a
//! line to [`SWEEPS`].

use serde_json::json;
use wasm_bindgen::JsValue;
use worker::Env;

use crate::auth::LOGIN_SECONDS;
use crate::clock::{self, Seconds};
use crate::edge::{Level, log};
use crate::store::{Db, Query, devices, pairings, people};

/// Each query takes away what ended before `now - age`; given as ?1.
const SWEEPS: [(Query, Seconds); 4] = [
    (people::SWEEP_LOGINS, LOGIN_SECONDS),
    (people::SWEEP_SESSIONS, 0),
    (pairings::SWEEP_PAIRINGS, 0),
    (devices::SWEEP_TRANSFERS, 0),
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
    if failed { Err("a sweep failed".into()) } else { Ok(()) }
}
