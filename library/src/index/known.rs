//! What the index knows of a folder: a scan compares it with what is there.
use rusqlite::{Connection, Row, params};

use super::change::{FileStamp, KnownFolder};
use super::error::IndexError;
use super::folders;
use super::keys::MediumKey;
use super::place::{name_of, split};

/// Files and subfolders of a folder; empty if it is new.
pub(super) fn known_folder(
    db: &Connection,
    medium: MediumKey,
    path: &[u8],
) -> Result<KnownFolder, IndexError> {
    let mut known = KnownFolder::default();
    let Some(folder) = folders::find(db, medium.0, path)? else { return Ok(known) };
    let mut files = db.prepare_cached("SELECT name, size, mtime_ns, inode FROM track WHERE folder = ?1")?;
    for stamp in files.query_map([folder], stamp)? {
        known.files.push(stamp?);
    }
    let mut folders = db.prepare_cached("SELECT path FROM folder WHERE parent = ?1")?;
    let mut rows = folders.query(params![folder])?;
    while let Some(row) = rows.next()? {
        let path = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
        known.folders.extend(split(path).map(|(_, name)| name_of(name)));
    }
    Ok(known)
}

fn stamp(row: &Row<'_>) -> rusqlite::Result<FileStamp> {
    Ok(FileStamp {
        name: name_of(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?),
        size: row.get::<_, i64>(1)?.unsigned_abs(),
        mtime_ns: row.get(2)?,
        // Stored as it is, bit for bit.
        inode: row.get::<_, i64>(3)?.cast_unsigned(),
    })
}
