//! The relay: one Durable Object a unit, where the unit's link and its owner's remotes meet. It reads the heads
//! of messages (`protocol::cloud`), never the frames; the unit decides what is done.
//!
//! Here is what the rest of the worker says to it.

mod gate;
pub mod object;
mod peer;
mod room;
mod traffic;
mod watch;

use futures_util::future::join_all;
use protocol::cloud::ToUnit;
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::form_urlencoded;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, Request, RequestInit, Response};
use worker::Env;
use worker::worker_sys::DurableObject;

use crate::edge::{Call, Level, Problem, Reply, js_error, log};
use crate::store::{Db, devices};

pub use traffic::{closed, message};
pub use watch::look;

/// Seconds that a ticket is good for.
pub const TICKET_SECONDS: u32 = 30;
/// Header in which a relay is asked.
const ASK: &str = "x-ask";
/// A ticket that opens nothing.
pub const BAD_TICKET: Problem = Problem::Forbidden("ticket", "This ticket opens nothing. Ask for another.");

/// What the worker says to a relay.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Ask {
    /// The unit is here; the rest is for its welcome, and the nonce for the header of the answer.
    Link {
        /// The unit's number.
        device: String,
        /// Name of its owner.
        owner: String,
        /// Its name.
        name: String,
        /// Revision of the owner's presets.
        presets: u64,
        /// Of its next proof.
        nonce: String,
    },
    /// A ticket was given out.
    Ticket {
        /// The unit's number.
        device: String,
        /// Digest of the ticket.
        digest: String,
        /// The session it is for.
        session: String,
    },
    /// A remote is here.
    Remote {
        /// Digest of its ticket.
        digest: String,
    },
    /// A word for the unit.
    Tell {
        /// The word.
        message: ToUnit,
    },
    /// A session has ended: its remotes and tickets go.
    SessionEnded {
        /// `sessions.id`.
        session: String,
    },
    /// The unit is nobody's any more: everything goes.
    Unpaired,
    /// The unit is somebody else's: everything goes, the unit comes back.
    OwnerChanged,
    /// How it stands: [`Seen`].
    Seen,
}

/// Whether a unit is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// It is.
    pub online: bool,
    /// When it last was, milliseconds since 1970.
    pub seen_ms: Option<i64>,
}

/// Tells a unit something, if it is connected. That it could not be told is logged and no error: the unit asks
/// when it comes back.
pub async fn tell(env: &Env, device: &str, message: &ToUnit) {
    hint(env, device, &Ask::Tell { message: message.clone() }).await;
}

/// Tells every unit of `user` something, as [`tell`] does.
pub async fn tell_user(call: &Call, user: &str, message: &ToUnit) {
    hint_all(call, user, &Ask::Tell { message: message.clone() }).await;
}

/// Sends the remotes of a session away from every unit of `user`. Whom this does not reach is found by the
/// relay itself ([`watch`]).
pub async fn session_ended(call: &Call, user: &str, session: &str) {
    hint_all(call, user, &Ask::SessionEnded { session: session.to_owned() }).await;
}

/// Ends every connection of a unit that is nobody's any more.
pub async fn unpaired(env: &Env, device: &str) {
    hint(env, device, &Ask::Unpaired).await;
}

/// Ends every connection of a unit that is somebody else's now.
pub async fn owner_changed(env: &Env, device: &str) {
    hint(env, device, &Ask::OwnerChanged).await;
}

/// Whether a unit is connected; nothing when that cannot be known now.
pub async fn seen(env: &Env, device: &str) -> Option<Seen> {
    let answer = ask(env, device, &Ask::Seen).await.ok()?;
    let text = JsFuture::from(answer.text().ok()?).await.ok()?.as_string()?;
    serde_json::from_str(&text).ok()
}

/// The numbers of a user's units.
///
/// # Errors
/// 503 if the database is away.
pub async fn devices_of(db: &Db, user: &str) -> Result<Vec<String>, Problem> {
    #[derive(Deserialize)]
    struct Id {
        id: String,
    }
    let found: Vec<Id> = db.all(devices::DEVICE_IDS, &[user.into()]).await?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

async fn hint_all(call: &Call, user: &str, what: &Ask) {
    let found = match call.db() {
        Ok(db) => devices_of(&db, user).await,
        Err(problem) => Err(problem),
    };
    match found {
        Ok(found) => drop(join_all(found.iter().map(|device| hint(&call.env, device, what))).await),
        Err(problem) => log(Level::Error, "relay_hint", json!({ "cause": problem.cause() })),
    }
}

/// Asks twice: what is lost here is made good later, but not within seconds.
async fn hint(env: &Env, device: &str, what: &Ask) {
    for last in [false, true] {
        match ask(env, device, what).await {
            Ok(_) => return,
            Err(problem) if last => log(Level::Error, "relay_hint", json!({ "cause": problem.cause() })),
            Err(_) => {}
        }
    }
}

/// Asks a relay something.
///
/// # Errors
/// 403, 429 as it answers; 503 if it does not.
pub async fn ask(env: &Env, device: &str, what: &Ask) -> Result<Response, Problem> {
    fetch(env, device, what, false).await
}

/// Opens a WebSocket to a relay.
///
/// # Errors
/// As [`ask`].
pub async fn open(env: &Env, device: &str, what: &Ask) -> Result<Reply, Problem> {
    let response = fetch(env, device, what, true).await?;
    Ok(Reply { raw: Some(response), ..Reply::default() })
}

/// # Errors
/// 400 `upgrade` for a request that wants no WebSocket.
pub fn wants_socket(call: &Call) -> Result<(), Problem> {
    let wants = call.header("upgrade").is_some_and(|to| to.eq_ignore_ascii_case("websocket"));
    if wants { Ok(()) } else { Err(Problem::Bad("upgrade", "This is a WebSocket.".into())) }
}

async fn fetch(env: &Env, device: &str, what: &Ask, upgrade: bool) -> Result<Response, Problem> {
    let away = |error: String| Problem::Unavailable(5, format!("RELAY: {error}"));
    let text = serde_json::to_string(what).map_err(|error| Problem::internal(error.to_string()))?;
    let stub = env
        .durable_object("RELAY")
        .and_then(|objects| objects.get_by_name(device))
        .map_err(|error| away(error.to_string()))?;
    let headers = Headers::new().map_err(js_error)?;
    // Not in the address, which stands in the runtime's logs.
    let text: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    headers.set(ASK, &text).map_err(js_error)?;
    if upgrade {
        headers.set("upgrade", "websocket").map_err(js_error)?;
    }
    let init = RequestInit::new();
    init.set_headers(&headers);
    let request = Request::new_with_str_and_init("https://relay/", &init).map_err(js_error)?;
    // The runtime's own response: a WebSocket does not survive being made anew.
    let promise = stub.into_rpc::<DurableObject>().fetch_with_request(&request).map_err(js_error)?;
    let response = JsFuture::from(promise).await.map_err(|error| away(format!("{error:?}")))?;
    let response: Response = JsValue::unchecked_into(response);
    match response.status() {
        101 | 200 | 204 => Ok(response),
        403 => Err(BAD_TICKET),
        429 => Err(Problem::TooMany(TICKET_SECONDS)),
        status => Err(away(format!("status {status}"))),
    }
}
