//! Values to rows and back. Reading never fails for foreign content: it is left out.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Resume, Save, Saved, Settings};
use crate::state::QUEUE_LIMIT;

/// Reads everything.
pub(super) fn load(connection: &Connection) -> rusqlite::Result<Saved> {
    Ok(Saved {
        settings: load_settings(connection)?,
        keys: load_keys(connection)?,
        queue: load_queue(connection)?,
        resume: load_resume(connection)?,
    })
}

/// Writes one thing.
pub(super) fn write(transaction: &Transaction<'_>, save: &Save) -> rusqlite::Result<()> {
    match save {
        Save::Settings(settings) => write_settings(transaction, settings),
        Save::Key { key, path } => {
            let sql = "INSERT INTO preset_key (key, path) VALUES (?1, ?2)
                       ON CONFLICT (key) DO UPDATE SET path = excluded.path";
            transaction.execute(sql, params![key, to_bytes(path)]).map(drop)
        }
        Save::Queue(entries) => write_queue(transaction, entries),
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
    put(transaction, "preset_edited", &settings.preset_edited)
}

fn put(transaction: &Transaction<'_>, name: &str, value: &impl Serialize) -> rusqlite::Result<()> {
    let text = serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    let sql = "INSERT INTO setting (name, value) VALUES (?1, ?2)
               ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value IS NOT excluded.value";
    transaction.prepare_cached(sql)?.execute(params![name, text]).map(drop)
}

fn load_keys(connection: &Connection) -> rusqlite::Result<Vec<(u8, PathBuf)>> {
    let mut statement = connection.prepare("SELECT key, path FROM preset_key ORDER BY key")?;
    let mut rows = statement.query(())?;
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        if let (Ok(key), Ok(path)) = (row.get(0), row.get::<_, Vec<u8>>(1)) {
            keys.push((key, from_bytes(path)));
        }
    }
    Ok(keys)
}

fn load_queue(connection: &Connection) -> rusqlite::Result<Vec<(PathBuf, usize)>> {
    let mut statement = connection.prepare("SELECT place, path FROM queue ORDER BY entry LIMIT ?1")?;
    let mut rows = statement.query([i64::try_from(QUEUE_LIMIT).unwrap_or(i64::MAX)])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        if let (Ok(place), Ok(path)) = (row.get::<_, i64>(0), row.get::<_, Vec<u8>>(1)) {
            entries.push((from_bytes(path), usize::try_from(place).unwrap_or(usize::MAX)));
        }
    }
    Ok(entries)
}

fn write_queue(transaction: &Transaction<'_>, entries: &[(PathBuf, usize)]) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM queue", ())?;
    let mut insert =
        transaction.prepare_cached("INSERT INTO queue (entry, place, path) VALUES (?1, ?2, ?3)")?;
    for (entry, (path, place)) in entries.iter().enumerate() {
        let (entry, place) = (i64::try_from(entry).unwrap_or(0), i64::try_from(*place).unwrap_or(0));
        insert.execute(params![entry, place, to_bytes(path)])?;
    }
    Ok(())
}

fn load_resume(connection: &Connection) -> rusqlite::Result<Option<Resume>> {
    let mut statement =
        connection.prepare("SELECT place, path, position_s, played FROM resume WHERE id = 1")?;
    let mut rows = statement.query(())?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (Ok(place), Ok(path), Ok(position_s), Ok(played)) =
        (row.get::<_, i64>(0), row.get::<_, Vec<u8>>(1), row.get(2), row.get::<_, String>(3))
    else {
        return Ok(None);
    };
    let played = serde_json::from_value(serde_json::Value::String(played));
    Ok(played.ok().map(|played| Resume {
        place: usize::try_from(place).unwrap_or(usize::MAX),
        path: from_bytes(path),
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
    let sql = "INSERT INTO resume (id, place, path, position_s, played) VALUES (1, ?1, ?2, ?3, ?4)
               ON CONFLICT (id) DO UPDATE SET place = excluded.place, path = excluded.path,
                   position_s = excluded.position_s, played = excluded.played";
    let place = i64::try_from(resume.place).unwrap_or(0);
    let position_s = if resume.position_s.is_finite() { resume.position_s } else { 0.0 };
    transaction
        .prepare_cached(sql)?
        .execute(params![place, to_bytes(&resume.path), position_s, played])
        .map(drop)
}

/// A file's name need not be text on Linux; elsewhere it is stored as UTF-8.
#[cfg(unix)]
fn to_bytes(path: &Path) -> Vec<u8> {
    std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()).to_vec()
}

#[cfg(unix)]
fn from_bytes(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(<std::ffi::OsString as std::os::unix::ffi::OsStringExt>::from_vec(bytes))
}

#[cfg(not(unix))]
fn to_bytes(path: &Path) -> Vec<u8> {
    path.to_string_lossy().into_owned().into_bytes()
}

#[cfg(not(unix))]
fn from_bytes(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(&bytes).into_owned())
}
