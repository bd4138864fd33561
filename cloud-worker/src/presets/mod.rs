//! Presets that follow their owner, and those that everybody may see.
//!
//! An account's presets change one revision after the other: whoever changes them looks at the account, decides
//! and takes the next revisions; if somebody else has taken them meanwhile, it looks again ([`shelf`]). Units
//! are told the new revision and fetch what has changed after theirs.

mod check;
mod edit;
mod favourites;
mod merge;
mod public;
mod shelf;
#[cfg(test)]
mod sql_tests;
mod sync;
mod wire;

use protocol::cloud::ToUnit;
use serde::Deserialize;

use crate::edge::{Call, Problem};
use crate::relay;
use crate::store::{Db, presets};

pub use edit::{create, list, one, remove, replace};
pub use favourites::{add as add_favourite, list as favourites, remove as remove_favourite};
pub use public::public;
pub use sync::sync;
pub use wire::{Preset, PresetBody, PresetList, PublicPreset, PublicPresetList};

/// The revision of a user's presets; 0 where there is no such user.
///
/// # Errors
/// 503 if the database does not answer.
pub async fn revision(db: &Db, user: &str) -> Result<u64, Problem> {
    #[derive(Deserialize)]
    struct Row {
        revision: u64,
    }
    let row: Option<Row> = db.first(presets::PRESET_REVISION, &[user.into()]).await?;
    Ok(row.map_or(0, |row| row.revision))
}

/// Tells a user's units that presets have changed. One that does not hear of it asks when it connects.
async fn tell_units(call: &Call, user: &str, revision: u64) {
    relay::tell_user(call, user, &ToUnit::Presets { revision }).await;
}
