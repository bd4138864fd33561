//! Exports: what they say, and what they spare on a medium.
use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::beneath::MediumRoot;
use crate::playlist::{PlaylistKind, parse_playlist};

#[test]
fn an_export_names_this_medium_only_and_reads_back() {
    let mut collection = empty();
    let id = collection.create_playlist("AC/DC").unwrap();
    let slice = Some(Slice { start: CueFrames(1), end: Some(CueFrames(151)) });
    let list = [
        track("one, two"),
        CollectionTrack { medium: MediumId::new("other").unwrap(), ..track("x") },
        CollectionTrack {
            relative: "#1 hit.mp3".into(),
            artist: String::new(),
            duration_ms: None,
            ..track("#1")
        },
        CollectionTrack { relative: "line\nbreak.mp3".into(), ..track("y") },
        CollectionTrack {
            relative: "a/b.flac".into(),
            slice,
            title: String::new(),
            artist: String::new(),
            duration_ms: None,
            ..track("")
        },
    ];
    collection.append(id, &list).unwrap();
    let export = collection.export_m3u8(id, &stick()).unwrap();
    assert_eq!(
        export.text,
        "#EXTM3U\n# written by Rusty Audio\n#PLAYLIST:AC/DC\n#EXTINF:2,A - one, two\nMusic/one, two.mp3\n\
         #EXTINF:-1,#1\n./#1 hit.mp3\n#EXTVLCOPT:start-time=0.0133\n#EXTVLCOPT:stop-time=2.0133\na/b.flac\n"
    );
    assert_eq!((export.entries, export.left_out), (3, 2));
    let file = parse_playlist(PlaylistKind::M3u8, export.text.as_bytes()).unwrap();
    assert_eq!((file.title.as_deref(), file.entries[2].slice), (Some("AC/DC"), slice));
    assert_eq!(collection.export_m3u8(PlaylistId(99), &stick()), Err(CollectionError::Gone));
}

#[test]
fn exports_stay_within_what_is_read_again() {
    let mut collection = empty();
    let id = collection.create_playlist("L").unwrap();
    let long = |n: usize, length: usize| {
        CollectionTrack::at(stick(), format!("{n:05}{}", "x".repeat(length)).into(), None)
    };
    let list: Vec<_> = (0..1200).map(|n| long(n, 3990)).chain([long(9999, 4010)]).collect();
    collection.append(id, &list).unwrap();
    let export = collection.export_m3u8(id, &stick()).unwrap();
    let file = parse_playlist(PlaylistKind::M3u8, export.text.as_bytes()).unwrap();
    assert_eq!(file.entries.len(), usize::try_from(export.entries).unwrap());
    assert_eq!((export.entries, export.left_out), (1049, 152));
}

#[test]
fn writing_onto_a_medium_spares_files_of_others() {
    let folder = tempfile::tempdir().unwrap();
    let medium = MediumRoot::open(folder.path()).unwrap();
    let mut collection = empty();
    let id = collection.create_playlist("AC/DC").unwrap();
    collection.append(id, &tracks(0..2)).unwrap();
    let path = folder.path().join("AC_DC.m3u8");
    let write = |collection: &Collection, replace| write_playlist(collection, id, &medium, &stick(), replace);

    fs::write(&path, "#EXTM3U\nmine.mp3\n").unwrap();
    assert_eq!(write(&collection, false), Err(ExportError::Exists(path.clone())));
    assert_eq!(fs::read_to_string(&path).unwrap(), "#EXTM3U\nmine.mp3\n");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let written = write(&collection, true).unwrap();
    assert_eq!(written, PlaylistWritten { path: path.clone(), entries: 2, left_out: 0 });
    collection.append(id, &tracks(2..3)).unwrap();
    assert_eq!(write(&collection, false).unwrap().entries, 3, "our own file is brought up to date");
    assert_eq!(fs::read_to_string(&path).unwrap(), collection.export_m3u8(id, &stick()).unwrap().text);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing unfinished is left");
}

#[cfg(unix)]
#[test]
fn writing_follows_no_link() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let (root, outside) = (folder.path().join("stick"), folder.path().join("outside"));
    fs::create_dir(&root).unwrap();
    fs::write(&outside, "precious").unwrap();
    symlink(&outside, root.join("L.m3u8")).unwrap();
    symlink(&outside, root.join("rusty-audio-unfinished.tmp")).unwrap();
    let medium = MediumRoot::open(&root).unwrap();
    let mut collection = empty();
    let id = collection.create_playlist("L").unwrap();
    assert!(matches!(write_playlist(&collection, id, &medium, &stick(), false), Err(ExportError::Exists(_))));
    write_playlist(&collection, id, &medium, &stick(), true).unwrap();
    assert_eq!(fs::read_to_string(&outside).unwrap(), "precious");
    assert!(!root.join("L.m3u8").is_symlink());

    let gone = collection.create_playlist("Folder").unwrap();
    fs::create_dir(root.join("Folder.m3u8")).unwrap();
    assert!(matches!(
        write_playlist(&collection, gone, &medium, &stick(), true),
        Err(ExportError::Medium(_))
    ));
    assert!(!Path::new(&root.join("rusty-audio-unfinished.tmp")).exists());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn exports_read_back_as_they_were(
        paths in prop::collection::vec("[ #./\\\\a-zé:%\"~\u{a0}]{1,20}", 1..8),
        starts in prop::collection::vec(prop::option::of(0..500_000_u32), 8),
    ) {
        let mut collection = empty();
        let id = collection.create_playlist("L").unwrap();
        let mut expected = Vec::new();
        for (path, start) in paths.iter().zip(starts) {
            let slice = start.map(|start| Slice { start: CueFrames(start), end: Some(CueFrames(start + 75)) });
            let track = CollectionTrack { relative: path.into(), slice, ..track("t") };
            let names = track.relative.components().map(|name| name.as_os_str().to_str().unwrap());
            let name = names.filter(|&name| name != ".").collect::<Vec<_>>().join("/");
            if collection.append(id, std::slice::from_ref(&track)).is_ok() && !name.ends_with(char::is_whitespace) {
                expected.push((name, slice));
            }
        }
        let export = collection.export_m3u8(id, &stick()).unwrap();
        let file = parse_playlist(PlaylistKind::M3u8, export.text.as_bytes()).unwrap();
        let read: Vec<_> = file.entries.iter().map(|e| (e.location.strip_prefix("./").unwrap_or(&e.location).to_owned(), e.slice)).collect();
        prop_assert_eq!(read, expected);
        prop_assert_eq!(file.skipped, 0);
    }
}
