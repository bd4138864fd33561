//! Pairing a unit with an account, in the shape of RFC 8628: the unit shows a code, a person types it, the unit
//! asks whether that person may.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Letters of a user code: no vowels, so that no words come up, and none that look like another (RFC 8628, 6.1).
pub const USER_CODE_ALPHABET: &str = "BCDFGHJKLMNPQRSTVWXZ";

/// Letters of a user code.
const LETTERS: usize = 8;

/// The code a unit shows, eight letters of [`USER_CODE_ALPHABET`], kept without the dash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserCode(String);

impl UserCode {
    /// A code from random bytes; `None` when too few of them were of use. 32 bytes are enough but for once in
    /// 10^7 times.
    #[must_use]
    pub fn from_random(bytes: &[u8]) -> Option<Self> {
        let alphabet = USER_CODE_ALPHABET.as_bytes();
        // 240 is the largest multiple of 20 in a byte: what lies above would favour some letters.
        let letters = bytes.iter().filter(|byte| **byte < 240).take(LETTERS);
        let code: String = letters
            .filter_map(|byte| alphabet.get(usize::from(*byte) % alphabet.len()))
            .map(|c| char::from(*c))
            .collect();
        (code.len() == LETTERS).then_some(Self(code))
    }

    /// Reads what a person typed: case, dashes and spaces do not matter.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let mut code = String::with_capacity(LETTERS);
        for letter in typed.chars().filter(|c| !c.is_whitespace() && *c != '-').take(LETTERS + 1) {
            let letter = letter.to_ascii_uppercase();
            if !USER_CODE_ALPHABET.contains(letter) {
                return None;
            }
            code.push(letter);
        }
        (code.len() == LETTERS).then_some(Self(code))
    }

    /// The eight letters.
    #[must_use]
    pub fn letters(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (left, right) = self.0.split_at(LETTERS / 2);
        write!(out, "{left}-{right}")
    }
}

/// `POST /api/pair/start`, signed: a unit wishes to be paired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PairStart {
    /// The unit's name, 1 to 40 characters.
    pub name: String,
    /// What it is, such as "Raspberry Pi 4"; 0 to 40 characters.
    pub model: String,
    /// Of its program; 0 to 40 characters.
    pub version: String,
}

/// The codes of a pairing that has begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PairStarted {
    /// Known to the unit only.
    pub device_code: String,
    /// To be shown and typed, XXXX-XXXX.
    pub user_code: String,
    /// Where it is typed.
    pub verification_uri: String,
    /// The same with the code in it, for a QR code.
    pub verification_uri_complete: String,
    /// Seconds until the codes end.
    pub expires_in: u32,
    /// Least seconds between two polls.
    pub interval: u32,
}

/// `POST /api/pair/poll`, signed: how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PairPoll {
    /// From [`PairStarted`].
    pub device_code: String,
}

/// `POST /api/pair/confirm`, signed: the press on the unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PairConfirm {
    /// From [`PairStarted`].
    pub device_code: String,
    /// False refuses who asks.
    pub accept: bool,
}

/// Who asks to have the unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Asker {
    /// As they call themselves at the provider.
    pub name: String,
    /// Verified by the provider; for the driver to recognise them.
    #[serde(default)]
    pub email: Option<String>,
}

/// The answer to `poll` and `confirm`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum PairState {
    /// Nobody has typed the code yet.
    Waiting {
        /// Least seconds until the next poll; it grows by 5 when polls come too quickly (RFC 8628, 3.5).
        interval: u32,
    },
    /// Somebody has: ask the driver.
    Confirm {
        /// Who.
        asker: Asker,
        /// As of `waiting`.
        interval: u32,
    },
    /// It is done.
    Paired {
        /// The unit's number at the cloud.
        device_id: String,
        /// Whose it is now.
        owner: Asker,
    },
    /// The driver said no.
    Denied,
    /// The codes have ended, or were never given out.
    Expired,
}

/// `POST /api/pair/lookup`, by a person who is signed in: which unit shows this code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PairLookup {
    /// As typed.
    pub user_code: String,
}

/// The unit that shows the code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PairFound {
    /// Its name.
    pub name: String,
    /// What it is.
    pub model: String,
    /// Of its program.
    pub version: String,
    /// How far it is.
    pub stage: PairStage,
    /// Its number, once it is paired.
    #[serde(default)]
    pub device_id: Option<String>,
    /// Seconds until the code ends.
    pub expires_in: u32,
}

/// How far a pairing is, as the person sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PairStage {
    /// Nobody has approved it yet.
    Waiting,
    /// The person has; the unit waits for a press.
    Confirm,
    /// Done.
    Paired,
    /// The driver said no.
    Denied,
}

/// The answer to `POST /api/pair/approve`, which takes a [`PairLookup`]: now the unit asks for a press.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PairApproved {
    /// How far it is.
    pub stage: PairStage,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = UserCode::parse("BCDF-GHJK").map(|code| code.to_string());
        assert_eq!(code.as_deref(), Some("BCDF-GHJK"));
        for typed in ["bcdfghjk", " bcdf ghjk ", "BCDF\u{2009}-GHJK"] {
            assert_eq!(UserCode::parse(typed).map(|code| code.to_string()), code, "{typed}");
        }
        for typed in ["", "BCDF-GHJ", "BCDF-GHJKL", "ACDF-GHJK", "BCDF-GHJ1", "БCDFGHJK"] {
            assert_eq!(UserCode::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn random_bytes_give_every_letter_alike() {
        let all: Vec<u8> = (0..=255).collect();
        let mut seen = [0_u32; 20];
        for chunk in all.chunks(8).take(30) {
            let code = UserCode::from_random(chunk).unwrap();
            for letter in code.letters().chars() {
                seen[USER_CODE_ALPHABET.find(letter).unwrap()] += 1;
            }
        }
        assert_eq!(seen, [12; 20]);
        assert_eq!(UserCode::from_random(&[250; 64]), None);
        assert_eq!(UserCode::from_random(&[1; 7]), None);
    }
}
