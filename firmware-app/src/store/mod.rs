//! What survives the ignition: settings, preset keys, queue, resume point, phones and the account, in
//! `state.db`.
//!
//! SQLite with a write-ahead log and `synchronous=FULL`: what is acknowledged is on the disk. One
//! thread owns the one connection, so that a slow card never delays the volume.

mod bytes;
mod cloud_rows;
mod database;
mod left_rows;
mod music_rows;
mod open;
mod phone_rows;
mod preset_rows;
mod rows;
mod schema;
mod thread;
mod values;

pub(crate) use open::open;
pub(crate) use thread::{StoreDoor, StoreThread};
pub use values::Outcome;
pub(crate) use values::{
    CloudAccount, Left, Owner, PhoneRow, Phones, Played, PresetRow, Resume, Row, Save, Saved, SavedPresets,
    Settings, UsageRow,
};

/// Why the store cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// The database is damaged, or the disk refuses.
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
    /// The check of its pages found damage.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// The folder cannot be made or a file not moved.
    #[error(transparent)]
    Folder(#[from] std::io::Error),
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "preset_tests.rs"]
mod preset_tests;

#[cfg(test)]
#[path = "cloud_tests.rs"]
mod cloud_tests;
