//! Folders of every kind, on a real file system.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod common;

use common::Scene;
use library::{EntryKind, LibraryError, list_folder, tracks_below};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn names(scene: &Scene, folder: &str) -> Vec<String> {
    let entries = list_folder(scene.path(), &scene.file(folder)).unwrap();
    entries.into_iter().map(|entry| entry.name).collect()
}

#[test]
fn folders_first_natural_order_and_no_junk() {
    let scene = Scene::new();
    for name in [
        "10 - x.mp3",
        "1 - x.FLAC",
        "2 - x.ogg",
        "Émile.mp3",
        "emil.mp3",
        "zz.mp3",
        "cover.jpg",
        "a.txt",
        ".hidden.mp3",
        "._1 - x.mp3",
        "B/x.mp3",
        "a/x.mp3",
        ".git/x.mp3",
        "System Volume Information/x.mp3",
        "$RECYCLE.BIN/x.mp3",
        "__MACOSX/x.mp3",
        "folder.mp3/x.mp3",
    ] {
        scene.write(name, b"");
    }
    assert_eq!(
        names(&scene, ""),
        ["a", "B", "folder.mp3", "1 - x", "2 - x", "10 - x", "emil", "Émile", "zz"]
    );
    let entries = list_folder(scene.path(), scene.path()).unwrap();
    assert_eq!(entries[0].kind, EntryKind::Folder);
    assert_eq!((entries[3].kind, entries[3].path.clone()), (EntryKind::Track, scene.file("1 - x.FLAC")));
}

#[cfg(unix)]
#[test]
fn strange_names_are_shown_and_their_paths_stay_exact() {
    use std::os::unix::ffi::OsStrExt;
    let scene = Scene::new();
    let raw = scene.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9\n\x1b[2J\xe2\x80\xaegpj.mp3"));
    std::fs::write(&raw, b"").unwrap();
    let entries = list_folder(scene.path(), scene.path()).unwrap();
    assert_eq!(entries[0].name, "caf\u{fffd} [2Jgpj");
    assert_eq!(entries[0].path, raw);
}

#[test]
fn nothing_outside_the_medium() {
    let scene = Scene::new();
    scene.write("medium/a.mp3", b"");
    scene.write("outside/b.mp3", b"");
    let medium = scene.file("medium");
    let refused = |folder: &Path| list_folder(&medium, folder).unwrap_err();
    assert_eq!(refused(&scene.file("outside")), LibraryError::Outside);
    assert_eq!(refused(&scene.file("medium/../outside")), LibraryError::Outside);
    assert_eq!(refused(&scene.file("medium/../medium")), LibraryError::Outside);
    assert_eq!(refused(&scene.file("medium/none")), LibraryError::Missing);
    assert!(matches!(refused(&scene.file("medium/a.mp3")), LibraryError::Unreadable(_)));
    assert_eq!(list_folder(&scene.file("none"), &medium).unwrap_err(), LibraryError::Missing);
    assert_eq!(tracks_below(&medium, &scene.file("outside"), 9).unwrap_err(), LibraryError::Outside);
}

#[cfg(unix)]
#[test]
fn links_inside_are_followed_once_and_links_outside_never() {
    use std::os::unix::fs::symlink;
    let scene = Scene::new();
    scene.write("medium/real/1.mp3", b"");
    scene.write("outside/2.mp3", b"");
    let medium = scene.file("medium");
    symlink(scene.file("outside"), medium.join("away")).unwrap();
    symlink(scene.file("outside/2.mp3"), medium.join("away.mp3")).unwrap();
    symlink(medium.join("nowhere"), medium.join("broken")).unwrap();
    symlink(medium.join("real"), medium.join("same")).unwrap();
    symlink(&medium, medium.join("real/loop")).unwrap();
    symlink("self", medium.join("self")).unwrap();
    let listed = list_folder(&medium, &medium).unwrap();
    let listed: Vec<&str> = listed.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(listed, ["real", "same"]);
    assert_eq!(list_folder(&medium, &medium.join("away")).unwrap_err(), LibraryError::Outside);
    assert_eq!(list_folder(&medium, &medium.join("same")).unwrap()[1].path, medium.join("same/1.mp3"));
    // Through the loop the tree has no end; each folder counts once.
    assert_eq!(tracks_below(&medium, &medium, 100).unwrap(), [medium.join("real/1.mp3")]);
}

#[test]
fn tracks_below_depth_first_with_limits() {
    let scene = Scene::new();
    for name in ["b/2.mp3", "b/10.mp3", "a/z/1.mp3", "a/1.mp3", "1.mp3", "c.txt"] {
        scene.write(name, b"");
    }
    let expected: Vec<PathBuf> = ["a/z/1.mp3", "a/1.mp3", "b/2.mp3", "b/10.mp3", "1.mp3"]
        .iter()
        .map(|name| scene.file(name))
        .collect();
    assert_eq!(tracks_below(scene.path(), scene.path(), 100).unwrap(), expected);
    assert_eq!(tracks_below(scene.path(), scene.path(), 2).unwrap(), expected[..2]);
    assert!(tracks_below(scene.path(), scene.path(), 0).unwrap().is_empty());
    let deep = "d/".repeat(16) + "in.mp3";
    scene.write(&deep, b"");
    scene.write(&("d/".repeat(17) + "out.mp3"), b"");
    let below = tracks_below(scene.path(), &scene.file("d"), 100).unwrap();
    assert_eq!(below.len(), 2);
    let below = tracks_below(scene.path(), scene.path(), 100).unwrap();
    assert!(below.contains(&scene.file(&deep)));
    assert!(!below.iter().any(|path| path.ends_with("out.mp3")));
}

#[test]
fn a_huge_folder_answers_in_time() {
    let scene = Scene::new();
    for index in 0..12_000 {
        std::fs::File::create(scene.file(&format!("{index}.mp3"))).unwrap();
    }
    let start = Instant::now();
    let entries = list_folder(scene.path(), scene.path()).unwrap();
    let elapsed = start.elapsed();
    eprintln!("12,000 files: {elapsed:?}");
    assert_eq!(entries.len(), 10_000);
    assert!(elapsed < Duration::from_secs(2), "{elapsed:?}");
    let numbers: Vec<u32> = entries.iter().map(|entry| entry.name.parse().unwrap()).collect();
    assert!(numbers.is_sorted());
}

#[test]
fn playlists_stand_between_folders_and_tracks_and_hold_no_track_below() {
    let scene = Scene::new();
    for name in ["z/x.mp3", "Drive.m3u8", "album.CUE", "a.flac", "notes.txt"] {
        scene.write(name, b"");
    }
    std::fs::create_dir(scene.file("folder.pls")).unwrap();
    let entries = list_folder(scene.path(), scene.path()).unwrap();
    let kinds: Vec<(&str, EntryKind)> = entries.iter().map(|entry| (&*entry.name, entry.kind)).collect();
    let (folder, playlist) = (EntryKind::Folder, EntryKind::Playlist);
    assert_eq!(
        kinds,
        [
            ("folder.pls", folder),
            ("z", folder),
            ("album", playlist),
            ("Drive", playlist),
            ("a", EntryKind::Track)
        ]
    );
    assert_eq!(tracks_below(scene.path(), scene.path(), 9).unwrap().len(), 2);
}
