//! A track as the collection keeps it: medium, path below its root, part; and its texts.
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::error::CollectionError;
use crate::MediumId;
use crate::display_name::one_line;
use crate::playlist::{CueFrames, Slice};

/// Longest text kept, in characters.
const MAX_TEXT: usize = 255;

/// Longest path kept, in bytes.
const MAX_PATH: usize = 4096;

/// A track of a medium that may be away.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CollectionTrack {
    /// Where it lies.
    pub medium: MediumId,
    /// Below the medium's root; only downwards, at most 4096 bytes.
    pub relative: PathBuf,
    /// The part that plays; `None`: the whole file.
    pub slice: Option<Slice>,
    /// Title to show while the medium is away; empty: unknown.
    pub title: String,
    /// Artist, likewise.
    pub artist: String,
    /// Length in milliseconds.
    pub duration_ms: Option<u64>,
}

impl CollectionTrack {
    /// The track at a place, for questions about it: its texts are not known.
    #[must_use]
    pub fn at(medium: MediumId, relative: PathBuf, slice: Option<Slice>) -> Self {
        Self { medium, relative, slice, title: String::new(), artist: String::new(), duration_ms: None }
    }
}

/// Columns of `place` (as `p`) and `medium` (as `m`) that [`track`] reads.
pub(super) const COLUMNS: &str = "m.name, p.path, p.start, p.stop, p.title, p.artist, p.duration_ms";

/// The joins for [`COLUMNS`], for any table with a column `place`.
pub(super) const JOINS: &str = "JOIN place p ON p.id = place JOIN medium m ON m.id = p.medium";

/// Reads [`COLUMNS`] from column `first` on.
pub(super) fn track(row: &Row<'_>, first: usize) -> rusqlite::Result<CollectionTrack> {
    let medium: String = row.get(first)?;
    let path: Vec<u8> = row.get(first + 1)?;
    let unknown = |what: &str| {
        rusqlite::Error::FromSqlConversionFailure(first, rusqlite::types::Type::Text, what.to_owned().into())
    };
    Ok(CollectionTrack {
        medium: MediumId::new(&medium).ok_or_else(|| unknown("no identity of a medium"))?,
        relative: path_of(path).ok_or_else(|| unknown("no path"))?,
        slice: slice_of(row.get(first + 2)?, row.get(first + 3)?),
        title: row.get(first + 4)?,
        artist: row.get(first + 5)?,
        duration_ms: u64::try_from(row.get::<_, i64>(first + 6)?).ok(),
    })
}

/// The place's number; made if it is new. Texts that are known replace those that were kept.
pub(super) fn keep(connection: &Connection, track: &CollectionTrack) -> Result<i64, CollectionError> {
    let bytes = path_bytes(&track.relative).ok_or(CollectionError::BadPlace)?;
    let medium = medium(connection, &track.medium)?;
    let (start, stop) = columns_of(track.slice);
    let title = one_line(&track.title, MAX_TEXT);
    let artist = one_line(&track.artist, MAX_TEXT);
    let duration = track.duration_ms.and_then(|ms| i64::try_from(ms).ok()).unwrap_or(-1);
    let known = connection
        .prepare_cached("SELECT id FROM place WHERE medium = ?1 AND path = ?2 AND start = ?3 AND stop = ?4")?
        .query_row(params![medium, bytes, start, stop], |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        connection
            .prepare_cached(
                "UPDATE place SET title = iif(?2 = '', title, ?2), artist = iif(?3 = '', artist, ?3),
                     duration_ms = iif(?4 < 0, duration_ms, ?4)
                 WHERE id = ?1 AND (?2 NOT IN ('', title) OR ?3 NOT IN ('', artist) OR ?4 NOT IN (-1, duration_ms))",
            )?
            .execute(params![id, title, artist, duration])?;
        return Ok(id);
    }
    let id = connection
        .prepare_cached(
            "INSERT INTO place (medium, path, start, stop, title, artist, duration_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .insert(params![medium, bytes, start, stop, title, artist, duration])?;
    Ok(id)
}

/// The place's number, if it is kept.
pub(super) fn known(
    connection: &Connection,
    track: &CollectionTrack,
) -> Result<Option<i64>, CollectionError> {
    let Some(bytes) = path_bytes(&track.relative) else { return Ok(None) };
    let (start, stop) = columns_of(track.slice);
    let mut statement = connection.prepare_cached(
        "SELECT p.id FROM medium m JOIN place p ON p.medium = m.id
         WHERE m.name = ?1 AND p.path = ?2 AND p.start = ?3 AND p.stop = ?4",
    )?;
    Ok(statement
        .query_row(params![track.medium.as_str(), bytes, start, stop], |row| row.get(0))
        .optional()?)
}

/// Drops the places that nothing names any more.
pub(super) fn release(
    connection: &Connection,
    places: impl IntoIterator<Item = i64>,
) -> Result<(), CollectionError> {
    let mut drop = connection.prepare_cached(
        "DELETE FROM place WHERE id = ?1
             AND NOT EXISTS (SELECT 1 FROM entry WHERE place = ?1)
             AND NOT EXISTS (SELECT 1 FROM favourite WHERE place = ?1)
             AND NOT EXISTS (SELECT 1 FROM play WHERE place = ?1)",
    )?;
    for place in places.into_iter().collect::<BTreeSet<_>>() {
        drop.execute([place])?;
    }
    Ok(())
}

fn medium(connection: &Connection, medium: &MediumId) -> Result<i64, CollectionError> {
    let known = connection
        .prepare_cached("SELECT id FROM medium WHERE name = ?1")?
        .query_row([medium.as_str()], |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    Ok(connection.prepare_cached("INSERT INTO medium (name) VALUES (?1)")?.insert([medium.as_str()])?)
}

fn columns_of(slice: Option<Slice>) -> (i64, i64) {
    let start = slice.map_or(-1, |slice| i64::from(slice.start.0));
    (start, slice.and_then(|slice| slice.end).map_or(-1, |end| i64::from(end.0)))
}

fn slice_of(start: i64, stop: i64) -> Option<Slice> {
    let start = CueFrames(u32::try_from(start).ok()?);
    Some(Slice { start, end: u32::try_from(stop).ok().map(CueFrames) })
}

/// Names joined by `/` on every system. `None`: leads up, out or nowhere.
pub(super) fn path_bytes(relative: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for component in relative.components() {
        match component {
            Component::Normal(name) => {
                if !bytes.is_empty() {
                    bytes.push(b'/');
                }
                bytes.extend_from_slice(name.as_encoded_bytes());
            }
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    (!bytes.is_empty() && bytes.len() <= MAX_PATH && !bytes.contains(&0)).then_some(bytes)
}

#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    Some(PathBuf::from(std::ffi::OsString::from_vec(bytes)))
}

#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> Option<PathBuf> {
    Some(PathBuf::from(String::from_utf8_lossy(&bytes).into_owned()))
}
