//! Favourites and play counts.
use super::*;

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
fn plays_are_bounded() {
    let mut collection = empty();
    collection.note_played(&[PlayedTrack { track: track("oldest"), unix_s: -1 }]).unwrap();
    forge(
        &collection,
        "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
         INSERT INTO place SELECT i, 1, CAST('p' || i AS BLOB), -1, -1, '', '', -1 FROM (SELECT i FROM n);
         INSERT INTO play SELECT id, 1, 0 FROM place WHERE id > 1",
    );
    collection.note_played(&[PlayedTrack { track: track("newest"), unix_s: 1 }]).unwrap();
    assert_eq!((count(&collection, "play"), count(&collection, "place")), (MAX_PLAYED, MAX_PLAYED));
    assert_eq!(collection.plays(&[track("oldest"), track("newest")]).unwrap()[0].count, 0);
}

#[test]
fn plays_of_a_medium_are_those_of_its_files() {
    let mut collection = empty();
    let on = |medium: &str, name: &str, unix_s| {
        let medium = MediumId::new(medium).unwrap();
        PlayedTrack { track: CollectionTrack { medium, ..track(name) }, unix_s }
    };
    collection
        .note_played(&[on("one", "a", 10), on("one", "a", 30), on("two", "a", 40), on("one", "b", 20)])
        .unwrap();
    let mut part = on("one", "a", 25);
    part.track.slice = Some(Slice { start: CueFrames(75), end: None });
    collection.note_played(&[part]).unwrap();
    let mut played = collection.played_on(&MediumId::new("one").unwrap()).unwrap();
    played.sort_by_key(|(path, _)| path.clone());
    let relative = |name: &str| track(name).relative;
    let count = |count, last_s| PlayCount { count, last_s: Some(last_s) };
    assert_eq!(played, [(relative("a"), count(3, 30)), (relative("b"), count(1, 20))]);
    assert_eq!(collection.played_on(&MediumId::new("three").unwrap()).unwrap(), []);
}

#[test]
fn plays_are_counted_and_the_oldest_forgotten() {
    let mut collection = empty();
    let at = |name: &str, unix_s| PlayedTrack { track: track(name), unix_s };
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
