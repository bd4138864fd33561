//! A scan reads what changed, and nothing else.
use crate::stage::{Stage, age, progress_channel, wav};
use library::{ScanOutcome, ScanPhase};
use std::fs;
use std::os::unix::fs::symlink;

#[test]
fn an_unchanged_medium_costs_no_file() {
    let stage = Stage::new();
    let files = stage.collection(4) as u64;
    let first = stage.scan("a.db");
    assert_eq!((first.tracks, first.files, first.read, first.requests), (files, files, files, files));
    assert_eq!((first.unread, first.removed, first.unchanged, first.cut), (0, 0, 0, 0));
    let before = stage.dump("a.db");
    let second = stage.scan("a.db");
    assert_eq!((second.tracks, second.unchanged, second.read, second.requests), (files, files, 0, 0));
    assert_eq!(stage.dump("a.db"), before);
    stage.check("a.db");
}

#[test]
fn each_change_is_seen_and_the_rest_is_left_alone() {
    let stage = Stage::new();
    let files = stage.collection(3) as u64;
    stage.scan("a.db");
    // Changed, new, removed, renamed, a folder that became a file, a folder that moved.
    stage.write("Artist 0/Album 0/01.wav", &wav("Other", "Artist 0", "Album 0", 1));
    stage.write("Artist 0/New/01.wav", &wav("New", "Artist 0", "New", 1));
    fs::remove_file(stage.path("Artist 0/Album 0/02.wav")).unwrap();
    fs::rename(stage.path("Artist 0/Album 0/03.wav"), stage.path("Artist 0/Album 0/09.wav")).unwrap();
    fs::remove_dir_all(stage.path("Artist 1/Album 0")).unwrap();
    stage.write("Artist 1/Album 0.wav", &wav("One", "Artist 1", "Album 0", 1));
    fs::rename(stage.path("Artist 2/Album 0"), stage.path("Artist 2/Moved")).unwrap();
    let stats = stage.scan("a.db");
    assert_eq!(stats.read, 1 + 1 + 1 + 1 + 5);
    assert_eq!(stats.unchanged, files - 1 - 1 - 1 - 5 - 5);
    assert_eq!(stats.removed, 2 + 1 + 1, "two files, two folders");
    assert_eq!(stats.tracks, files + 1 - 1 - 5 + 1);
    let names = stage.names("a.db");
    assert!(
        names.contains(&"Artist 2/Moved/05.wav".into()) && names.contains(&"Artist 1/Album 0.wav".into())
    );
    assert!(!names.iter().any(|name| name.contains("Artist 2/Album 0") || name.ends_with("Album 0/02.wav")));
    stage.scan("fresh.db");
    assert_eq!(stage.dump("a.db"), stage.dump("fresh.db"));
    // A file that became a folder, and one in its place.
    fs::remove_file(stage.path("Artist 1/Album 0.wav")).unwrap();
    stage.write("Artist 1/Album 0.wav/01.wav", &wav("Two", "Artist 1", "Album 0", 1));
    stage.scan("a.db");
    stage.scan("fresher.db");
    assert_eq!(stage.dump("a.db"), stage.dump("fresher.db"));
}

#[test]
fn bad_and_empty_files_are_kept_in_mind() {
    let stage = Stage::new();
    stage.write("empty.mp3", b"");
    stage.write("text.flac", b"this is no music");
    stage.write("good.wav", &wav("Good", "A", "B", 1));
    let stats = stage.scan("a.db");
    assert_eq!((stats.tracks, stats.files, stats.read, stats.unread), (1, 3, 3, 2));
    assert_eq!(stats.requests, 2, "nobody opens an empty file");
    let again = stage.scan("a.db");
    assert_eq!((again.unchanged, again.read, again.requests), (3, 0, 0));
}

#[test]
fn a_file_that_was_just_written_is_read_once_more() {
    let stage = Stage::new();
    stage.write("a.wav", &wav("A", "A", "A", 1));
    age(&stage.path("a.wav"), 0);
    stage.write("b.wav", &wav("B", "B", "B", 1));
    assert_eq!(stage.scan("a.db").read, 2);
    age(&stage.path("a.wav"), 60);
    let again = stage.scan("a.db");
    assert_eq!((again.read, again.unchanged), (1, 1));
    assert_eq!(stage.scan("a.db").unchanged, 2);
}

#[test]
fn hidden_junk_and_other_files_are_no_music() {
    let stage = Stage::new();
    for name in
        ["a.wav", ".hidden.wav", "._a.wav", ".Trash/b.wav", "System Volume Information/c.wav", "d.txt"]
    {
        stage.write(name, &wav("T", "A", "B", 1));
    }
    stage.scan("a.db");
    assert_eq!(stage.names("a.db"), ["a.wav"]);
}

#[test]
fn links_neither_leave_nor_loop_nor_double() {
    let stage = Stage::new();
    fs::create_dir(stage.beside("outside")).unwrap();
    fs::write(stage.beside("outside/secret.wav"), wav("Secret", "A", "B", 1)).unwrap();
    stage.write("album/real.wav", &wav("Real", "A", "B", 1));
    stage.write(".store/kept.wav", &wav("Kept", "A", "B", 1));
    symlink("../../outside/secret.wav", stage.path("album/away.wav")).unwrap();
    symlink(stage.beside("outside"), stage.path("away")).unwrap();
    symlink(stage.beside("outside/secret.wav"), stage.path("absolute.wav")).unwrap();
    symlink("..", stage.path("album/up")).unwrap();
    symlink("album", stage.path("again")).unwrap();
    symlink("real.wav", stage.path("album/double.wav")).unwrap();
    // Met by no name of its own: followed, as a file and as a folder, the folder once.
    symlink("../.store/kept.wav", stage.path("album/kept.wav")).unwrap();
    symlink(".store", stage.path("store")).unwrap();
    symlink("../.store", stage.path(".store/loop")).unwrap();
    symlink("/dev/zero", stage.path("endless.wav")).unwrap();
    symlink("nowhere", stage.path("dangling.wav")).unwrap();
    let stats = stage.scan("a.db");
    assert_eq!(stage.names("a.db"), ["album/kept.wav", "album/real.wav", "store/kept.wav"]);
    assert_eq!(stats.tracks, 3);
    assert_eq!(stage.scan("a.db").unchanged, 3);
}

#[test]
fn progress_only_grows_and_ends_with_everything() {
    let stage = Stage::new();
    let files = stage.collection(60) as u64;
    for (db, known) in [("a.db", false), ("a.db", true)] {
        let (on_progress, progress) = progress_channel();
        let started = std::time::Instant::now();
        let outcome = stage.start(db, on_progress).join();
        let took = started.elapsed();
        assert!(matches!(outcome, ScanOutcome::Finished(_)), "{outcome:?}");
        let all: Vec<_> = progress.iter().collect();
        assert!(all.len() as f64 <= took.as_secs_f64() * 4.0 + 1.0, "{} in {took:?}", all.len());
        for pair in all.windows(2) {
            let parts =
                |n: usize| (pair[n].folders, pair[n].files_seen, pair[n].files_read, pair[n].files_known);
            let (before, after) = (parts(0), parts(1));
            assert!(before.0 <= after.0 && before.1 <= after.1 && before.2 <= after.2 && before.3 <= after.3);
        }
        for progress in &all {
            assert!(progress.files_read + progress.files_known <= progress.files_seen, "{progress:?}");
            assert!(progress.total_estimate.is_none_or(|total| total >= progress.files_seen), "{progress:?}");
            assert!(!known || progress.total_estimate == Some(files), "{progress:?}");
        }
        let last = all.last().unwrap();
        assert_eq!(
            (last.phase, last.files_seen, last.total_estimate),
            (ScanPhase::Finished, files, Some(files))
        );
        assert_eq!(last.files_read + last.files_known, files);
    }
}
