//! The relay's own part of the way through the cloud: heads before our frames, and word of whether the unit is
//! there.

use std::cell::Cell;

use protocol::cloud::{FromPhone, Presence, join};
use serde::Deserialize;

use super::json::read;

/// How long a frame may be on its way before it must not be done any more, milliseconds: nobody wants a louder
/// volume half a minute after asking for it.
const LIFE_MS: u64 = 5_000;

/// What the relay says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Notice {
    now_ms: u64,
    /// Whether the unit is there.
    pub unit: Presence,
}

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(rename = "type", borrow)]
    kind: &'a str,
}

/// The relay's notice, where a text is one and not a frame of the unit.
pub fn notice(text: &str) -> Option<Notice> {
    if read::<Head>(text)?.kind == "relay" { read(text) } else { None }
}

/// One connection's numbers and the relay's clock.
#[derive(Default)]
pub struct Relay {
    seq: Cell<u64>,
    /// The relay's clock, and ours at the same moment.
    clock: Cell<Option<(u64, f64)>>,
}

impl Relay {
    /// A new connection begins.
    pub fn begin(&self) {
        self.seq.set(0);
        self.clock.set(None);
    }

    /// Sets the clock; `now_ms` is our own.
    pub fn heard(&self, notice: Notice, now_ms: f64) {
        self.clock.set(Some((notice.now_ms, now_ms)));
    }

    /// The message that carries `frame`; `None` before the relay has told its clock.
    pub fn wrap(&self, frame: &str, now_ms: f64) -> Option<String> {
        let (theirs, ours) = self.clock.get()?;
        let seq = self.seq.get() + 1;
        self.seq.set(seq);
        let until_ms = theirs + (now_ms - ours).max(0.0) as u64 + LIFE_MS;
        Some(join(&FromPhone { seq, until_ms }, Some(frame)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::cloud::{ToPhone, split};

    #[test]
    fn the_relays_notices_are_told_from_frames() {
        let said = serde_json::to_string(&ToPhone::Relay { now_ms: 5, unit: Presence::Offline }).unwrap();
        assert_eq!(notice(&said), Some(Notice { now_ms: 5, unit: Presence::Offline }));
        for text in
            [r#"{"type":"pong","id":1}"#, r#"{"type":"relay"}"#, r#"{"now_ms":1,"unit":"online"}"#, ""]
        {
            assert_eq!(notice(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_rise_and_times_are_the_relays() {
        let relay = Relay::default();
        relay.begin();
        assert_eq!(relay.wrap("{}", 0.0), None);
        relay.heard(Notice { now_ms: 1_000_000, unit: Presence::Online }, 400.0);
        let sent = |now_ms| {
            let text = relay.wrap("{\"type\":\"ping\"}", now_ms).unwrap();
            let (head, frame) = split::<FromPhone>(&text).unwrap();
            assert_eq!(frame, "{\"type\":\"ping\"}");
            (head.seq, head.until_ms)
        };
        assert_eq!(sent(400.0), (1, 1_005_000));
        assert_eq!(sent(1_400.5), (2, 1_006_000));
        relay.begin();
        assert_eq!(relay.wrap("{}", 0.0), None);
    }
}
