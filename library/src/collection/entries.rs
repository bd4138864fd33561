//! The entries of a playlist: appending, inserting, moving, removing, and reading by the page.
use rusqlite::{Connection, OptionalExtension, params};

use super::page::{ListPage, Seek, bounded, rows};
use super::place::{self, CollectionTrack};
use super::rank::{GAP, between};
use super::{Collection, CollectionError, MAX_ENTRIES, MAX_ENTRIES_IN_ALL, PlaylistId};

/// An entry's number; it keeps it when it moves, and no other entry ever gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub i64);

/// Where an entry stood when it was read: a page may begin there after the entry is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryKey {
    /// Order.
    pub rank: i64,
    /// Among equals.
    pub id: i64,
}

/// A row of a playlist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Its number.
    pub id: EntryId,
    /// Where it stands.
    pub key: EntryKey,
    /// What it plays.
    pub track: CollectionTrack,
}

impl Collection {
    /// Puts `tracks` at the end of a playlist, all or none.
    ///
    /// # Errors
    /// [`Full`](CollectionError::Full) at 10,000 entries of the playlist or a million in all,
    /// [`Gone`](CollectionError::Gone), [`BadPlace`](CollectionError::BadPlace), or the disk refuses.
    pub fn append(
        &mut self,
        id: PlaylistId,
        tracks: &[CollectionTrack],
    ) -> Result<Vec<EntryId>, CollectionError> {
        self.insert(id, None, tracks)
    }

    /// Puts `tracks` before an entry, or at the end; all or none.
    ///
    /// # Errors
    /// As [`Self::append`].
    pub fn insert(
        &mut self,
        id: PlaylistId,
        before: Option<EntryId>,
        tracks: &[CollectionTrack],
    ) -> Result<Vec<EntryId>, CollectionError> {
        self.write(|connection| {
            grow(connection, id, tracks.len())?;
            let (first, step) = room(connection, id, before, None, tracks.len())?;
            let mut insert =
                connection.prepare_cached("INSERT INTO entry (playlist, rank, place) VALUES (?1, ?2, ?3)")?;
            let mut rank = first;
            let mut ids = Vec::with_capacity(tracks.len());
            for track in tracks {
                let place = place::keep(connection, track)?;
                ids.push(EntryId(insert.insert(params![id.0, rank, place])?));
                rank += step;
            }
            Ok(ids)
        })
    }

    /// Moves one entry before another, or to the end. Writes one row, seldom all of the playlist's.
    ///
    /// # Errors
    /// One of them is [`Gone`](CollectionError::Gone), or the disk refuses.
    pub fn move_entry(
        &mut self,
        id: PlaylistId,
        entry: EntryId,
        before: Option<EntryId>,
    ) -> Result<(), CollectionError> {
        self.write(|connection| {
            rank_of(connection, id, entry)?;
            if before == Some(entry) {
                return Ok(());
            }
            let (rank, _) = room(connection, id, before, Some(entry), 1)?;
            connection
                .prepare_cached("UPDATE entry SET rank = ?2 WHERE id = ?1")?
                .execute(params![entry.0, rank])?;
            Ok(())
        })
    }

    /// Removes entries; how many were still there.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn remove(&mut self, id: PlaylistId, entries: &[EntryId]) -> Result<usize, CollectionError> {
        self.write(|connection| {
            let mut remove = connection
                .prepare_cached("DELETE FROM entry WHERE id = ?1 AND playlist = ?2 RETURNING place")?;
            let mut places = Vec::with_capacity(entries.len());
            for entry in entries {
                places.extend(remove.query_row([entry.0, id.0], |row| row.get::<_, i64>(0)).optional()?);
            }
            let removed = places.len();
            connection
                .prepare_cached("UPDATE playlist SET entries = entries - ?2 WHERE id = ?1")?
                .execute(params![id.0, rows(removed)])?;
            place::release(connection, places)?;
            Ok(removed)
        })
    }

    /// A page of a playlist, at most 256 rows.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn entries(
        &self,
        id: PlaylistId,
        seek: Seek<EntryKey>,
        limit: usize,
    ) -> Result<ListPage<EntryRow>, CollectionError> {
        let (limit, backwards) = (bounded(limit), seek.is_backwards());
        let key =
            seek.key(EntryKey { rank: i64::MIN, id: i64::MIN }, EntryKey { rank: i64::MAX, id: i64::MAX });
        let (than, order) = if backwards { ("<", "DESC") } else { (">", "ASC") };
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT e.id, e.rank, {} FROM entry e {}
             WHERE e.playlist = ?1 AND (e.rank, e.id) {than} (?2, ?3)
             ORDER BY e.rank {order}, e.id {order} LIMIT ?4",
            place::COLUMNS,
            place::JOINS,
        ))?;
        let found = statement
            .query_map(params![id.0, key.rank, key.id, rows(limit + 1)], |row| {
                let (id, rank) = (row.get(0)?, row.get(1)?);
                Ok(EntryRow { id: EntryId(id), key: EntryKey { rank, id }, track: place::track(row, 2)? })
            })?
            .collect::<Result<Vec<_>, _>>()?;
        Ok(ListPage::of(found, limit, backwards))
    }

    /// All tracks of a playlist in order, for the queue: at most 10,000.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn tracks(&self, id: PlaylistId) -> Result<Vec<CollectionTrack>, CollectionError> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {} FROM entry e {} WHERE e.playlist = ?1 ORDER BY e.rank, e.id LIMIT {MAX_ENTRIES}",
            place::COLUMNS,
            place::JOINS,
        ))?;
        Ok(statement.query_map([id.0], |row| place::track(row, 0))?.collect::<Result<_, _>>()?)
    }
}

/// Counts `more` entries in, within the bounds.
fn grow(connection: &Connection, id: PlaylistId, more: usize) -> Result<(), CollectionError> {
    let entries: u32 = connection
        .prepare_cached("SELECT entries FROM playlist WHERE id = ?1")?
        .query_row([id.0], |row| row.get(0))
        .optional()?
        .ok_or(CollectionError::Gone)?;
    let all: u32 = connection
        .prepare_cached("SELECT coalesce(sum(entries), 0) FROM playlist")?
        .query_row((), |row| row.get(0))?;
    let more = u32::try_from(more).unwrap_or(u32::MAX);
    if entries.saturating_add(more) > MAX_ENTRIES || all.saturating_add(more) > MAX_ENTRIES_IN_ALL {
        return Err(CollectionError::Full);
    }
    connection
        .prepare_cached("UPDATE playlist SET entries = entries + ?2 WHERE id = ?1")?
        .execute(params![id.0, more])?;
    Ok(())
}

/// Ranks for `count` entries before `before` or at the end; `moving` is as if it were not there.
fn room(
    connection: &Connection,
    id: PlaylistId,
    before: Option<EntryId>,
    moving: Option<EntryId>,
    count: usize,
) -> Result<(i64, i64), CollectionError> {
    for _ in 0..2 {
        let high = before.map(|entry| rank_of(connection, id, entry)).transpose()?;
        let low: Option<i64> = connection
            .prepare_cached("SELECT max(rank) FROM entry WHERE playlist = ?1 AND rank < ?2 AND id IS NOT ?3")?
            .query_row(params![id.0, high.unwrap_or(i64::MAX), moving.map(|entry| entry.0)], |row| {
                row.get(0)
            })?;
        if let Some(found) = between(low, high, count) {
            return Ok(found);
        }
        spread(connection, id, count)?;
    }
    Err(CollectionError::Damaged("the order of a playlist has no room".to_owned()))
}

/// Numbers a playlist anew, with room for `count` entries between any two.
fn spread(connection: &Connection, id: PlaylistId, count: usize) -> Result<(), CollectionError> {
    let gap = GAP.max(i64::try_from(count).unwrap_or(GAP) + 1);
    connection.execute(
        "UPDATE entry SET rank = numbered.place_in_list * ?2
         FROM (SELECT id AS numbered_id, row_number() OVER (ORDER BY rank, id) AS place_in_list
               FROM entry WHERE playlist = ?1) AS numbered
         WHERE entry.id = numbered.numbered_id",
        params![id.0, gap],
    )?;
    Ok(())
}

fn rank_of(connection: &Connection, id: PlaylistId, entry: EntryId) -> Result<i64, CollectionError> {
    connection
        .prepare_cached("SELECT rank FROM entry WHERE id = ?1 AND playlist = ?2")?
        .query_row([entry.0, id.0], |row| row.get(0))
        .optional()?
        .ok_or(CollectionError::Gone)
}
