//! Playlists against real folders: spellings, escapes, loops, bounds.
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::{MAX_NAMED, MAX_SUFFIXES, ResolvedPlaylist, resolve_playlist_with};
use crate::beneath::MediumRoot;
use crate::error::LibraryError;
use crate::playlist::{CueFrames, PlaylistFile, PlaylistKind, Slice, parse_playlist};

struct Tree(tempfile::TempDir);

impl Tree {
    fn new(files: &[(&str, &str)]) -> Self {
        let tree = Self(tempfile::tempdir().unwrap());
        for (path, content) in files {
            tree.file(path, content);
        }
        tree
    }

    fn file(&self, path: &str, content: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn root(&self) -> PathBuf {
        self.0.path().join("stick")
    }

    fn resolve(&self, playlist: &str) -> ResolvedPlaylist {
        self.counted(playlist).0
    }

    /// And how many playlists were read.
    fn counted(&self, playlist: &str) -> (ResolvedPlaylist, usize) {
        let medium = MediumRoot::open(&self.root()).unwrap();
        let mut reads = 0;
        let mut read = |path: &Path| {
            reads += 1;
            self.read(path)
        };
        let found = resolve_playlist_with(&mut read, &medium, Path::new(playlist)).unwrap();
        (found, reads)
    }

    fn read(&self, path: &Path) -> Result<PlaylistFile, LibraryError> {
        assert!(path.is_relative());
        let bytes = fs::read(self.root().join(path))?;
        parse_playlist(PlaylistKind::of(path).unwrap(), &bytes).map_err(|_| LibraryError::NotMusic)
    }

    /// The tracks relative to the root.
    fn tracks(&self, found: &ResolvedPlaylist) -> Vec<String> {
        let relative = |path: &Path| path.strip_prefix(self.root()).unwrap().to_string_lossy().into_owned();
        found.entries.iter().map(|entry| relative(&entry.track.path)).collect()
    }

    /// What a list with this one line in `Lists/l.m3u` finds.
    fn line(&self, line: &str) -> Option<String> {
        self.file("Lists/l.m3u", line);
        let found = self.resolve("Lists/l.m3u");
        assert_eq!(found.entries.len() + found.missing as usize, 1, "{line}: {found:?}");
        self.tracks(&found).pop()
    }
}

#[test]
fn paths_of_other_machines_are_found() {
    let tree = Tree::new(&[
        ("Music/Artist/a.mp3", ""),
        ("Music/b.mp3", ""),
        ("Lists/beside.mp3", ""),
        ("Lists/sub/c.mp3", ""),
        ("top.mp3", ""),
        ("100%25.mp3", ""),
        ("a b.mp3", ""),
    ]);
    for (line, track) in [
        ("beside.mp3", "Lists/beside.mp3"),
        ("./sub/c.mp3", "Lists/sub/c.mp3"),
        ("sub\\c.mp3", "Lists/sub/c.mp3"),
        ("..\\Music\\b.mp3", "Music/b.mp3"),
        ("../Music/./Artist/../b.mp3", "Music/b.mp3"),
        ("/Music/Artist/a.mp3", "Music/Artist/a.mp3"),
        ("C:\\Users\\me\\Music\\Artist\\a.mp3", "Music/Artist/a.mp3"),
        ("D:/Music/b.mp3", "Music/b.mp3"),
        ("file:///media/OLD/Music/Artist/a.mp3", "Music/Artist/a.mp3"),
        ("\\\\nas\\share\\Music\\b.mp3", "Music/b.mp3"),
        ("/home/me/beside.mp3", "Lists/beside.mp3"),
        ("/home/me/top.mp3", "top.mp3"),
        ("../100%25.mp3", "100%25.mp3"),
        ("../a%20b.mp3", "a b.mp3"),
    ] {
        assert_eq!(tree.line(line).as_deref(), Some(track), "{line}");
    }
}

#[test]
fn wrong_case_and_other_spellings_are_put_right() {
    let tree = Tree::new(&[
        ("Música/Ma\u{308}rz.mp3", ""),
        ("Wait/x.mp3", ""),
        ("Case/A.mp3", ""),
        ("Case/a.mp3", ""),
    ]);
    assert_eq!(tree.line("../MU\u{301}SICA/M\u{e4}RZ.MP3").as_deref(), Some("Música/Ma\u{308}rz.mp3"));
    assert_eq!(tree.line("../wait.../X.mp3").as_deref(), Some("Wait/x.mp3"));
    // As it is spelt first; otherwise always the same one.
    assert_eq!(tree.line("../Case/a.mp3").as_deref(), Some("Case/a.mp3"));
    assert_eq!(tree.line("../CASE/A.MP3").as_deref(), Some("Case/A.mp3"));
}

#[cfg(unix)]
#[test]
fn names_that_are_no_utf_8_are_found_by_what_they_look_like() {
    use std::os::unix::ffi::OsStrExt;
    let tree = Tree::new(&[("Lists/x.mp3", "")]);
    let name = std::ffi::OsStr::from_bytes(b"M\xE4rz.mp3");
    fs::write(tree.root().join(name), "").unwrap();
    tree.file("l.m3u8", "märz.mp3");
    assert_eq!(tree.resolve("l.m3u8").entries[0].track.path, tree.root().join(name));
}

#[test]
fn nothing_outside_the_medium_is_named() {
    let tree = Tree::new(&[("Lists/x.mp3", "")]);
    fs::write(tree.0.path().join("secret.mp3"), "").unwrap();
    let outside = tree.0.path().join("secret.mp3");
    for line in
        ["../../secret.mp3", "..\\..\\secret.mp3", "x/../../../secret.mp3", "%2e%2e/%2e%2e/secret.mp3"]
    {
        assert_eq!(tree.line(line), None, "{line}");
    }
    assert_eq!(tree.line(outside.to_str().unwrap()), None);
    // The same name inside is found by the end of the path.
    tree.file("secret.mp3", "");
    assert_eq!(tree.line(outside.to_str().unwrap()).as_deref(), Some("secret.mp3"));
    assert_eq!(tree.line("../../secret.mp3"), None);
}

#[cfg(unix)]
#[test]
fn links_that_leave_the_medium_are_missing_even_when_swapped_in() {
    use std::os::unix::fs::symlink;
    let tree = Tree::new(&[("Real/a.mp3", ""), ("Lists/x.mp3", "")]);
    fs::create_dir_all(tree.0.path().join("out")).unwrap();
    fs::write(tree.0.path().join("out/a.mp3"), "").unwrap();
    symlink("../../out", tree.root().join("Lists/away")).unwrap();
    symlink("../../out/a.mp3", tree.root().join("Lists/away.mp3")).unwrap();
    symlink("../Real", tree.root().join("Lists/home")).unwrap();
    symlink("../Real/a.mp3", tree.root().join("Lists/home.mp3")).unwrap();
    assert_eq!(tree.line("away/a.mp3"), None);
    assert_eq!(tree.line("away.mp3"), None);
    assert_eq!(tree.line("home/a.mp3").as_deref(), Some("Lists/home/a.mp3"));
    assert_eq!(tree.line("home.mp3").as_deref(), Some("Lists/home.mp3"));

    // A folder that becomes a link while the list is read.
    tree.file("Swap/a.mp3", "");
    tree.file("Lists/l.m3u", "../Swap/a.mp3");
    let medium = MediumRoot::open(&tree.root()).unwrap();
    let swap = |path: &Path| {
        let file = tree.read(path);
        fs::remove_dir_all(tree.root().join("Swap")).unwrap();
        symlink("../out", tree.root().join("Swap")).unwrap();
        file
    };
    let found = resolve_playlist_with(&mut { swap }, &medium, Path::new("Lists/l.m3u")).unwrap();
    assert_eq!((found.entries.len(), found.missing), (0, 1));
}

#[cfg(unix)]
#[test]
fn a_link_swapped_after_resolving_is_refused_by_the_door() {
    use std::os::unix::fs::symlink;
    let tree = Tree::new(&[("Swap/a.mp3", ""), ("l.m3u", "Swap/a.mp3")]);
    let found = tree.resolve("l.m3u");
    fs::create_dir_all(tree.0.path().join("out")).unwrap();
    fs::write(tree.0.path().join("out/a.mp3"), "").unwrap();
    fs::remove_dir_all(tree.root().join("Swap")).unwrap();
    symlink("../out", tree.root().join("Swap")).unwrap();
    let medium = MediumRoot::open(&tree.root()).unwrap();
    assert_eq!(medium.open_file(&found.entries[0].track.path).err(), Some(LibraryError::Outside));
}

#[test]
fn cue_sheets_find_what_was_encoded_since() {
    let sheet = "PERFORMER P\nTITLE Album\nREM DATE 1999\nFILE \"image.wav\" WAVE\n TRACK 01 AUDIO\n TITLE One\n INDEX 01 00:00:00\n\
                 TRACK 02 AUDIO\n TITLE Two\n PERFORMER Guest\n INDEX 01 00:02:00\n";
    let tree = Tree::new(&[
        ("A/image.FLAC", ""),
        ("A/image.jpg", ""),
        ("A/sheet.cue", sheet),
        ("B/My Album.flac", ""),
        ("B/My Album.cue", sheet),
        ("C/x.flac", ""),
        ("C/x.flac.cue", sheet),
        ("D/other.flac", ""),
        ("D/sheet.cue", sheet),
    ]);
    let found = tree.resolve("A/sheet.cue");
    assert_eq!(tree.tracks(&found), ["A/image.FLAC", "A/image.FLAC"]);
    let [one, two] = &found.entries[..] else { panic!() };
    assert_eq!(one.track.slice, Some(Slice { start: CueFrames(0), end: Some(CueFrames(150)) }));
    assert_eq!(two.track.slice, Some(Slice { start: CueFrames(150), end: None }));
    assert_eq!((one.artist.as_deref(), two.artist.as_deref()), (Some("P"), Some("Guest")));
    assert_eq!((one.album.as_deref(), one.year, one.number), (Some("Album"), Some(1999), Some(1)));
    assert_eq!(tree.tracks(&tree.resolve("B/My Album.cue")), ["B/My Album.flac", "B/My Album.flac"]);
    assert_eq!(tree.tracks(&tree.resolve("C/x.flac.cue")), ["C/x.flac", "C/x.flac"]);
    assert_eq!(tree.resolve("D/sheet.cue").missing, 2);
}

#[test]
fn an_album_name_belongs_to_cue_sheets_only() {
    let tree = Tree::new(&[("a.mp3", ""), ("l.m3u", "#PLAYLIST:Mix\n#EXTINF:3,T\na.mp3")]);
    let found = tree.resolve("l.m3u");
    assert_eq!((found.title.as_deref(), found.entries[0].album.as_deref()), (Some("Mix"), None));
    assert_eq!((found.entries[0].title.as_deref(), found.entries[0].duration_ms), (Some("T"), Some(3000)));
}

#[test]
fn lists_in_lists_are_followed_three_deep_and_loops_are_cut() {
    let tree = Tree::new(&[
        ("1.m3u", "a.mp3\n2.pls\nb.mp3"),
        ("2.pls", "[playlist]\nFile1=a.mp3\nFile2=1.m3u\nFile3=2.pls\nFile4=sub/3.m3u8"),
        ("sub/3.m3u8", "../b.mp3\n../4.m3u\n../1.m3u"),
        ("4.m3u", "a.mp3"),
        ("a.mp3", ""),
        ("b.mp3", ""),
    ]);
    let (found, reads) = tree.counted("1.m3u");
    assert_eq!(tree.tracks(&found), ["a.mp3", "a.mp3", "b.mp3", "b.mp3"]);
    assert_eq!((found.missing, reads), (1, 3));
    assert_eq!(found.first_missing, ["4.m3u"]);
}

#[test]
fn a_list_of_lists_reads_a_bounded_number_of_them() {
    let tree = Tree::new(&[("empty.m3u", "#")]);
    tree.file("l.m3u", &"empty.m3u\n".repeat(1000));
    let (found, reads) = tree.counted("l.m3u");
    assert_eq!((found.missing, reads), (1000 - 255, 256));
}

#[test]
fn what_is_missing_is_counted_and_named_not_an_error() {
    let tree = Tree::new(&[("a.mp3", ""), ("cover.jpg", ""), ("folder.mp3/x", "")]);
    tree.file(
        "l.m3u",
        "a.mp3\nx/gone\u{202e}1.mp3\ncover.jpg\nfolder.mp3\nhttp://x/\n4.mp3\n5.mp3\n6.mp3\na.mp3",
    );
    let found = tree.resolve("l.m3u");
    assert_eq!((found.entries.len(), found.missing, found.skipped), (2, 6, 1));
    assert_eq!(found.first_missing, ["gone1.mp3", "cover.jpg", "folder.mp3", "4.mp3", "5.mp3"]);
    assert_eq!(found.first_missing.len(), MAX_NAMED);
    let medium = MediumRoot::open(&tree.root()).unwrap();
    let gone = resolve_playlist_with(&mut |path| tree.read(path), &medium, Path::new("gone.m3u"));
    assert_eq!(gone, Err(LibraryError::Missing));
}

#[test]
fn ten_thousand_entries_take_less_than_a_second() {
    let tree = Tree::new(&[("Lists/x.mp3", "")]);
    for album in 0..500 {
        fs::create_dir_all(tree.root().join(format!("Music/Ärtist {album}"))).unwrap();
        for track in 0..20 {
            fs::write(tree.root().join(format!("Music/Ärtist {album}/Träck {track}.mp3")), "").unwrap();
        }
    }
    let list: String =
        (0..10_001).map(|n| format!("D:\\mUSIC\\ÄRTIST {}\\TRÄCK {}.MP3\n", n % 500, n / 500 % 20)).collect();
    tree.file("Lists/l.m3u8", &list);
    let begun = std::time::Instant::now();
    let found = tree.resolve("Lists/l.m3u8");
    let took = begun.elapsed();
    assert_eq!((found.entries.len(), found.missing, found.truncated), (10_000, 0, true));
    assert!(took.as_millis() < 1000, "{took:?}");
}

#[test]
fn entries_of_nested_lists_count_together() {
    let tree = Tree::new(&[("a.mp3", ""), ("l.m3u", "a.m3u\nb.m3u\na.mp3")]);
    tree.file("a.m3u", &"a.mp3\n".repeat(6000));
    tree.file("b.m3u", &"a.mp3\n".repeat(6000));
    let found = tree.resolve("l.m3u");
    assert_eq!((found.entries.len(), found.truncated), (10_000, true));
}

#[test]
fn deep_paths_are_found_whole_or_by_their_ends() {
    let deep = (0..40).map(|n| format!("d{n}")).collect::<Vec<_>>().join("/");
    let tree = Tree::new(&[("Lists/x.mp3", ""), ("top.mp3", ""), ("d0/half.mp3", "")]);
    tree.file(&format!("{deep}/a.mp3"), "");
    assert_eq!(tree.line(&format!("/{deep}/a.mp3")), Some(format!("{deep}/a.mp3")));
    assert_eq!(tree.line(&format!("/{deep}/top.mp3")).as_deref(), Some("top.mp3"));
    // Ends longer than 32 names, but for the whole path, are not tried.
    let far = (0..MAX_SUFFIXES).map(|_| "y").collect::<Vec<_>>().join("/");
    assert_eq!(tree.line(&format!("/x/{far}/../top.mp3")).as_deref(), Some("top.mp3"));
    tree.file(&format!("{far}/far.mp3"), "");
    assert_eq!(tree.line(&format!("/{far}/far.mp3")), Some(format!("{far}/far.mp3")));
    assert_eq!(tree.line(&format!("/x/{far}/far.mp3")), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_location_leads_out(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "..", ".", "/", "\\", "a", "A", "secret.mp3", "C:", "file://", "%2e%2e", "%2f", "link", "../", "\u{e9}",
            ]),
            1..12,
        ),
    ) {
        let tree = Tree::new(&[("a/a/secret.mp3", ""), ("a/x.m3u", "")]);
        fs::write(tree.0.path().join("secret.mp3"), "").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("../..", tree.root().join("a/link")).unwrap();
        tree.file("a/l.m3u", &pieces.concat());
        let found = tree.resolve("a/l.m3u");
        for entry in &found.entries {
            let real = entry.track.path.canonicalize().unwrap();
            prop_assert!(real.starts_with(tree.root().canonicalize().unwrap()), "{:?}", entry.track.path);
        }
    }
}
