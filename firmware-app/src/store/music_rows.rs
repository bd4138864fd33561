//! Music in rows: the queue and the keys. An older program's rows name a path alone.

use std::path::PathBuf;
use std::sync::Arc;

use library::{CueFrames, Slice};
use rusqlite::{Connection, Row as SqlRow, Transaction, params};

use super::Row;
use super::bytes::{from_bytes, to_bytes};
use crate::state::{Item, Label, QUEUE_LIMIT};

/// An item as columns.
pub(super) struct Columns<'a> {
    /// `None` where the medium is not known.
    pub medium: Option<&'a str>,
    pub relative: Option<Vec<u8>>,
    pub slice_start: Option<u32>,
    pub slice_end: Option<u32>,
    pub title: Option<&'a str>,
    pub artist: Option<&'a str>,
}

impl<'a> Columns<'a> {
    pub fn of(item: &'a Item) -> Self {
        let is_known = !item.medium.is_empty();
        Self {
            medium: is_known.then_some(&*item.medium),
            relative: is_known.then(|| to_bytes(&item.relative)),
            slice_start: item.slice.map(|slice| slice.start.0),
            slice_end: item.slice.and_then(|slice| slice.end).map(|end| end.0),
            title: item.label.as_ref().map(|label| label.title.as_str()),
            artist: item.label.as_ref().map(|label| label.artist.as_str()),
        }
    }
}

/// The columns path, medium, relative, slice_start, slice_end, title, artist, from the first on.
pub(super) fn read_item(row: &SqlRow<'_>) -> Option<(PathBuf, Item)> {
    let path = from_bytes(row.get(0).ok()?);
    let place = row.get::<_, Option<String>>(1).ok().flatten().zip(row.get::<_, Option<Vec<u8>>>(2).ok()?);
    let start: Option<u32> = row.get(3).ok()?;
    let end: Option<u32> = row.get(4).ok()?;
    let title: Option<String> = row.get(5).ok()?;
    let artist: Option<String> = row.get(6).ok()?;
    let has_label = title.is_some() || artist.is_some();
    let label = Label { title: title.unwrap_or_default(), artist: artist.unwrap_or_default() };
    let (medium, relative) = match place {
        Some((medium, relative)) => (medium.as_str().into(), from_bytes(relative)),
        None => ("".into(), path.clone()),
    };
    let item = Item {
        medium,
        relative: relative.into(),
        slice: start.map(|start| Slice { start: CueFrames(start), end: end.map(CueFrames) }),
        label: has_label.then(|| Arc::new(label)),
    };
    // A place that leads out of its medium is somebody else's work.
    (item.medium.is_empty() || item.is_inside()).then_some((path, item))
}

pub(super) fn load_keys(connection: &Connection) -> rusqlite::Result<Vec<(u8, Item)>> {
    let sql = "SELECT path, medium, relative, slice_start, slice_end, title, artist, key
               FROM preset_key ORDER BY key";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query(())?;
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        if let (Ok(key), Some((_, item))) = (row.get(7), read_item(row)) {
            keys.push((key, item));
        }
    }
    Ok(keys)
}

pub(super) fn write_key(transaction: &Transaction<'_>, key: u8, row: &Row) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO preset_key
                   (key, path, medium, relative, slice_start, slice_end, title, artist)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let c = Columns::of(&row.item);
    let values = params![
        key,
        to_bytes(&row.path),
        c.medium,
        c.relative,
        c.slice_start,
        c.slice_end,
        c.title,
        c.artist
    ];
    transaction.execute(sql, values).map(drop)
}

pub(super) fn load_queue(connection: &Connection) -> rusqlite::Result<Vec<(Item, usize)>> {
    let sql = "SELECT path, medium, relative, slice_start, slice_end, title, artist, place
               FROM queue ORDER BY entry LIMIT ?1";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([i64::try_from(QUEUE_LIMIT).unwrap_or(i64::MAX)])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        if let (Some((_, item)), Ok(place)) = (read_item(row), row.get::<_, i64>(7)) {
            entries.push((item, usize::try_from(place).unwrap_or(usize::MAX)));
        }
    }
    Ok(entries)
}

pub(super) fn write_queue(transaction: &Transaction<'_>, rows: &[Row]) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM queue", ())?;
    let sql = "INSERT INTO queue
                   (entry, place, path, medium, relative, slice_start, slice_end, title, artist)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let mut insert = transaction.prepare_cached(sql)?;
    for (entry, row) in rows.iter().enumerate() {
        let c = Columns::of(&row.item);
        insert.execute(params![
            i64::try_from(entry).unwrap_or(0),
            i64::try_from(row.place).unwrap_or(0),
            to_bytes(&row.path),
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
