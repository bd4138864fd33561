//! Nothing outside a medium is ever opened, and nothing that blocks.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::Scene;
use library::{FileKind, LibraryError, MediumRoot};
use std::ffi::{OsStr, OsString};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A medium with a file in a folder, and a file beside it.
fn scene() -> (Scene, PathBuf, MediumRoot) {
    let scene = Scene::new();
    scene.write("medium/real/1.MP3", b"music");
    scene.write("outside/2.mp3", b"secret");
    let root = scene.file("medium");
    let medium = MediumRoot::open(&root).unwrap();
    (scene, root, medium)
}

fn refusal(medium: &MediumRoot, path: impl AsRef<Path>) -> LibraryError {
    let path = path.as_ref();
    match medium.open_file(path) {
        Ok(file) => panic!("{}: opened, {} bytes", path.display(), file.size()),
        Err(error) => error,
    }
}

#[test]
fn files_by_every_spelling_of_the_inside() {
    let (scene, root, medium) = scene();
    symlink(&root, scene.file("alias")).unwrap();
    for path in [
        PathBuf::from("real/1.MP3"),
        "./real/./1.MP3".into(),
        root.join("real/1.MP3"),
        scene.file("alias/real/1.MP3"),
    ] {
        let file = medium.open_file(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!((file.size(), file.ending()), (5, "mp3"), "{}", path.display());
        assert!(file.modified_ns() > 1_600_000_000_000_000_000 && file.inode() != 0);
    }
    let aliased = MediumRoot::open(&scene.file("alias")).unwrap();
    assert_eq!(aliased.root(), scene.file("alias"));
    for path in [scene.file("alias/real/1.MP3"), root.join("real/1.MP3"), "real/1.MP3".into()] {
        assert!(aliased.open_file(&path).is_ok());
        assert_eq!(aliased.relative(&path), Ok(Path::new("real/1.MP3")));
    }
}

#[test]
fn nothing_outside() {
    let (scene, root, medium) = scene();
    symlink(scene.file("outside"), root.join("away")).unwrap();
    symlink(scene.file("outside/2.mp3"), root.join("away.mp3")).unwrap();
    symlink("../outside/2.mp3", root.join("up.mp3")).unwrap();
    symlink("../../outside/2.mp3", root.join("real/up.mp3")).unwrap();
    symlink("/dev/zero", root.join("zero.mp3")).unwrap();
    symlink(format!("/proc/{}/root", std::process::id()), root.join("magic")).unwrap();
    for path in [
        "away/2.mp3",
        "away.mp3",
        "up.mp3",
        "real/up.mp3",
        "zero.mp3",
        "magic/etc/hostname",
        "../outside/2.mp3",
        "real/../../outside/2.mp3",
        "real/../real/1.MP3",
        "/etc/hostname",
    ] {
        assert_eq!(refusal(&medium, path), LibraryError::Outside, "{path}");
    }
    assert_eq!(refusal(&medium, scene.file("outside/2.mp3")), LibraryError::Outside);
    assert_eq!(medium.open_folder(Path::new("away")).err(), Some(LibraryError::Outside));
    assert_eq!(medium.relative(&scene.file("outside/2.mp3")), Err(LibraryError::Outside));
    assert_eq!(medium.relative(Path::new("real/../1.mp3")), Err(LibraryError::Outside));
    assert_eq!(MediumRoot::open(&scene.file("none")).err(), Some(LibraryError::Missing));
    assert!(MediumRoot::open(&scene.file("outside/2.mp3")).is_err());
}

#[test]
fn links_inside_are_followed() {
    let (_scene, root, medium) = scene();
    symlink("real", root.join("near")).unwrap();
    symlink(root.join("real"), root.join("far")).unwrap();
    symlink("../real/1.MP3", root.join("real/same.mp3")).unwrap();
    for path in ["near/1.MP3", "far/1.MP3", "real/same.mp3", "far/same.mp3"] {
        assert_eq!(medium.open_file(Path::new(path)).unwrap().size(), 5, "{path}");
    }
    let folder = medium.open_folder(Path::new("far")).unwrap();
    assert_eq!(folder.open_file(OsStr::new("same.mp3")).unwrap().size(), 5);
    symlink("loop", root.join("loop")).unwrap();
    assert!(matches!(refusal(&medium, "loop"), LibraryError::Unreadable(_)));
    symlink("nothing", root.join("broken")).unwrap();
    assert_eq!(refusal(&medium, "broken"), LibraryError::Missing);
}

#[test]
fn only_regular_files_and_never_waiting() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    let (_scene, root, medium) = scene();
    mknodat(CWD, root.join("pipe.mp3"), FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(root.join("socket.mp3")).unwrap();
    let start = Instant::now();
    for path in ["pipe.mp3", "socket.mp3", "real", ""] {
        assert_eq!(refusal(&medium, path), LibraryError::NotMusic, "{path}");
    }
    assert!(start.elapsed() < Duration::from_secs(1));
    assert_eq!(refusal(&medium, "none.mp3"), LibraryError::Missing);
    assert!(medium.open_folder(Path::new("real/1.MP3")).is_err());
}

#[test]
fn folders_tell_what_is_in_them() {
    let (_scene, root, medium) = scene();
    symlink("real", root.join("link")).unwrap();
    let folder = medium.open_folder(Path::new("")).unwrap();
    let mut entries: Vec<(OsString, FileKind)> =
        folder.entries(100).unwrap().into_iter().map(|entry| (entry.name, entry.kind)).collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(entries, [("link".into(), FileKind::Link), ("real".into(), FileKind::Folder)]);
    assert_eq!(folder.entries(1).unwrap().len(), 1);
    let real = medium.open_folder(Path::new("real")).unwrap();
    let (size, modified, inode) = real.stat(OsStr::new("1.MP3")).unwrap();
    let file = real.open_file(OsStr::new("1.MP3")).unwrap();
    assert_eq!((size, modified, inode), (file.size(), file.modified_ns(), file.inode()));
    assert_eq!(real.stat(OsStr::new("2.MP3")), Err(LibraryError::Missing));
    assert_eq!(real.open_file(OsStr::new("..")).err(), Some(LibraryError::Outside));
    assert_eq!(real.open_file(OsStr::new("../outside/2.mp3")).err(), Some(LibraryError::Outside));
}
