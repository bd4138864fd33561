//! Media in rows: where they were mounted last, and where their music was left.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, params};

use super::Left;
use super::bytes::{from_bytes, to_bytes};
use super::music_rows::{Columns, read_item};
use crate::state::{HOMES, Item, LEFT_KEPT, MediumRef, QUEUE_LIMIT};

pub(super) fn load_homes(connection: &Connection) -> rusqlite::Result<Vec<(MediumRef, PathBuf)>> {
    let mut statement = connection.prepare("SELECT medium, root FROM home ORDER BY rowid DESC LIMIT ?1")?;
    let mut rows = statement.query([i64::try_from(HOMES).unwrap_or(i64::MAX)])?;
    let mut homes = Vec::new();
    while let Some(row) = rows.next()? {
        if let (Ok(medium), Ok(root)) = (row.get::<_, String>(0), row.get::<_, Vec<u8>>(1)) {
            homes.push((medium.as_str().into(), from_bytes(root)));
        }
    }
    Ok(homes)
}

/// The newest stay: a unit that sees a thousand sticks keeps the last ones.
pub(super) fn write_home(transaction: &Transaction<'_>, medium: &str, root: &Path) -> rusqlite::Result<()> {
    transaction.execute(
        "INSERT OR REPLACE INTO home (medium, root) VALUES (?1, ?2)",
        params![medium, to_bytes(root)],
    )?;
    let sql = "DELETE FROM home WHERE rowid NOT IN (SELECT rowid FROM home ORDER BY rowid DESC LIMIT ?1)";
    transaction.execute(sql, [i64::try_from(HOMES).unwrap_or(i64::MAX)]).map(drop)
}

pub(super) fn load_left(connection: &Connection) -> rusqlite::Result<Vec<Left>> {
    let sql = "SELECT medium, place, position_s FROM left_place ORDER BY left_order DESC LIMIT ?1";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([i64::try_from(LEFT_KEPT).unwrap_or(i64::MAX)])?;
    let mut left = Vec::new();
    while let Some(row) = rows.next()? {
        let (Ok(medium), Ok(place), Ok(position_s)) =
            (row.get::<_, String>(0), row.get::<_, i64>(1), row.get::<_, f64>(2))
        else {
            continue;
        };
        let entries = load_left_queue(connection, &medium)?;
        if !entries.is_empty() {
            let place = usize::try_from(place).unwrap_or(0);
            left.push(Left { medium: medium.as_str().into(), place, position_s, entries });
        }
    }
    left.reverse();
    Ok(left)
}

fn load_left_queue(connection: &Connection, medium: &str) -> rusqlite::Result<Vec<(Item, usize)>> {
    let sql = "SELECT relative, medium, relative, slice_start, slice_end, title, artist, place
               FROM left_queue WHERE left_medium = ?1 ORDER BY entry LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![medium, i64::try_from(QUEUE_LIMIT).unwrap_or(i64::MAX)])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        if let (Some((_, item)), Ok(place)) = (read_item(row), row.get::<_, i64>(7)) {
            entries.push((item, usize::try_from(place).unwrap_or(usize::MAX)));
        }
    }
    Ok(entries)
}

pub(super) fn write_left(transaction: &Transaction<'_>, left: &Left) -> rusqlite::Result<()> {
    forget_left(transaction, &left.medium)?;
    let position_s = if left.position_s.is_finite() { left.position_s } else { 0.0 };
    transaction.execute(
        "INSERT INTO left_place (medium, left_order, place, position_s)
         VALUES (?1, (SELECT coalesce(max(left_order), 0) + 1 FROM left_place), ?2, ?3)",
        params![&*left.medium, i64::try_from(left.place).unwrap_or(0), position_s],
    )?;
    let sql = "INSERT INTO left_queue
                   (left_medium, entry, place, medium, relative, slice_start, slice_end, title, artist)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let mut insert = transaction.prepare_cached(sql)?;
    for (entry, (item, place)) in left.entries.iter().filter(|(item, _)| item.is_inside()).enumerate() {
        let c = Columns::of(item);
        insert.execute(params![
            &*left.medium,
            i64::try_from(entry).unwrap_or(0),
            i64::try_from(*place).unwrap_or(0),
            c.medium,
            c.relative,
            c.slice_start,
            c.slice_end,
            c.title,
            c.artist
        ])?;
    }
    Ok(())
}

pub(super) fn forget_left(transaction: &Transaction<'_>, medium: &str) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM left_queue WHERE left_medium = ?1", [medium])?;
    transaction.execute("DELETE FROM left_place WHERE medium = ?1", [medium]).map(drop)
}
