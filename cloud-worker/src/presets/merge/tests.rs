//! Tests of the merge: nothing that anybody made is lost, and what comes twice counts once.

use super::*;

const A: &str = "AAAAAAAAAAAAAAAAAAAAAA";

fn sound(name: &str) -> SoundPreset {
    SoundPreset { name: name.to_owned(), ..SoundPreset::flat() }
}

fn change(base: u64, preset: Option<&str>) -> PresetChange {
    PresetChange { id: A.to_owned(), base, preset: preset.map(sound) }
}

fn name(shelf: &Shelf, id: &str) -> Option<String> {
    let sound = shelf.row(id)?.sound.as_ref()?;
    Some(serde_json::from_str::<SoundPreset>(sound).unwrap().name)
}

/// A shelf on which `A` has been made and then changed to `names`, each of them a version.
fn shelf(names: &[&str]) -> Shelf {
    let mut shelf = Shelf::of(0);
    for (base, name) in (0..).zip(names) {
        assert_eq!(merge(&mut shelf, &[change(base, Some(name))]), []);
    }
    shelf
}

fn state(shelf: &Shelf) -> (Option<String>, u64, u64) {
    (name(shelf, A), shelf.row(A).map_or(0, |row| row.version), shelf.revision())
}

#[test]
fn a_change_of_the_last_version_takes_its_place() {
    let shelf = shelf(&["one", "two"]);
    assert_eq!(state(&shelf), (Some("two".into()), 2, 9));
}

#[test]
fn two_changes_of_one_version_are_both_kept() {
    let mut shelf = shelf(&["one", "theirs"]);
    let mine = change(1, Some("mine"));
    assert_eq!(merge(&mut shelf, std::slice::from_ref(&mine)), []);
    assert_eq!(state(&shelf), (Some("theirs".into()), 2, 10));
    assert_eq!(name(&shelf, &mark(&mine)).as_deref(), Some("mine (2)"));
}

#[test]
fn a_change_that_comes_again_changes_nothing() {
    let mine = change(1, Some("mine"));
    let mut shelf = shelf(&["one", "theirs"]);
    merge(&mut shelf, std::slice::from_ref(&mine));
    let before = shelf.revision();
    merge(&mut shelf, std::slice::from_ref(&mine));
    assert_eq!(shelf.revision(), before, "the copy is known");

    // Not even when the preset has been changed since by somebody who saw the change.
    let mut shelf = self::shelf(&["one"]);
    merge(&mut shelf, std::slice::from_ref(&mine));
    merge(&mut shelf, &[change(2, Some("later"))]);
    let before = shelf.revision();
    merge(&mut shelf, &[mine]);
    assert_eq!((state(&shelf).0.as_deref(), shelf.revision()), (Some("later"), before));
}

#[test]
fn a_copy_that_was_deleted_does_not_come_back() {
    let mine = change(1, Some("mine"));
    let mut shelf = shelf(&["one", "theirs"]);
    merge(&mut shelf, std::slice::from_ref(&mine));
    let copy = PresetChange { id: mark(&mine), base: 1, preset: None };
    merge(&mut shelf, &[copy]);
    let before = shelf.revision();
    merge(&mut shelf, std::slice::from_ref(&mine));
    assert_eq!((name(&shelf, &mark(&mine)), shelf.revision()), (None, before));
}

#[test]
fn a_change_wins_over_a_deletion_whichever_comes_first() {
    let mut shelf = shelf(&["one", "two"]);
    merge(&mut shelf, &[change(1, None)]);
    assert_eq!(state(&shelf), (Some("two".into()), 2, 9), "the deletion comes late");

    let mut shelf = self::shelf(&["one"]);
    merge(&mut shelf, &[change(1, None)]);
    assert_eq!(state(&shelf), (None, 2, 9));
    merge(&mut shelf, &[change(1, Some("two"))]);
    assert_eq!(state(&shelf), (Some("two".into()), 3, 10), "the change comes late");
    // The deletion comes again.
    merge(&mut shelf, &[change(1, None)]);
    assert_eq!(state(&shelf), (Some("two".into()), 3, 10));
}

#[test]
fn a_deletion_of_what_never_was_is_taken() {
    let mut shelf = Shelf::of(0);
    assert_eq!(merge(&mut shelf, &[change(3, None)]), []);
    assert!(!shelf.is_changed());
}

#[test]
fn versions_rise_for_units_that_know_more_than_we() {
    // A preset of another account, or a database that was put back.
    let mut shelf = Shelf::of(0);
    merge(&mut shelf, &[change(9, Some("one"))]);
    assert_eq!(state(&shelf).1, 10);
    merge(&mut shelf, &[change(20, Some("two"))]);
    assert_eq!(state(&shelf), (Some("two".into()), 21, 9));
}

#[test]
fn what_cannot_be_kept_is_said_and_keeps_nothing_else_back() {
    let mut shelf = Shelf::of(9);
    let other = |letter: &str, preset| PresetChange { id: letter.repeat(22), base: 0, preset: Some(preset) };
    let mut loud = sound("loud");
    loud.preamp = protocol::Decibels(3.0);
    let changes = [
        other("!", sound("number")),
        other("b", loud),
        other("c", sound("fits")),
        other("d", sound("too much")),
        PresetChange { base: MOST_REVISION + 1, ..other("e", sound("far")) },
    ];
    let kept_back: Vec<_> = merge(&mut shelf, &changes).into_iter().map(|kept| kept.id).collect();
    assert_eq!(kept_back, ["!".repeat(22), "b".repeat(22), "d".repeat(22), "e".repeat(22)]);
    assert_eq!(name(&shelf, &"c".repeat(22)).as_deref(), Some("fits"));
}

#[test]
fn a_copys_name_keeps_to_its_length() {
    let mut shelf = shelf(&["one", "theirs"]);
    let mine = change(1, Some(&"é".repeat(40)));
    merge(&mut shelf, std::slice::from_ref(&mine));
    let name = name(&shelf, &mark(&mine)).unwrap();
    assert_eq!((name.chars().count(), name.ends_with(" (2)")), (40, true));
}

#[test]
fn the_last_marks_are_remembered() {
    let names: Vec<String> = (0..12).map(|number| number.to_string()).collect();
    let shelf = shelf(&names.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(marks(shelf.row(A).unwrap()).len(), MARKS);
}
