//! Values to rows and back. Reading never fails for foreign content: it is left out.

use rusqlite::{Connection, Transaction, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::bytes::to_bytes;
use super::cloud_rows::{load_cloud, load_usage, write_cloud, write_usage};
use super::left_rows::{forget_left, load_homes, load_left, write_home, write_left};
use super::music_rows::{Columns, load_keys, load_queue, read_item, write_key, write_queue};
use super::phone_rows::{load_phones, write_phones};
use super::preset_rows::{load_presets, write_preset, write_revision};
use super::{Resume, Save, Saved, Settings};

/// Reads everything.
pub(super) fn load(connection: &Connection) -> rusqlite::Result<Saved> {
    Ok(Saved {
        settings: load_settings(connection)?,
        keys: load_keys(connection)?,
        queue: load_queue(connection)?,
        resume: load_resume(connection)?,
        homes: load_homes(connection)?,
        left: load_left(connection)?,
        presets: load_presets(connection)?,
        phones: load_phones(connection)?,
        cloud: load_cloud(connection)?,
        usage: load_usage(connection)?,
    })
}

/// Writes one thing.
pub(super) fn write(transaction: &Transaction<'_>, save: &Save) -> rusqlite::Result<()> {
    match save {
        Save::Settings(settings) => write_settings(transaction, settings),
        Save::Key { key, row } => write_key(transaction, *key, row),
        Save::Home { medium, root } => write_home(transaction, medium, root),
        Save::Left(left) => write_left(transaction, left),
        Save::NotLeft(medium) => forget_left(transaction, medium),
        Save::Preset { row, .. } => write_preset(transaction, row),
        Save::PresetsRevision(revision) => write_revision(transaction, *revision),
        Save::Phones(phones) => write_phones(transaction, phones),
        Save::Cloud(cloud) => write_cloud(transaction, cloud),
        Save::Usage(rows) => write_usage(transaction, rows),
        Save::Queue(rows) => write_queue(transaction, rows),
        Save::Resume(None) => transaction.execute("DELETE FROM resume", ()).map(drop),
        Save::Resume(Some(resume)) => write_resume(transaction, resume),
    }
}

fn load_settings(connection: &Connection) -> rusqlite::Result<Settings> {
    let mut known = std::collections::HashMap::new();
    let mut statement = connection.prepare("SELECT name, value FROM setting LIMIT 1000")?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        if let (Ok(name), Ok(value)) = (row.get::<_, String>(0), row.get::<_, String>(1)) {
            known.insert(name, value);
        }
    }
    let default = Settings::default();
    let known = |name: &str| known.get(name).map(String::as_str);
    Ok(Settings {
        volume: parse(known("volume_db"), default.volume),
        volume_max: parse(known("volume_max_db"), default.volume_max),
        volume_start_max: parse(known("volume_start_max_db"), default.volume_start_max),
        theme: parse(known("theme"), default.theme),
        repeat: parse(known("repeat"), default.repeat),
        shuffle: parse(known("shuffle"), default.shuffle),
        shuffle_seed: parse(known("shuffle_seed"), default.shuffle_seed),
        balance: parse(known("balance"), default.balance),
        eq_enabled: parse(known("eq_enabled"), default.eq_enabled),
        preset: parse(known("preset"), default.preset),
        preset_edited: parse(known("preset_edited"), default.preset_edited),
        replay_gain: parse(known("replay_gain"), default.replay_gain),
    })
}

fn parse<T: DeserializeOwned>(text: Option<&str>, default: T) -> T {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or(default)
}

fn write_settings(transaction: &Transaction<'_>, settings: &Settings) -> rusqlite::Result<()> {
    put(transaction, "volume_db", &settings.volume)?;
    put(transaction, "volume_max_db", &settings.volume_max)?;
    put(transaction, "volume_start_max_db", &settings.volume_start_max)?;
    put(transaction, "theme", &settings.theme)?;
    put(transaction, "repeat", &settings.repeat)?;
    put(transaction, "shuffle", &settings.shuffle)?;
    put(transaction, "shuffle_seed", &settings.shuffle_seed)?;
    put(transaction, "balance", &settings.balance)?;
    put(transaction, "eq_enabled", &settings.eq_enabled)?;
    put(transaction, "preset", &settings.preset)?;
    put(transaction, "preset_edited", &settings.preset_edited)?;
    put(transaction, "replay_gain", &settings.replay_gain)
}

fn put(transaction: &Transaction<'_>, name: &str, value: &impl Serialize) -> rusqlite::Result<()> {
    let text = serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    let sql = "INSERT INTO setting (name, value) VALUES (?1, ?2)
               ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value IS NOT excluded.value";
    transaction.prepare_cached(sql)?.execute(params![name, text]).map(drop)
}

fn load_resume(connection: &Connection) -> rusqlite::Result<Option<Resume>> {
    let sql = "SELECT path, medium, relative, slice_start, slice_end, NULL, NULL, place, position_s, played
               FROM resume WHERE id = 1";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query(())?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (Some((path, item)), Ok(place), Ok(position_s), Ok(played)) =
        (read_item(row), row.get::<_, i64>(7), row.get(8), row.get::<_, String>(9))
    else {
        return Ok(None);
    };
    let played = serde_json::from_value(serde_json::Value::String(played));
    Ok(played.ok().map(|played| Resume {
        place: usize::try_from(place).unwrap_or(usize::MAX),
        path,
        item,
        position_s,
        played,
    }))
}

fn write_resume(transaction: &Transaction<'_>, resume: &Resume) -> rusqlite::Result<()> {
    let played = match resume.played {
        super::Played::Playing => "playing",
        super::Played::Paused => "paused",
        super::Played::Stopped => "stopped",
    };
    let sql = "INSERT OR REPLACE INTO resume
                   (id, place, path, position_s, played, medium, relative, slice_start, slice_end)
               VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let place = i64::try_from(resume.place).unwrap_or(0);
    let position_s = if resume.position_s.is_finite() { resume.position_s } else { 0.0 };
    let columns = Columns::of(&resume.item);
    transaction
        .prepare_cached(sql)?
        .execute(params![
            place,
            to_bytes(&resume.path),
            position_s,
            played,
            columns.medium,
            columns.relative,
            columns.slice_start,
            columns.slice_end
        ])
        .map(drop)
}
