//! Tests of what is kept of the cloud: the key, the owner, counts, and which sounds the account has.

use super::tests::copy_as_after_a_cut;
use super::*;
use protocol::SoundPreset;
use protocol::cloud::UsageKind;

fn account() -> CloudAccount {
    let owner = Owner { device_id: "d1".into(), name: "Anna".into(), email: Some("anna@example.org".into()) };
    CloudAccount {
        seed: Some([7; 32]),
        server: "https://cloud.example".into(),
        owner: Some(owner),
        name: "Red van".into(),
        account: "abc".into(),
        leaving: false,
        wants_usage: true,
    }
}

fn usage(id: &str, day: u32) -> UsageRow {
    UsageRow { id: id.into(), day, kind: UsageKind::PlayedSeconds, amount: 60, sealed: day == 1 }
}

#[test]
fn the_account_comes_back_and_its_key_is_in_no_log() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(open(folder.path()).saved.cloud, CloudAccount::default());
    let mut database = open(folder.path()).database.unwrap();
    database.write(&[Save::Cloud(account())]).unwrap();
    let after = copy_as_after_a_cut(folder.path());
    assert_eq!(open(after.path()).saved.cloud, account());
    let logged = format!("{:?}", account());
    assert!(!logged.contains('7') && !logged.contains("anna"), "{logged}");
    database.write(&[Save::Cloud(CloudAccount { owner: None, leaving: true, ..account() })]).unwrap();
    let saved = open(folder.path()).saved.cloud;
    assert_eq!((saved.owner, saved.leaving, saved.seed), (None, true, Some([7; 32])));
}

#[test]
fn a_damaged_key_is_none_and_then_the_unit_is_nobodys() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).database.unwrap().write(&[Save::Cloud(account())]).unwrap();
    let raw = rusqlite::Connection::open(folder.path().join("state.db")).unwrap();
    raw.execute_batch("UPDATE cloud SET seed = x'0102'").unwrap();
    drop(raw);
    let saved = open(folder.path()).saved.cloud;
    assert_eq!((saved.seed, saved.owner, saved.wants_usage), (None, None, true));
}

#[test]
fn counts_come_back_and_those_that_are_told_are_gone() {
    let folder = tempfile::tempdir().unwrap();
    let mut database = open(folder.path()).database.unwrap();
    let all = vec![usage("b", 1), usage("a", 2)];
    database.write(&[Save::Usage(all.clone())]).unwrap();
    assert_eq!(open(folder.path()).saved.usage, all);
    database.write(&[Save::Usage(vec![usage("a", 2)])]).unwrap();
    assert_eq!(open(folder.path()).saved.usage, [usage("a", 2)]);
    drop(database);
    let raw = rusqlite::Connection::open(folder.path().join("state.db")).unwrap();
    raw.execute_batch("UPDATE usage_event SET kind = 'songs_heard'").unwrap();
    assert_eq!(open(folder.path()).saved.usage, [], "what this program does not count it does not send");
}

#[test]
fn a_deletion_the_account_does_not_know_of_comes_back_and_a_known_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut database = open(folder.path()).database.unwrap();
    let row = |id: i64, deleted: bool, dirty: bool| PresetRow {
        id,
        uuid: format!("{id:022}"),
        base: 3,
        dirty,
        version: 4,
        changed: 5,
        deleted,
        preset: SoundPreset { name: format!("S{id}"), ..SoundPreset::flat() },
    };
    let save = |row| Save::Preset { row, notice: String::new() };
    let all = [row(1, false, false), row(2, false, true), row(3, true, false), row(4, true, true)];
    database.write(&all.clone().map(save)).unwrap();
    database.write(&[Save::PresetsRevision(17)]).unwrap();
    let saved = database.load().unwrap().presets;
    assert_eq!((saved.rows, saved.gone, saved.synced), (all[..2].to_vec(), all[3..].to_vec(), 17));
    // It comes back under a new row of the unit's, with its own number in the world.
    let back = PresetRow { id: 9, uuid: all[2].uuid.clone(), ..row(3, false, false) };
    database.write(&[save(back.clone())]).unwrap();
    assert_eq!(database.load().unwrap().presets.rows.last(), Some(&back));
}

#[test]
fn sounds_of_the_program_before_keep_their_numbers_and_wait_to_be_sent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    for step in &schema::STEPS[..4] {
        old.execute_batch(step).unwrap();
    }
    let json = serde_json::to_string(&SoundPreset::flat()).unwrap();
    let insert = "INSERT INTO presets VALUES (?1, ?2, ?3, ?4, 1, 1, ?5)";
    for (id, uuid, deleted) in [(1, "000102030405060708090a0b0c0d0e0f", 0), (2, "aa", 1)] {
        old.execute(insert, rusqlite::params![id, uuid, format!("S{id}"), json, deleted]).unwrap();
    }
    old.execute_batch("PRAGMA user_version = 4;").unwrap();
    drop(old);
    let saved = open(folder.path()).saved.presets;
    assert_eq!(saved.gone, []);
    let row = &saved.rows[0];
    assert_eq!((row.uuid.as_str(), row.base, row.dirty), ("AAECAwQFBgcICQoLDA0ODw", 0, true));
}
