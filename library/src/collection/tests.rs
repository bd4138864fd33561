//! The collection against its promises: order, bounds, durability, damage.
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;
use crate::MediumId;
use crate::beneath::MediumRoot;
use crate::playlist::{CueFrames, PlaylistKind, Slice, parse_playlist};

fn stick() -> MediumId {
    MediumId::new("1C7E-09AF").unwrap()
}

fn track(name: &str) -> CollectionTrack {
    CollectionTrack {
        medium: stick(),
        relative: PathBuf::from(format!("Music/{name}.mp3")),
        slice: None,
        title: name.to_owned(),
        artist: "A".to_owned(),
        duration_ms: Some(1500),
    }
}

fn tracks(names: impl IntoIterator<Item = usize>) -> Vec<CollectionTrack> {
    names.into_iter().map(|n| track(&n.to_string())).collect()
}

fn empty() -> Collection {
    Collection::in_memory().unwrap()
}

fn titles(collection: &Collection, id: PlaylistId) -> Vec<String> {
    collection.tracks(id).unwrap().into_iter().map(|track| track.title).collect()
}

fn count(collection: &Collection, table: &str) -> u32 {
    collection.connection.query_row(&format!("SELECT count(*) FROM {table}"), (), |row| row.get(0)).unwrap()
}

/// Runs SQL that no call of ours would, to reach bounds in time.
fn forge(collection: &Collection, sql: &str) {
    collection.connection.execute_batch(sql).unwrap();
}

#[test]
fn playlists_are_made_named_and_deleted() {
    let mut collection = empty();
    let ten = collection.create_playlist("Mix 10").unwrap();
    let nine = collection.create_playlist("  mix\n9 ").unwrap();
    let names = |collection: &Collection| {
        let page = collection.playlists(Seek::Start, 10).unwrap();
        page.rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
    };
    assert_eq!(names(&collection), ["mix 9", "Mix 10"]);
    assert_eq!(collection.create_playlist("mix 9"), Err(CollectionError::NameTaken));
    assert_eq!(collection.create_playlist("\u{202e} \n"), Err(CollectionError::BadName));
    assert_eq!(collection.rename_playlist(ten, "mix 9"), Err(CollectionError::NameTaken));
    collection.rename_playlist(ten, "A").unwrap();
    collection.rename_playlist(ten, "A").unwrap();
    assert_eq!(names(&collection), ["A", "mix 9"]);
    collection.append(nine, &tracks(0..3)).unwrap();
    collection.delete_playlist(nine).unwrap();
    collection.delete_playlist(nine).unwrap();
    assert_eq!(collection.playlist(nine), Ok(None));
    assert_eq!((count(&collection, "entry"), count(&collection, "place")), (0, 0));
    assert_eq!(collection.rename_playlist(nine, "B"), Err(CollectionError::Gone));
    assert_eq!(collection.append(nine, &tracks(0..1)), Err(CollectionError::Gone));
    assert!(collection.create_playlist("C").unwrap() > nine, "a number is never given twice");
}

#[test]
fn entries_keep_their_order_numbers_and_texts() {
    let mut collection = empty();
    let id = collection.create_playlist("L").unwrap();
    let part = CollectionTrack {
        slice: Some(Slice { start: CueFrames(0), end: Some(CueFrames(75)) }),
        relative: PathBuf::from("a/b.flac"),
        duration_ms: None,
        ..track("part")
    };
    let ids = collection.append(id, &[track("0"), part.clone(), track("0")]).unwrap();
    let inserted = collection.insert(id, Some(ids[1]), &[track("x"), track("y")]).unwrap();
    assert_eq!(titles(&collection, id), ["0", "x", "y", "part", "0"]);
    assert_eq!(collection.tracks(id).unwrap()[3], part);
    collection.move_entry(id, ids[2], Some(ids[0])).unwrap();
    collection.move_entry(id, inserted[0], None).unwrap();
    collection.move_entry(id, ids[1], Some(ids[1])).unwrap();
    assert_eq!(titles(&collection, id), ["0", "0", "y", "part", "x"]);
    let page = collection.entries(id, Seek::Start, 10).unwrap();
    assert_eq!(
        page.rows.iter().map(|row| row.id).collect::<Vec<_>>(),
        [ids[2], ids[0], inserted[1], ids[1], inserted[0]]
    );
    assert_eq!(collection.remove(id, &[ids[0], ids[0], EntryId(999)]), Ok(1));
    assert_eq!(titles(&collection, id), ["0", "y", "part", "x"]);
    assert_eq!(collection.playlist(id).unwrap().unwrap().entries, 4);
    for gone in [ids[0], EntryId(999)] {
        assert_eq!(collection.move_entry(id, gone, None), Err(CollectionError::Gone));
        assert_eq!(collection.move_entry(id, ids[1], Some(gone)), Err(CollectionError::Gone));
        assert_eq!(collection.insert(id, Some(gone), &[track("z")]), Err(CollectionError::Gone));
    }
    let other = collection.create_playlist("M").unwrap();
    assert_eq!(collection.move_entry(other, ids[1], None), Err(CollectionError::Gone));
    assert_eq!(collection.remove(other, &[ids[1]]), Ok(0));
    collection.check().unwrap();
    collection.clear_playlist(id).unwrap();
    assert_eq!(collection.playlist(id).unwrap().unwrap().entries, 0);
    assert_eq!(count(&collection, "place"), 0);
    collection.check().unwrap();
}

#[test]
fn a_move_in_ten_thousand_writes_one_row() {
    let mut collection = empty();
    let id = collection.create_playlist("L").unwrap();
    let ids = collection.append(id, &tracks(0..10_000)).unwrap();
    let before = collection.connection.total_changes();
    collection.move_entry(id, ids[9_999], Some(ids[0])).unwrap();
    collection.move_entry(id, ids[1], Some(ids[5_000])).unwrap();
    assert_eq!(collection.connection.total_changes() - before, 2);
    // A hundred moves to the very same spot run out of room; the list is numbered anew, seldom.
    for moved in 100..200 {
        collection.move_entry(id, ids[moved], Some(ids[50])).unwrap();
    }
    let changes = collection.connection.total_changes() - before;
    assert!((100..=50_000).contains(&changes), "{changes}");
    let listed = titles(&collection, id);
    assert_eq!(listed[..3], ["9999", "0", "2"]);
    let at = listed.iter().position(|title| title == "100").unwrap();
    let run: Vec<String> = (100..200).map(|n| n.to_string()).chain(["50".to_owned()]).collect();
    assert_eq!(listed[at..at + 101], run);
    collection.check().unwrap();
}

#[test]
fn pages_run_both_ways_and_survive_what_happens_between() {
    let mut collection = empty();
    let id = collection.create_playlist("L").unwrap();
    let ids = collection.append(id, &tracks(0..10)).unwrap();
    let page = |collection: &Collection, seek| {
        let page = collection.entries(id, seek, 4).unwrap();
        (page.rows.iter().map(|row| row.track.title.clone()).collect::<String>(), page.more, page.rows)
    };
    let (text, more, rows) = page(&collection, Seek::Start);
    assert_eq!((text.as_str(), more), ("0123", true));
    let last = rows[3].key;
    collection.remove(id, &[ids[3]]).unwrap();
    assert_eq!(page(&collection, Seek::After(last)).0, "4567");
    assert_eq!(page(&collection, Seek::Before(last)).0, "012");
    assert!(!page(&collection, Seek::Before(last)).1);
    assert_eq!(page(&collection, Seek::End).0, "6789");
    let (text, more, _) = page(&collection, Seek::After(page(&collection, Seek::End).2[3].key));
    assert_eq!((text.as_str(), more), ("", false));
    assert_eq!(collection.entries(id, Seek::Start, 0).unwrap().rows.len(), 1);
    collection.append(id, &tracks(10..300)).unwrap();
    assert_eq!(collection.entries(id, Seek::Start, 10_000).unwrap().rows.len(), MAX_PAGE);

    for n in 0..10 {
        collection.create_playlist(&format!("P{n}")).unwrap();
    }
    let first = collection.playlists(Seek::Start, 4).unwrap();
    let names = |page: ListPage<PlaylistInfo>| page.rows.into_iter().map(|row| row.name).collect::<Vec<_>>();
    let anchor = first.rows[3].clone();
    assert_eq!(
        (names(first.clone()), first.more),
        (vec!["L".into(), "P0".into(), "P1".into(), "P2".into()], true)
    );
    collection.delete_playlist(anchor.id).unwrap();
    assert_eq!(names(collection.playlists(Seek::After(&anchor), 2).unwrap()), ["P3", "P4"]);
    assert_eq!(names(collection.playlists(Seek::Before(&anchor), 2).unwrap()), ["P0", "P1"]);
    assert_eq!(names(collection.playlists(Seek::End, 2).unwrap()), ["P8", "P9"]);
}

#[test]
fn bounds_hold_and_nothing_is_changed_by_what_they_refuse() {
    let mut collection = empty();
    let id = collection.create_playlist("L").unwrap();
    collection.append(id, &tracks(0..9_999)).unwrap();
    assert_eq!(collection.append(id, &tracks(0..2)), Err(CollectionError::Full));
    assert_eq!(collection.playlist(id).unwrap().unwrap().entries, 9_999);
    collection.append(id, &tracks(0..1)).unwrap();
    forge(&collection, &format!("UPDATE playlist SET entries = {MAX_ENTRIES_IN_ALL} WHERE id = {}", id.0));
    let other = collection.create_playlist("M").unwrap();
    assert_eq!(collection.append(other, &tracks(0..1)), Err(CollectionError::Full));
    forge(&collection, "UPDATE playlist SET entries = 10000 WHERE name = 'L'");
    collection.append(other, &tracks(0..1)).unwrap();
    forge(
        &collection,
        "WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
         INSERT INTO playlist (name) SELECT 'P' || i FROM n",
    );
    assert_eq!(collection.create_playlist("one more"), Err(CollectionError::Full));
    let bad = CollectionTrack { relative: PathBuf::from("../x.mp3"), ..track("x") };
    for relative in ["../x.mp3", "/x.mp3", "", "a/../../x", "a\0b"] {
        let bad = CollectionTrack { relative: PathBuf::from(relative), ..bad.clone() };
        assert_eq!(
            collection.append(other, &[track("y"), bad.clone()]),
            Err(CollectionError::BadPlace),
            "{relative}"
        );
        assert_eq!(collection.set_favourite(&bad, true, 0), Err(CollectionError::BadPlace));
        assert_eq!(collection.is_favourite(&bad), Ok(false));
    }
    let long = CollectionTrack { relative: PathBuf::from("x/".repeat(2049)), ..bad };
    assert_eq!(collection.append(other, &[long]), Err(CollectionError::BadPlace));
    assert_eq!(titles(&collection, other), ["0"]);
    collection.check().unwrap();
}

#[test]
fn favourites_are_listed_newest_first() {
    let mut collection = empty();
    for n in 0..5 {
        // The clock of a unit without a battery jumps back.
        assert_eq!(collection.toggle_favourite(&track(&n.to_string()), 100 - n), Ok(true));
    }
    assert_eq!(collection.toggle_favourite(&track("2"), 7), Ok(false));
    collection.set_favourite(&track("4"), true, 7).unwrap();
    let titles = |page: &ListPage<FavouriteRow>| {
        page.rows.iter().map(|row| row.track.title.clone()).collect::<String>()
    };
    let first = collection.favourites(Seek::Start, 3).unwrap();
    assert_eq!((titles(&first).as_str(), first.more, first.rows[0].added_s), ("431", true, 96));
    assert_eq!(titles(&collection.favourites(Seek::After(first.rows[2].key), 3).unwrap()), "0");
    assert_eq!(titles(&collection.favourites(Seek::Before(first.rows[2].key), 1).unwrap()), "3");
    assert_eq!(titles(&collection.favourites(Seek::End, 2).unwrap()), "10");
    assert_eq!(
        collection.are_favourites(&[track("1"), track("2"), track("9")]),
        Ok(vec![true, false, false])
    );
    assert_eq!((collection.favourite_count(), count(&collection, "place")), (Ok(4), 4));
    let part = CollectionTrack { slice: Some(Slice { start: CueFrames(0), end: None }), ..track("1") };
    assert_eq!(collection.is_favourite(&part), Ok(false), "a part is not the whole");
    let elsewhere = CollectionTrack { medium: MediumId::new("other").unwrap(), ..track("1") };
    assert_eq!(collection.is_favourite(&elsewhere), Ok(false));
}

#[test]
fn favourites_are_bounded() {
    let mut collection = empty();
    collection.set_favourite(&track("first"), true, 0).unwrap();
    forge(
        &collection,
        "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
         INSERT INTO place SELECT i, 1, CAST('p' || i AS BLOB), -1, -1, '', '', -1 FROM (SELECT i FROM n);
         INSERT INTO favourite (place, added_s) SELECT id, 0 FROM place WHERE id > 1",
    );
    assert_eq!(collection.set_favourite(&track("more"), true, 0), Err(CollectionError::Full));
    collection.set_favourite(&track("first"), true, 0).unwrap();
    collection.set_favourite(&track("first"), false, 0).unwrap();
    collection.set_favourite(&track("more"), true, 0).unwrap();
    collection.check().unwrap();
}

#[test]
fn plays_are_counted_and_the_oldest_forgotten() {
    let mut collection = empty();
    let at = |name: &str, unix_s| Played { track: track(name), unix_s };
    collection.note_played(&[at("a", 10), at("b", 20), at("a", 5), at("c", 1)]).unwrap();
    let plays = collection.plays(&[track("a"), track("b"), track("x")]).unwrap();
    assert_eq!((plays[0].count, plays[0].last_s), (2, Some(10)));
    assert_eq!((plays[1].count, plays[2]), (1, PlayCount::default()));
    let names = |rows: Vec<PlayedRow>| rows.into_iter().map(|row| row.track.title).collect::<String>();
    assert_eq!(names(collection.most_played(2).unwrap()), "ab");
    assert_eq!(names(collection.last_played(9).unwrap()), "bac");
    let page = collection.all_played(Seek::Start, 2).unwrap();
    assert!(page.more);
    assert_eq!(collection.all_played(Seek::After(page.rows[1].key), 2).unwrap().rows.len(), 1);
    collection.set_favourite(&track("c"), true, 0).unwrap();
    collection.write(|connection| plays::forget(connection, 1)).unwrap();
    assert_eq!(names(collection.last_played(9).unwrap()), "b");
    assert_eq!(count(&collection, "place"), 2, "a favourite keeps its place");
    collection.check().unwrap();
}

#[test]
fn known_texts_replace_and_unknown_ones_do_not() {
    let mut collection = empty();
    let id = collection.create_playlist("L").unwrap();
    collection.append(id, &[track("old")]).unwrap();
    let unknown =
        CollectionTrack { title: String::new(), artist: String::new(), duration_ms: None, ..track("old") };
    collection.append(id, &[unknown]).unwrap();
    assert_eq!(collection.tracks(id).unwrap(), [track("old"), track("old")]);
    let known = CollectionTrack { title: "New\nname".to_owned(), duration_ms: Some(9), ..track("old") };
    collection.set_favourite(&known, true, 0).unwrap();
    let kept = CollectionTrack { title: "New name".to_owned(), ..known };
    assert_eq!(collection.tracks(id).unwrap(), [kept.clone(), kept]);
}

#[test]
fn everything_is_there_after_a_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/collection.db");
    let (mut collection, set_aside) = Collection::open(&path).unwrap();
    assert_eq!(set_aside, None);
    let id = collection.create_playlist("L").unwrap();
    collection.append(id, &tracks(0..5)).unwrap();
    collection.set_favourite(&track("1"), true, 3).unwrap();
    collection.note_played(&[Played { track: track("1"), unix_s: 4 }]).unwrap();
    drop(collection);
    let (collection, _) = Collection::open(&path).unwrap();
    assert_eq!(titles(&collection, id), ["0", "1", "2", "3", "4"]);
    assert_eq!(collection.is_favourite(&track("1")), Ok(true));
    assert_eq!(collection.plays(&[track("1")]).unwrap()[0].count, 1);
    let mode: String =
        collection.connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    let full: i64 = collection.connection.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();
    assert_eq!((mode.as_str(), full), ("wal", 2));
}

#[test]
fn damaged_files_are_set_aside_each_under_its_own_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("collection.db");
    for n in 1..=2 {
        fs::write(&path, format!("not a database {n}").repeat(100)).unwrap();
        let (mut collection, set_aside) = Collection::open(&path).unwrap();
        let kept = set_aside.unwrap().kept;
        assert_eq!(kept, folder.path().join(format!("collection.damaged-{n}.db")));
        assert!(fs::read_to_string(kept).unwrap().starts_with(&format!("not a database {n}")));
        collection.create_playlist("L").unwrap();
        drop(collection);
        assert_eq!(Collection::open(&path).unwrap().1, None);
    }
}

#[test]
fn a_page_overwritten_in_the_middle_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("collection.db");
    let (mut collection, _) = Collection::open(&path).unwrap();
    let id = collection.create_playlist("L").unwrap();
    collection.append(id, &tracks(0..2000)).unwrap();
    drop(collection);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 8192].fill(0x5a);
    fs::write(&path, bytes).unwrap();
    let (collection, set_aside) = Collection::open(&path).unwrap();
    assert!(set_aside.unwrap().kept.exists());
    assert_eq!(collection.playlists(Seek::Start, 9).unwrap().rows.len(), 0);
}

#[test]
fn a_disk_that_refuses_is_no_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("collection.db");
    fs::create_dir(&path).unwrap();
    assert!(matches!(Collection::open(&path), Err(CollectionError::Storage(_))));
    assert!(path.is_dir());
    fs::write(folder.path().join("file"), "").unwrap();
    assert!(matches!(Collection::open(&folder.path().join("file/c.db")), Err(CollectionError::Storage(_))));
}

#[test]
fn a_file_of_a_newer_program_is_used_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("collection.db");
    let (mut collection, _) = Collection::open(&path).unwrap();
    collection.create_playlist("L").unwrap();
    forge(&collection, "ALTER TABLE playlist ADD COLUMN colour TEXT; PRAGMA user_version = 7");
    drop(collection);
    let (mut collection, set_aside) = Collection::open(&path).unwrap();
    assert_eq!(set_aside, None);
    collection.create_playlist("M").unwrap();
    let version: i64 =
        collection.connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!((version, collection.playlists(Seek::Start, 9).unwrap().rows.len()), (7, 2));
}

#[test]
fn the_check_finds_what_it_is_for() {
    for sql in [
        "UPDATE playlist SET entries = 9",
        "DELETE FROM entry",
        "PRAGMA foreign_keys = OFF; DELETE FROM place",
    ] {
        let mut collection = empty();
        let id = collection.create_playlist("L").unwrap();
        collection.append(id, &tracks(0..2)).unwrap();
        collection.check().unwrap();
        forge(&collection, sql);
        assert!(matches!(collection.check(), Err(CollectionError::Damaged(_))), "{sql}");
    }
}

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

    #[test]
    fn any_edits_keep_the_order_a_list_would(
        edits in prop::collection::vec((0..4_u8, 0..40_usize, 0..40_usize), 1..60),
    ) {
        let mut collection = empty();
        let id = collection.create_playlist("L").unwrap();
        let mut model: Vec<(EntryId, String)> = Vec::new();
        for (n, (edit, a, b)) in edits.into_iter().enumerate() {
            let name = n.to_string();
            let at = |index: usize, model: &[(EntryId, String)]| model.get(index).map(|entry| entry.0);
            match edit {
                0 => {
                    let ids = collection.append(id, &[track(&name)]).unwrap();
                    model.push((ids[0], name));
                }
                1 => {
                    let ids = collection.insert(id, at(a, &model), &[track(&name), track(&name)]).unwrap();
                    let place = a.min(model.len());
                    model.splice(place..place, [(ids[0], name.clone()), (ids[1], name)]);
                }
                2 if a < model.len() => {
                    let before = at(b, &model);
                    collection.move_entry(id, model[a].0, before).unwrap();
                    if before != Some(model[a].0) {
                        let moved = model.remove(a);
                        let place = before.and_then(|before| model.iter().position(|entry| entry.0 == before));
                        model.insert(place.unwrap_or(model.len()), moved);
                    }
                }
                _ if a < model.len() => {
                    collection.remove(id, &[model[a].0]).unwrap();
                    model.remove(a);
                }
                _ => {}
            }
        }
        let rows = collection.entries(id, Seek::Start, MAX_PAGE).unwrap().rows;
        let listed: Vec<_> = rows.into_iter().map(|row| (row.id, row.track.title)).collect();
        prop_assert_eq!(listed, model);
        collection.check().unwrap();
    }
}
