//! The owner's sounds in rows. A deleted one stays as a tombstone, so that a later exchange with other
//! units learns of it; one that makes no sense stays where it is and is not shown.

use protocol::SoundPreset;
use rusqlite::{Connection, Transaction, params};

use super::{PresetRow, SavedPresets};
use crate::state::OWN_PRESETS;

/// Tombstones kept; the oldest go.
const TOMBSTONES: i64 = 1000;
/// A sound of 31 bands takes about 3 kB; anything much bigger is something else.
const LARGEST: i64 = 64 * 1024;

pub(super) fn load_presets(connection: &Connection) -> rusqlite::Result<SavedPresets> {
    let bounds = "SELECT coalesce(max(id), 0), coalesce(max(changed), 0) FROM presets";
    let (last_id, last_change): (i64, i64) =
        connection.query_row(bounds, (), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let sql = "SELECT id, name, json, version, changed FROM presets
               WHERE deleted = 0 AND length(json) <= ?1 ORDER BY id";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([LARGEST])?;
    let mut saved = SavedPresets { last_id, last_change: count(last_change), ..SavedPresets::default() };
    let is_taken = |saved: &SavedPresets, name: &str| {
        saved.rows.iter().any(|row| row.preset.name.to_lowercase() == name.to_lowercase())
    };
    while let Some(row) = rows.next()? {
        match read(row) {
            Some(row) if saved.rows.len() < OWN_PRESETS && !is_taken(&saved, &row.preset.name) => {
                saved.rows.push(row);
            }
            _ => {}
        }
    }
    let all: i64 =
        connection.query_row("SELECT count(*) FROM presets WHERE deleted = 0", (), |row| row.get(0))?;
    saved.damaged = usize::try_from(all).unwrap_or(0).saturating_sub(saved.rows.len());
    Ok(saved)
}

fn read(row: &rusqlite::Row<'_>) -> Option<PresetRow> {
    let (name, json): (String, String) = (row.get(1).ok()?, row.get(2).ok()?);
    let preset: SoundPreset = serde_json::from_str(&json).ok()?;
    let preset = SoundPreset { name, ..preset };
    preset.validate().ok()?;
    let (version, changed) = (count(row.get(3).ok()?), count(row.get(4).ok()?));
    Some(PresetRow { id: row.get(0).ok()?, version, changed, deleted: false, preset })
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// Whatever else bears the name gives way: several changes in one go may come in any order, and a row that
/// was not shown must not stand in the way of one that is.
pub(super) fn write_preset(transaction: &Transaction<'_>, row: &PresetRow) -> rusqlite::Result<()> {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let (name, changed) = (row.preset.name.as_str(), number(row.changed));
    if !row.deleted {
        let sql = "UPDATE presets SET deleted = 1, version = version + 1, changed = ?3
                   WHERE name = ?1 AND id <> ?2 AND deleted = 0";
        transaction.execute(sql, params![name, row.id, changed])?;
    }
    let json = serde_json::to_string(&row.preset)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    let sql = "INSERT INTO presets (id, uuid, name, json, version, changed, deleted)
               VALUES (?1, lower(hex(randomblob(16))), ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT (id) DO UPDATE SET name = excluded.name, json = excluded.json,
                   version = excluded.version, changed = excluded.changed, deleted = excluded.deleted";
    transaction.execute(sql, params![row.id, name, json, number(row.version), changed, row.deleted])?;
    let sql = "DELETE FROM presets WHERE deleted = 1 AND id NOT IN
                   (SELECT id FROM presets WHERE deleted = 1 ORDER BY changed DESC, id DESC LIMIT ?1)";
    transaction.execute(sql, [TOMBSTONES]).map(drop)
}
