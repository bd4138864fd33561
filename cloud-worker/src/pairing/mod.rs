//! Pairing a unit with an account: RFC 8628 in shape, with the driver's press on the unit as the last word.
//!
//! start (unit) → the person types the code: lookup, approve → poll (unit) tells who asks → confirm (unit).

mod guess;
mod person;
mod unit;

use serde::Deserialize;

use crate::edge::Problem;

pub use person::{approve, lookup};
pub use unit::{confirm, poll, start};

/// Seconds until the codes end.
const EXPIRES_IN: u32 = 300;
/// Seconds between two polls at first, and by how much it grows when they come too soon (RFC 8628, 3.5).
const INTERVAL: u32 = 5;
/// Most units of one account.
pub const MOST_DEVICES: i64 = 50;
/// Longest name of a unit, of its model and of its version, characters.
pub const LONGEST_NAME: usize = 40;

/// How far a pairing is, as the table has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stage {
    Waiting,
    Confirm,
    Paired,
    Denied,
}

/// The account has as many units as one may have.
fn too_many() -> Problem {
    Problem::Conflict("too_many_devices", "This account has as many units as it may have.")
}

/// The key is some account's already.
fn already_paired() -> Problem {
    Problem::Conflict("already_paired", "This unit belongs to an account. Unlink it first.")
}
