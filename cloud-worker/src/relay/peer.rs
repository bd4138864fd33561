//! Who is at the other end of a WebSocket: kept in its attachment, which outlives the object.

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use web_sys::WebSocket;
use worker::worker_sys::ext::WebSocketExt;

use super::gate::Bucket;

/// `WebSocket.OPEN` (WHATWG WebSockets, 3.1).
const OPEN: u16 = 1;

/// One end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peer {
    /// What it may still send.
    pub bucket: Bucket,
    /// Which remote it is; missing for the unit.
    pub phone: Option<Phone>,
    /// Whether we have ended it: what still comes of it counts no more.
    pub ended: bool,
}

/// A remote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// Its number here.
    pub number: u64,
    /// `sessions.id`.
    pub session: String,
    /// Its last message.
    pub seq: u64,
}

impl Peer {
    /// Who is at the other end of `socket`; nobody where it was never said.
    pub fn of(socket: &WebSocket) -> Option<Self> {
        let text = socket.deserialize_attachment().ok()?.as_string()?;
        serde_json::from_str(&text).ok()
    }

    /// Writes it to the socket.
    ///
    /// # Errors
    /// If the runtime refuses.
    pub fn keep(&self, socket: &WebSocket) -> Result<(), JsValue> {
        let text = serde_json::to_string(self).map_err(|error| JsValue::from_str(&error.to_string()))?;
        socket.serialize_attachment(JsValue::from_str(&text))
    }
}

/// Whether something can be sent.
pub fn is_open(socket: &WebSocket) -> bool {
    socket.ready_state() == OPEN
}

/// Sends; what cannot be sent is lost with its connection, whose end is told separately.
pub fn send(socket: &WebSocket, text: &str) {
    socket.send_with_str(text).ok();
}

/// Ends a connection; one that has ended stays so.
pub fn end(socket: &WebSocket, code: u16, reason: &str) {
    socket.close_with_code_and_reason(code, reason).ok();
}

/// A name for a code, for people who look at it.
pub fn reason(code: u16) -> &'static str {
    use super::gate::close;
    match code {
        close::BINARY => "text only",
        close::POLICY => "not a message of the relay",
        close::TOO_LONG => "too long",
        close::REPLACED => "replaced",
        close::UNPAIRED => "unpaired",
        close::SILENT => "silent",
        close::SESSION => "session ended",
        close::SENT_AWAY => "sent away",
        close::OWNER => "owner changed",
        close::RATE => "too many messages",
        _ => "",
    }
}
