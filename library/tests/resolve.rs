//! Playlists of a medium through the worker process, as the app resolves them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use std::fs;
use std::path::Path;

use library::{LibraryError, MAX_PLAYLIST_BYTES, MediumRoot, Worker, WorkerCommand, resolve_playlist};

fn worker() -> Worker {
    Worker::new(WorkerCommand { program: env!("CARGO_BIN_EXE_library-worker").into(), args: Vec::new() })
}

#[test]
fn every_kind_is_read_by_the_worker_and_found_on_the_medium() {
    let folder = tempfile::tempdir().unwrap();
    let medium = MediumRoot::open(folder.path()).unwrap();
    fs::write(folder.path().join("März.flac"), "").unwrap();
    let lists = [
        ("a.m3u", &b"M\xC4RZ.FLAC\n"[..]),
        ("a.m3u8", "..\\x\\..\\..\\no.mp3\nC:\\Musik\\März.flac\n".as_bytes()),
        ("a.PLS", "[playlist]\nFile1=März.wav\nFile2=http://x/\n".as_bytes()),
        ("a.xspf", b"<playlist><trackList><track><location>file:///old/M%C3%A4rz.flac</location></track></trackList></playlist>"),
        ("a.cue", "FILE \"März.wav\" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:01:00\n".as_bytes()),
        ("nested.m3u", b"a.m3u\na.PLS\na.cue\n"),
    ];
    let mut worker = worker();
    for (name, content) in lists {
        fs::write(folder.path().join(name), content).unwrap();
    }
    for (name, _) in lists {
        let path = folder.path().join(name);
        let found = resolve_playlist(&mut worker, &medium, &path).unwrap();
        let expected = if name == "nested.m3u" { 3 } else { 1 };
        assert_eq!(found.entries.len(), expected, "{name}: {found:?}");
        assert!(found.entries.iter().all(|entry| entry.track.path == folder.path().join("März.flac")));
        assert_eq!(
            found.entries.last().unwrap().track.slice.is_some(),
            matches!(name, "a.cue" | "nested.m3u")
        );
    }
    assert_eq!(resolve_playlist(&mut worker, &medium, Path::new("a.m3u8")).unwrap().missing, 1);
}

#[test]
fn a_playlist_that_cannot_be_read_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let medium = MediumRoot::open(folder.path()).unwrap();
    fs::write(folder.path().join("large.m3u"), vec![b'\n'; MAX_PLAYLIST_BYTES + 1]).unwrap();
    fs::write(folder.path().join("html.xspf"), "<html/>").unwrap();
    fs::write(folder.path().join("a.mp3"), "").unwrap();
    let mut worker = worker();
    for (name, error) in [
        ("gone.m3u", LibraryError::Missing),
        ("large.m3u", LibraryError::NotMusic),
        ("html.xspf", LibraryError::NotMusic),
        ("a.mp3", LibraryError::NotMusic),
        ("../a.m3u", LibraryError::Outside),
    ] {
        assert_eq!(resolve_playlist(&mut worker, &medium, Path::new(name)), Err(error), "{name}");
    }
}
