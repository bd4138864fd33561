//! Playlists as players and rippers write them, read from fixtures.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use library::{
    MAX_PLAYLIST_BYTES, MAX_PLAYLIST_ENTRIES, PlaylistError, PlaylistFile, PlaylistKind, parse_playlist,
};
use proptest::prelude::*;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/playlists").join(name)
}

fn read(name: &str) -> PlaylistFile {
    let kind = PlaylistKind::of(Path::new(name)).unwrap();
    parse_playlist(kind, &std::fs::read(fixture(name)).unwrap()).unwrap()
}

/// Everything a playlist says, a line an entry: `location|artist|title|ms|start-end`.
fn said(file: &PlaylistFile) -> String {
    let mut said = String::new();
    for entry in &file.entries {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let _ = write!(said, "{}|{}|{}|", entry.location, text(&entry.artist), text(&entry.title));
        let _ = write!(said, "{}|", entry.duration_ms.map_or_else(String::new, |ms| ms.to_string()));
        if let Some(slice) = entry.slice {
            let end = slice.end.map_or_else(String::new, |end| end.0.to_string());
            let _ = write!(said, "{}-{end}", slice.start.0);
        }
        said.push('\n');
    }
    said
}

#[test]
fn every_fixture_says_what_its_writer_meant() {
    let table: [(&str, u32, Option<&str>, &str); 20] = [
        (
            "winamp.m3u",
            1,
            None,
            "..\\Björk\\02 - Jóga.mp3||Björk - Jóga, live|183000|\nC:\\Music\\x.flac|||12000|\n",
        ),
        ("plain.m3u", 0, None, "a.mp3||||\nb/c.ogg||||\nd e.wav||||\n"),
        ("old-mac.m3u", 0, None, "a.mp3||||\nb.mp3||||\n"),
        ("mixed-encodings.m3u8", 0, None, "März.mp3||||\nApril ä.mp3||||\n"),
        ("bom.m3u8", 0, Some("Drive"), "日.opus||日本|1500|\n"),
        ("utf-16.m3u", 0, None, "Ω.flac||Ω|60000|\n"),
        ("utf-16-be.m3u", 0, None, "ü.mp3||||\n"),
        ("cyrillic.m3u", 0, None, "Песня.mp3||Песня|5000|\n"),
        ("iptv.m3u", 1, None, "/media/OLD/a b.mp3||The \"Best\", ever||\n"),
        ("vlc-parts.m3u", 0, None, "set.flac||Part|60000|4501-9000\n"),
        ("version-2.pls", 1, None, "a.mp3||A; the first|61000|\nb.ogg||||\n"),
        ("gaps.pls", 0, None, "two.mp3||||\nten.mp3||||\n"),
        ("version-1.pls", 0, None, "old.mp3||||\n"),
        (
            "vlc.xspf",
            1,
            Some("Wiedergabeliste"),
            "/media/stick/März & April.mp3|Die Ärzte|März & April|215000|\n../b.flac||||\n",
        ),
        ("entities.xspf", 0, Some("ok"), "a.mp3||||\n"),
        ("cut-off.xspf", 0, None, "a.mp3||||\n"),
        (
            "eac-image.cue",
            0,
            Some("Live \"Roseland\""),
            "CDImage.wav|Portishead|Humming|391560|33-29400\n\
             CDImage.wav|Portishead & Guest|Cowboys|268986|29400-49574\n\
             CDImage.wav|Portishead|||49574-\n",
        ),
        ("eac-gaps-appended.cue", 0, Some("Y"), "01 - A.wav|X|A||\n02 - B.wav|X|B||\n"),
        ("gaps-prepended.cue", 0, None, "01.flac||||\n02.flac||||150-\n"),
        ("mixed-mode.cue", 0, None, "game.bin|||120000|45000-54000\ngame.bin|||60000|54000-58500\n"),
    ];
    for (name, skipped, title, entries) in table {
        let file = read(name);
        assert_eq!(said(&file), entries, "{name}");
        assert_eq!((file.skipped, file.title.as_deref(), file.truncated), (skipped, title, false), "{name}");
    }
}

#[test]
fn cue_sheets_tell_about_the_album() {
    let file = read("eac-image.cue");
    assert_eq!((file.genre.as_deref(), file.year, file.disc), (Some("Trip Hop"), Some(1998), Some(2)));
    assert_eq!((file.artist.as_deref(), file.album_gain_db), (Some("Portishead"), Some(-6.5)));
    let tracks: Vec<_> = file.entries.iter().map(|e| (e.number, e.composer.as_deref(), e.gain_db)).collect();
    assert_eq!(tracks, [(Some(1), None, Some(-5.1)), (Some(2), Some("Barrow"), None), (Some(3), None, None)]);
}

#[test]
fn damaged_cue_sheets_still_play() {
    let file = read("windows-1252.cue");
    assert_eq!(file.title.as_deref(), Some("März"));
    // 99:60:00 is no time; the next INDEX 01 is.
    assert_eq!(said(&file), "album.ape||Über|300000|0-22500\nalbum.ape||||22500-\n");
    // In the order written, each to the next start; of two that begin together the later one plays.
    assert_eq!(
        said(&read("unsorted.cue")),
        "a.mp3||second|120000|9000-18000\na.mp3||first|120000|0-9000\na.mp3||last||18000-\n"
    );
    // A track that begins nowhere is left out, unless the file is all its own.
    let lost =
        b"FILE a WAVE\nTRACK 1 AUDIO\nINDEX 01 0:0:0\nTRACK 2 AUDIO\nTITLE lost\nINDEX 01 x\nTRACK 3 AUDIO\n\
                 INDEX 00 1:0:0\nFILE b WAVE\nTRACK 4 AUDIO\nTITLE whole\n";
    let file = parse_playlist(PlaylistKind::Cue, lost).unwrap();
    assert_eq!(said(&file), "a|||60000|0-4500\na||||4500-\nb||whole||\n");
    let none = parse_playlist(PlaylistKind::Cue, b"INDEX 01 00:00:00\nTITLE x");
    assert_eq!(none, Err(PlaylistError::NotAPlaylist));
}

#[test]
fn every_fixture_is_in_a_table_and_read_as_any_kind_without_harm() {
    let folder = fixture("");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for kind in PlaylistKind::ALL {
            for end in 0..bytes.len() {
                let _ = parse_playlist(kind, &bytes[..end]);
            }
        }
        count += 1;
    }
    assert_eq!(count, 22);
}

#[test]
fn size_is_bounded_before_anything_is_read() {
    let bytes = vec![b'\n'; MAX_PLAYLIST_BYTES + 1];
    for kind in PlaylistKind::ALL {
        assert_eq!(parse_playlist(kind, &bytes), Err(PlaylistError::TooLarge));
    }
    assert!(parse_playlist(PlaylistKind::M3u, &bytes[1..]).is_ok());
}

/// The worst inputs we know, each near 4 MiB, in time and in what they leave in memory.
#[test]
fn worst_cases_stay_within_bounds() {
    let fill = |head: &str, unit: &str| {
        let mut text = head.to_owned();
        text.push_str(&unit.repeat((MAX_PLAYLIST_BYTES - head.len()) / unit.len()));
        text.into_bytes()
    };
    let long = "x".repeat(4000);
    let inputs = [
        (PlaylistKind::M3u, fill("", "a\n")),
        (PlaylistKind::M3u, fill("", "#EXTINF:1,\"\"\"\"\n")),
        (PlaylistKind::M3u8, fill("#EXTENC:gb18030\n", "\u{80}\n")),
        (PlaylistKind::Pls, fill("", "File4294967295=a\nFile1=b\n")),
        (PlaylistKind::Xspf, fill("<playlist><trackList>", "<track><location>a</location></track>")),
        (PlaylistKind::Xspf, fill("<playlist>", "<a>")),
        (PlaylistKind::Xspf, fill("<playlist><title>", "&amp;")),
        (PlaylistKind::Cue, fill(&format!("FILE \"{long}\" WAVE\n"), "TRACK 1 AUDIO\nINDEX 1 0:0:0\n")),
        (PlaylistKind::Cue, fill("", "FILE a WAVE\nTRACK 1 AUDIO\n")),
    ];
    for (kind, bytes) in inputs {
        let begun = std::time::Instant::now();
        let file = parse_playlist(kind, &bytes).unwrap();
        let took = begun.elapsed();
        assert!(file.entries.len() <= MAX_PLAYLIST_ENTRIES);
        let text: usize = file.entries.iter().map(|entry| entry.location.len()).sum();
        assert!(text <= 17 << 20, "{kind:?}: {text}");
        assert!(took.as_millis() < 1000, "{kind:?}: {took:?}");
    }
}

/// Text that looks enough like a playlist to get past the first line.
fn likely() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "#EXTM3U\n",
            "#EXTINF:",
            "#EXTVLCOPT:start-time=",
            "#EXTENC:utf-16\n",
            "-1,",
            "\"",
            "[playlist]\n",
            "File1=",
            "Title",
            "=",
            "<playlist>",
            "<trackList>",
            "<track>",
            "<location>",
            "</",
            ">",
            "&#x0;",
            "&",
            "<![CDATA[",
            "]]>",
            "<!DOCTYPE",
            "FILE ",
            "TRACK ",
            "AUDIO",
            "INDEX 01 ",
            "00:00:00",
            "REM ",
            "\n",
            "%",
            "%c3",
            "file://",
            "C:",
            "\\",
            "é",
            "\u{feff}",
            "<?xml encoding='x'?>",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        for kind in PlaylistKind::ALL {
            let _ = parse_playlist(kind, &bytes);
        }
    }

    #[test]
    fn no_likely_bytes_make_it_panic_and_its_promises_hold(bytes in likely()) {
        for kind in PlaylistKind::ALL {
            let Ok(file) = parse_playlist(kind, &bytes) else { continue };
            for entry in &file.entries {
                prop_assert!(!entry.location.is_empty() && !entry.location.contains('\0'));
                let title = entry.title.as_deref().unwrap_or("x");
                prop_assert!(!title.is_empty() && !title.contains('\n') && title.chars().count() <= 255);
                if let Some(slice) = entry.slice {
                    prop_assert!(slice.end.is_none_or(|end| end > slice.start));
                }
            }
        }
    }
}
