//! The file: durability, damage, versions.
use std::fs;

use super::*;

#[test]
fn everything_is_there_after_a_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/collection.db");
    let (mut collection, set_aside) = Collection::open(&path).unwrap();
    assert_eq!(set_aside, None);
    let id = collection.create_playlist("L").unwrap();
    collection.append(id, &tracks(0..5)).unwrap();
    collection.set_favourite(&track("1"), true, 3).unwrap();
    collection.note_played(&[PlayedTrack { track: track("1"), unix_s: 4 }]).unwrap();
    drop(collection);
    let (collection, _) = Collection::open(&path).unwrap();
    assert_eq!(titles(&collection, id), ["0", "1", "2", "3", "4"]);
    assert_eq!(collection.is_favourite(&track("1")), Ok(true));
    assert_eq!(collection.plays(&[track("1")]).unwrap()[0].count, 1);
    let mode: String =
        collection.connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    let full: i64 = collection.connection.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();
    assert_eq!((mode.as_str(), full), ("wal", 2));
}

#[test]
fn damaged_files_are_set_aside_each_under_its_own_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("collection.db");
    for n in 1..=2 {
        fs::write(&path, format!("not a database {n}").repeat(100)).unwrap();
        let (mut collection, set_aside) = Collection::open(&path).unwrap();
        let kept = set_aside.unwrap().kept;
        assert_eq!(kept, folder.path().join(format!("collection.damaged-{n}.db")));
        assert!(fs::read_to_string(kept).unwrap().starts_with(&format!("not a database {n}")));
        collection.create_playlist("L").unwrap();
        drop(collection);
        assert_eq!(Collection::open(&path).unwrap().1, None);
    }
}

#[test]
fn a_page_overwritten_in_the_middle_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("collection.db");
    let (mut collection, _) = Collection::open(&path).unwrap();
    let id = collection.create_playlist("L").unwrap();
    collection.append(id, &tracks(0..2000)).unwrap();
    drop(collection);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 8192].fill(0x5a);
    fs::write(&path, bytes).unwrap();
    let (collection, set_aside) = Collection::open(&path).unwrap();
    assert!(set_aside.unwrap().kept.exists());
    assert_eq!(collection.playlists(Seek::Start, 9).unwrap().rows.len(), 0);
}

#[test]
fn files_that_only_look_like_ours_are_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("collection.db");
    for sql in [
        "CREATE TABLE entry (x)",
        "CREATE TABLE entry (x); PRAGMA user_version = 1",
        "PRAGMA user_version = 9",
    ] {
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let (mut collection, set_aside) = Collection::open(&path).unwrap();
        assert!(set_aside.is_some(), "{sql}");
        collection.create_playlist("L").unwrap();
        drop(collection);
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn a_file_another_program_holds_is_no_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("collection.db");
    let (mut collection, _) = Collection::open(&path).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(matches!(collection.create_playlist("L"), Err(CollectionError::Storage(_))));
    other.execute_batch("ROLLBACK").unwrap();
    collection.create_playlist("L").unwrap();
}

#[test]
fn a_disk_that_refuses_is_no_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("collection.db");
    fs::create_dir(&path).unwrap();
    assert!(matches!(Collection::open(&path), Err(CollectionError::Storage(_))));
    assert!(path.is_dir());
    fs::write(folder.path().join("file"), "").unwrap();
    assert!(matches!(Collection::open(&folder.path().join("file/c.db")), Err(CollectionError::Storage(_))));
}

#[test]
fn a_file_of_a_newer_program_is_used_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("collection.db");
    let (mut collection, _) = Collection::open(&path).unwrap();
    collection.create_playlist("L").unwrap();
    forge(&collection, "ALTER TABLE playlist ADD COLUMN colour TEXT; PRAGMA user_version = 7");
    drop(collection);
    let (mut collection, set_aside) = Collection::open(&path).unwrap();
    assert_eq!(set_aside, None);
    collection.create_playlist("M").unwrap();
    let version: i64 =
        collection.connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!((version, collection.playlists(Seek::Start, 9).unwrap().rows.len()), (7, 2));
}

#[test]
fn the_check_finds_what_it_is_for() {
    for sql in [
        "UPDATE playlist SET entries = 9",
        "DELETE FROM entry",
        "PRAGMA foreign_keys = OFF; DELETE FROM place",
    ] {
        let mut collection = empty();
        let id = collection.create_playlist("L").unwrap();
        collection.append(id, &tracks(0..2)).unwrap();
        collection.check().unwrap();
        forge(&collection, sql);
        assert!(matches!(collection.check(), Err(CollectionError::Damaged(_))), "{sql}");
    }
}
