//! A power cut at any moment: the index is sound, no folder is half there, every count is right.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/index_check.rs"]
mod index_check;
#[path = "common/synthetic.rs"]
mod synthetic;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use library::{Change, Index, MediumId};
use synthetic::{Random, collection};

/// Names the index to the child.
const PLACE: &str = "INDEX_KILL_PLACE";
/// Rounds of this test.
const ROUNDS: u64 = 30;

/// The child: writes, replaces and removes for as long as it lives. Run by the test below.
#[test]
#[ignore = "runs as the child of the test beside it"]
fn writes_until_killed() {
    let Some(place) = std::env::var_os(PLACE) else { return };
    let (mut index, opened) = Index::open(Path::new(&place)).unwrap();
    assert_eq!(opened, None, "a cut must not damage the file");
    let medium = index.medium(&MediumId::new("stick").unwrap(), "Stick").unwrap();
    println!("ready");
    for round in 0.. {
        for (n, album) in collection(round % 3, 1500).enumerate() {
            let folder = match &album[0] {
                Change::Track { folder, .. } => folder.clone(),
                _ => panic!("a collection is tracks"),
            };
            index.write(medium, album).unwrap();
            if n % 7 == 0 {
                index.write(medium, vec![Change::RemoveFolder { relative: folder }]).unwrap();
            }
        }
        index.scan_finished(medium, 5).unwrap();
    }
}

/// Albums are written whole, so each folder holds all its files or none.
fn no_folder_is_half(connection: &rusqlite::Connection) {
    let mut statement = connection
        .prepare(
            "SELECT max(CAST(substr(CAST(name AS TEXT), 1, 2) AS INTEGER)), min(CAST(substr(CAST(name AS TEXT), 1, 2) AS INTEGER)), count(*)
             FROM track GROUP BY folder",
        )
        .unwrap();
    let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    for row in rows {
        let (last, first, count): (i64, i64, i64) = row.unwrap();
        assert_eq!(last - first + 1, count, "a folder is half there");
    }
}

#[test]
fn a_cut_at_any_moment_leaves_a_sound_index() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("library.db");
    let mut random = Random::new(u64::from(std::process::id()));
    let mut most = 0;
    for round in 0..ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["writes_until_killed", "--exact", "--ignored", "--nocapture"])
            .env(PLACE, &place)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().contains("ready")), "round {round}: the index was not opened");
        std::thread::sleep(Duration::from_millis(random.below(400)));
        child.kill().unwrap();
        child.wait().unwrap();
        let connection = rusqlite::Connection::open(&place).unwrap();
        index_check::check(&connection);
        no_folder_is_half(&connection);
        let tracks: i64 =
            connection.query_row("SELECT sum(tracks) FROM medium", (), |row| row.get(0)).unwrap();
        most = most.max(tracks);
    }
    assert!(most > 50, "the child wrote next to nothing: {most}");
}
