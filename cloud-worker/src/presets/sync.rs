//! `POST /api/devices/self/presets`: a unit gives what has changed on it and hears what has changed elsewhere.

use protocol::cloud::{MAX_SYNC, PresetSync, PresetSynced, SyncedPreset};
use serde::Deserialize;

use super::merge::{MOST_REVISION, merge, touched};
use super::shelf::change;
use super::tell_units;
use crate::edge::{Call, Checks, Problem, Reply};
use crate::store::{Db, presets, rows};

/// Takes a unit's changes and answers with everything after the revision it has.
///
/// # Errors
/// 422 with too many changes; 401 if no unit of anybody's asks.
pub async fn sync(call: Call) -> Result<Reply, Problem> {
    let unit = call.device().await?;
    let wish: PresetSync = call.json()?;
    Checks::default()
        .that(wish.changes.len() <= MAX_SYNC, "changes", &format!("must be at most {MAX_SYNC}"))
        .that(wish.since <= MOST_REVISION, "since", "must be a revision of this account")
        .finish()?;
    let db = call.db()?;
    let ids = touched(&wish);
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let kept_back = if wish.changes.is_empty() {
        Vec::new()
    } else {
        let take = |shelf: &mut super::shelf::Shelf| Ok(merge(shelf, &wish.changes));
        let (kept_back, shelf) = change(&db, &unit.user, &ids, call.now, take).await?;
        if shelf.is_changed() {
            // A change of a preset that everybody sees is seen by everybody.
            super::public::forget();
            tell_units(&call, &unit.user, shelf.revision()).await;
        }
        kept_back
    };
    Reply::json(&PresetSynced { kept_back, ..changed(&db, &unit.user, wish.since).await? })
}

/// What has changed after `since`. A `since` that the account has not reached is of another account, or of a
/// database that was put back: then everything is told.
async fn changed(db: &Db, user: &str, since: u64) -> Result<PresetSynced, Problem> {
    #[derive(Deserialize)]
    struct Revision {
        revision: u64,
    }
    #[derive(Deserialize)]
    struct Row {
        id: String,
        version: u64,
        revision: u64,
        sound: Option<String>,
    }
    let ask = async |since: u64| {
        let integer = |number: u64| i64::try_from(number).unwrap_or(i64::MAX).into();
        let values = [user.into(), integer(since), integer(MAX_SYNC as u64 + 1)];
        let asked = [(presets::PRESET_REVISION, &values[..1]), (presets::CHANGED_PRESETS, &values[..])];
        let results = db.batch(&asked).await?;
        let [revision, found] = &*results else { return Err(Problem::internal("not two answers")) };
        let revision: Option<Revision> = rows(presets::PRESET_REVISION, revision)?.into_iter().next();
        let revision = revision.ok_or(Problem::Unauthorized("not_paired"))?.revision;
        Ok((revision, rows::<Row>(presets::CHANGED_PRESETS, found)?))
    };
    let (mut revision, mut found) = ask(since).await?;
    if since > revision {
        (revision, found) = ask(0).await?;
    }
    let more = found.len() > MAX_SYNC;
    found.truncate(MAX_SYNC);
    if let Some(last) = found.last().filter(|_| more) {
        revision = last.revision;
    }
    let preset = |row: Row| {
        let sound = row.sound.map(|sound| serde_json::from_str(&sound)).transpose();
        let preset = sound.map_err(|error| Problem::internal(format!("a kept sound: {error}")))?;
        Ok(SyncedPreset { id: row.id, version: row.version, preset })
    };
    let presets = found.into_iter().map(preset).collect::<Result<_, Problem>>()?;
    Ok(PresetSynced { revision, more, presets, kept_back: Vec::new() })
}
