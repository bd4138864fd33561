//! How often and when tracks were played: a copy of what the owner's collection keeps for good.
use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension, params};

use super::batch::inside;
use super::error::IndexError;
use super::folders::{find, name_sort};
use super::keys::MediumKey;
use super::place::split;

/// How often and when one track was played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// Its medium.
    pub medium: MediumKey,
    /// Its file, from the medium's root.
    pub relative: PathBuf,
    /// How often, at least once.
    pub plays: u64,
    /// The last time, Unix time.
    pub last_s: i64,
}

/// One more play of a track at `now_s`. Whether the index knows the track.
pub(super) fn note(db: &Connection, medium: MediumKey, path: &[u8], now_s: i64) -> Result<bool, IndexError> {
    set(db, medium, path, "plays + ?3", 1, now_s)
}

/// Sets what is known from elsewhere. Whether the index knows the track.
pub(super) fn import(db: &Connection, played: &Played) -> Result<bool, IndexError> {
    let plays = i64::try_from(played.plays.max(1)).unwrap_or(i64::MAX);
    set(db, played.medium, &inside(&played.relative)?, "?3", plays, played.last_s)
}

fn set(
    db: &Connection,
    medium: MediumKey,
    path: &[u8],
    plays: &str,
    value: i64,
    last_s: i64,
) -> Result<bool, IndexError> {
    let Some((folder, name)) = split(path) else { return Ok(false) };
    let Some(folder) = find(db, medium.0, folder)? else { return Ok(false) };
    let row: Option<(i64, i64)> = db
        .prepare_cached(
            "SELECT id, plays FROM track WHERE folder = ?1 AND name_sort = ?2 AND name = ?3 AND state = 0",
        )?
        .query_row(params![folder, name_sort(name), name], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((track, before)) = row else { return Ok(false) };
    db.prepare_cached(&format!("UPDATE track SET plays = {plays}, played_s = ?2 WHERE id = ?1"))?
        .execute([track, last_s, value])?;
    if before == 0 {
        db.prepare_cached("UPDATE medium SET played = played + 1 WHERE id = ?1")?.execute([medium.0])?;
    }
    Ok(true)
}
