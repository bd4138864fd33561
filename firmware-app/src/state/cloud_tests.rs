//! Tests of the account's part of the state: what is shown, what is counted, which sounds are offered.

use super::tests::{S, command};
use super::*;
use crate::cloud_desk::{
    CloudReport, CloudRequest, LinkState, PairCode, Pairing, Person, PresetOffer, UsageLine,
};
use crate::store::PresetRow;
use protocol::cloud::{KeptBack, PresetSynced, SyncedPreset, UsageKind};
use protocol::{Command, Decibels, SoundPreset};

fn owner() -> Person {
    Person { name: "Anna".into(), email: Some("anna@example.org".into()) }
}

/// Without media, which have things of their own to do.
fn state() -> State {
    State::new()
}

fn linked() -> State {
    let mut state = state();
    state.cloud_report(S, CloudReport::Server("cloud.example".into()));
    state.cloud_report(S, CloudReport::Owner(Some(owner())));
    state.take_effects();
    state
}

fn message(state: &State) -> &str {
    state.message.as_ref().map_or("", |message| &message.text)
}

fn save(state: &mut State, name: &str, gain: f32) -> Vec<Effect> {
    let mut band = state.sound.preset.bands[0];
    band.gain = Decibels(gain);
    command(state, Command::SetBand { index: 0, band });
    command(state, Command::SavePreset { name: name.into() })
}

fn preset(name: &str, gain: f32) -> SoundPreset {
    let mut preset = SoundPreset { name: name.into(), ..SoundPreset::flat() };
    preset.bands[0].gain = Decibels(gain);
    preset
}

fn news(id: &str, version: u64, preset: Option<SoundPreset>) -> SyncedPreset {
    SyncedPreset { id: id.into(), version, preset }
}

/// An exchange: what was offered, and what is stored because of the answer.
fn exchange(state: &mut State, answer: PresetSynced) -> (PresetOffer, Vec<PresetRow>) {
    let sent = state.preset_offer();
    let report = CloudReport::Synced { sent: sent.clone(), answer };
    state.cloud_report(S, report);
    let rows = state.take_effects().into_iter().filter_map(|effect| match effect {
        Effect::Save(Save::Preset { row, .. }) => Some(row),
        _ => None,
    });
    (sent, rows.collect())
}

fn taken(state: &mut State, revision: u64) -> PresetOffer {
    let sent = state.preset_offer();
    let presets = sent.changes.iter().map(|change| news(&change.id, change.base + 1, change.preset.clone()));
    let answer = PresetSynced { revision, presets: presets.collect(), ..PresetSynced::default() };
    exchange(state, answer).0
}

fn names(state: &State) -> Vec<&str> {
    state.presets.iter().map(|preset| preset.name.as_str()).collect()
}

#[test]
fn a_unit_that_is_set_up_for_no_cloud_says_so_and_asks_nobody() {
    let mut state = state();
    state.ask_cloud(S, CloudRequest::Pair);
    assert_eq!(state.take_effects(), []);
    assert_eq!(message(&state), "This unit is not set up for an account");
}

#[test]
fn the_code_runs_out_second_by_second_and_the_new_owner_is_told() {
    let mut state = state();
    state.cloud_report(S, CloudReport::Server("cloud.example".into()));
    state.ask_cloud(S, CloudRequest::Pair);
    assert_eq!(state.take_effects(), [Effect::Cloud(CloudRequest::Pair)]);
    assert_eq!(state.cloud.pairing, Pairing::Begins, "something is seen to happen at once");
    let code = PairCode {
        code: "BCDF-GHJK".into(),
        address: "https://cloud.example/pair".into(),
        url: "https://cloud.example/pair?code=BCDF-GHJK".into(),
        ends_at: 301 * S,
    };
    state.cloud_report(S, CloudReport::Pairing(Pairing::Code(code)));
    assert_eq!(state.pairing_left_s(), 300);
    let next = state.deadline().unwrap();
    assert!(next > S && next <= 2 * S, "{next:?}");
    assert_eq!(state.time_passed(2 * S + Duration::from_millis(1)), Changed::PAGE);
    assert_eq!(state.pairing_left_s(), 299);
    state.cloud_report(S, CloudReport::Owner(Some(owner())));
    assert_eq!(message(&state), "This unit now belongs to Anna");
    state.cloud_report(S, CloudReport::Pairing(Pairing::None));
    assert_eq!(state.pairing_left_s(), 0);
    state.cloud_report(S, CloudReport::Owner(None));
    assert_eq!(message(&state), "This unit is no longer linked to an account");
}

#[test]
fn at_the_start_an_owner_is_no_news() {
    let state = linked();
    assert_eq!(message(&state), "");
}

#[test]
fn how_long_the_link_is_away_is_shown_by_the_minute() {
    let mut state = linked();
    let offline = |why: &str| CloudReport::Link(LinkState::Offline { why: why.into() });
    state.cloud_report(10 * S, offline("no answer"));
    assert_eq!((state.cloud.link_minutes, state.deadline()), (0, Some(70 * S)));
    // Another try that fails does not begin it anew.
    state.cloud_report(40 * S, offline("it is busy"));
    assert_eq!(state.time_passed(70 * S), Changed::PAGE);
    assert_eq!((state.cloud.link_minutes, state.deadline()), (1, Some(130 * S)));
    state.cloud_report(80 * S, CloudReport::Link(LinkState::Online));
    assert_eq!((state.cloud.link_minutes, state.deadline()), (0, None), "a standing link wakes nobody");
}

#[test]
fn nothing_is_counted_unless_the_owner_wishes_it() {
    let mut state = linked();
    state.count_use(S, UsageKind::RemoteCommands);
    state.count_played(30.0);
    state.underruns_are(S, 7);
    assert!(state.deadline().is_none());
    state.cloud_report(S, CloudReport::Usage { wanted: true, pending: Vec::new() });
    for _ in 0..3 {
        state.count_use(S, UsageKind::RemoteCommands);
    }
    state.count_played(20.5);
    state.count_played(20.75);
    state.underruns_are(2 * S, 9);
    state.time_passed(60 * S);
    assert_eq!(state.take_effects(), [], "once a minute");
    state.time_passed(61 * S);
    let counts =
        vec![(UsageKind::PlayedSeconds, 41), (UsageKind::RemoteCommands, 3), (UsageKind::Underruns, 2)];
    assert_eq!(state.take_effects(), [Effect::Cloud(CloudRequest::Count(counts))]);
    state.underruns_are(62 * S, 1);
    state.count_played(0.75);
    state.time_passed(200 * S);
    let counts = vec![(UsageKind::PlayedSeconds, 1), (UsageKind::Underruns, 1)];
    assert_eq!(
        state.take_effects(),
        [Effect::Cloud(CloudRequest::Count(counts))],
        "a device that was started anew counts from zero, and no part of a second is lost"
    );
    state.count_use(201 * S, UsageKind::Starts);
    state.cloud_report(S, CloudReport::Usage { wanted: false, pending: Vec::new() });
    state.time_passed(999 * S);
    assert_eq!(state.take_effects(), [], "what was not told yet is forgotten");
}

#[test]
fn a_change_is_offered_until_it_was_taken() {
    let mut state = linked();
    let effects = save(&mut state, "Warm", 3.0);
    assert!(effects.contains(&Effect::Cloud(CloudRequest::PresetsChanged)));
    let offer = state.preset_offer();
    assert_eq!((offer.since, offer.changes.len(), offer.changes[0].base), (0, 1, 0));
    assert_eq!(offer.changes[0].preset, Some(preset("Warm", 3.0)));
    assert_eq!(state.preset_offer().changes[0].id, offer.changes[0].id, "always under the same number");
    taken(&mut state, 7);
    assert_eq!(state.preset_offer(), PresetOffer { since: 7, ..PresetOffer::default() });
    save(&mut state, "Warm", 4.0);
    assert_eq!(state.preset_offer().changes[0].base, 1, "it follows what the account has");
    command(&mut state, Command::DeletePreset { name: "Warm".into() });
    let gone = &state.preset_offer().changes[0];
    assert_eq!((gone.base, &gone.preset, &gone.id), (1, &None, &offer.changes[0].id));
    taken(&mut state, 8);
    assert_eq!(state.preset_offer().changes, []);
}

#[test]
fn what_is_changed_while_it_is_told_is_told_again() {
    let mut state = linked();
    save(&mut state, "Warm", 3.0);
    let sent = state.preset_offer();
    save(&mut state, "Warm", 5.0);
    let presets = vec![news(&sent.changes[0].id, 1, sent.changes[0].preset.clone())];
    let answer = PresetSynced { revision: 1, presets, ..PresetSynced::default() };
    state.cloud_report(S, CloudReport::Synced { sent, answer });
    let offer = state.preset_offer();
    assert_eq!((offer.changes.len(), offer.changes[0].base), (1, 1), "after what was taken");
    assert_eq!(offer.changes[0].preset, Some(preset("Warm", 5.0)));
}

#[test]
fn what_the_account_does_not_take_stays_and_is_offered_again() {
    let mut state = linked();
    save(&mut state, "Warm", 3.0);
    let id = state.preset_offer().changes[0].id.clone();
    let kept_back = vec![KeptBack { id, why: "the account is full".into() }];
    exchange(&mut state, PresetSynced { revision: 3, kept_back, ..PresetSynced::default() });
    assert_eq!(names(&state), ["Warm"]);
    let offer = state.preset_offer();
    assert_eq!((offer.since, offer.changes.len()), (3, 1));
}

#[test]
fn sounds_of_the_account_come_change_and_go_under_names_of_their_own() {
    let mut state = linked();
    save(&mut state, "Warm", 3.0);
    taken(&mut state, 1);
    let (a, b) = ("A".repeat(22), "B".repeat(22));
    let presets = vec![news(&a, 4, Some(preset("warm", 1.0))), news(&b, 5, Some(preset("Rock", 2.0)))];
    let (_, rows) = exchange(&mut state, PresetSynced { revision: 5, presets, ..PresetSynced::default() });
    assert_eq!(names(&state), ["Warm", "warm 2", "Rock 2"], "a factory sound keeps its name too");
    assert_eq!(rows.len(), 2);
    assert_eq!(state.preset_offer().changes, [], "what came is no change, whatever it is called here");
    let presets = vec![news(&a, 6, Some(preset("warm", -1.0))), news(&b, 7, None)];
    exchange(&mut state, PresetSynced { revision: 7, presets, ..PresetSynced::default() });
    assert_eq!(names(&state), ["Warm", "warm 2"]);
    assert_eq!(state.presets.find("warm 2").unwrap().bands[0].gain, Decibels(-1.0));
    let long = "ä".repeat(40);
    let presets = vec![
        news(&b, 8, Some(preset(&long, 0.0))),
        news(&"C".repeat(22), 9, Some(preset(&long, 0.0))),
        news(&"D".repeat(22), 9, Some(SoundPreset { preamp: Decibels(99.0), ..preset("Loud", 0.0) })),
    ];
    exchange(&mut state, PresetSynced { revision: 9, presets, ..PresetSynced::default() });
    assert_eq!(names(&state)[2..], [long, format!("{} 2", "ä".repeat(38))], "and one is not valid");
    assert!(state.presets.iter().all(|preset| preset.validate().is_ok()));
}

#[test]
fn of_two_who_changed_the_same_neither_is_lost() {
    let mut state = linked();
    save(&mut state, "Warm", 3.0);
    let id = taken(&mut state, 1).changes[0].id.clone();
    save(&mut state, "Warm", 6.0);
    // Another unit was first: its change has the number, ours comes back as a copy.
    let copy = "K".repeat(22);
    let presets = vec![news(&id, 2, Some(preset("Warm", -6.0))), news(&copy, 1, Some(preset("Warm", 6.0)))];
    exchange(&mut state, PresetSynced { revision: 3, presets, ..PresetSynced::default() });
    assert_eq!(names(&state), ["Warm", "Warm 2"]);
    let gains: Vec<f32> = state.presets.iter().map(|preset| preset.bands[0].gain.0).collect();
    assert_eq!(gains, [-6.0, 6.0]);
    assert_eq!(state.preset_offer().changes, []);
}

#[test]
fn a_change_wins_over_a_deletion_on_either_side() {
    let mut state = linked();
    save(&mut state, "Warm", 3.0);
    let id = taken(&mut state, 1).changes[0].id.clone();
    // Deleted elsewhere while it is changed here: the change is offered as following the deletion.
    let sent = state.preset_offer();
    save(&mut state, "Warm", 4.0);
    let answer = PresetSynced { revision: 2, presets: vec![news(&id, 2, None)], ..PresetSynced::default() };
    state.cloud_report(S, CloudReport::Synced { sent, answer });
    assert_eq!((names(&state), state.preset_offer().changes[0].base), (vec!["Warm"], 2));
    taken(&mut state, 3);
    // Deleted here while it was changed elsewhere: it comes back.
    let sent = state.preset_offer();
    command(&mut state, Command::DeletePreset { name: "Warm".into() });
    let back = news(&id, 9, Some(preset("Warm", 9.0)));
    let answer = PresetSynced { revision: 4, presets: vec![back], ..PresetSynced::default() };
    state.cloud_report(S, CloudReport::Synced { sent, answer });
    assert_eq!((names(&state), state.preset_offer().changes.len()), (vec!["Warm"], 0));
}

#[test]
fn another_account_gets_every_sound_under_a_new_number() {
    let mut state = linked();
    save(&mut state, "Warm", 3.0);
    save(&mut state, "Cold", -3.0);
    let before = taken(&mut state, 5);
    command(&mut state, Command::DeletePreset { name: "Cold".into() });
    state.cloud_report(S, CloudReport::NewAccount);
    let offer = state.preset_offer();
    assert_eq!((offer.since, offer.changes.len(), offer.changes[0].base), (0, 1, 0));
    assert!(before.changes.iter().all(|change| change.id != offer.changes[0].id));
    assert!(state.take_effects().contains(&Effect::Save(Save::PresetsRevision(0))));
}

#[test]
fn a_unit_that_is_full_says_so_and_keeps_its_own() {
    let mut state = linked();
    for n in 0..OWN_PRESETS {
        save(&mut state, &format!("S{n}"), 1.0);
    }
    let presets = vec![news(&"A".repeat(22), 1, Some(preset("More", 1.0)))];
    exchange(&mut state, PresetSynced { revision: 1, presets, ..PresetSynced::default() });
    assert_eq!(state.presets.len(), OWN_PRESETS);
    assert!(message(&state).contains("room for 100"), "{}", message(&state));
}

#[test]
fn what_waits_to_be_told_can_be_read() {
    let mut state = linked();
    let pending = vec![UsageLine { day: 20_779, kind: UsageKind::Starts, amount: 2 }];
    state.cloud_report(S, CloudReport::Usage { wanted: true, pending: pending.clone() });
    assert_eq!((state.cloud.pending, state.cloud.tells_usage), (pending, true));
}
