//! A hundred thousand tracks: every page of every list, and every search, complete and in time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "common/synthetic.rs"]
mod synthetic;

use std::collections::HashSet;
use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use library::{
    Anchor, Index, IndexReader, Item, MAX_PAGE, MediumKey, Page, PageKey, PageRequest, PageRow, View,
};
use synthetic::{Random, fill};

/// Generous: the machine that runs the tests may be busy. The true figures are in the decision records.
const TOO_SLOW: Duration = Duration::from_millis(50);

struct Library {
    _folder: tempfile::TempDir,
    path: std::path::PathBuf,
    big: MediumKey,
    small: MediumKey,
    away: MediumKey,
}

fn library() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("library.db");
        let (mut index, _) = Index::open(&path).unwrap();
        let big = fill(&mut index, "big", 1, 97_000);
        let small = fill(&mut index, "small", 1, 2_000);
        let away = fill(&mut index, "away", 3, 1_000);
        let reader = IndexReader::open(&path).unwrap();
        for medium in [big, small] {
            let tracks = reader.tracks_of(&View::Tracks, &[medium], 40).unwrap();
            for (n, track) in tracks.iter().enumerate() {
                for _ in 0..n % 4 {
                    assert!(index.note_played(medium, &track.relative, n as i64).unwrap());
                }
            }
        }
        Library { _folder: folder, path, big, small, away }
    })
}

fn reader() -> IndexReader {
    IndexReader::open(&library().path).unwrap()
}

fn page(reader: &IndexReader, view: &View, media: &[MediumKey], anchor: Anchor, limit: usize) -> Page {
    reader.page(&PageRequest { view: view.clone(), media: media.to_vec(), anchor, limit }).unwrap()
}

/// The whole list by pages, forwards or backwards.
fn walk(reader: &IndexReader, view: &View, media: &[MediumKey], limit: usize, back: bool) -> Vec<PageRow> {
    let mut rows: Vec<PageRow> = Vec::new();
    let mut anchor = if back { Anchor::End } else { Anchor::Start };
    loop {
        let page = page(reader, view, media, anchor, limit);
        let first = rows.is_empty();
        assert!(page.rows.len() <= limit);
        if back {
            assert_eq!(page.at_end, first || page.rows.is_empty(), "{view:?}");
            rows.splice(0..0, page.rows);
        } else {
            assert_eq!(page.at_start, first || page.rows.is_empty(), "{view:?}");
            rows.extend(page.rows);
        }
        if if back { page.at_start } else { page.at_end } {
            return rows;
        }
        let edge = if back { rows.first() } else { rows.last() };
        let key = PageKey::from_bytes(edge.unwrap().key.as_bytes());
        anchor = if back { Anchor::Before(key) } else { Anchor::After(key) };
    }
}

/// Some keys to look into, of every kind.
fn views(reader: &IndexReader, media: &[MediumKey]) -> Vec<View> {
    let mut views = vec![
        View::Artists,
        View::Albums,
        View::Tracks,
        View::Genres,
        View::Composers,
        View::Years,
        View::RecentlyAdded,
        View::MostPlayed,
        View::RecentlyPlayed,
        View::YearAlbums(1999),
        View::YearTracks(1999),
    ];
    for medium in media {
        views.push(View::Folder(*medium, Path::new("").into()));
    }
    let middle = |view: View| {
        let rows = page(reader, &view, media, Anchor::Letter('s'), 3).rows;
        rows.into_iter().map(|row| row.item).collect::<Vec<_>>()
    };
    for item in [View::Artists, View::Albums, View::Genres, View::Composers].into_iter().flat_map(middle) {
        match item {
            Item::Artist { key, .. } => views.extend([View::ArtistAlbums(key), View::ArtistTracks(key)]),
            Item::Album { key, .. } => views.push(View::AlbumTracks(key)),
            Item::Genre { key, .. } => views.extend([View::GenreAlbums(key), View::GenreTracks(key)]),
            Item::Composer { key, .. } => {
                views.extend([View::ComposerAlbums(key), View::ComposerTracks(key)])
            }
            _ => {}
        }
    }
    let search = reader.search("various artists", media, 1).unwrap();
    let Some(Item::Artist { key, .. }) = search.artists.first() else { panic!("no various artists") };
    views.extend([View::ArtistAlbums(*key), View::ArtistTracks(*key)]);
    let folders = page(reader, &View::Folder(media[0], Path::new("").into()), media, Anchor::Start, 3).rows;
    for row in folders {
        if let Item::Folder { medium, relative, .. } = row.item {
            views.push(View::Folder(medium, relative));
        }
    }
    views
}

#[test]
fn every_list_is_the_same_forwards_and_backwards_and_as_long_as_its_count() {
    let (library, reader) = (library(), reader());
    for media in [vec![library.small], vec![library.big, library.small]] {
        for view in views(&reader, &media) {
            let forwards = walk(&reader, &view, &media, MAX_PAGE, false);
            let limit = if forwards.len() > 3000 { 251 } else { 7 };
            let backwards = walk(&reader, &view, &media, limit, true);
            assert_eq!(forwards.len(), backwards.len(), "{view:?}");
            assert_eq!(forwards, backwards, "{view:?}");
            assert_eq!(forwards.len() as u64, reader.count(&view, &media).unwrap(), "{view:?}");
            let keys: HashSet<&[u8]> = forwards.iter().map(|row| row.key.as_bytes()).collect();
            assert_eq!(keys.len(), forwards.len(), "{view:?}: a key twice");
            if let [_] = media[..] {
                for place in [0, forwards.len() / 3, forwards.len().saturating_sub(1)] {
                    let Some(row) = forwards.get(place) else { continue };
                    assert_eq!(reader.rank(&view, &media, &row.key).unwrap(), place as u64, "{view:?}");
                }
            }
            for row in forwards {
                if let Item::Track { medium, .. } | Item::Album { medium, .. } = row.item {
                    assert!(media.contains(&medium), "{view:?} shows a medium that is away");
                }
            }
        }
    }
}

#[test]
fn names_on_several_media_are_one_row_with_both_counts() {
    let (library, reader) = (library(), reader());
    let tracks_of = |media: &[MediumKey]| {
        let rows = walk(&reader, &View::Genres, media, 100, false);
        rows.into_iter()
            .find_map(|row| match row.item {
                Item::Genre { key, name, tracks, .. } if name == "Rock" => Some((key, tracks)),
                _ => None,
            })
            .unwrap()
    };
    let (key, both) = tracks_of(&[library.big, library.small]);
    assert_eq!(both, tracks_of(&[library.big]).1 + tracks_of(&[library.small]).1);
    assert_eq!(reader.count(&View::GenreTracks(key), &[library.big, library.small]).unwrap(), both);
    // The key is that of one medium's row, and still names the genre when that medium is away.
    assert_eq!(
        reader.count(&View::GenreTracks(key), &[library.small]).unwrap(),
        tracks_of(&[library.small]).1
    );
}

#[test]
fn media_that_are_away_show_nowhere() {
    let (library, reader) = (library(), reader());
    for view in [View::Artists, View::Tracks, View::Folder(library.away, "".into())] {
        assert_eq!(
            page(&reader, &view, &[], Anchor::Start, 10),
            Page { rows: vec![], at_start: true, at_end: true }
        );
        assert_eq!(reader.count(&view, &[]).unwrap(), 0);
    }
    let away = page(&reader, &View::Albums, &[library.away], Anchor::Start, 1).rows;
    let Item::Album { key, .. } = away[0].item else { panic!("an album") };
    assert!(page(&reader, &View::AlbumTracks(key), &[library.big], Anchor::Start, 10).rows.is_empty());
    assert_eq!(reader.search("love", &[], 50).unwrap(), library::SearchResult::default());
    for item in reader.search("love", &[library.small], 50).unwrap().tracks {
        let Item::Track { medium, .. } = item else { panic!("a track") };
        assert_eq!(medium, library.small);
    }
}

#[test]
fn pages_stand_in_order_and_letters_jump() {
    let (library, reader) = (library(), reader());
    let media = [library.big];
    let years: Vec<u16> = walk(&reader, &View::Years, &media, 10, false)
        .into_iter()
        .map(|row| if let Item::Year { year, .. } = row.item { year } else { panic!("a year") })
        .collect();
    assert!(years.windows(2).all(|pair| pair[0] > pair[1]), "the latest first");
    let page = page(&reader, &View::Artists, &media, Anchor::Letter('m'), 5);
    assert!(!page.at_start && !page.at_end && page.rows.len() == 5);
    for row in &page.rows {
        let Item::Artist { name, .. } = &row.item else { panic!("an artist") };
        assert!(name.trim_start_matches("The ").to_lowercase().starts_with(['m', 'n', 'o']), "{name}");
    }
    let PageRow { key, .. } = &page.rows[0];
    let before = self::page(&reader, &View::Artists, &media, Anchor::Before(key.clone()), 1);
    let Item::Artist { name, .. } = &before.rows[0].item else { panic!("an artist") };
    assert!(name.trim_start_matches("The ").to_lowercase().as_str() < "m", "{name}");
}

#[test]
fn keys_of_other_lists_and_foreign_bytes_are_refused() {
    let (library, reader) = (library(), reader());
    let media = vec![library.small];
    for bytes in [&b""[..], b"\x00\x01", b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x07", b"\xff"] {
        let anchor = Anchor::After(PageKey::from_bytes(bytes));
        let request = PageRequest { view: View::Tracks, media: media.clone(), anchor, limit: 5 };
        // A part that does not exist is beyond the end; everything else is no place.
        match reader.page(&request) {
            Ok(page) => assert!(page.rows.is_empty(), "{bytes:?}"),
            Err(error) => assert!(matches!(error, library::IndexError::Question(_)), "{error}"),
        }
    }
    let one = page(&reader, &View::Tracks, &media, Anchor::Start, 0);
    assert_eq!(one.rows.len(), 1, "a page has at least one row");
    let most = page(&reader, &View::Tracks, &media, Anchor::Start, 100_000);
    assert_eq!(most.rows.len(), MAX_PAGE);
}

#[test]
fn a_list_becomes_a_queue() {
    let (library, reader) = (library(), reader());
    let media = [library.small];
    let all = reader.tracks_of(&View::Albums, &media, usize::MAX).unwrap();
    assert_eq!(all.len() as u64, reader.count(&View::Tracks, &media).unwrap());
    let folders = reader.tracks_of(&View::Folder(library.small, "".into()), &media, usize::MAX).unwrap();
    assert_eq!(folders.iter().collect::<HashSet<_>>(), all.iter().collect::<HashSet<_>>());
    assert_eq!(
        reader.tracks_of(&View::Artists, &[library.big], usize::MAX).unwrap().len(),
        library::MAX_TRACKS_OF
    );
    assert_eq!(reader.tracks_of(&View::Tracks, &media, 3).unwrap().len(), 3);
    let info = reader.info(library.small, &all[0].relative).unwrap().unwrap();
    assert!(info.duration_s.is_some() && !info.format.is_empty());
    assert_eq!(reader.info(library.small, Path::new("no/such.flac")).unwrap(), None);
}

#[test]
fn searches_find_words_anywhere_and_the_best_first() {
    let (library, reader) = (library(), reader());
    let media = [library.big, library.small];
    let titles = |text: &str| -> Vec<String> {
        let found = reader.search(text, &media, 50).unwrap();
        found
            .tracks
            .into_iter()
            .map(|item| if let Item::Track { title, .. } = item { title } else { panic!() })
            .collect()
    };
    let fold = |text: &str| text.to_lowercase();
    let love = titles("LOVE");
    assert_eq!(love.len(), 50);
    assert_eq!(fold(&love[0]), "love");
    assert!(love.iter().all(|title| fold(title).starts_with("love")));
    assert_eq!(fold(&titles("ecLÁir")[0]), "éclair");
    assert!(titles("語").iter().any(|title| title.contains("日本語")));
    assert!(titles("orizo").iter().any(|title| fold(title).contains("horizon")), "inside a word");
    assert!(titles("qqqzzz").is_empty());
    // Words of several fields together: a track's title with its artist and its genre.
    let track = page(&reader, &View::Tracks, &media, Anchor::Letter('v'), 1).rows.remove(0);
    let Item::Track { key, title, artist, album, .. } = track.item else { panic!("a track") };
    let found = reader.search(&format!("{artist} {album} {title}"), &media, 50).unwrap();
    assert!(found.tracks.iter().any(|item| matches!(item, Item::Track { key: found, .. } if *found == key)));
    let found = reader.search(&format!("{album} {artist}"), &media, 50).unwrap();
    assert!(found.albums.iter().any(|item| matches!(item, Item::Album { title, .. } if *title == album)));
    let found = reader.search(&artist, &media, 50).unwrap();
    assert!(
        matches!(&found.artists[0], Item::Artist { name, .. } if fold(name) == fold(&artist)),
        "{found:?}"
    );
    // At most so many of each.
    let few = reader.search("a", &media, 3).unwrap();
    assert_eq!((few.artists.len(), few.albums.len(), few.tracks.len()), (3, 3, 3));
    assert!(reader.search("the", &media, usize::MAX).unwrap().tracks.len() <= 100);
}

#[test]
fn any_text_is_searched_without_an_error_and_in_time() {
    let (library, reader) = (library(), reader());
    let media = [library.big, library.small];
    let long = "love ".repeat(2000);
    let texts = [
        "a",
        "the",
        "e r s",
        "love",
        "night",
        "qxqxqx",
        "東京",
        "語",
        "🎸",
        "\"",
        "a\" OR \"b",
        "NEAR(love night)",
        "title:love",
        "*",
        "a\0b",
        "",
        "   ",
        "the the the",
        "o'n",
        "!!!",
        "-love",
        "love AND night",
        "stranger velvet",
        "mother thunder zephyr",
        "i n t h e n i g h t",
        &long,
    ];
    for text in texts {
        // The best of some: the others may have been interrupted by another program.
        let time = (0..5)
            .map(|_| {
                let start = Instant::now();
                reader.search(text, &media, 50).unwrap();
                start.elapsed()
            })
            .min()
            .unwrap();
        println!("{:>8.2} ms  {:?}", time.as_secs_f64() * 1000.0, text.chars().take(30).collect::<String>());
        assert!(time < TOO_SLOW, "{text:.30}: {time:?}");
    }
}

#[test]
fn pages_come_in_time() {
    let (library, reader) = (library(), reader());
    let media = [library.big, library.small];
    let mut random = Random::new(9);
    for view in views(&reader, &media) {
        let mut times = Vec::new();
        for _ in 0..20 {
            let letter = char::from(b'a' + random.below(26) as u8);
            let at = page(&reader, &view, &media, Anchor::Letter(letter), 1).rows;
            let anchor = at.into_iter().next().map_or(Anchor::End, |row| {
                if random.below(2) == 0 { Anchor::After(row.key) } else { Anchor::Before(row.key) }
            });
            let start = Instant::now();
            page(&reader, &view, &media, anchor, MAX_PAGE);
            reader.count(&view, &media).unwrap();
            times.push(start.elapsed());
        }
        times.sort();
        println!("{:>8.2} ms median  {view:?}", times[10].as_secs_f64() * 1000.0);
        assert!(times[10] < TOO_SLOW, "{view:?}: {times:?}");
    }
}
