//! Playlists: order, pages, bounds.
use proptest::prelude::*;

use super::*;

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
fn texts_are_one_bounded_line() {
    let mut collection = empty();
    let id = collection.create_playlist(&"n".repeat(200)).unwrap();
    let long = CollectionTrack { title: "t".repeat(300), artist: "a\nb".to_owned(), ..track("x") };
    collection.append(id, &[long]).unwrap();
    let kept = collection.tracks(id).unwrap().remove(0);
    assert_eq!((kept.title.chars().count(), kept.artist.as_str()), (255, "a b"));
    assert_eq!(collection.playlist(id).unwrap().unwrap().name.chars().count(), 100);
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
fn known_texts_replace_and_unknown_ones_do_not() {
    let mut collection = empty();
    let id = collection.create_playlist("L").unwrap();
    collection.append(id, &[track("old")]).unwrap();
    let unknown = CollectionTrack::at(stick(), track("old").relative, None);
    collection.append(id, &[unknown]).unwrap();
    assert_eq!(collection.tracks(id).unwrap(), [track("old"), track("old")]);
    let known = CollectionTrack { title: "New\nname".to_owned(), duration_ms: Some(9), ..track("old") };
    collection.set_favourite(&known, true, 0).unwrap();
    let kept = CollectionTrack { title: "New name".to_owned(), ..known };
    assert_eq!(collection.tracks(id).unwrap(), [kept.clone(), kept]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
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
