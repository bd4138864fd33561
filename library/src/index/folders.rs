//! Folders as rows: found or made with all above them, counted with all below them.
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, params};

use super::error::IndexError;
use super::interned::Interned;
use super::media::Numbering;
use super::place::split;
use crate::sort_key::{Named, sort_key};

/// The row of a folder, made with those above it if it is new.
pub(super) fn folder_row(
    db: &Connection,
    medium: &mut Numbering,
    known: &mut Interned,
    path: &[u8],
) -> Result<i64, IndexError> {
    // From the folder up to the first one that is known, then down again: no recursion, whatever the depth.
    let mut missing = Vec::new();
    let mut at = Some(path);
    let mut parent = 0;
    while let Some(path) = at {
        if let Some(row) = known_row(db, medium, known, path)? {
            parent = row;
            break;
        }
        missing.push(path);
        at = split(path).map(|(above, _)| above);
    }
    for path in missing.into_iter().rev() {
        let row = medium.next_row()?;
        let name = split(path).map_or(&[][..], |(_, name)| name);
        db.prepare_cached("INSERT INTO folder(id, medium, parent, path, sort) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![row, medium.key.0, parent, path, name_sort(name)])?;
        known.folders.insert(path.to_vec(), row);
        known.fresh.insert(row, HashSet::new());
        parent = row;
    }
    Ok(parent)
}

fn known_row(
    db: &Connection,
    medium: &Numbering,
    known: &mut Interned,
    path: &[u8],
) -> Result<Option<i64>, IndexError> {
    if let Some(row) = known.folders.get(path) {
        return Ok(Some(*row));
    }
    let row = find(db, medium.key.0, path)?;
    if let Some(row) = row {
        known.folders.insert(path.to_vec(), row);
    }
    Ok(row)
}

/// The row of a folder that is known.
pub(super) fn find(db: &Connection, medium: i64, path: &[u8]) -> Result<Option<i64>, IndexError> {
    Ok(db
        .prepare_cached("SELECT id FROM folder WHERE medium = ?1 AND path = ?2")?
        .query_row(params![medium, path], |row| row.get(0))
        .optional()?)
}

/// Where a name of a file or folder stands among its siblings.
pub(super) fn name_sort(name: &[u8]) -> Vec<u8> {
    sort_key(&String::from_utf8_lossy(name), Named::Other)
}

/// The rows of a folder and of all below it.
pub(super) fn subtree(db: &Connection, medium: i64, path: &[u8]) -> Result<Vec<i64>, IndexError> {
    let mut rows: Vec<i64> = Vec::new();
    if path.is_empty() {
        let mut all = db.prepare_cached("SELECT id FROM folder WHERE medium = ?1")?;
        for row in all.query_map([medium], |row| row.get(0))? {
            rows.push(row?);
        }
        return Ok(rows);
    }
    rows.extend(find(db, medium, path)?);
    // Everything that begins with "path/": '0' follows '/'.
    let (mut from, mut to) = (path.to_vec(), path.to_vec());
    from.push(b'/');
    to.push(b'0');
    let mut below =
        db.prepare_cached("SELECT id FROM folder WHERE medium = ?1 AND path > ?2 AND path < ?3")?;
    for row in below.query_map(params![medium, from, to], |row| row.get(0))? {
        rows.push(row?);
    }
    Ok(rows)
}

/// Tracks that came and went, by folder: added to the folders' counts and to those above.
#[derive(Debug, Default)]
pub(super) struct FolderCounts(HashMap<i64, i64>);

impl FolderCounts {
    /// `count` tracks more (or fewer) in a folder.
    pub(super) fn add(&mut self, folder: i64, count: i64) {
        *self.0.entry(folder).or_default() += count;
    }

    /// Writes what was noted.
    pub(super) fn flush(self, db: &Connection) -> Result<(), IndexError> {
        let mut row = db.prepare_cached("SELECT parent, below FROM folder WHERE id = ?1")?;
        let mut counts: HashMap<i64, FolderChange> = HashMap::new();
        for (folder, count) in self.0.into_iter().filter(|(_, count)| *count != 0) {
            let (mut at, mut inside) = (folder, count);
            while at != 0 {
                let change = match counts.entry(at) {
                    Entry::Occupied(entry) => entry.into_mut(),
                    Entry::Vacant(entry) => entry.insert(row.query_row([at], |row| {
                        Ok(FolderChange { parent: row.get(0)?, before: row.get(1)?, below: 0, tracks: 0 })
                    })?),
                };
                change.below += count;
                change.tracks += inside;
                inside = 0;
                at = change.parent;
            }
        }
        let mut update =
            db.prepare_cached("UPDATE folder SET below = below + ?2, tracks = tracks + ?3 WHERE id = ?1")?;
        let mut shown = db.prepare_cached("UPDATE folder SET shown = ?2 WHERE id = ?1")?;
        let mut siblings = db.prepare_cached("UPDATE folder SET folders = folders + ?2 WHERE id = ?1")?;
        for (folder, change) in counts {
            update.execute([folder, change.below, change.tracks])?;
            let (was, is) = (change.before > 0, change.before + change.below > 0);
            if was != is {
                shown.execute(params![folder, is])?;
                siblings.execute([change.parent, i64::from(is) - i64::from(was)])?;
            }
        }
        Ok(())
    }
}

/// A folder's row, and what changes about it.
struct FolderChange {
    parent: i64,
    /// Tracks below, as stored.
    before: i64,
    below: i64,
    tracks: i64,
}
