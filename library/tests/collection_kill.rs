//! A collection whose program is killed at any moment keeps every edit it acknowledged.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

#[allow(dead_code)] // Its `main` is for the example.
#[path = "../examples/collection_edits.rs"]
mod edits;

const KILLS: u64 = 20;
const FOLDER: &str = "COLLECTION_EDITS_FOLDER";

/// Not a test: the program that is killed, in this binary so that it is built when the test is.
#[test]
#[ignore = "the program the other test kills"]
fn edit_until_killed() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        assert_eq!(edits::run(Path::new(&folder), u64::MAX, &mut std::io::stdout()), ExitCode::SUCCESS);
    }
}

fn start(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "edit_until_killed", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn number(line: &str, word: &str) -> Option<u64> {
    line.strip_prefix(word)?.trim().parse().ok()
}

/// The state it began with, and the last edit it acknowledged before it was killed.
fn run_and_kill(folder: &Path, after: Duration) -> (u64, Option<u64>) {
    let mut child = start(folder);
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    let state = loop {
        let mut line = String::new();
        assert!(out.read_line(&mut line).unwrap() > 0, "it ended before it said its state:\n{said}");
        if let Some(state) = number(&line, "state ") {
            break state;
        }
        said.push_str(&line);
        assert!(!line.starts_with("broken"), "{line}");
    };
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert!(!rest.contains("broken"), "{rest}");
    // The last line may be cut off in the middle of its number.
    let whole = rest.rfind('\n').map_or("", |end| &rest[..end]);
    (state, whole.lines().filter_map(|line| number(line, "ack ")).next_back())
}

#[test]
fn every_acknowledged_edit_survives_kills() {
    let folder = tempfile::tempdir().unwrap();
    let mut promised = 0;
    let mut acknowledged = 0;
    for kill in 0..KILLS {
        let after = Duration::from_millis(5 + kill * 37 % 90);
        let (state, last) = run_and_kill(folder.path(), after);
        assert!(state >= promised, "kill {kill}: {promised} edits were promised, {state} are there");
        if let Some(last) = last {
            promised = last + 1;
            acknowledged += 1;
        }
    }
    assert!(acknowledged > KILLS / 2, "too few runs got as far as an edit: {acknowledged}");
    let (state, _) = run_and_kill(folder.path(), Duration::ZERO);
    assert!(state >= promised);
}
