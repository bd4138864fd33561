//! What is at one relay: the unit's link, the remotes, and a little storage. Everything is read from the
//! runtime each time, so that the object may be taken away between any two events.

use js_sys::{Date, Function, Reflect};
use protocol::cloud::{Presence, ToPhone, ToUnit, join};
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::WebSocket;
use worker::worker_sys::{DurableObjectState, WebSocketRequestResponsePair};
use worker::{SqlStorage, SqlStorageValue, State, Storage};

use super::gate::{close, is_silent};
use super::peer::{self, Peer, Phone, is_open};
use crate::clock;

/// Tag of the unit's link.
const UNIT: &str = "unit";
/// Tag of every remote.
const PHONE: &str = "phone";
const TABLES: &str = "CREATE TABLE IF NOT EXISTS about (one INTEGER PRIMARY KEY CHECK (one = 1), \
                      device TEXT NOT NULL, phones INTEGER NOT NULL, seen_ms INTEGER) STRICT; \
                      CREATE TABLE IF NOT EXISTS tickets (digest TEXT NOT NULL PRIMARY KEY, \
                      session TEXT NOT NULL, until_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID";
const IS_THERE: &str = "SELECT count(*) AS number FROM sqlite_schema WHERE name = 'about'";

/// One relay.
pub struct Room {
    state: State,
}

impl Room {
    /// Of the runtime's state.
    pub fn of(state: State) -> Self {
        Self { state }
    }

    /// Milliseconds since 1970.
    pub fn now_ms() -> u64 {
        clock::now_ms().unsigned_abs()
    }

    fn raw(&self) -> &DurableObjectState {
        self.state.as_raw()
    }

    /// Its storage.
    pub fn storage(&self) -> Storage {
        self.state.storage()
    }

    /// Its tables, made where they are missing: only for what is known to be a unit's.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn tables(&self) -> Result<SqlStorage, JsValue> {
        let sql = self.state.storage().sql();
        sql.exec(TABLES, None)?;
        Ok(sql)
    }

    /// Its tables, if there ever was a unit of this number.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn known(&self) -> Result<Option<SqlStorage>, JsValue> {
        #[derive(Deserialize)]
        struct Row {
            number: i64,
        }
        let sql = self.state.storage().sql();
        let there = sql.exec(IS_THERE, None)?.one::<Row>()?.number > 0;
        Ok(there.then_some(sql))
    }

    /// The sockets with a tag, open ones only.
    fn tagged(&self, tag: &str) -> Result<Vec<(WebSocket, Peer)>, JsValue> {
        let sockets = self.raw().get_websockets_with_tag(tag)?;
        let open = sockets.into_iter().filter(is_open);
        Ok(open.filter_map(|socket| Peer::of(&socket).map(|peer| (socket, peer))).collect())
    }

    /// The unit's link.
    ///
    /// # Errors
    /// If the runtime refuses.
    pub fn unit(&self) -> Result<Option<WebSocket>, JsValue> {
        Ok(self.tagged(UNIT)?.into_iter().find(|(_, peer)| !peer.ended).map(|(socket, _)| socket))
    }

    /// Every remote.
    ///
    /// # Errors
    /// If the runtime refuses.
    pub fn phones(&self) -> Result<Vec<(WebSocket, Phone)>, JsValue> {
        self.phones_tagged(PHONE)
    }

    /// The remote with that number.
    ///
    /// # Errors
    /// If the runtime refuses.
    pub fn phone(&self, number: u64) -> Result<Option<WebSocket>, JsValue> {
        Ok(self.phones_tagged(&format!("p{number}"))?.into_iter().next().map(|(socket, _)| socket))
    }

    fn phones_tagged(&self, tag: &str) -> Result<Vec<(WebSocket, Phone)>, JsValue> {
        let there = self.tagged(tag)?.into_iter().filter(|(_, peer)| !peer.ended);
        Ok(there.filter_map(|(socket, peer)| peer.phone.map(|phone| (socket, phone))).collect())
    }

    /// Takes a socket in, for whoever `peer` says.
    ///
    /// # Errors
    /// If the runtime refuses.
    pub fn accept(&self, socket: &WebSocket, peer: &Peer) -> Result<(), JsValue> {
        // Answered by the runtime, without waking us.
        self.raw().set_websocket_auto_response(&WebSocketRequestResponsePair::new("ping", "pong")?)?;
        let tags = match &peer.phone {
            None => vec![UNIT.into()],
            Some(phone) => vec![PHONE.into(), format!("p{}", phone.number).into()],
        };
        self.raw().accept_websocket_with_tags(socket, tags)?;
        peer.keep(socket)
    }

    /// When one was last heard, milliseconds.
    pub fn heard_ms(&self, socket: &WebSocket) -> u64 {
        let message = Peer::of(socket).map_or(0, |peer| peer.bucket.at_ms());
        message.max(self.ping_ms(socket).unwrap_or(0))
    }

    /// When the runtime last answered a ping of it.
    fn ping_ms(&self, socket: &WebSocket) -> Option<u64> {
        let name = JsValue::from_str("getWebSocketAutoResponseTimestamp");
        let ask: Function = Reflect::get(self.raw(), &name).ok()?.dyn_into().ok()?;
        let date: Date = ask.call1(self.raw(), socket).ok()?.dyn_into().ok()?;
        // A date is far below 2^53.
        Some(date.get_time() as u64)
    }

    /// Whether the unit is here.
    ///
    /// # Errors
    /// If the runtime refuses.
    pub fn presence(&self) -> Result<Presence, JsValue> {
        Ok(if self.unit()?.is_some() { Presence::Online } else { Presence::Offline })
    }

    /// Says something to the unit, if it is here.
    ///
    /// # Errors
    /// If the runtime refuses.
    pub fn tell_unit(&self, head: &ToUnit, frame: Option<&str>) -> Result<bool, JsValue> {
        let unit = self.unit()?;
        if let Some(unit) = &unit {
            peer::send(unit, &join(head, frame));
        }
        Ok(unit.is_some())
    }

    /// What a remote is told of the relay.
    ///
    /// # Errors
    /// If the runtime refuses.
    pub fn about_unit(&self) -> Result<String, JsValue> {
        Ok(join(&ToPhone::Relay { now_ms: Self::now_ms(), unit: self.presence()? }, None))
    }

    /// Tells every remote whether the unit is here.
    ///
    /// # Errors
    /// If the runtime refuses.
    pub fn tell_phones(&self) -> Result<(), JsValue> {
        let text = self.about_unit()?;
        for (socket, _) in self.phones()? {
            peer::send(&socket, &text);
        }
        Ok(())
    }

    /// Ends a connection from here. The unit hears of a remote's end at once, and only once.
    ///
    /// # Errors
    /// If the runtime refuses.
    pub fn end(&self, socket: &WebSocket, code: u16) -> Result<(), JsValue> {
        if let Some(mut peer) = Peer::of(socket).filter(|peer| !peer.ended) {
            peer.ended = true;
            peer.keep(socket)?;
            if let Some(phone) = &peer.phone {
                self.tell_unit(&ToUnit::Closed { phone: phone.number }, None)?;
            }
        }
        peer::end(socket, code, peer::reason(code));
        Ok(())
    }

    /// Ends the remotes that have said nothing for too long, and the unit's link if it has.
    ///
    /// # Errors
    /// If the runtime refuses.
    pub fn end_silent(&self) -> Result<(), JsValue> {
        let now = Self::now_ms();
        for (socket, _) in self.phones()? {
            if is_silent(self.heard_ms(&socket), now) {
                self.end(&socket, close::SILENT)?;
            }
        }
        if let Some(unit) = self.unit()?.filter(|unit| is_silent(self.heard_ms(unit), now)) {
            self.end(&unit, close::SILENT)?;
            self.note_seen(self.heard_ms(&unit))?;
            self.tell_phones()?;
        }
        Ok(())
    }

    /// Notes when the unit was last here.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn note_seen(&self, ms: u64) -> Result<(), JsValue> {
        if let Some(sql) = self.known()? {
            sql.exec("UPDATE about SET seen_ms = ? WHERE one = 1", vec![number(ms)])?;
        }
        Ok(())
    }
}

/// A number for the storage.
pub fn number(value: u64) -> SqlStorageValue {
    SqlStorageValue::Integer(i64::try_from(value).unwrap_or(i64::MAX))
}
