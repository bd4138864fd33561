//! What the owner made: playlists, favourites, and what was played how often, in `collection.db`.
//!
//! Beside the index and not in it, because nothing of this can be read from a medium again. SQLite with a
//! write-ahead log and `synchronous=FULL`: what a call acknowledged is on the disk. One connection; which
//! thread owns it is the app's business. Entries name media by identity and paths below their roots, and
//! keep title and artist, so that a list can be shown while its stick is away.
mod entries;
mod error;
mod export;
mod favourites;
mod open;
mod page;
mod place;
mod playlists;
mod plays;
mod rank;
mod schema;

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

pub use entries::{EntryId, EntryKey, EntryRow};
pub use error::CollectionError;
pub use export::{Export, ExportError, PlaylistWritten, write_playlist};
pub use favourites::{FavouriteKey, FavouriteRow};
pub use open::SetAside;
pub use page::{ListPage, MAX_PAGE, Seek};
pub use place::CollectionTrack;
pub use playlists::{PlaylistId, PlaylistInfo};
pub use plays::{PlayCount, PlayedRow, PlayedTrack};

/// Most playlists.
const MAX_PLAYLISTS: u32 = 1_000;

/// Most entries of one playlist.
const MAX_ENTRIES: u32 = 10_000;

/// Most entries of all playlists: about 200 MB on the data partition.
const MAX_ENTRIES_IN_ALL: u32 = 1_000_000;

/// Most favourites.
const MAX_FAVOURITES: u32 = 10_000;

/// Most tracks whose plays are counted; beyond, those not played for longest are forgotten.
const MAX_PLAYED: u32 = 100_000;

/// The collection, open. Every change is on the disk when its call returns.
pub struct Collection {
    connection: Connection,
}

impl Collection {
    /// Opens the file, makes it if it is missing, and brings it up to date. A damaged file is renamed to
    /// `collection.damaged-N.db` beside it, and a new one begun.
    ///
    /// # Errors
    /// [`Storage`](CollectionError::Storage): the disk refuses. [`Self::in_memory`] serves meanwhile.
    pub fn open(path: &Path) -> Result<(Self, Option<SetAside>), CollectionError> {
        let (connection, set_aside) = open::open(path)?;
        Ok((Self { connection }, set_aside))
    }

    /// A collection that is gone with the process, for when the disk refuses.
    ///
    /// # Errors
    /// Out of memory.
    pub fn in_memory() -> Result<Self, CollectionError> {
        Ok(Self { connection: open::in_memory()? })
    }

    /// Whether every page, index and reference of the file is sound, and the counts are right. Reads all.
    ///
    /// # Errors
    /// [`Damaged`](CollectionError::Damaged), in words.
    pub fn check(&self) -> Result<(), CollectionError> {
        open::check(&self.connection, "integrity_check(1)")?;
        let broken = |what: &str| Err(CollectionError::Damaged(what.to_owned()));
        let count = |sql: &str| self.connection.query_row(sql, (), |row| row.get::<_, i64>(0));
        if count("SELECT count(*) FROM pragma_foreign_key_check")? > 0 {
            return broken("an entry names nothing");
        }
        let miscounted = "SELECT count(*) FROM playlist p
             WHERE entries <> (SELECT count(*) FROM entry e WHERE e.playlist = p.id)";
        if count(miscounted)? > 0 {
            return broken("a playlist's number of entries is wrong");
        }
        let unnamed = "SELECT count(*) FROM place p
             WHERE NOT EXISTS (SELECT 1 FROM entry WHERE place = p.id)
                 AND NOT EXISTS (SELECT 1 FROM favourite WHERE place = p.id)
                 AND NOT EXISTS (SELECT 1 FROM play WHERE place = p.id)";
        if count(unnamed)? > 0 {
            return broken("a place is kept that nothing names");
        }
        Ok(())
    }

    /// Runs `work` as one transaction: all of it is on the disk, or nothing.
    fn write<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T, CollectionError>,
    ) -> Result<T, CollectionError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }
}

#[cfg(test)]
mod tests;
