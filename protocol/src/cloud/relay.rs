//! The relay between a unit and its owner's remotes: text messages of two parts, a head of the relay's in one
//! line of JSON and, after a line feed, a frame of [`remote`](crate::remote) as it is. The relay reads heads
//! only; the unit reads the frames and decides.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Longest message a unit may send through the relay, bytes: a welcome with everything in it fits.
pub const MAX_UNIT_MESSAGE: usize = 512 * 1024;
/// How long a remote's frame may travel at most, milliseconds.
pub const RELAY_MESSAGE_LIFE_MS: u64 = 10_000;
/// Longest head, bytes.
const MAX_HEAD: usize = 512;

/// The head of a remote's message. A frame follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FromPhone {
    /// Rises with every message of the connection; what does not rise is refused.
    pub seq: u64,
    /// By the relay's clock: later than this it must not be done any more.
    pub until_ms: u64,
}

/// What the relay itself tells a remote. It stands where the unit's frames stand, has no second part, and its
/// `type` is `relay`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToPhone {
    /// First, and whenever the unit comes or goes. When it comes the remote says `hello` to it.
    Relay {
        /// The relay's clock.
        now_ms: u64,
        /// Whether the unit is there.
        unit: Presence,
    },
}

/// Whether a unit is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// It is.
    Online,
    /// It is not.
    Offline,
}

/// The head of the relay's message to a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToUnit {
    /// The first message.
    Welcome {
        /// The relay's clock.
        now_ms: u64,
        /// Whose the unit is.
        owner: String,
        /// What it is called in the account.
        name: String,
        /// Revision of the owner's presets.
        presets: u64,
    },
    /// A remote has come. It is the owner's.
    Opened {
        /// Its number on this relay, never used again.
        phone: u64,
    },
    /// A remote's frame follows.
    Frame {
        /// Whose.
        phone: u64,
        /// As of [`FromPhone`].
        seq: u64,
        /// As of [`FromPhone`], at most [`RELAY_MESSAGE_LIFE_MS`] after the relay had it.
        until_ms: u64,
    },
    /// A remote has gone.
    Closed {
        /// Its number.
        phone: u64,
    },
    /// The owner's presets have changed.
    Presets {
        /// Their revision.
        revision: u64,
    },
    /// The unit was renamed in the account.
    Renamed {
        /// Its name there.
        name: String,
    },
    /// The unit is nobody's any more. The connection ends.
    Unpaired,
}

/// The head of a unit's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromUnit {
    /// A frame for one remote follows.
    Frame {
        /// Which.
        phone: u64,
    },
    /// That remote is to be sent away.
    Close {
        /// Which.
        phone: u64,
    },
}

/// Why a message is not one of the relay's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadMessage {
    /// The head is too long for one.
    #[error("a head has at most {MAX_HEAD} bytes")]
    LongHead,
    /// The head cannot be read.
    #[error("the head of this message cannot be read: {0}")]
    Head(String),
}

/// Writes a message: the head and, where there is one, the frame.
#[must_use]
pub fn join<H: Serialize>(head: &H, frame: Option<&str>) -> String {
    // Heads are plain structures: writing them cannot fail.
    let mut text = serde_json::to_string(head).unwrap_or_default();
    if let Some(frame) = frame {
        text.push('\n');
        text.push_str(frame);
    }
    text
}

/// Reads a message: its head, and the frame that follows (empty where none does).
///
/// # Errors
/// The head is too long or is not an `H`.
pub fn split<H: DeserializeOwned>(text: &str) -> Result<(H, &str), BadMessage> {
    let (head, frame) = text.split_once('\n').unwrap_or((text, ""));
    if head.len() > MAX_HEAD {
        return Err(BadMessage::LongHead);
    }
    let head = serde_json::from_str(head).map_err(|why| BadMessage::Head(why.to_string()))?;
    Ok((head, frame))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_comes_back_as_it_was_sent() {
        let head = ToUnit::Frame { phone: 3, seq: 9, until_ms: 1_700_000_000_000 };
        let frame = "{\"type\":\"ping\",\n\"id\":1}";
        let text = join(&head, Some(frame));
        assert_eq!(
            text,
            format!("{{\"type\":\"frame\",\"phone\":3,\"seq\":9,\"until_ms\":1700000000000}}\n{frame}")
        );
        assert_eq!(split::<ToUnit>(&text), Ok((head, frame)));
        assert_eq!(split(&join(&ToUnit::Unpaired, None)), Ok((ToUnit::Unpaired, "")));
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for text in [
            "",
            "\n{}",
            "{}",
            "[]\n{}",
            r#"{"seq":1}"#,
            r#"{"seq":-1,"until_ms":0}"#,
            r#"{"seq":1,"until_ms":2,"x":3}"#,
        ] {
            assert!(matches!(split::<FromPhone>(text), Err(BadMessage::Head(_))), "{text}");
        }
        let long = format!("{{\"seq\":1,{}\"until_ms\":2}}", " ".repeat(MAX_HEAD));
        assert_eq!(split::<FromPhone>(&long), Err(BadMessage::LongHead));
    }
}
