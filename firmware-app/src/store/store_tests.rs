//! Tests of the store: what is acknowledged is there, whatever happens to the file.

use super::database::Database;
use super::*;
use crate::state::{Item, Label, MediumRef};
use library::{CueFrames, Slice};
use protocol::Decibels;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

fn item(relative: &str) -> Item {
    Item::new(&"A1B2-C3D4".into(), Path::new(relative))
}

fn row(relative: &str, place: usize) -> Row {
    Row { path: Path::new("/m/ü").join(relative), item: item(relative), place }
}

fn sample() -> Vec<Save> {
    let settings = Settings { volume: Decibels(-31.5), shuffle_seed: u64::MAX, ..Settings::default() };
    let path = PathBuf::from("/m/ü/2.flac");
    vec![
        Save::Settings(settings),
        Save::Key { key: 3, row: row("2.flac", 0) },
        Save::Queue((0..50).map(|n| row(&format!("{n}.flac"), 49 - n)).collect()),
        Save::Resume(Some(Resume {
            place: 47,
            path,
            item: item("2.flac"),
            position_s: 12.25,
            played: Played::Playing,
        })),
    ]
}

fn check_sample(saved: &Saved) {
    assert_eq!(saved.settings.volume, Decibels(-31.5));
    assert_eq!(saved.settings.shuffle_seed, u64::MAX);
    assert_eq!(saved.keys, [(3, item("2.flac"))]);
    assert_eq!((saved.queue.len(), saved.queue[0].1), (50, 49));
    assert_eq!(saved.resume.as_ref().map(|resume| resume.position_s), Some(12.25));
}

fn files(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// What a power cut leaves: the files as they are at this moment.
pub(super) fn copy_as_after_a_cut(from: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for name in files(from).iter().filter(|name| !name.ends_with("-shm")) {
        std::fs::copy(from.join(name), copy.path().join(name)).unwrap();
    }
    copy
}

#[test]
fn what_is_acknowledged_survives_a_cut_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (sender, outcomes) = mpsc::channel();
    let opened = open(folder.path());
    assert_eq!(opened.warning, None);
    let mut thread = StoreThread::start(opened.database, move |outcome| drop(sender.send(outcome))).unwrap();
    for save in sample() {
        thread.save(save);
        let outcome = outcomes.recv_timeout(Duration::from_secs(10)).unwrap();
        assert!(matches!(outcome, Outcome::Durable { .. }), "{outcome:?}");
    }
    let after = copy_as_after_a_cut(folder.path());
    let opened = open(after.path());
    assert_eq!(opened.warning, None);
    check_sample(&opened.saved);
    thread.finish();
    check_sample(&open(folder.path()).saved);
}

#[test]
fn cuts_while_writing_leave_one_of_the_written_states() {
    let folder = tempfile::tempdir().unwrap();
    let mut database = open(folder.path()).database.unwrap();
    for n in 0..40u32 {
        let settings = Settings { volume: Decibels(-(n as f32)), ..Settings::default() };
        let resume = Resume {
            place: 0,
            path: "/a".into(),
            item: item("a"),
            position_s: f64::from(n),
            played: Played::Paused,
        };
        let queue = vec![row("a", 0); usize::try_from(n).unwrap() + 1];
        database.write(&[Save::Settings(settings), Save::Queue(queue), Save::Resume(Some(resume))]).unwrap();
        let copy = copy_as_after_a_cut(folder.path());
        // The cut also takes a piece of what the log was being given.
        let log = copy.path().join("state.db-wal");
        let length = std::fs::metadata(&log).map_or(0, |meta| meta.len());
        if n % 2 == 1 && length > 0 {
            let file = std::fs::OpenOptions::new().write(true).open(&log).unwrap();
            file.set_len(length - length.min(u64::from(n) * 37)).unwrap();
        }
        let opened = open(copy.path());
        assert_eq!(opened.warning, None, "step {n}");
        let Some(resume) = opened.saved.resume else { continue };
        assert!(resume.position_s <= f64::from(n));
        assert_eq!(opened.saved.settings.volume.0, -resume.position_s as f32, "step {n}: all or nothing");
        assert_eq!(opened.saved.queue.len(), resume.position_s as usize + 1, "step {n}: all or nothing");
        if n % 2 == 0 {
            assert_eq!(resume.position_s, f64::from(n), "acknowledged means durable");
        }
    }
}

#[test]
fn damaged_files_are_kept_aside_and_the_unit_starts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    for (n, junk) in
        [&b"this is not a database at all, sorry"[..], &[0u8; 5000], &[0xff; 100]].iter().enumerate()
    {
        std::fs::write(&path, junk).unwrap();
        let opened = open(folder.path());
        if opened.warning.is_some() {
            assert!(files(folder.path()).contains(&format!("state.db.damaged-{}", n + 1)));
        }
        assert_eq!(opened.saved, Saved::default());
        let mut database = opened.database.unwrap();
        database.write(&sample()).unwrap();
        check_sample(&database.load().unwrap());
        drop(database);
        for log in ["state.db-wal", "state.db-shm"] {
            drop(std::fs::remove_file(folder.path().join(log)));
        }
    }
    assert!(files(folder.path()).contains(&"state.db.damaged-1".to_owned()));
}

#[test]
fn holes_anywhere_in_the_file_never_stop_the_unit() {
    let folder = tempfile::tempdir().unwrap();
    let mut database = open(folder.path()).database.unwrap();
    database.write(&sample()).unwrap();
    drop(database);
    let good = std::fs::read(folder.path().join("state.db")).unwrap();
    for at in (0..good.len()).step_by(1021) {
        let hurt = tempfile::tempdir().unwrap();
        let mut bytes = good.clone();
        for byte in bytes.iter_mut().skip(at).take(64) {
            *byte ^= 0x5a;
        }
        std::fs::write(hurt.path().join("state.db"), bytes).unwrap();
        let opened = open(hurt.path());
        let mut state = crate::state::State::new();
        state.restore(Duration::ZERO, opened.saved);
        // Damage that only shows when it is written to is reported, not panicked on.
        let _ = opened.database.unwrap().write(&sample());
    }
}

#[test]
fn foreign_content_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut database = open(folder.path()).database.unwrap();
    database.write(&sample()).unwrap();
    drop(database);
    let raw = rusqlite::Connection::open(folder.path().join("state.db")).unwrap();
    raw.execute_batch(
        "UPDATE setting SET value = '{\"a\": [1, 2' WHERE name = 'volume_db';
         UPDATE setting SET value = '\"purple\"' WHERE name = 'theme';
         UPDATE setting SET value = 'null' WHERE name = 'balance';
         UPDATE queue SET place = -7 WHERE entry = 3;
         UPDATE resume SET place = -1, position_s = -1e308, played = 'dancing';
         PRAGMA user_version = 99;",
    )
    .unwrap();
    drop(raw);
    let opened = open(folder.path());
    assert_eq!(opened.warning, None, "a newer program's file is still read");
    let default = Settings::default();
    assert_eq!((opened.saved.settings.volume, opened.saved.settings.theme), (default.volume, default.theme));
    assert_eq!((opened.saved.resume, opened.saved.queue[3].1), (None, usize::MAX));
}

#[test]
fn a_folder_that_cannot_be_used_still_gives_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let opened = open(&file.join("below"));
    assert!(opened.warning.is_some() && opened.database.is_some());
    assert!(Database::in_memory().is_ok());
}

#[test]
fn a_file_of_an_older_program_is_read_and_an_older_program_reads_ours() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute_batch(schema::STEPS[0]).unwrap();
    raw.execute_batch(
        "INSERT INTO queue VALUES (0, 0, CAST('/m/s/1.mp3' AS BLOB)), (1, 1, CAST('/m/s/2.mp3' AS BLOB));
         INSERT INTO preset_key VALUES (4, CAST('/m/s/2.mp3' AS BLOB));
         INSERT INTO resume VALUES (1, 1, CAST('/m/s/2.mp3' AS BLOB), 7.5, 'playing');
         PRAGMA user_version = 1;",
    )
    .unwrap();
    drop(raw);
    let opened = open(folder.path());
    assert_eq!(opened.warning, None);
    let mut state = crate::state::State::new();
    state.restore(Duration::ZERO, opened.saved);
    let id = "STICK".to_owned();
    let plugged = hal::MediaEvent::Plugged { name: "s".into(), path: "/m/s".into(), id };
    state.media_event(Duration::from_secs(1), plugged);
    let current = state.current_item().unwrap().clone();
    assert_eq!((&*current.medium, &*current.relative), ("STICK", Path::new("2.mp3")));
    assert!(state.is_playing() && state.playback.position_s == 7.5);
    let mut database = opened.database.unwrap();
    state.save_all(Duration::from_secs(2));
    for effect in state.take_effects() {
        if let crate::state::Effect::Save(save) = effect {
            database.write(&[save]).unwrap();
        }
    }
    drop(database);
    let raw = rusqlite::Connection::open(&path).unwrap();
    let old: (i64, Vec<u8>, f64, String) = raw
        .query_row("SELECT place, path, position_s, played FROM resume WHERE id = 1", (), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .unwrap();
    assert_eq!(old, (1, b"/m/s/2.mp3".to_vec(), 7.5, "playing".into()));
}

#[test]
fn parts_of_files_titles_and_places_left_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut database = open(folder.path()).database.unwrap();
    let slice = Slice { start: CueFrames(75), end: Some(CueFrames(7500)) };
    let label = Label { title: "Zwei".into(), artist: String::new() };
    let part = Item { slice: Some(slice), label: Some(label.into()), ..item("album.flac") };
    let of = |n: usize| Left {
        medium: format!("M{n}").as_str().into(),
        place: 1,
        position_s: n as f64,
        entries: vec![(item("x.mp3"), 1), (part.clone(), 0)],
    };
    database
        .write(&[Save::Queue(vec![Row { path: "/m/album.flac".into(), item: part.clone(), place: 0 }])])
        .unwrap();
    for n in 0..3 {
        database.write(&[Save::Left(of(n))]).unwrap();
    }
    database.write(&[Save::Left(of(0)), Save::NotLeft("M1".into())]).unwrap();
    for n in 0..200 {
        database.write(&[Save::Home { medium: format!("{n}").as_str().into(), root: "/m".into() }]).unwrap();
    }
    drop(database);
    let saved = open(folder.path()).saved;
    assert_eq!(saved.queue, [(part.clone(), 0)]);
    assert_eq!(saved.left, [of(2), of(0)], "oldest first");
    assert_eq!(saved.homes.len(), crate::state::HOMES);
    let last: MediumRef = "199".into();
    assert!(saved.homes.iter().any(|(medium, _)| *medium == last), "the newest are kept");
}

#[test]
fn a_stored_place_that_leads_out_of_its_medium_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut database = open(folder.path()).database.unwrap();
    database.write(&sample()).unwrap();
    drop(database);
    let raw = rusqlite::Connection::open(folder.path().join("state.db")).unwrap();
    raw.execute_batch(
        "UPDATE queue SET relative = CAST('../../etc/x.mp3' AS BLOB) WHERE entry = 0;
         UPDATE queue SET relative = CAST('/etc/x.mp3' AS BLOB) WHERE entry = 1;",
    )
    .unwrap();
    assert_eq!(open(folder.path()).saved.queue.len(), 48);
}

fn phones(ids: &[u64]) -> Phones {
    let phone = |id: &u64| PhoneRow {
        id: *id,
        name: format!("Anna’s phone {id}"),
        role: if id.is_multiple_of(2) {
            protocol::remote::Role::Guest
        } else {
            protocol::remote::Role::Owner
        },
        token_sha256: [*id as u8; 32],
        seen_unix_s: 1_800_000_000 + *id as i64,
    };
    Phones { unit_id: "c0ffee".into(), last_id: 9, phones: ids.iter().map(phone).collect() }
}

#[test]
fn phones_are_told_once_they_are_on_the_disk_and_the_forgotten_ones_are_gone() {
    let folder = tempfile::tempdir().unwrap();
    let mut thread = StoreThread::start(open(folder.path()).database, |_| {}).unwrap();
    let door = thread.door();
    for all in [phones(&[1, 2, 3]), phones(&[2, 3])] {
        let (sender, stored) = mpsc::channel();
        door.save(Save::Phones(all.clone()), Box::new(move |is_stored| sender.send(is_stored).unwrap()));
        assert!(stored.recv_timeout(Duration::from_secs(10)).unwrap());
        let after = copy_as_after_a_cut(folder.path());
        assert_eq!(open(after.path()).saved.phones, all);
    }
    // The door is still there, and does not keep the store from ending.
    thread.finish();
    let (sender, stored) = mpsc::channel::<bool>();
    door.save(Save::Phones(phones(&[])), Box::new(move |is_stored| sender.send(is_stored).unwrap()));
    assert!(stored.recv_timeout(Duration::from_secs(10)).is_err(), "nobody is told of what nobody stores");
}

#[test]
fn a_damaged_phone_is_left_out_and_a_role_of_a_newer_program_may_only_look() {
    let folder = tempfile::tempdir().unwrap();
    let mut database = open(folder.path()).database.unwrap();
    database.write(&[Save::Phones(phones(&[1, 3]))]).unwrap();
    drop(database);
    let raw = rusqlite::Connection::open(folder.path().join("state.db")).unwrap();
    raw.execute_batch(
        "UPDATE phones SET token_sha256 = x'0102' WHERE id = 1;
         UPDATE phones SET role = 'emperor', id = 20 WHERE id = 3;",
    )
    .unwrap();
    drop(raw);
    let saved = open(folder.path()).saved.phones;
    assert_eq!(
        saved.phones.iter().map(|phone| (phone.id, phone.role)).collect::<Vec<_>>(),
        [(20, protocol::remote::Role::Guest)]
    );
    assert_eq!(saved.last_id, 20, "no number is given twice");
}
