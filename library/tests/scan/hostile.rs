//! Trees made to hurt.
use crate::stage::{Stage, wav};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

#[test]
fn odd_names_are_read_and_found_again() {
    let stage = Stage::new();
    let long = "l".repeat(251) + ".wav";
    let names: [&[u8]; 6] = [
        b"line\nbreak.wav",
        b"\xff\xfe latin \xe9.wav",
        "\u{202e}rtl.wav".as_bytes(),
        long.as_bytes(),
        b"<b>.wav",
        b"%s'\".wav",
    ];
    for name in names {
        let folder = PathBuf::from(OsStr::from_bytes(&[name, b".d"].concat()).to_owned());
        stage.write(OsStr::from_bytes(name), &wav("T", "A", "B", 1));
        if name.len() < 250 {
            stage.write(folder.join(OsStr::from_bytes(name)), &wav("T", "A", "B", 1));
        }
    }
    let stats = stage.scan("a.db");
    assert_eq!((stats.tracks, stats.cut, stats.unread), (11, 0, 0));
    let again = stage.scan("a.db");
    assert_eq!((again.unchanged, again.read, again.removed), (11, 0, 0));
    for name in names {
        fs::remove_file(stage.root().join(OsStr::from_bytes(name))).unwrap();
    }
    let gone = stage.scan("a.db");
    assert_eq!((gone.unchanged, gone.removed), (5, 6));
}

#[test]
fn folders_beyond_all_depth_are_cut_and_counted() {
    let stage = Stage::new();
    // Deeper than the walk goes, with short names; and longer paths than the system opens.
    let mut deep = PathBuf::new();
    for depth in 1..=200 {
        deep.push("d");
        if [1, 63, 64, 65, 200].contains(&depth) {
            stage.write(deep.join("a.wav"), &wav("T", "A", "B", 1));
        }
    }
    let stats = stage.scan("a.db");
    assert_eq!((stats.tracks, stats.cut), (3, 1));
    assert_eq!(stage.names("a.db").len(), 3);
    assert_eq!(stage.scan("a.db").unchanged, 3);

    let stage = Stage::new();
    let mut long = PathBuf::new();
    for _ in 0..13 {
        long.push("x".repeat(250));
    }
    stage.write(long.join("in.wav"), &wav("T", "A", "B", 1));
    long.push("y".repeat(240));
    fs::create_dir_all(stage.root().join(&long)).unwrap();
    let stats = stage.scan("a.db");
    assert_eq!((stats.tracks, stats.cut), (1, 1));
}

#[test]
fn twenty_thousand_empty_files_take_little_memory() {
    let stage = Stage::new();
    fs::create_dir(stage.path("flat")).unwrap();
    for n in 0..10_000 {
        fs::File::create(stage.path(&format!("flat/{n}.mp3"))).unwrap();
        if n % 100 == 0 {
            fs::create_dir(stage.path(&format!("{n}"))).unwrap();
        }
        fs::File::create(stage.path(&format!("{}/{n}.flac", n / 100 * 100))).unwrap();
    }
    let stats = stage.scan("a.db");
    assert_eq!((stats.files, stats.unread, stats.tracks, stats.requests), (20_000, 20_000, 0, 0));
    if let Some(peak) = stats.peak_rss {
        assert!(peak < 100 << 20, "{} MB", peak >> 20);
    }
    assert_eq!(stage.scan("a.db").unchanged, 20_000);
}
