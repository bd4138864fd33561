//! The Durable Object `Proofs`, one a key: which proofs it has used. A nonce outlives none that is forgotten.

use serde::Deserialize;
use url::{Url, form_urlencoded};
use wasm_bindgen::JsValue;
use web_sys::{Request, Response, ResponseInit};
use worker::{Env, State};

use super::nonce::NONCE_SECONDS;
use crate::clock::{self, Seconds};
use crate::edge::Problem;

const TABLES: &str = "CREATE TABLE IF NOT EXISTS seen (jti TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL) \
                      STRICT, WITHOUT ROWID; CREATE INDEX IF NOT EXISTS seen_by_age ON seen (at)";
const FORGET: &str = "DELETE FROM seen WHERE at < ?";
const COUNT: &str = "SELECT count(*) AS number FROM seen";
const KNOWN: &str = "SELECT count(*) AS number FROM seen WHERE jti = ?";
const REMEMBER: &str = "INSERT INTO seen (jti, at) VALUES (?, ?)";
/// Seconds that a proof is remembered: longer than any nonce is good for.
const KEPT_SECONDS: Seconds = NONCE_SECONDS + 60;
/// Most proofs of one key in that time.
const MOST: i64 = 3000;

/// Uses the proof `jti` of `key` up.
///
/// # Errors
/// 401 `proof_replayed`; 429 beyond what one unit has to ask; 503 if it cannot be known.
pub async fn use_up(env: &Env, key: &str, jti: &str) -> Result<(), Problem> {
    let away = |error: worker::Error| Problem::Unavailable(5, format!("PROOFS: {error}"));
    let stub = env.durable_object("PROOFS").and_then(|objects| objects.get_by_name(key)).map_err(away)?;
    match stub.fetch_with_str(&format!("https://proofs/?jti={jti}")).await.map_err(away)?.status_code() {
        200 => Ok(()),
        409 => Err(Problem::Unauthorized("proof_replayed")),
        429 => Err(Problem::TooMany(60)),
        status => Err(Problem::Unavailable(5, format!("PROOFS: status {status}"))),
    }
}

/// In the object: 200 for a proof that was not seen before, which it then is; 409, 429.
///
/// # Errors
/// If its storage fails or the question is not ours.
pub async fn fetch(state: State, request: Request) -> Result<Response, JsValue> {
    let url = Url::parse(&request.url()).map_err(|error| JsValue::from_str(&error.to_string()))?;
    let jti = form_urlencoded::parse(url.query().unwrap_or_default().as_bytes())
        .find_map(|(name, value)| (name == "jti").then(|| value.into_owned()))
        .ok_or("no such question")?;
    let storage = state.storage();
    let sql = storage.sql();
    let now = clock::now();
    sql.exec(TABLES, None)?;
    sql.exec(FORGET, vec![(now - KEPT_SECONDS).into()])?;
    let kept = number(&sql.exec(COUNT, None)?)?;
    if number(&sql.exec(KNOWN, vec![jti.clone().into()])?)? > 0 {
        return answer(409);
    }
    if kept >= MOST {
        return answer(429);
    }
    sql.exec(REMEMBER, vec![jti.into(), now.into()])?;
    if kept == 0 {
        storage.set_alarm((KEPT_SECONDS + 1) * 1000).await?;
    }
    answer(200)
}

/// Forgets what is old, and everything when nothing else is left.
///
/// # Errors
/// If its storage fails.
pub async fn alarm(state: State) -> Result<(), JsValue> {
    let storage = state.storage();
    let sql = storage.sql();
    sql.exec(TABLES, None)?;
    sql.exec(FORGET, vec![(clock::now() - KEPT_SECONDS).into()])?;
    if number(&sql.exec(COUNT, None)?)? > 0 {
        storage.set_alarm((KEPT_SECONDS + 1) * 1000).await?;
    } else {
        storage.delete_all().await?;
    }
    Ok(())
}

fn number(cursor: &worker::SqlCursor) -> Result<i64, JsValue> {
    #[derive(Deserialize)]
    struct Row {
        number: i64,
    }
    Ok(cursor.one::<Row>()?.number)
}

fn answer(status: u16) -> Result<Response, JsValue> {
    let init = ResponseInit::new();
    init.set_status(status);
    Response::new_with_opt_str_and_init(None, &init)
}
