//! While remotes are connected the relay looks, every few seconds, whether they still may be: whether their
//! session goes on and its user still has the unit. Ends are told to it at once; this finds those that are
//! told to nobody, and those that were lost on the way. A unit alone costs nothing.

use serde::Deserialize;
use serde_json::json;
use wasm_bindgen::JsValue;
use worker::{Env, State};

use super::gate::close;
use super::room::{Room, number};
use crate::clock;
use crate::edge::{Level, log};
use crate::store::{Db, devices};

/// Milliseconds between two looks.
const EVERY_MS: i64 = 20_000;

/// Makes sure that there will be a look.
///
/// # Errors
/// If the storage fails.
pub async fn begin(room: &Room) -> Result<(), JsValue> {
    let storage = room.storage();
    if storage.get_alarm().await?.is_none() {
        storage.set_alarm(EVERY_MS).await?;
    }
    Ok(())
}

/// Looks.
///
/// # Errors
/// If the storage fails; the runtime then calls again.
pub async fn look(state: State, env: Env) -> Result<(), JsValue> {
    let room = Room::of(state);
    let Some(sql) = room.known()? else { return Ok(()) };
    sql.exec("DELETE FROM tickets WHERE until_ms < ?", vec![number(Room::now_ms())])?;
    room.end_silent()?;
    let phones = room.phones()?;
    let mut sessions: Vec<String> = phones.iter().map(|(_, phone)| phone.session.clone()).collect();
    sessions.sort_unstable();
    sessions.dedup();
    for session in sessions {
        // While the database is away nobody is sent away.
        if !may_stay(&room, &env, &session).await?.unwrap_or(true) {
            for (socket, phone) in room.phones()? {
                if phone.session == session {
                    room.end(&socket, close::SESSION)?;
                }
            }
        }
    }
    if !room.phones()?.is_empty() {
        room.storage().set_alarm(EVERY_MS).await?;
    } else if device(&room)?.is_none() {
        room.storage().delete_all().await?;
    }
    Ok(())
}

/// The unit's number; nothing once it is unpaired.
fn device(room: &Room) -> Result<Option<String>, JsValue> {
    #[derive(Deserialize)]
    struct Row {
        device: String,
    }
    let Some(sql) = room.known()? else { return Ok(None) };
    let rows = sql.exec("SELECT device FROM about WHERE one = 1", None)?.to_array::<Row>()?;
    Ok(rows.into_iter().next().map(|row| row.device))
}

/// Whether a session goes on and its user has the unit; nothing while the database is away.
///
/// # Errors
/// If the storage fails.
pub async fn may_stay(room: &Room, env: &Env, session: &str) -> Result<Option<bool>, JsValue> {
    let Some(device) = device(room)? else { return Ok(Some(false)) };
    let values = [session.into(), (&device).into(), clock::now().into()];
    let found = match Db::of(env) {
        Ok(db) => db.first::<serde_json::Value>(devices::REMOTE_LIVES, &values).await,
        Err(problem) => Err(problem),
    };
    match found {
        Ok(row) => Ok(Some(row.is_some())),
        Err(problem) => {
            log(Level::Error, "relay_watch", json!({ "cause": problem.cause() }));
            Ok(None)
        }
    }
}
