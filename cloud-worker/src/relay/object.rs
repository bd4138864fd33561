//! The Durable Object `DeviceRelay`: what the worker says to it.

use protocol::cloud::ToUnit;
use serde::Deserialize;
use url::form_urlencoded;
use wasm_bindgen::JsValue;
use web_sys::{Headers, Request, Response, ResponseInit, WebSocket};
use worker::worker_sys::WebSocketPair;
use worker::worker_sys::ext::ResponseInitExt;
use worker::{Env, State};

use super::gate::{Bucket, MOST_PHONES, close};
use super::peer::{self, Peer, Phone};
use super::room::{Room, number};
use super::{ASK, Ask, Seen, TICKET_SECONDS, watch};

/// Most tickets that wait for use.
const MOST_TICKETS: i64 = 32;

/// Answers the worker.
///
/// # Errors
/// If the runtime or the storage refuses something.
pub async fn fetch(state: State, env: Env, request: &Request) -> Result<Response, JsValue> {
    let room = Room::of(state);
    match read(request)? {
        Ask::Link { device, owner, name, presets, nonce } => {
            note(&room, &device)?;
            link(&room, &ToUnit::Welcome { now_ms: Room::now_ms(), owner, name, presets }, &nonce)
        }
        Ask::Ticket { device, digest, session } => {
            note(&room, &device)?;
            ticket(&room, &digest, session)
        }
        Ask::Remote { digest } => remote(&room, &env, &digest).await,
        Ask::Tell { message } => {
            room.tell_unit(&message, None)?;
            answer(204)
        }
        Ask::SessionEnded { session } => session_ended(&room, &session),
        Ask::Unpaired => {
            room.tell_unit(&ToUnit::Unpaired, None)?;
            end_all(&room, close::UNPAIRED)?;
            forget(&room).await
        }
        Ask::OwnerChanged => {
            end_all(&room, close::OWNER)?;
            answer(204)
        }
        Ask::Seen => seen(&room),
    }
}

fn read(request: &Request) -> Result<Ask, JsValue> {
    let text = request.headers().get(ASK)?.ok_or("nothing was asked")?;
    // One name without a value: the text itself.
    let text = form_urlencoded::parse(text.as_bytes()).map(|(name, _)| name).next().unwrap_or_default();
    serde_json::from_str(&text).map_err(|error| JsValue::from_str(&error.to_string()))
}

/// Notes whose relay this is.
fn note(room: &Room, device: &str) -> Result<(), JsValue> {
    room.tables()?.exec(
        "INSERT INTO about (one, device, phones) VALUES (1, ?, 0) ON CONFLICT (one) DO NOTHING",
        vec![device.into()],
    )?;
    Ok(())
}

/// The unit comes. It is told of the remotes that are there, and they of it.
fn link(room: &Room, welcome: &ToUnit, nonce: &str) -> Result<Response, JsValue> {
    if let Some(old) = room.unit()? {
        room.end(&old, close::REPLACED)?;
    }
    let (response, socket) = socket(Some(nonce))?;
    let bucket = Bucket::unit(Room::now_ms());
    room.accept(&socket, &Peer { bucket, phone: None, ended: false })?;
    room.tell_unit(welcome, None)?;
    for (_, phone) in room.phones()? {
        room.tell_unit(&ToUnit::Opened { phone: phone.number }, None)?;
    }
    room.note_seen(Room::now_ms())?;
    room.tell_phones()?;
    Ok(response)
}

/// Keeps a ticket.
fn ticket(room: &Room, digest: &str, session: String) -> Result<Response, JsValue> {
    #[derive(Deserialize)]
    struct Row {
        number: i64,
    }
    let sql = room.tables()?;
    let now = Room::now_ms();
    sql.exec("DELETE FROM tickets WHERE until_ms < ?", vec![number(now)])?;
    let waiting = sql.exec("SELECT count(*) AS number FROM tickets", None)?.one::<Row>()?.number;
    if waiting >= MOST_TICKETS {
        return answer(429);
    }
    sql.exec(
        "INSERT INTO tickets (digest, session, until_ms) VALUES (?, ?, ?)",
        vec![digest.into(), session.into(), number(now + u64::from(TICKET_SECONDS) * 1000)],
    )?;
    answer(204)
}

/// A remote comes with a ticket, which is used up whatever follows.
async fn remote(room: &Room, env: &Env, digest: &str) -> Result<Response, JsValue> {
    #[derive(Deserialize)]
    struct Ticket {
        session: String,
        until_ms: u64,
    }
    #[derive(Deserialize)]
    struct Row {
        phones: u64,
    }
    let Some(sql) = room.known()? else { return answer(403) };
    let taken = sql
        .exec("DELETE FROM tickets WHERE digest = ? RETURNING session, until_ms", vec![digest.into()])?
        .to_array::<Ticket>()?;
    let now = Room::now_ms();
    let Some(ticket) = taken.into_iter().find(|ticket| now < ticket.until_ms) else { return answer(403) };
    // The session may have ended while the ticket was on its way here.
    if !watch::may_stay(room, env, &ticket.session).await?.unwrap_or(false) {
        return answer(403);
    }
    room.end_silent()?;
    if room.phones()?.len() >= MOST_PHONES {
        return answer(429);
    }
    let rows = sql
        .exec("UPDATE about SET phones = phones + 1 WHERE one = 1 RETURNING phones", None)?
        .to_array::<Row>()?;
    let Some(row) = rows.into_iter().next() else { return answer(403) };
    let (response, socket) = socket(None)?;
    let phone = Phone { number: row.phones, session: ticket.session, seq: 0 };
    room.accept(&socket, &Peer { bucket: Bucket::phone(now), phone: Some(phone), ended: false })?;
    peer::send(&socket, &room.about_unit()?);
    room.tell_unit(&ToUnit::Opened { phone: row.phones }, None)?;
    watch::begin(room).await?;
    Ok(response)
}

fn session_ended(room: &Room, session: &str) -> Result<Response, JsValue> {
    let Some(sql) = room.known()? else { return answer(204) };
    sql.exec("DELETE FROM tickets WHERE session = ?", vec![session.into()])?;
    for (socket, phone) in room.phones()? {
        if phone.session == session {
            room.end(&socket, close::SESSION)?;
        }
    }
    answer(204)
}

/// Ends every connection and takes every ticket back.
fn end_all(room: &Room, code: u16) -> Result<(), JsValue> {
    if let Some(sql) = room.known()? {
        sql.exec("DELETE FROM tickets", None)?;
    }
    for (socket, _) in room.phones()? {
        room.end(&socket, code)?;
    }
    match room.unit()? {
        Some(unit) => {
            room.note_seen(Room::now_ms())?;
            room.end(&unit, code)
        }
        None => Ok(()),
    }
}

/// Nothing stays of a unit that is nobody's; the storage goes when the connections have.
async fn forget(room: &Room) -> Result<Response, JsValue> {
    if let Some(sql) = room.known()? {
        sql.exec("DELETE FROM about", None)?;
        room.storage().set_alarm(60_000_i64).await?;
    }
    answer(204)
}

fn seen(room: &Room) -> Result<Response, JsValue> {
    #[derive(Deserialize)]
    struct Row {
        seen_ms: Option<i64>,
    }
    room.end_silent()?;
    let mut seen = Seen { online: false, seen_ms: None };
    if let Some(sql) = room.known()? {
        let rows = sql.exec("SELECT seen_ms FROM about WHERE one = 1", None)?.to_array::<Row>()?;
        seen.seen_ms = rows.first().and_then(|row| row.seen_ms);
    }
    if let Some(unit) = room.unit()? {
        seen = Seen { online: true, seen_ms: i64::try_from(room.heard_ms(&unit)).ok() };
    }
    let text = serde_json::to_string(&seen).map_err(|error| JsValue::from_str(&error.to_string()))?;
    Response::new_with_opt_str(Some(&text))
}

/// A WebSocket: what the other side gets, and our end of it.
fn socket(nonce: Option<&str>) -> Result<(Response, WebSocket), JsValue> {
    let mut pair = WebSocketPair::new()?;
    let headers = Headers::new()?;
    if let Some(nonce) = nonce {
        headers.set(protocol::cloud::NONCE_HEADER, nonce)?;
    }
    let mut init = ResponseInit::new();
    init.set_status(101);
    init.set_headers(&headers);
    init.websocket(&pair.client()?)?;
    let response = Response::new_with_opt_str_and_init(None, &init)?;
    Ok((response, pair.server()?))
}

fn answer(status: u16) -> Result<Response, JsValue> {
    let init = ResponseInit::new();
    init.set_status(status);
    Response::new_with_opt_str_and_init(None, &init)
}
