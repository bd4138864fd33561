//! Tests of the owner's sounds.

use super::tests::{S, command, state};
use super::*;
use crate::store::{PresetRow, SavedPresets};
use protocol::{Command, Decibels, SoundPreset};

fn save(state: &mut State, name: &str) -> Option<PresetRow> {
    row_of(&command(state, Command::SavePreset { name: name.into() }))
}

fn row_of(effects: &[Effect]) -> Option<PresetRow> {
    effects.iter().find_map(|effect| match effect {
        Effect::Save(Save::Preset { row, .. }) => Some(row.clone()),
        _ => None,
    })
}

fn message(state: &State) -> &str {
    state.message.as_ref().map_or("", |message| &message.text)
}

fn turn_band(state: &mut State, gain: f32) {
    let mut band = state.sound.preset.bands[0];
    band.gain = Decibels(gain);
    command(state, Command::SetBand { index: 0, band });
}

#[test]
fn a_sound_is_stored_chosen_replaced_and_told_when_it_is_on_the_disk() {
    let mut state = state();
    turn_band(&mut state, 6.0);
    assert!(state.sound.edited);
    let row = save(&mut state, "  My \n road  ").unwrap();
    assert_eq!((row.preset.name.as_str(), row.id, row.version), ("My road", 1, 1));
    assert_eq!((state.sound.preset.name.as_str(), state.sound.edited), ("My road", false));
    assert_eq!(message(&state), "", "it is not on the disk yet");
    state.presets_stored(S, vec!["The sound is stored as “My road”".into()]);
    assert_eq!(message(&state), "The sound is stored as “My road”");
    command(&mut state, Command::SelectPreset { name: "Rock".into() });
    let revision = state.presets.revision();
    command(&mut state, Command::SelectPreset { name: "MY ROAD".into() });
    assert_eq!(state.sound.preset.bands[0].gain, Decibels(6.0));
    turn_band(&mut state, -3.0);
    let row = save(&mut state, "my road").unwrap();
    assert_eq!((row.id, row.version, row.preset.bands[0].gain), (1, 2, Decibels(-3.0)));
    assert_eq!((state.presets.len(), state.presets.revision()), (1, revision + 1));
}

#[test]
fn names_of_factory_sounds_and_no_names_are_refused() {
    let mut state = state();
    for (name, why) in [
        ("rock", "“Rock” came with the unit: choose another name"),
        (" \u{7} ", "A sound needs a name"),
        ("", "A sound needs a name"),
    ] {
        assert_eq!(save(&mut state, name), None);
        assert_eq!(message(&state), why);
    }
    let row = save(&mut state, &"ü".repeat(300)).unwrap();
    assert_eq!(row.preset.name.chars().count(), 40);
}

#[test]
fn a_unit_keeps_so_many_sounds_and_no_more() {
    let mut state = state();
    for n in 0..OWN_PRESETS {
        assert!(save(&mut state, &format!("Sound {n}")).is_some());
    }
    assert_eq!(save(&mut state, "One more"), None);
    assert!(message(&state).contains("room for 100"), "{}", message(&state));
    assert!(save(&mut state, "sound 7").is_some(), "one of the same name is replaced");
    command(&mut state, Command::DeletePreset { name: "Sound 3".into() });
    assert_eq!(save(&mut state, "One more").map(|row| row.id), Some(101), "numbers are never used again");
}

#[test]
fn deleting_leaves_what_is_heard_and_renaming_takes_it_along() {
    let mut state = state();
    turn_band(&mut state, 6.0);
    save(&mut state, "Warm");
    let renamed = command(&mut state, Command::RenamePreset { from: "warm".into(), to: "Warmer".into() });
    assert_eq!(row_of(&renamed).map(|row| (row.id, row.version)), Some((1, 2)));
    assert_eq!((state.sound.preset.name.as_str(), state.presets.len()), ("Warmer", 1));
    save(&mut state, "Other");
    for (from, to, why) in [
        ("Warmer", "OTHER", "There is a sound called “OTHER” already"),
        ("Warmer", "Jazz", "“Jazz” came with the unit: choose another name"),
        ("Jazz", "Mine", "“Jazz” came with the unit and stays"),
        ("Nothing", "Mine", "There is no sound of your own called “Nothing”"),
    ] {
        let (from, to) = (from.to_owned(), to.to_owned());
        assert_eq!(row_of(&command(&mut state, Command::RenamePreset { from, to })), None);
        assert_eq!(message(&state), why);
    }
    let effects = command(&mut state, Command::RenamePreset { from: "other".into(), to: "OTHER".into() });
    assert!(row_of(&effects).is_some(), "the same sound may be written otherwise");
    let gone = row_of(&command(&mut state, Command::DeletePreset { name: "OTHER".into() })).unwrap();
    assert!(gone.deleted && gone.version == 3);
    assert_eq!(
        (state.sound.preset.name.as_str(), state.sound.preset.bands[0].gain),
        ("OTHER", Decibels(6.0))
    );
    assert_eq!(row_of(&command(&mut state, Command::DeletePreset { name: "Flat".into() })), None);
    assert_eq!(message(&state), "“Flat” came with the unit and stays");
}

#[test]
fn stored_sounds_come_back_and_damage_is_told() {
    let mut state = state();
    let preset = SoundPreset { name: "Mine".into(), ..SoundPreset::flat() };
    let (uuid, base, dirty) = ("7".repeat(22), 2, false);
    let row = PresetRow { id: 7, uuid, base, dirty, version: 3, changed: 12, deleted: false, preset };
    let presets =
        SavedPresets { rows: vec![row], last_id: 9, last_change: 15, damaged: 1, ..SavedPresets::default() };
    state.restore(S, crate::store::Saved { presets, ..Default::default() });
    assert_eq!(message(&state), "One of your stored sounds is damaged and was set aside");
    assert_eq!((state.presets.revision(), state.presets.free_name()), (15, "My sound 1".into()));
    let row = save(&mut state, "My sound 1").unwrap();
    assert_eq!((row.id, row.changed), (10, 16));
    assert_eq!(state.presets.free_name(), "My sound 2");
}

#[test]
fn remotes_are_told_of_own_sounds_first() {
    use crate::asking::{Route, route};
    let mut state = state();
    save(&mut state, "Mine");
    let Route::Answered(Ok(protocol::remote::Answer::Presets(all))) =
        route(&state, protocol::remote::Question::Presets)
    else {
        panic!("the sounds");
    };
    assert_eq!((all[0].own, all[0].preset.name.as_str(), all[1].own), (true, "Mine", false));
    assert_eq!(all.len(), 1 + crate::sound::factory_presets().len());
}
