//! What comes over the WebSockets of a relay. Nothing here waits for anything: between reading an attachment
//! and writing it no other message is looked at, so that numbers and rates hold exactly.

use protocol::cloud::ToUnit;
use wasm_bindgen::JsValue;
use web_sys::WebSocket;
use worker::State;

use super::gate::{self, FromPhoneVerdict, FromUnitVerdict, close};
use super::peer::{self, Peer, Phone};
use super::room::Room;

/// A message.
///
/// # Errors
/// If the runtime refuses something.
pub fn message(state: State, socket: &WebSocket, message: &JsValue) -> Result<(), JsValue> {
    let room = Room::of(state);
    let Some(mut peer) = Peer::of(socket) else {
        peer::end(socket, close::POLICY, "");
        return Ok(());
    };
    if peer.ended {
        return Ok(());
    }
    let Some(text) = message.as_string() else { return end(&room, socket, close::BINARY) };
    match peer.phone.take() {
        Some(phone) => from_phone(&room, socket, peer, phone, &text),
        None => from_unit(&room, socket, peer, &text),
    }
}

fn from_phone(
    room: &Room,
    socket: &WebSocket,
    mut peer: Peer,
    mut phone: Phone,
    text: &str,
) -> Result<(), JsValue> {
    let verdict = gate::from_phone(text, &mut peer.bucket, &mut phone.seq, Room::now_ms());
    let number = phone.number;
    peer.phone = Some(phone);
    peer.keep(socket)?;
    match verdict {
        FromPhoneVerdict::Pass { seq, until_ms, frame } => {
            if !room.tell_unit(&ToUnit::Frame { phone: number, seq, until_ms }, Some(frame))? {
                peer::send(socket, &room.about_unit()?);
            }
            Ok(())
        }
        // Its clock may be wrong: ours is in what we answer.
        FromPhoneVerdict::Late => {
            peer::send(socket, &room.about_unit()?);
            Ok(())
        }
        FromPhoneVerdict::Close(code) => end(room, socket, code),
    }
}

fn from_unit(room: &Room, socket: &WebSocket, mut peer: Peer, text: &str) -> Result<(), JsValue> {
    let verdict = gate::from_unit(text, &mut peer.bucket, Room::now_ms());
    peer.keep(socket)?;
    match verdict {
        FromUnitVerdict::Pass(number, frame) => {
            if let Some(phone) = room.phone(number)? {
                peer::send(&phone, frame);
            }
            Ok(())
        }
        FromUnitVerdict::SendAway(number) => match room.phone(number)? {
            Some(phone) => room.end(&phone, close::SENT_AWAY),
            None => Ok(()),
        },
        FromUnitVerdict::Close(code) => end(room, socket, code),
    }
}

/// Ends one from here, with what follows for the others.
fn end(room: &Room, socket: &WebSocket, code: u16) -> Result<(), JsValue> {
    let is_unit = Peer::of(socket).is_some_and(|peer| peer.phone.is_none());
    room.end(socket, code)?;
    if is_unit { unit_gone(room) } else { Ok(()) }
}

/// A connection has ended, from there or, some time ago, from here.
///
/// # Errors
/// If the runtime refuses something.
pub fn closed(state: State, socket: &WebSocket) -> Result<(), JsValue> {
    let room = Room::of(state);
    // The other half of the closing handshake.
    peer::end(socket, 1000, "");
    let Some(mut peer) = Peer::of(socket).filter(|peer| !peer.ended) else { return Ok(()) };
    peer.ended = true;
    peer.keep(socket)?;
    match peer.phone {
        Some(phone) => room.tell_unit(&ToUnit::Closed { phone: phone.number }, None).map(drop),
        None => unit_gone(&room),
    }
}

fn unit_gone(room: &Room) -> Result<(), JsValue> {
    room.note_seen(Room::now_ms())?;
    room.tell_phones()
}
