//! What was played how often, and when last.
use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension, params};

use super::page::{ListPage, Seek, bounded, rows};
use super::place::{self, CollectionTrack};
use super::{Collection, CollectionError, MAX_PLAYED};
use crate::MediumId;

/// A track that was played to its end, or long enough to count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlayedTrack {
    /// The track.
    pub track: CollectionTrack,
    /// When, unix seconds by the unit's clock.
    pub unix_s: i64,
}

/// How often a track was played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlayCount {
    /// Times.
    pub count: u32,
    /// When last, unix seconds; `None`: never.
    pub last_s: Option<i64>,
}

/// A row of the tracks that were played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlayedRow {
    /// Where it stands: the place's number.
    pub key: i64,
    /// The track.
    pub track: CollectionTrack,
    /// How often.
    pub plays: PlayCount,
}

impl Collection {
    /// Counts plays, all in one transaction. Over 100,000 tracks, those not played for longest are
    /// forgotten; a track's last time never goes back, even if the clock did.
    ///
    /// # Errors
    /// [`BadPlace`](CollectionError::BadPlace), or the disk refuses.
    pub fn note_played(&mut self, played: &[PlayedTrack]) -> Result<(), CollectionError> {
        self.write(|connection| {
            let mut count = connection.prepare_cached(
                "INSERT INTO play (place, count, last_s) VALUES (?1, 1, ?2)
                 ON CONFLICT DO UPDATE SET count = min(count + 1, 4294967295), last_s = max(last_s, ?2)",
            )?;
            for PlayedTrack { track, unix_s } in played {
                count.execute(params![place::keep(connection, track)?, unix_s])?;
            }
            forget(connection, MAX_PLAYED)
        })
    }

    /// How often each track of a page was played.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn plays(&self, tracks: &[CollectionTrack]) -> Result<Vec<PlayCount>, CollectionError> {
        let mut statement =
            self.connection.prepare_cached("SELECT count, last_s FROM play WHERE place = ?1")?;
        let mut plays = Vec::with_capacity(tracks.len());
        for track in tracks {
            let place = place::known(&self.connection, track)?;
            plays.push(statement.query_row([place], |row| count(row, 0)).optional()?.unwrap_or_default());
        }
        Ok(plays)
    }

    /// Tracks by how often they were played, then by when; at most 256, all media.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn most_played(&self, limit: usize) -> Result<Vec<PlayedRow>, CollectionError> {
        self.played("ORDER BY y.count DESC, y.last_s DESC LIMIT ?1", &[&rows(bounded(limit))])
    }

    /// Tracks by when they were played, the latest first; at most 256, all media.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn last_played(&self, limit: usize) -> Result<Vec<PlayedRow>, CollectionError> {
        self.played("ORDER BY y.last_s DESC, y.place DESC LIMIT ?1", &[&rows(bounded(limit))])
    }

    /// A page of everything that was played, in no order that means anything: for filling a rebuilt index.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn all_played(&self, seek: Seek<i64>, limit: usize) -> Result<ListPage<PlayedRow>, CollectionError> {
        let (limit, backwards) = (bounded(limit), seek.is_backwards());
        let (than, order) = if backwards { ("<", "DESC") } else { (">", "ASC") };
        let key = seek.key(i64::MIN, i64::MAX);
        let rest = format!("WHERE y.place {than} ?1 ORDER BY y.place {order} LIMIT ?2");
        Ok(ListPage::of(self.played(&rest, &[&key, &rows(limit + 1)])?, limit, backwards))
    }

    /// How often each file of a medium was played, its parts together, and when last: for an index that
    /// was begun anew.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn played_on(&self, medium: &MediumId) -> Result<Vec<(PathBuf, PlayCount)>, CollectionError> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT min(sum(y.count), 4294967295), max(y.last_s), {} FROM play y {}
             WHERE m.name = ?1 GROUP BY p.path",
            place::COLUMNS,
            place::JOINS,
        ))?;
        let found = statement
            .query_map([medium.as_str()], |row| Ok((place::track(row, 2)?.relative, count(row, 0)?)))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    fn played(&self, rest: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<PlayedRow>, CollectionError> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT y.place, y.count, y.last_s, {} FROM play y {} {rest}",
            place::COLUMNS,
            place::JOINS,
        ))?;
        let found = statement.query_map(values, |row| {
            Ok(PlayedRow { key: row.get(0)?, plays: count(row, 1)?, track: place::track(row, 3)? })
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}

fn count(row: &rusqlite::Row<'_>, first: usize) -> rusqlite::Result<PlayCount> {
    Ok(PlayCount { count: row.get(first)?, last_s: Some(row.get(first + 1)?) })
}

/// Leaves the `most` that were played last.
pub(super) fn forget(connection: &Connection, most: u32) -> Result<(), CollectionError> {
    let count: u32 = connection.query_row("SELECT count(*) FROM play", (), |row| row.get(0))?;
    let Some(over) = count.checked_sub(most).filter(|&over| over > 0) else { return Ok(()) };
    let mut drop = connection.prepare_cached(
        "DELETE FROM play WHERE place IN (SELECT place FROM play ORDER BY last_s, place LIMIT ?1) RETURNING place",
    )?;
    let places = drop.query_map([over], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    place::release(connection, places)
}
