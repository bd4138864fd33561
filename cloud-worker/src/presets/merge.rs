//! How a unit's changes come together with what others have changed.
//!
//! The first to arrive keeps the preset's number. A change of a version that is no longer the last is kept as
//! a preset of its own, under a number made from the change itself, so that it is the same when the change
//! comes again. A change wins over a deletion.

use protocol::cloud::{KeptBack, PresetChange};
use protocol::{SoundPreset, cloud::PresetSync};

use super::check;
use super::shelf::{Row, Shelf};
use crate::ids;

/// Versions and revisions beyond this are no unit's.
pub const MOST_REVISION: u64 = 1 << 40;
/// Marks that a preset remembers.
const MARKS: usize = 8;
/// Most characters of a preset's name.
const NAME: usize = 40;

/// The number of a change: of what it is about and what it says.
pub fn mark(change: &PresetChange) -> String {
    // A change is plain data: writing it cannot fail.
    ids::derived(&serde_json::to_string(change).unwrap_or_default())
}

/// Every preset that the changes may touch: their own, and the copies they may lead to.
pub fn touched(sync: &PresetSync) -> Vec<String> {
    sync.changes.iter().flat_map(|change| [change.id.clone(), mark(change)]).collect()
}

/// Takes the changes in, one after the other; says which could not be.
pub fn merge(shelf: &mut Shelf, changes: &[PresetChange]) -> Vec<KeptBack> {
    let refused = |change: &PresetChange, why| KeptBack { id: change.id.chars().take(64).collect(), why };
    changes.iter().filter_map(|change| take(shelf, change).err().map(|why| refused(change, why))).collect()
}

fn take(shelf: &mut Shelf, change: &PresetChange) -> Result<(), String> {
    if !ids::is_token(&change.id, ids::ID_LENGTH) || change.base > MOST_REVISION {
        return Err("This is not the number of a preset.".to_owned());
    }
    if let Some(preset) = &change.preset {
        check::sound(preset).map_err(|wrong| wrong.error)?;
    }
    let mark = mark(change);
    let sound = change.preset.as_ref().map(written);
    let now = shelf.now;
    let Some(row) = shelf.row(&change.id).cloned() else {
        let Some(sound) = sound else { return Ok(()) };
        shelf.room().map_err(|full| full.0)?;
        let row = Row { version: change.base + 1, ..Row::new(&change.id, sound, now) };
        shelf.put(marked(row, &mark));
        return Ok(());
    };
    if marks(&row).contains(&mark) || row.sound == sound {
        return Ok(());
    }
    let is_last = row.version <= change.base;
    match (&change.preset, sound) {
        (Some(_), Some(sound)) if is_last || row.sound.is_none() => {
            if row.sound.is_none() {
                shelf.room().map_err(|full| full.0)?;
            }
            let version = row.version.max(change.base) + 1;
            shelf.put(marked(Row { version, sound: Some(sound), deleted_at: None, ..row }, &mark));
            Ok(())
        }
        (Some(preset), Some(_)) => copy(shelf, preset, &mark),
        _ if is_last => {
            let mut row = Row { version: row.version.max(change.base) + 1, ..row };
            row.delete(now);
            shelf.put(marked(row, &mark));
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Keeps a preset besides the one it was made from.
fn copy(shelf: &mut Shelf, preset: &SoundPreset, id: &str) -> Result<(), String> {
    // It was copied before. It may have been changed or deleted since, and stays so.
    if shelf.row(id).is_some() {
        return Ok(());
    }
    shelf.room().map_err(|full| full.0)?;
    let name: String = preset.name.chars().take(NAME - 4).collect();
    let copy = SoundPreset { name: format!("{} (2)", name.trim_end()), ..preset.clone() };
    shelf.put(Row::new(id, written(&copy), shelf.now));
    Ok(())
}

/// A sound as it is kept.
pub fn written(preset: &SoundPreset) -> String {
    // What was checked holds finite numbers: writing it cannot fail.
    serde_json::to_string(preset).unwrap_or_default()
}

fn marks(row: &Row) -> Vec<String> {
    serde_json::from_str(&row.taken).unwrap_or_default()
}

fn marked(mut row: Row, mark: &str) -> Row {
    let mut marks = marks(&row);
    marks.push(mark.to_owned());
    let from = marks.len().saturating_sub(MARKS);
    row.taken = serde_json::to_string(&marks[from..]).unwrap_or_default();
    row
}

#[cfg(test)]
mod tests;
