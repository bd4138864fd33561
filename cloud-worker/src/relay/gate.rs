//! Which messages pass the relay. Pure: the clock is given.

use protocol::cloud::{FromPhone, FromUnit, MAX_UNIT_MESSAGE, RELAY_MESSAGE_LIFE_MS, split};
use protocol::remote::MAX_CLIENT_FRAME;
use serde::{Deserialize, Serialize};

/// Most remotes at one unit.
pub const MOST_PHONES: usize = 16;
/// Milliseconds after which one that says nothing counts as gone. It should say `ping` every 25 s.
pub const SILENT_MS: u64 = 90_000;
/// Messages a second of one remote, and how many at once.
const PHONE_RATE: u64 = 100;
/// Messages a second of a unit, for all its remotes, and how many at once.
const UNIT_RATE: u64 = 2000;
/// Longest head and the line feed, bytes, generously.
const HEAD: usize = 600;

/// Codes that a WebSocket is closed with (RFC 6455, 7.4; from 4000 on ours).
pub mod close {
    /// Binary: the relay speaks text.
    pub const BINARY: u16 = 1003;
    /// A head that is none, or a number that does not rise.
    pub const POLICY: u16 = 1008;
    /// Too long.
    pub const TOO_LONG: u16 = 1009;
    /// A newer link of the same unit has taken its place.
    pub const REPLACED: u16 = 4000;
    /// The unit is nobody's any more.
    pub const UNPAIRED: u16 = 4001;
    /// It has said nothing for too long.
    pub const SILENT: u16 = 4002;
    /// The session has ended.
    pub const SESSION: u16 = 4003;
    /// The unit has sent it away.
    pub const SENT_AWAY: u16 = 4004;
    /// The unit is somebody else's now.
    pub const OWNER: u16 = 4005;
    /// Too many messages.
    pub const RATE: u16 = 4008;
}

/// A remote's message, judged.
#[derive(Debug, PartialEq, Eq)]
pub enum FromPhoneVerdict<'a> {
    /// It goes on to the unit.
    Pass {
        /// Its number.
        seq: u64,
        /// Until when it may be done.
        until_ms: u64,
        /// The frame.
        frame: &'a str,
    },
    /// It came too late.
    Late,
    /// The connection ends with this code.
    Close(u16),
}

/// A unit's message, judged.
#[derive(Debug, PartialEq, Eq)]
pub enum FromUnitVerdict<'a> {
    /// A frame for that remote.
    Pass(u64, &'a str),
    /// That remote is to go.
    SendAway(u64),
    /// The connection ends with this code.
    Close(u16),
}

/// How many messages may still come: full at first, filled again at a steady rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// Thousandths of a message.
    left: u64,
    /// When it was last looked at.
    at_ms: u64,
}

impl Bucket {
    /// A full one for a remote.
    pub fn phone(now_ms: u64) -> Self {
        Self { left: PHONE_RATE * 1000, at_ms: now_ms }
    }

    /// A full one for a unit.
    pub fn unit(now_ms: u64) -> Self {
        Self { left: UNIT_RATE * 1000, at_ms: now_ms }
    }

    /// When a message last came.
    pub fn at_ms(&self) -> u64 {
        self.at_ms
    }

    /// Takes one message of so many a second out. False if it is empty. A clock that goes back fills nothing.
    fn take(&mut self, now_ms: u64, rate: u64) -> bool {
        let filled = now_ms.saturating_sub(self.at_ms).saturating_mul(rate);
        self.left = self.left.saturating_add(filled).min(rate * 1000);
        self.at_ms = self.at_ms.max(now_ms);
        let allowed = self.left >= 1000;
        if allowed {
            self.left -= 1000;
        }
        allowed
    }
}

/// Judges a remote's message. `seq` is its last number and becomes this one's.
pub fn from_phone<'a>(
    text: &'a str,
    bucket: &mut Bucket,
    seq: &mut u64,
    now_ms: u64,
) -> FromPhoneVerdict<'a> {
    if !bucket.take(now_ms, PHONE_RATE) {
        return FromPhoneVerdict::Close(close::RATE);
    }
    if text.len() > MAX_CLIENT_FRAME + HEAD {
        return FromPhoneVerdict::Close(close::TOO_LONG);
    }
    let Ok((head, frame)) = split::<FromPhone>(text) else {
        return FromPhoneVerdict::Close(close::POLICY);
    };
    if frame.len() > MAX_CLIENT_FRAME {
        return FromPhoneVerdict::Close(close::TOO_LONG);
    }
    if frame.is_empty() || head.seq <= *seq {
        return FromPhoneVerdict::Close(close::POLICY);
    }
    *seq = head.seq;
    if head.until_ms <= now_ms {
        return FromPhoneVerdict::Late;
    }
    let until_ms = head.until_ms.min(now_ms + RELAY_MESSAGE_LIFE_MS);
    FromPhoneVerdict::Pass { seq: head.seq, until_ms, frame }
}

/// Judges a unit's message.
pub fn from_unit<'a>(text: &'a str, bucket: &mut Bucket, now_ms: u64) -> FromUnitVerdict<'a> {
    if !bucket.take(now_ms, UNIT_RATE) {
        return FromUnitVerdict::Close(close::RATE);
    }
    if text.len() > MAX_UNIT_MESSAGE {
        return FromUnitVerdict::Close(close::TOO_LONG);
    }
    match split::<FromUnit>(text) {
        Ok((FromUnit::Frame { phone }, frame)) if !frame.is_empty() => FromUnitVerdict::Pass(phone, frame),
        Ok((FromUnit::Close { phone }, _)) => FromUnitVerdict::SendAway(phone),
        _ => FromUnitVerdict::Close(close::POLICY),
    }
}

/// Whether one that was last heard at `last_ms` counts as gone.
pub fn is_silent(last_ms: u64, now_ms: u64) -> bool {
    now_ms.saturating_sub(last_ms) > SILENT_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000_000;

    fn message(seq: u64, until_ms: u64, frame: &str) -> String {
        format!("{{\"seq\":{seq},\"until_ms\":{until_ms}}}\n{frame}")
    }

    fn judge(text: &str, seq: &mut u64) -> FromPhoneVerdict<'static> {
        match from_phone(text, &mut Bucket::phone(NOW), seq, NOW) {
            FromPhoneVerdict::Pass { seq, until_ms, .. } => {
                FromPhoneVerdict::Pass { seq, until_ms, frame: "" }
            }
            FromPhoneVerdict::Late => FromPhoneVerdict::Late,
            FromPhoneVerdict::Close(code) => FromPhoneVerdict::Close(code),
        }
    }

    #[test]
    fn a_number_rises_or_the_connection_ends() {
        let mut seq = 0;
        let pass = |seq| FromPhoneVerdict::Pass { seq, until_ms: NOW + 1, frame: "" };
        assert_eq!(judge(&message(1, NOW + 1, "{}"), &mut seq), pass(1));
        assert_eq!(judge(&message(7, NOW + 1, "{}"), &mut seq), pass(7));
        for old in [7, 6, 1, 0] {
            assert_eq!(judge(&message(old, NOW + 1, "{}"), &mut seq), FromPhoneVerdict::Close(1008), "{old}");
        }
        assert_eq!(judge(&message(0, NOW + 1, "{}"), &mut 0), FromPhoneVerdict::Close(1008));
    }

    #[test]
    fn what_is_late_goes_nowhere_and_what_lives_long_is_cut() {
        assert_eq!(judge(&message(1, NOW, "{}"), &mut 0), FromPhoneVerdict::Late);
        assert_eq!(judge(&message(1, 0, "{}"), &mut 0), FromPhoneVerdict::Late);
        let mut seq = 0;
        assert_eq!(judge(&message(3, 0, "{}"), &mut seq), FromPhoneVerdict::Late);
        assert_eq!(seq, 3, "its number is used all the same");
        let cut = FromPhoneVerdict::Pass { seq: 1, until_ms: NOW + 10_000, frame: "" };
        assert_eq!(judge(&message(1, NOW + 10_000, "{}"), &mut 0), cut);
        assert_eq!(judge(&message(1, u64::MAX, "{}"), &mut 0), cut);
    }

    #[test]
    fn lengths_hold_to_the_byte() {
        let frame = "x".repeat(MAX_CLIENT_FRAME);
        assert!(matches!(judge(&message(1, NOW + 1, &frame), &mut 0), FromPhoneVerdict::Pass { .. }));
        let frame = "x".repeat(MAX_CLIENT_FRAME + 1);
        assert_eq!(judge(&message(1, NOW + 1, &frame), &mut 0), FromPhoneVerdict::Close(1009));
        assert_eq!(judge(&"x".repeat(1 << 20), &mut 0), FromPhoneVerdict::Close(1009));
        let head = "{\"type\":\"frame\",\"phone\":1}\n";
        let unit = |length: usize| {
            let text = format!("{head}{}", "x".repeat(length - head.len()));
            matches!(from_unit(&text, &mut Bucket::unit(NOW), NOW), FromUnitVerdict::Pass(1, _))
        };
        assert!(unit(MAX_UNIT_MESSAGE) && !unit(MAX_UNIT_MESSAGE + 1));
    }

    #[test]
    fn what_is_no_message_ends_the_connection() {
        for text in [
            "",
            "{}",
            "ping ",
            "{\"seq\":1,\"until_ms\":9}",
            "{\"seq\":1,\"until_ms\":9}\n",
            "\n\n",
            "[]\n{}",
        ] {
            assert_eq!(judge(text, &mut 0), FromPhoneVerdict::Close(1008), "{text:?}");
        }
        for text in [
            "",
            "{}",
            "{\"type\":\"frame\",\"phone\":1}",
            "{\"type\":\"welcome\"}\n{}",
            "{\"seq\":1,\"until_ms\":9}\n{}",
        ] {
            let verdict = from_unit(text, &mut Bucket::unit(NOW), NOW);
            assert_eq!(verdict, FromUnitVerdict::Close(1008), "{text:?}");
        }
        let verdict = from_unit("{\"type\":\"close\",\"phone\":3}", &mut Bucket::unit(NOW), NOW);
        assert_eq!(verdict, FromUnitVerdict::SendAway(3));
    }

    #[test]
    fn the_rate_holds_exactly() {
        let mut bucket = Bucket::phone(NOW);
        let passed = |bucket: &mut Bucket, now: u64, tries: u32| {
            (0..tries).filter(|_| bucket.take(now, PHONE_RATE)).count()
        };
        assert_eq!(passed(&mut bucket, NOW, 500), 100);
        assert_eq!(passed(&mut bucket, NOW + 10, 500), 1);
        assert_eq!(passed(&mut bucket, NOW + 500, 500), 49);
        assert_eq!(passed(&mut bucket, NOW + 3_600_000, 500), 100);
        assert_eq!(passed(&mut bucket, NOW, 500), 0, "a clock that goes back fills nothing");
        assert_eq!(passed(&mut bucket, NOW + 3_600_000, 500), 0);
        let text = message(1, NOW + 1, "{}");
        let verdict = from_phone(&text, &mut Bucket { left: 999, at_ms: NOW }, &mut 0, NOW);
        assert_eq!(verdict, FromPhoneVerdict::Close(4008));
    }

    #[test]
    fn silence_has_a_measure() {
        assert!(!is_silent(NOW, NOW + 90_000) && is_silent(NOW, NOW + 90_001) && !is_silent(NOW + 5, NOW));
    }
}
