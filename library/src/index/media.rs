//! Media: known by identity, numbered once, forgotten when there are too many.
use rusqlite::{Connection, OptionalExtension, params};

use super::error::IndexError;
use super::keys::{MAX_ROWS, MediumKey, row_key, rows_of};
use super::medium_id::MediumId;
use super::track_words::next_block;

/// Media kept: the least recently plugged ones beyond that are forgotten.
pub(super) const MAX_MEDIA: usize = 32;
/// Files kept of all media together.
pub(super) const MAX_FILES: i64 = 1_000_000;

/// A medium as the index knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediumRecord {
    /// Its key.
    pub key: MediumKey,
    /// Its identity.
    pub id: MediumId,
    /// Its name when it was last plugged.
    pub name: String,
    /// End of its last complete scan, Unix time.
    pub scanned_s: Option<i64>,
    /// Files in the index, the unread ones too.
    pub files: u64,
    /// Tracks among them.
    pub tracks: u64,
    /// Albums.
    pub albums: u64,
    /// Artists that have albums of their own.
    pub artists: u64,
}

/// The medium being written: whose rows, and the next row's number.
#[derive(Debug)]
pub(super) struct Numbering {
    pub key: MediumKey,
    pub name: String,
    /// `None` until its first scan is complete.
    pub scanned_s: Option<i64>,
    next: i64,
}

impl Numbering {
    /// Loads a medium's row.
    pub(super) fn load(db: &Connection, key: MediumKey) -> Result<Self, IndexError> {
        db.prepare_cached("SELECT name, scanned_s, next FROM medium WHERE id = ?1")?
            .query_row([key.0], |row| {
                Ok(Self { key, name: row.get(0)?, scanned_s: row.get(1)?, next: row.get(2)? })
            })
            .optional()?
            .ok_or(IndexError::UnknownMedium)
    }

    /// A number no row of this medium ever had.
    pub(super) fn next_row(&mut self) -> Result<i64, IndexError> {
        if self.next > MAX_ROWS {
            return Err(IndexError::OutOfRows);
        }
        let row = row_key(self.key, self.next);
        self.next += 1;
        Ok(row)
    }

    /// Leaves out numbers, so that later tracks share no row of the search index with earlier ones.
    pub(super) fn begin_block(&mut self) {
        self.next = next_block(self.next);
    }

    /// What to store as the next number.
    pub(super) fn next(&self) -> i64 {
        self.next
    }
}

/// Creates or renames a medium, and marks it as the one seen last.
pub(super) fn announce(db: &Connection, id: &MediumId, name: &str) -> Result<MediumKey, IndexError> {
    db.prepare_cached(
        "INSERT INTO medium(ident, name, seen) VALUES (?1, ?2, (SELECT 1 + coalesce(max(seen), 0) FROM medium))
         ON CONFLICT(ident) DO UPDATE SET name = excluded.name, seen = excluded.seen",
    )?
    .execute(params![id.as_str(), name])?;
    find(db, id)?.ok_or(IndexError::UnknownMedium)
}

/// The key of a medium.
pub(super) fn find(db: &Connection, id: &MediumId) -> Result<Option<MediumKey>, IndexError> {
    Ok(db
        .prepare_cached("SELECT id FROM medium WHERE ident = ?1")?
        .query_row([id.as_str()], |row| row.get(0).map(MediumKey))
        .optional()?)
}

/// All media, the one seen last first.
pub(super) fn all(db: &Connection) -> Result<Vec<MediumRecord>, IndexError> {
    let mut statement = db.prepare_cached(
        "SELECT id, ident, name, scanned_s, files, tracks, albums, artists FROM medium ORDER BY seen DESC",
    )?;
    let rows = statement.query_map((), |row| {
        let id = MediumId::new(&row.get::<_, String>(1)?);
        let count = |column| row.get(column).map(|count: i64| count.unsigned_abs());
        Ok(id.map(|id| (row.get(0), id, row.get(2), row.get(3), [count(4), count(5), count(6), count(7)])))
    })?;
    let mut media = Vec::new();
    for row in rows {
        let Some((key, id, name, scanned_s, [files, tracks, albums, artists])) = row? else { continue };
        media.push(MediumRecord {
            key: MediumKey(key?),
            id,
            name: name?,
            scanned_s: scanned_s?,
            files: files?,
            tracks: tracks?,
            albums: albums?,
            artists: artists?,
        });
    }
    Ok(media)
}

/// The media to forget so that `kept` fits beside the rest: the least recently seen ones.
pub(super) fn too_many(
    media: &[MediumRecord],
    kept: MediumKey,
    max_media: usize,
    max_files: i64,
) -> Vec<MediumKey> {
    let mut files = media.iter().find(|medium| medium.key == kept).map_or(0, |medium| medium.files);
    let mut count = 1;
    let mut out = Vec::new();
    for medium in media.iter().filter(|medium| medium.key != kept) {
        let with = files.saturating_add(medium.files);
        if count >= max_media || with > max_files.unsigned_abs() {
            out.push(medium.key);
        } else {
            (count, files) = (count + 1, with);
        }
    }
    out
}

/// Deletes a medium with all its rows. Its words stay in the search index until that is rebuilt:
/// no search looks at rows of a medium that is not there.
pub(super) fn forget(db: &Connection, medium: MediumKey) -> Result<(), IndexError> {
    let (first, last) = rows_of(medium);
    let tracks: i64 =
        db.query_row("SELECT coalesce(max(tracks), 0) FROM medium WHERE id = ?1", [medium.0], |row| {
            row.get(0)
        })?;
    let names = db.execute("DELETE FROM name WHERE id BETWEEN ?1 AND ?2", [first, last])?
        + db.execute("DELETE FROM album WHERE id BETWEEN ?1 AND ?2", [first, last])?;
    db.execute("DELETE FROM credit WHERE name BETWEEN ?1 AND ?2", [first, last])?;
    db.execute("DELETE FROM track WHERE id BETWEEN ?1 AND ?2", [first, last])?;
    db.execute("DELETE FROM folder WHERE id BETWEEN ?1 AND ?2", [first, last])?;
    db.execute("DELETE FROM year WHERE medium = ?1", [medium.0])?;
    db.execute("DELETE FROM medium WHERE id = ?1", [medium.0])?;
    add_stale(db, tracks, i64::try_from(names).unwrap_or(i64::MAX))
}

/// Notes that words of deleted rows are still in the search index.
pub(super) fn add_stale(db: &Connection, tracks: i64, names: i64) -> Result<(), IndexError> {
    if tracks != 0 || names != 0 {
        db.prepare_cached("UPDATE stale SET tracks = tracks + ?1, names = names + ?2")?
            .execute([tracks, names])?;
    }
    Ok(())
}
