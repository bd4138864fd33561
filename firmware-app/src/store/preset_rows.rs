//! The owner's sounds in rows. A deleted one stays as a tombstone, so that a later exchange with other
//! units learns of it; one that makes no sense stays where it is and is not shown.

use protocol::SoundPreset;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::{PresetRow, SavedPresets};
use crate::letters::{base64url, from_hex};
use crate::state::OWN_PRESETS;

/// Tombstones kept; the oldest go.
const TOMBSTONES: i64 = 1000;
/// A sound of 31 bands takes about 3 kB; anything much bigger is something else.
const LARGEST: i64 = 64 * 1024;

pub(super) fn load_presets(connection: &Connection) -> rusqlite::Result<SavedPresets> {
    let bounds = "SELECT coalesce(max(id), 0), coalesce(max(changed), 0) FROM presets";
    let (last_id, last_change): (i64, i64) =
        connection.query_row(bounds, (), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let synced: Option<i64> = connection
        .query_row("SELECT revision FROM preset_sync WHERE id = 1", (), |row| row.get(0))
        .optional()?;
    let sql = "SELECT id, name, json, version, changed, uuid, base, dirty, deleted FROM presets
               WHERE (deleted = 0 OR dirty = 1) AND length(json) <= ?1 ORDER BY id";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([LARGEST])?;
    let mut saved = SavedPresets {
        last_id,
        last_change: count(last_change),
        synced: count(synced.unwrap_or(0)),
        ..SavedPresets::default()
    };
    let is_taken = |saved: &SavedPresets, name: &str| {
        saved.rows.iter().any(|row| row.preset.name.to_lowercase() == name.to_lowercase())
    };
    while let Some(row) = rows.next()? {
        match read(row) {
            Some(row) if row.deleted => saved.gone.push(row),
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
    let uuid: String = row.get(5).ok()?;
    // An older program wrote the same 128 bits as hexadecimal.
    let uuid = from_hex(&uuid).map_or(uuid, |bytes: [u8; 16]| base64url(&bytes));
    Some(PresetRow {
        id: row.get(0).ok()?,
        uuid,
        base: count(row.get(6).ok()?),
        dirty: row.get(7).ok()?,
        version,
        changed,
        deleted: row.get(8).ok()?,
        preset,
    })
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// Whatever else bears the name gives way: several changes in one go may come in any order, and a row that
/// was not shown must not stand in the way of one that is. A sound that comes back from the account takes the
/// place of its tombstone.
pub(super) fn write_preset(transaction: &Transaction<'_>, row: &PresetRow) -> rusqlite::Result<()> {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let (name, changed) = (row.preset.name.as_str(), number(row.changed));
    if !row.deleted {
        let sql = "UPDATE presets SET deleted = 1, version = version + 1, changed = ?3
                   WHERE name = ?1 AND id <> ?2 AND deleted = 0";
        transaction.execute(sql, params![name, row.id, changed])?;
    }
    transaction.execute("DELETE FROM presets WHERE uuid = ?1 AND id <> ?2", params![row.uuid, row.id])?;
    let json = serde_json::to_string(&row.preset)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    let sql = "INSERT INTO presets (id, uuid, name, json, version, changed, deleted, base, dirty)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
               ON CONFLICT (id) DO UPDATE SET uuid = excluded.uuid, name = excluded.name,
                   json = excluded.json, version = excluded.version, changed = excluded.changed,
                   deleted = excluded.deleted, base = excluded.base, dirty = excluded.dirty";
    let (version, base) = (number(row.version), number(row.base));
    transaction.execute(
        sql,
        params![row.id, row.uuid, name, json, version, changed, row.deleted, base, row.dirty],
    )?;
    let sql = "DELETE FROM presets WHERE deleted = 1 AND id NOT IN
                   (SELECT id FROM presets WHERE deleted = 1 ORDER BY changed DESC, id DESC LIMIT ?1)";
    transaction.execute(sql, [TOMBSTONES]).map(drop)
}

/// Up to where the unit knows the account's sounds.
pub(super) fn write_revision(transaction: &Transaction<'_>, revision: u64) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO preset_sync (id, revision) VALUES (1, ?1)";
    transaction.execute(sql, [i64::try_from(revision).unwrap_or(i64::MAX)]).map(drop)
}
