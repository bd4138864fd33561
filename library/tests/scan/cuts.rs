//! A scan that is cut short at any moment is finished by the next one.
use crate::stage::{Stage, id, progress_channel};
use library::{Index, Scan, ScanOptions, ScanOutcome, WorkerCommand};
use std::fs;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

#[test]
fn cancelled_anywhere_and_scanned_again_it_is_as_scanned_at_once() {
    let stage = Stage::new();
    let files = stage.collection(60) as u64;
    stage.scan("whole.db");
    let whole = stage.dump("whole.db");
    let mut cancelled = 0;
    for round in 0..6_u64 {
        let db = format!("cut-{round}.db");
        for after in [3 + 17 * round, 40 + 23 * round] {
            let scan = stage.start(&db, |_| ());
            thread::sleep(Duration::from_millis(after));
            let asked = Instant::now();
            scan.cancel();
            let outcome = scan.join();
            assert!(asked.elapsed() < Duration::from_millis(600), "{:?}", asked.elapsed());
            cancelled += u32::from(matches!(outcome, ScanOutcome::Cancelled));
            assert!(matches!(outcome, ScanOutcome::Cancelled | ScanOutcome::Finished(_)), "{outcome:?}");
        }
        stage.check(&db);
        let committed = stage.names(&db).len() as u64;
        let stats = stage.scan(&db);
        assert_eq!(
            (stats.unchanged, stats.read),
            (committed, files - committed),
            "read again in round {round}"
        );
        assert!(stage.dump(&db) == whole, "not as scanned at once in round {round}");
    }
    assert!(cancelled > 0, "every scan was faster than its end");
}

#[test]
fn what_is_found_shows_before_the_end() {
    let stage = Stage::new();
    stage.collection(150);
    let scan = stage.start("a.db", |_| ());
    let mut shown = false;
    while !scan.is_finished() {
        let Ok(db) = rusqlite::Connection::open(stage.beside("a.db")) else { continue };
        let tracks: i64 = db.query_row("SELECT count(*) FROM track", (), |row| row.get(0)).unwrap_or(0);
        shown |= tracks > 0 && tracks < 1500;
        thread::sleep(Duration::from_millis(1));
    }
    assert!(shown, "nothing was committed under way");
    assert!(matches!(scan.join(), ScanOutcome::Finished(_)));
}

#[test]
fn a_medium_that_leaves_takes_nothing_with_it() {
    let stage = Stage::new();
    stage.collection(60);
    stage.scan("a.db");
    let away = stage.beside("away");
    fs::rename(stage.root(), &away).unwrap();
    let outcome = stage.start("a.db", |_| ()).join();
    assert!(matches!(outcome, ScanOutcome::MediumGone), "{outcome:?}");
    assert_eq!(stage.names("a.db").len(), 600);
    fs::rename(&away, stage.root()).unwrap();
    // It leaves at some moment of the scan, with a file to read.
    let mut gone = 0;
    for wait in 0..10_u64 {
        let db = format!("{wait}.db");
        stage.scan(&db);
        stage.write(format!("New {wait}/01.wav"), &crate::stage::wav("T", "A", "B", 1));
        let scan = stage.start(&db, |_| ());
        thread::sleep(Duration::from_micros(wait * 900));
        fs::rename(stage.root(), &away).unwrap();
        let outcome = scan.join();
        fs::rename(&away, stage.root()).unwrap();
        assert!(matches!(outcome, ScanOutcome::MediumGone | ScanOutcome::Finished(_)), "{outcome:?}");
        gone += u32::from(matches!(outcome, ScanOutcome::MediumGone));
        assert!(stage.names(&db).len() as u64 >= 600 + wait, "removed after {wait}");
    }
    assert!(gone > 0);
}

#[test]
fn a_folder_that_cannot_be_read_keeps_its_rows() {
    use std::os::unix::fs::PermissionsExt;
    let stage = Stage::new();
    let files = stage.collection(2) as u64;
    stage.scan("a.db");
    let before = stage.names("a.db");
    let closed = stage.path("Artist 0/Album 0");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read_dir(&closed).is_ok() {
        // The superuser reads everything: nothing to see here.
        return;
    }
    let stats = stage.scan("a.db");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!((stats.unreadable_folders, stats.removed, stats.tracks), (1, 0, files));
    assert_eq!(stage.names("a.db"), before);
}

#[test]
fn without_a_worker_nothing_is_called_unreadable() {
    let mut stage = Stage::new();
    stage.collection(1);
    stage.options.command = WorkerCommand { program: stage.beside("no program"), args: Vec::new() };
    let outcome = stage.start("a.db", |_| ()).join();
    assert!(matches!(outcome, ScanOutcome::WorkerFailed(_)), "{outcome:?}");
    assert!(stage.names("a.db").is_empty());
}

#[test]
fn dropping_a_scan_ends_it() {
    let stage = Stage::new();
    stage.collection(20);
    let (index, _) = Index::open(&stage.beside("a.db")).unwrap();
    let index = Arc::new(Mutex::new(index));
    let (on_progress, progress) = progress_channel();
    let options = ScanOptions::new(crate::stage::command()).while_playing();
    drop(Scan::start(Arc::clone(&index), id(), "Stick", &stage.root(), options, on_progress));
    assert!(Arc::into_inner(index).is_some(), "somebody still holds the index");
    assert_eq!(progress.iter().filter(|progress| progress.phase == library::ScanPhase::Finished).count(), 0);
}
