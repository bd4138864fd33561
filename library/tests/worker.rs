//! The worker process: what it reads, what it refuses, what survives it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod common;

use common::{Scene, run, without_tools};
use library::{LibraryError, MediumRoot, Worker, WorkerCommand, read_art, read_track};
use std::path::Path;

fn command() -> WorkerCommand {
    WorkerCommand { program: env!("CARGO_BIN_EXE_library-worker").into(), args: Vec::new() }
}

const BLUE: [u8; 3] = [40, 60, 200];

#[test]
fn tags_and_art_are_what_they_are_in_process() {
    if without_tools() {
        return;
    }
    let scene = Scene::new();
    let (wav, jpg) = (scene.wav("in.wav", 44_100, 20_000), scene.picture("a.jpg", 640, 480, BLUE));
    let (wav, jpg) = (wav.to_str().unwrap(), jpg.to_str().unwrap());
    let names = ["in.wav", "a.flac", "a.mp3", "a.m4a", "a.aiff", "a.ogg"];
    for (name, codec) in [("a.flac", "flac"), ("a.mp3", "mp3"), ("a.m4a", "alac"), ("a.aiff", "pcm_s16be")] {
        let out = scene.text(name);
        let mut arguments =
            vec!["-v", "error", "-i", wav, "-i", jpg, "-map", "0", "-map", "1", "-c:a", codec];
        arguments.extend(["-c:v", "copy", "-disposition:v", "attached_pic", "-metadata", "title=Titel"]);
        arguments.extend([
            "-metadata",
            "artist=Künstler",
            "-metadata",
            "date=1999",
            "-metadata",
            "track=3/12",
        ]);
        if name == "a.aiff" {
            arguments.extend(["-write_id3v2", "1"]);
        }
        arguments.push(&out);
        run("ffmpeg", &arguments);
    }
    run("oggenc", &["-Q", "-t", "Titel", "-a", "Künstler", "-o", &scene.text("a.ogg"), wav]);
    let medium = MediumRoot::open(scene.path()).unwrap();
    let mut worker = Worker::new(command());
    for name in names {
        let path = scene.file(name);
        let expected = read_track(&path).unwrap();
        assert!(name == "in.wav" || expected.title == "Titel", "{name}");
        assert_eq!(worker.read_track(&medium, &path), Ok(expected.clone()), "{name}");
        assert_eq!(worker.read_track(&medium, Path::new(name)), Ok(expected), "{name}, relative");
        let art = read_art(&path, 320).unwrap();
        assert_eq!(art.is_some(), !["in.wav", "a.ogg"].contains(&name), "{name}");
        assert_eq!(worker.read_art(&medium, &path, 320), Ok(art), "{name}");
    }
    scene.picture("cover.png", 64, 32, BLUE);
    let art = read_art(Path::new(wav), 320).unwrap();
    assert!(art.is_some());
    assert_eq!(worker.read_art(&medium, Path::new("in.wav"), 320), Ok(art));
}

#[test]
fn nothing_outside_the_medium_is_read() {
    let scene = Scene::new();
    scene.wav("medium/a.wav", 44_100, 1000);
    scene.wav("outside/b.wav", 44_100, 1000);
    let medium = MediumRoot::open(&scene.file("medium")).unwrap();
    let mut worker = Worker::new(command());
    for path in ["../outside/b.wav", "sub/../../outside/b.wav", "../medium/a.wav", "/etc/hostname"] {
        assert_eq!(worker.read_track(&medium, Path::new(path)), Err(LibraryError::Outside), "{path}");
        assert_eq!(worker.read_art(&medium, Path::new(path), 64), Err(LibraryError::Outside), "{path}");
    }
    assert_eq!(worker.read_track(&medium, &scene.file("outside/b.wav")), Err(LibraryError::Outside));
    assert_eq!(worker.read_track(&medium, Path::new("none.wav")), Err(LibraryError::Missing));
    assert!(worker.read_track(&medium, Path::new("a.wav")).is_ok());
}

#[test]
fn playlists_are_what_they_are_in_process() {
    let scene = Scene::new();
    let text = "#EXTM3U\n#EXTINF:61,Künstler - Titel\nmusic/a.mp3\n..\\b.flac\n";
    scene.write("list.M3U8", text.as_bytes());
    scene.write("bad.xspf", b"\xff\xfe not XML");
    scene.write("huge.pls", &vec![b'x'; library::MAX_PLAYLIST_BYTES + 1]);
    let medium = MediumRoot::open(scene.path()).unwrap();
    let mut worker = Worker::new(command());
    let expected = library::parse_playlist(library::PlaylistKind::M3u8, text.as_bytes()).unwrap();
    assert_eq!(expected.entries.len(), 2);
    assert_eq!(worker.read_playlist(&medium, Path::new("list.M3U8")), Ok(expected));
    for name in ["bad.xspf", "huge.pls", "list.txt"] {
        assert_eq!(worker.read_playlist(&medium, Path::new(name)), Err(LibraryError::NotMusic), "{name}");
    }
    assert_eq!(worker.read_playlist(&medium, Path::new("none.m3u")), Err(LibraryError::Missing));
}

#[test]
fn a_playlist_of_ten_thousand_long_entries_comes_through() {
    use std::fmt::Write;
    let scene = Scene::new();
    let text = (0..10_000).fold(String::new(), |mut text, index| {
        writeln!(text, "{}/{index}.mp3", "ü".repeat(190)).unwrap();
        text
    });
    scene.write("list.m3u8", text.as_bytes());
    let medium = MediumRoot::open(scene.path()).unwrap();
    let playlist = Worker::new(command()).read_playlist(&medium, Path::new("list.m3u8")).unwrap();
    assert_eq!(playlist.entries.len(), 10_000);
    assert_eq!(playlist.entries[9_999].location, format!("{}/9999.mp3", "ü".repeat(190)));
}
