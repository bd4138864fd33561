//! Tests of the stored sounds: names stay unique, tombstones stay, damage costs one row.

use super::database::Database;
use super::*;
use protocol::{Decibels, SoundPreset};
use std::path::Path;

fn row(id: i64, name: &str, version: u64) -> PresetRow {
    let mut preset = SoundPreset { name: name.into(), ..SoundPreset::flat() };
    preset.bands[0].gain = Decibels(id as f32 / 10.0);
    let uuid = format!("{id:022}");
    PresetRow { id, uuid, base: 0, dirty: true, version, changed: version, deleted: false, preset }
}

fn save(row: PresetRow) -> Save {
    Save::Preset { row, notice: "stored".into() }
}

fn names(saved: &Saved) -> Vec<(i64, &str)> {
    saved.presets.rows.iter().map(|row| (row.id, row.preset.name.as_str())).collect()
}

fn store(folder: &Path) -> Database {
    open(folder).database.unwrap()
}

fn raw(folder: &Path, sql: &str) {
    let raw = rusqlite::Connection::open(folder.join("state.db")).unwrap();
    raw.execute_batch(sql).unwrap();
}

#[test]
fn sounds_come_back_as_they_were_and_deleted_ones_leave_a_tombstone() {
    let folder = tempfile::tempdir().unwrap();
    store(folder.path()).write(&[save(row(1, "Warm", 1)), save(row(2, "Night", 2))]).unwrap();
    store(folder.path()).write(&[save(PresetRow { deleted: true, ..row(1, "Warm", 3) })]).unwrap();
    let saved = open(folder.path()).saved;
    assert_eq!(saved.presets.rows, [row(2, "Night", 2)]);
    assert_eq!((saved.presets.last_id, saved.presets.last_change, saved.presets.damaged), (2, 3, 0));
    let raw = rusqlite::Connection::open(folder.path().join("state.db")).unwrap();
    let tomb: (String, i64, i64) = raw
        .query_row("SELECT uuid, version, deleted FROM presets WHERE id = 1", (), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .unwrap();
    assert_eq!((tomb.0.as_str(), tomb.1, tomb.2), (row(1, "", 0).uuid.as_str(), 3, 1));
}

#[test]
fn names_that_change_places_in_one_go_are_no_obstacle() {
    let folder = tempfile::tempdir().unwrap();
    let mut database = store(folder.path());
    database.write(&[save(row(1, "A", 1)), save(row(2, "B", 2))]).unwrap();
    // Only the last state of each comes here, in the order of the last changes.
    database.write(&[save(row(2, "A", 4)), save(row(1, "B", 5))]).unwrap();
    assert_eq!(names(&database.load().unwrap()), [(1, "B"), (2, "A")]);
    database.write(&[save(PresetRow { deleted: true, ..row(2, "A", 6) }), save(row(3, "A", 7))]).unwrap();
    assert_eq!(names(&database.load().unwrap()), [(1, "B"), (3, "A")]);
}

#[test]
fn a_damaged_sound_is_set_aside_and_gives_its_name_away() {
    let folder = tempfile::tempdir().unwrap();
    let all: Vec<Save> = (1..=7).map(|id| save(row(id, &format!("S{id}"), 1))).collect();
    store(folder.path()).write(&all).unwrap();
    raw(
        folder.path(),
        "UPDATE presets SET json = '{\"name\": 3' WHERE id = 1;
         UPDATE presets SET json = replace(json, '\"gain\":0.2', '\"gain\":99') WHERE id = 2;
         UPDATE presets SET name = '' WHERE id = 3;
         UPDATE presets SET name = 's5' WHERE id = 6;
         UPDATE presets SET json = '[' || hex(zeroblob(40000)) || ']' WHERE id = 7;",
    );
    let opened = open(folder.path());
    assert_eq!(opened.warning, None);
    assert_eq!(names(&opened.saved), [(4, "S4"), (5, "S5")]);
    assert_eq!((opened.saved.presets.damaged, opened.saved.presets.last_id), (5, 7));
    let mut database = opened.database.unwrap();
    database.write(&[save(row(8, "S1", 2))]).unwrap();
    let saved = database.load().unwrap();
    assert_eq!(names(&saved), [(4, "S4"), (5, "S5"), (8, "S1")]);
    assert_eq!(saved.presets.damaged, 4, "the row whose name was taken is a tombstone now");
}

#[test]
fn tombstones_are_bounded_and_the_newest_stay() {
    let folder = tempfile::tempdir().unwrap();
    let mut database = store(folder.path());
    let dead = |id: i64| save(PresetRow { deleted: true, ..row(id, "x", u64::try_from(id).unwrap()) });
    let all: Vec<Save> = (1..=1005).map(dead).collect();
    database.write(&all).unwrap();
    drop(database);
    let raw = rusqlite::Connection::open(folder.path().join("state.db")).unwrap();
    let (count, oldest): (i64, i64) =
        raw.query_row("SELECT count(*), min(id) FROM presets", (), |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
    assert_eq!((count, oldest), (1000, 6));
}

#[test]
fn a_file_of_the_program_before_gains_the_table_and_still_serves_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(schema::STEPS[0]).unwrap();
    old.execute_batch(schema::STEPS[1]).unwrap();
    old.execute_batch("INSERT INTO setting VALUES ('volume_db', '-7.0'); PRAGMA user_version = 2;").unwrap();
    drop(old);
    let opened = open(folder.path());
    assert_eq!((opened.warning, opened.saved.settings.volume), (None, Decibels(-7.0)));
    opened.database.unwrap().write(&[save(row(1, "Warm", 1))]).unwrap();
    // What the older program does with a newer file: it takes no step and uses what it knows.
    raw(folder.path(), "INSERT OR REPLACE INTO setting VALUES ('volume_db', '-9.0')");
    let saved = open(folder.path()).saved;
    assert_eq!((saved.settings.volume, saved.presets.rows.len()), (Decibels(-9.0), 1));
}

#[test]
fn nothing_is_called_stored_that_goes_with_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "x").unwrap();
    for (place, is_disk) in [(folder.path().to_path_buf(), true), (file.join("below"), false)] {
        let (sender, outcomes) = std::sync::mpsc::channel();
        let database = open(&place).database;
        let mut thread = StoreThread::start(database, move |outcome| drop(sender.send(outcome))).unwrap();
        thread.save(save(row(1, "Warm", 1)));
        let outcome = outcomes.recv_timeout(std::time::Duration::from_secs(10)).unwrap();
        let notices = vec!["stored".to_owned()];
        assert_eq!(outcome == Outcome::Durable { keys: Vec::new(), notices }, is_disk, "{outcome:?}");
        thread.finish();
    }
}
