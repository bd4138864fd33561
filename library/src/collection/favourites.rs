//! Favourite tracks.
use rusqlite::{OptionalExtension, params};

use super::page::{ListPage, Seek, bounded, rows};
use super::place::{self, CollectionTrack};
use super::{Collection, CollectionError, MAX_FAVOURITES};

/// Where a favourite stands in the list, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FavouriteKey(pub i64);

/// A row of the favourites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FavouriteRow {
    /// Where it stands.
    pub key: FavouriteKey,
    /// The track.
    pub track: CollectionTrack,
    /// When it was made one, unix seconds by the unit's clock of that time.
    pub added_s: i64,
}

impl Collection {
    /// Makes a track a favourite or no longer one; what it already is stays as it was.
    ///
    /// # Errors
    /// [`Full`](CollectionError::Full) at 10,000, [`BadPlace`](CollectionError::BadPlace), or the disk refuses.
    pub fn set_favourite(
        &mut self,
        track: &CollectionTrack,
        favourite: bool,
        unix_s: i64,
    ) -> Result<(), CollectionError> {
        self.write(|connection| {
            if !favourite {
                let Some(place) = place::known(connection, track)? else { return Ok(()) };
                connection.prepare_cached("DELETE FROM favourite WHERE place = ?1")?.execute([place])?;
                return place::release(connection, [place]);
            }
            let place = place::keep(connection, track)?;
            connection
                .prepare_cached(
                    "INSERT INTO favourite (place, added_s) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                )?
                .execute(params![place, unix_s])?;
            let count: u32 = connection.query_row("SELECT count(*) FROM favourite", (), |row| row.get(0))?;
            if count > MAX_FAVOURITES { Err(CollectionError::Full) } else { Ok(()) }
        })
    }

    /// Makes a favourite of what is none, and the reverse; whether it is one now.
    ///
    /// # Errors
    /// As [`Self::set_favourite`].
    pub fn toggle_favourite(
        &mut self,
        track: &CollectionTrack,
        unix_s: i64,
    ) -> Result<bool, CollectionError> {
        let favourite = !self.is_favourite(track)?;
        self.set_favourite(track, favourite, unix_s)?;
        Ok(favourite)
    }

    /// Whether a track is a favourite.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn is_favourite(&self, track: &CollectionTrack) -> Result<bool, CollectionError> {
        let Some(place) = place::known(&self.connection, track)? else { return Ok(false) };
        let mut statement = self.connection.prepare_cached("SELECT 1 FROM favourite WHERE place = ?1")?;
        Ok(statement.query_row([place], |_| Ok(())).optional()?.is_some())
    }

    /// [`Self::is_favourite`] of each track of a page.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn are_favourites(&self, tracks: &[CollectionTrack]) -> Result<Vec<bool>, CollectionError> {
        tracks.iter().map(|track| self.is_favourite(track)).collect()
    }

    /// How many favourites there are, their media plugged or not.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn favourite_count(&self) -> Result<u32, CollectionError> {
        Ok(self.connection.query_row("SELECT count(*) FROM favourite", (), |row| row.get(0))?)
    }

    /// A page of the favourites, newest first, at most 256 rows.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn favourites(
        &self,
        seek: Seek<FavouriteKey>,
        limit: usize,
    ) -> Result<ListPage<FavouriteRow>, CollectionError> {
        let (limit, backwards) = (bounded(limit), seek.is_backwards());
        let key = seek.key(FavouriteKey(i64::MAX), FavouriteKey(i64::MIN));
        let (than, order) = if backwards { (">", "ASC") } else { ("<", "DESC") };
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT f.id, f.added_s, {} FROM favourite f {} WHERE f.id {than} ?1 ORDER BY f.id {order} LIMIT ?2",
            place::COLUMNS,
            place::JOINS,
        ))?;
        let found = statement
            .query_map(params![key.0, rows(limit + 1)], |row| {
                let track = place::track(row, 2)?;
                Ok(FavouriteRow { key: FavouriteKey(row.get(0)?), track, added_s: row.get(1)? })
            })?
            .collect::<Result<Vec<_>, _>>()?;
        Ok(ListPage::of(found, limit, backwards))
    }
}
