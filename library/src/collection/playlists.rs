//! The owner's playlists: making, naming and deleting them.
use rusqlite::{OptionalExtension, params};

use super::page::{ListPage, Seek, bounded};
use super::{Collection, CollectionError, MAX_PLAYLISTS, place};
use crate::display_name::one_line;
use crate::natural_order::NaturalKey;

/// Longest name of a playlist, in characters.
const MAX_NAME: usize = 100;

/// A playlist's number; never given to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaylistId(pub i64);

/// A row of the list of playlists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaylistInfo {
    /// Its number.
    pub id: PlaylistId,
    /// Its name: one line, at most 100 characters.
    pub name: String,
    /// How many entries it has.
    pub entries: u32,
}

impl Collection {
    /// Makes an empty playlist.
    ///
    /// # Errors
    /// [`Full`](CollectionError::Full) at 1,000 playlists, [`NameTaken`](CollectionError::NameTaken),
    /// [`BadName`](CollectionError::BadName), or the disk refuses.
    pub fn create_playlist(&mut self, name: &str) -> Result<PlaylistId, CollectionError> {
        let name = fit(name)?;
        self.write(|connection| {
            let count: u32 = connection.query_row("SELECT count(*) FROM playlist", (), |row| row.get(0))?;
            if count >= MAX_PLAYLISTS {
                return Err(CollectionError::Full);
            }
            let id = connection
                .prepare_cached("INSERT INTO playlist (name) VALUES (?1)")?
                .insert([name])
                .map_err(taken)?;
            Ok(PlaylistId(id))
        })
    }

    /// Gives a playlist another name.
    ///
    /// # Errors
    /// As [`Self::create_playlist`], or the playlist is [`Gone`](CollectionError::Gone).
    pub fn rename_playlist(&mut self, id: PlaylistId, name: &str) -> Result<(), CollectionError> {
        let name = fit(name)?;
        self.write(|connection| {
            let mut rename = connection.prepare_cached("UPDATE playlist SET name = ?2 WHERE id = ?1")?;
            match rename.execute(params![id.0, name]).map_err(taken)? {
                0 => Err(CollectionError::Gone),
                _ => Ok(()),
            }
        })
    }

    /// Deletes a playlist with its entries. Deleting one that is gone does nothing.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn delete_playlist(&mut self, id: PlaylistId) -> Result<(), CollectionError> {
        self.write(|connection| {
            let places = drop_entries(connection, id)?;
            connection.execute("DELETE FROM playlist WHERE id = ?1", [id.0])?;
            place::release(connection, places)
        })
    }

    /// Removes every entry of a playlist.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn clear_playlist(&mut self, id: PlaylistId) -> Result<(), CollectionError> {
        self.write(|connection| {
            let places = drop_entries(connection, id)?;
            connection.execute("UPDATE playlist SET entries = 0 WHERE id = ?1", [id.0])?;
            place::release(connection, places)
        })
    }

    /// One playlist.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn playlist(&self, id: PlaylistId) -> Result<Option<PlaylistInfo>, CollectionError> {
        let mut statement =
            self.connection.prepare_cached("SELECT id, name, entries FROM playlist WHERE id = ?1")?;
        Ok(statement.query_row([id.0], info).optional()?)
    }

    /// A page of the playlists in natural order of their names; `seek` by a row that was shown, which may
    /// have been deleted since.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn playlists(
        &self,
        seek: Seek<&PlaylistInfo>,
        limit: usize,
    ) -> Result<ListPage<PlaylistInfo>, CollectionError> {
        // A thousand names sort faster than a key of theirs could be kept right in the file.
        let mut statement = self.connection.prepare_cached("SELECT id, name, entries FROM playlist")?;
        let rows = statement.query_map((), info)?.collect::<Result<Vec<_>, _>>()?;
        let mut keyed: Vec<_> = rows.into_iter().map(|row| (key(&row), row)).collect();
        keyed.sort_by(|a, b| a.0.cmp(&b.0));
        let limit = bounded(limit);
        let backwards = seek.is_backwards();
        let (from, to) = match seek {
            Seek::Start | Seek::End => (0, keyed.len()),
            Seek::After(row) => {
                let key = key(row);
                (keyed.partition_point(|(other, _)| *other <= key), keyed.len())
            }
            Seek::Before(row) => {
                let key = key(row);
                (0, keyed.partition_point(|(other, _)| *other < key))
            }
        };
        let part = keyed.drain(from..to).map(|(_, row)| row);
        let rows =
            if backwards { part.rev().take(limit + 1).collect() } else { part.take(limit + 1).collect() };
        Ok(ListPage::of(rows, limit, backwards))
    }
}

fn key(row: &PlaylistInfo) -> (NaturalKey, i64) {
    (NaturalKey::new(row.name.as_ref()), row.id.0)
}

fn info(row: &rusqlite::Row<'_>) -> rusqlite::Result<PlaylistInfo> {
    Ok(PlaylistInfo { id: PlaylistId(row.get(0)?), name: row.get(1)?, entries: row.get(2)? })
}

fn drop_entries(connection: &rusqlite::Connection, id: PlaylistId) -> Result<Vec<i64>, CollectionError> {
    let mut drop = connection.prepare_cached("DELETE FROM entry WHERE playlist = ?1 RETURNING place")?;
    Ok(drop.query_map([id.0], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

fn fit(name: &str) -> Result<String, CollectionError> {
    let name = one_line(name, MAX_NAME);
    if name.is_empty() { Err(CollectionError::BadName) } else { Ok(name) }
}

/// The only rule a name can break is that it is the only one.
fn taken(error: rusqlite::Error) -> CollectionError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::ConstraintViolation) => CollectionError::NameTaken,
        _ => error.into(),
    }
}
