//! What the writer promises: exact counts, albums as people see them, files and folders that come and go.
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::{Change, FileStamp, Index, MediumId, MediumKey, Opened, Unread};
use crate::tags::TrackInfo;

#[path = "../../tests/common/index_check.rs"]
mod index_check;
use index_check::check;

struct Rig {
    folder: tempfile::TempDir,
    index: Index,
    medium: MediumKey,
}

fn id(text: &str) -> MediumId {
    MediumId::new(text).unwrap()
}

fn rig() -> Rig {
    let folder = tempfile::tempdir().unwrap();
    let (mut index, opened) = Index::open(&folder.path().join("library.db")).unwrap();
    assert_eq!(opened, None);
    let medium = index.medium(&id("stick"), "Stick").unwrap();
    Rig { folder, index, medium }
}

fn stamp(name: &str, mtime_s: i64) -> FileStamp {
    FileStamp { name: OsString::from(name), size: 10, mtime_ns: mtime_s * 1_000_000_000, inode: u64::MAX - 1 }
}

fn track(path: &str, info: TrackInfo) -> Change {
    let path = Path::new(path);
    let name = path.file_name().unwrap().to_str().unwrap();
    Change::Track { folder: path.parent().unwrap().to_owned(), stamp: stamp(name, 5), result: Ok(info) }
}

fn info(artist: &str, album: &str, title: &str) -> TrackInfo {
    TrackInfo { artist: artist.into(), album: album.into(), title: title.into(), ..TrackInfo::default() }
}

fn remove(path: &str) -> Change {
    let path = Path::new(path);
    Change::RemoveFile {
        folder: path.parent().unwrap().to_owned(),
        name: path.file_name().unwrap().to_owned(),
    }
}

impl Rig {
    fn write(&mut self, changes: Vec<Change>) {
        self.index.write(self.medium, changes).unwrap();
        self.check();
    }

    fn texts(&self, sql: &str) -> Vec<String> {
        let mut statement = self.index.connection().prepare(sql).unwrap();
        statement.query_map((), |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    /// `title by artist (tracks)` of all albums.
    fn albums(&self) -> Vec<String> {
        self.texts(
            "SELECT title || ' by ' || coalesce((SELECT text FROM name WHERE id = artist), '') || ' (' || tracks || ')'
             FROM album ORDER BY sort, id",
        )
    }

    fn artists(&self) -> Vec<String> {
        self.texts("SELECT text FROM name WHERE kind = 0 AND listed ORDER BY sort")
    }

    fn check(&self) {
        check(self.index.connection());
    }
}

#[test]
fn an_album_is_its_title_and_its_album_artist() {
    let mut rig = rig();
    let by =
        |artist: &str, title: &str| TrackInfo { album_artist: "Queen".into(), ..info(artist, "Hits", title) };
    rig.write(vec![
        track("a/1.mp3", by("Queen", "x")),
        track("b/2.mp3", by("Queen & Bowie", "y")),
        track("c/3.mp3", TrackInfo { album_artist: "ABBA".into(), ..info("ABBA", "hits", "z") }),
    ]);
    assert_eq!(rig.albums(), ["Hits by Queen (2)", "hits by ABBA (1)"]);
    assert_eq!(rig.artists(), ["ABBA", "Queen"]);
}

#[test]
fn one_artist_in_one_folder_makes_the_album_artist_and_guests_do_not_matter() {
    let mut rig = rig();
    rig.write(vec![
        track("g/1.mp3", info("Gorillaz feat. De La Soul", "Plastic Beach", "a")),
        track("g/2.mp3", info("Gorillaz", "Plastic Beach", "b")),
    ]);
    assert_eq!(rig.albums(), ["Plastic Beach by Gorillaz (2)"]);
    assert_eq!(rig.artists(), ["Gorillaz"]);
}

#[test]
fn several_artists_in_one_folder_make_a_compilation_in_any_order() {
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
        let mut rig = rig();
        for n in order {
            rig.write(vec![track(&format!("mix/{n}.mp3"), info(["A", "B", "A"][n], "Mix", "t"))]);
        }
        assert_eq!(rig.albums(), ["Mix by Various Artists (3)"]);
        assert_eq!(rig.artists(), ["Various Artists"]);
        // Without B it is A's.
        rig.write(vec![remove("mix/1.mp3")]);
        assert_eq!(rig.albums(), ["Mix by A (2)"]);
        assert_eq!(rig.artists(), ["A"]);
    }
}

#[test]
fn compilations_are_one_album_across_folders_and_equal_titles_in_two_folders_are_two() {
    let mut rig = rig();
    let part = |artist: &str| TrackInfo { compilation: true, ..info(artist, "Now 1", "t") };
    rig.write(vec![
        track("x/1.mp3", part("A")),
        track("y/2.mp3", part("B")),
        track("p/1.mp3", info("P", "Live", "t")),
        track("q/1.mp3", info("Q", "Live", "t")),
    ]);
    assert_eq!(rig.albums(), ["Live by P (1)", "Live by Q (1)", "Now 1 by Various Artists (2)"]);
}

#[test]
fn discs_in_subfolders_are_one_album_in_disc_order() {
    let mut rig = rig();
    let with = |track, title: &str| TrackInfo { track: Some(track), ..info("PF", "The Wall", title) };
    rig.write(vec![
        track("PF/The Wall/CD2/01.mp3", with(1, "Hey You")),
        track("PF/The Wall/CD1/02.mp3", with(2, "Thin Ice")),
        track("PF/The Wall/CD1/01.mp3", with(1, "In the Flesh?")),
    ]);
    assert_eq!(rig.albums(), ["The Wall by PF (3)"]);
    assert_eq!(
        rig.texts("SELECT title FROM track ORDER BY album, place, title_sort"),
        ["In the Flesh?", "Thin Ice", "Hey You"]
    );
}

#[test]
fn files_without_tags_are_named_after_themselves_and_their_folder() {
    let mut rig = rig();
    rig.write(vec![
        track("Tapes/10 - Zoo.mp3", TrackInfo::default()),
        track("Tapes/02. Ape.mp3", TrackInfo::default()),
        track("loose.mp3", TrackInfo::default()),
    ]);
    assert_eq!(rig.albums(), ["Stick by  (1)", "Tapes by  (2)"]);
    assert_eq!(rig.texts("SELECT title FROM track ORDER BY album, place"), ["Ape", "Zoo", "loose"]);
    assert_eq!(rig.artists(), Vec::<String>::new());
}

#[test]
fn a_file_read_again_replaces_itself_and_keeps_its_plays() {
    let mut rig = rig();
    let first =
        TrackInfo { year: Some(1999), genre: "Rock".into(), composer: "C".into(), ..info("A", "X", "old") };
    rig.write(vec![track("f/1.mp3", first)]);
    assert!(rig.index.note_played(rig.medium, Path::new("f/1.mp3"), 77).unwrap());
    rig.check();
    rig.write(vec![track("f/1.mp3", TrackInfo { year: Some(2001), ..info("B", "Y", "new") })]);
    assert_eq!(rig.albums(), ["Y by B (1)"]);
    assert_eq!(rig.texts("SELECT text FROM name"), ["B"]);
    assert_eq!(rig.texts("SELECT title || plays || '@' || played_s FROM track"), ["new1@77"]);
    // Unreadable now: it is no track, but what is known of it stays known.
    rig.write(vec![Change::Track {
        folder: "f".into(),
        stamp: stamp("1.mp3", 9),
        result: Err(Unread::Hostile),
    }]);
    assert_eq!(rig.albums(), Vec::<String>::new());
    let known = rig.index.known_folder(rig.medium, Path::new("f")).unwrap();
    assert_eq!(known.files, [stamp("1.mp3", 9)]);
    rig.write(vec![track("f/1.mp3", info("B", "Y", "again"))]);
    assert_eq!(rig.texts("SELECT title || plays FROM track"), ["again1"]);
    assert!(!rig.index.note_played(rig.medium, Path::new("f/none.mp3"), 1).unwrap());
}

#[test]
fn an_album_that_changes_its_year_moves_in_its_artists_list() {
    let mut rig = rig();
    let of = |album: &str, year| TrackInfo { year, ..info("A", album, "t") };
    rig.write(vec![track("p/1.mp3", of("P", Some(2000))), track("q/1.mp3", of("Q", Some(1990)))]);
    let listed = "SELECT title FROM credit JOIN album ON album.id = credit.album ORDER BY credit.sort";
    assert_eq!(rig.texts(listed), ["Q", "P"]);
    rig.write(vec![track("q/2.mp3", of("Q", Some(2010)))]);
    assert_eq!(rig.texts(listed), ["P", "Q"]);
    rig.write(vec![remove("q/2.mp3")]);
    assert_eq!(rig.texts(listed), ["Q", "P"]);
}

#[test]
fn folders_are_known_with_what_is_in_them() {
    let mut rig = rig();
    rig.write(vec![
        track("a/b/1.mp3", info("A", "X", "t")),
        track("a/2.mp3", info("A", "X", "t")),
        track("ab/3.mp3", info("A", "X", "t")),
        Change::Folder { relative: "a/empty".into() },
    ]);
    let known = rig.index.known_folder(rig.medium, Path::new("a")).unwrap();
    assert_eq!(known.files, [stamp("2.mp3", 5)]);
    let mut folders = known.folders;
    folders.sort();
    assert_eq!(folders, ["b", "empty"]);
    assert_eq!(rig.index.known_folder(rig.medium, Path::new("none")).unwrap(), super::KnownFolder::default());
    assert!(rig.index.known_folder(rig.medium, Path::new("../x")).is_err());

    rig.write(vec![Change::RemoveFolder { relative: "a".into() }]);
    assert_eq!(rig.texts("SELECT CAST(path AS TEXT) FROM folder ORDER BY path"), ["", "ab"]);
    assert_eq!(rig.texts("SELECT CAST(name AS TEXT) FROM track"), ["3.mp3"]);
    // A folder that comes back in the same transaction that removed it.
    rig.write(vec![Change::RemoveFolder { relative: "ab".into() }, track("ab/c/4.mp3", info("A", "X", "t"))]);
    assert_eq!(rig.texts("SELECT CAST(path AS TEXT) FROM folder ORDER BY path"), ["", "ab", "ab/c"]);
    rig.write(vec![Change::RemoveFolder { relative: PathBuf::new() }]);
    assert_eq!(rig.texts("SELECT CAST(path AS TEXT) FROM folder"), Vec::<String>::new());
}

#[test]
fn a_write_that_is_called_off_leaves_nothing() {
    let mut rig = rig();
    let changes = vec![track("a/1.mp3", info("A", "B", "c")), track("a/2.mp3", info("A", "B", "d"))];
    let asked = std::cell::Cell::new(0);
    let go_on = || asked.replace(asked.get() + 1) == 0;
    let written = rig.index.write_while(rig.medium, changes.clone(), go_on);
    assert_eq!(written, Err(super::IndexError::Interrupted));
    assert_eq!(rig.albums(), [""; 0]);
    rig.write(changes);
    assert_eq!(rig.albums(), ["B by A (2)"]);
}

#[test]
fn neighbours_in_the_search_index_are_told_apart() {
    let mut rig = rig();
    rig.write(vec![
        track("a/1.mp3", info("Anna", "Summer", "Rain")),
        track("a/2.mp3", info("Bert", "Summer", "Sun")),
    ]);
    // Later neighbours do not write into the rows of earlier ones.
    rig.write(vec![track("a/3.mp3", info("Carl", "Summer", "Snow"))]);
    let reader = super::IndexReader::open(rig.index.path()).unwrap();
    let titles = |text: &str| -> Vec<String> {
        let found = reader.search(text, &[rig.medium], 9).unwrap();
        let titles = found.tracks.into_iter().map(|item| match item {
            super::Item::Track { title, .. } => title,
            other => panic!("{other:?}"),
        });
        titles.collect()
    };
    assert_eq!(titles("summer anna"), ["Rain"]);
    assert_eq!(titles("bert su"), ["Sun"]);
    assert_eq!(titles("carl"), ["Snow"]);
    assert_eq!(titles("anna sun"), [""; 0]);
    assert_eq!(titles("summer"), ["Rain", "Sun", "Snow"]);
}

#[test]
fn a_failed_write_leaves_nothing() {
    let mut rig = rig();
    let good = track("a/1.mp3", info("A", "X", "t"));
    let bad = track("../1.mp3", info("B", "Y", "t"));
    assert!(rig.index.write(rig.medium, vec![good.clone(), bad]).is_err());
    assert_eq!(rig.texts("SELECT CAST(path AS TEXT) FROM folder"), Vec::<String>::new());
    // What was remembered of the lost rows is forgotten too.
    rig.write(vec![good]);
    assert_eq!(rig.albums(), ["X by A (1)"]);
    assert!(rig.index.write(MediumKey(99), Vec::new()).is_err());
}

#[test]
fn media_seen_longest_ago_are_forgotten() {
    let mut rig = rig();
    rig.write(vec![track("a/1.mp3", info("A", "X", "t"))]);
    for n in 1..32 {
        rig.index.medium(&id(&format!("m{n}")), "m").unwrap();
    }
    assert_eq!(rig.index.media().unwrap().len(), 32);
    assert_eq!(rig.index.medium(&id("stick"), "New name").unwrap(), rig.medium, "it comes back as itself");
    rig.index.medium(&id("one more"), "m").unwrap();
    let media = rig.index.media().unwrap();
    assert_eq!(media.len(), 32);
    assert!(media.iter().all(|medium| medium.id != id("m1")), "m1 was seen longest ago");
    assert_eq!((media[1].name.as_str(), media[1].tracks), ("New name", 1));
    rig.index.forget_medium(rig.medium).unwrap();
    assert_eq!(rig.texts("SELECT text FROM name UNION ALL SELECT title FROM track"), Vec::<String>::new());
    assert_ne!(rig.index.medium(&id("stick"), "Stick").unwrap(), rig.medium, "keys are never used again");
}

#[test]
fn too_many_files_cost_the_media_seen_longest_ago() {
    let mut rig = rig();
    let mut keys = BTreeMap::new();
    for name in ["x", "y", "z"] {
        let key = rig.index.medium(&id(name), name).unwrap();
        keys.insert(name, key);
        rig.index
            .write(key, vec![track("a/1.mp3", info("A", "X", "t")), track("a/2.mp3", info("A", "X", "t"))])
            .unwrap();
    }
    let media = rig.index.media().unwrap();
    let gone = |max_media, max_files| super::media::too_many(&media, keys["z"], max_media, max_files);
    assert_eq!(gone(32, 6), []);
    assert_eq!(gone(32, 5), [keys["x"]]);
    assert_eq!(gone(32, 0), [keys["y"], keys["x"], rig.medium], "the one in use stays");
    assert_eq!(gone(2, 100), [keys["x"], rig.medium]);
}

#[test]
fn what_cannot_be_used_is_set_aside() {
    let rig = rig();
    let path = rig.index.path().to_owned();
    rig.index.connection().pragma_update(None, "user_version", 99).unwrap();
    drop(rig.index);
    let (index, opened) = Index::open(&path).unwrap();
    let Some(Opened::Anew { kept, .. }) = opened else { panic!("a newer file was opened") };
    assert!(kept.exists() && index.media().unwrap().is_empty());
    drop(index);
    std::fs::write(&path, b"not a database, but long enough to be looked at by anybody").unwrap();
    let (index, opened) = Index::open(&path).unwrap();
    assert!(matches!(opened, Some(Opened::Anew { .. })));
    let (index, kept) = index.begin_anew().unwrap();
    assert!(kept.exists() && index.media().unwrap().is_empty());
    // Another program's database.
    drop(index);
    std::fs::remove_file(&path).unwrap();
    rusqlite::Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE medium(id); PRAGMA user_version = 1;")
        .unwrap();
    assert!(matches!(Index::open(&path).unwrap().1, Some(Opened::Anew { .. })));
    // A disk that refuses is not a damaged file.
    assert!(Index::open(&rig.folder.path().join("no/such/folder.db")).is_err());
    assert!(Index::open(rig.folder.path()).is_err());
}

#[test]
fn random_histories_keep_every_count_right() {
    let mut rig = rig();
    let mut seed: u64 = 1;
    let mut random = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for _ in 0..60 {
        let mut changes = Vec::new();
        for _ in 0..random(12) {
            let folder = format!("{}/{}", ["a", "b", "b/CD1", "b/CD2"][random(4) as usize], random(2));
            let name = format!("{}.mp3", random(4));
            let text = |n: u64| if n == 0 { String::new() } else { format!("n{n}") };
            changes.push(match random(10) {
                0 => Change::RemoveFolder { relative: ["a", "b", "b/CD1", "a/0"][random(4) as usize].into() },
                1 | 2 => Change::RemoveFile { folder: folder.into(), name: name.into() },
                3 => Change::Track {
                    folder: folder.into(),
                    stamp: stamp(&name, 1),
                    result: Err(Unread::NotMusic),
                },
                _ => track(
                    &format!("{folder}/{name}"),
                    TrackInfo {
                        artist: text(random(4)),
                        album: text(random(4)),
                        album_artist: text(random(9).saturating_sub(6)),
                        genre: text(random(3)),
                        composer: text(random(3)),
                        year: (random(3) > 0).then(|| 1990 + random(4) as u16),
                        compilation: random(8) == 0,
                        ..info("", "", "t")
                    },
                ),
            });
        }
        rig.write(changes);
        if random(4) == 0 {
            let _ = rig.index.note_played(rig.medium, Path::new("a/0/1.mp3"), 5).unwrap();
        }
    }
}
