//! Tests of the pages of sounds and phones: everything by one knob, and nothing by accident.

use super::tests::{BACK, HOLD, PRESS, S, gestures, state, turn};
use super::*;
use crate::remote_desk::{Enrolment, Phone, RemoteReport};
use crate::screen::{RowKind, SearchKey, Touch};
use protocol::remote::Role;
use protocol::{Decibels, SoundPreset};

fn labels(state: &State, nav: &Nav) -> Vec<String> {
    crate::view::screen(state, nav).list.rows.into_iter().map(|row| row.label).collect()
}

fn title(state: &State, nav: &Nav) -> String {
    crate::view::screen(state, nav).list.title
}

fn with_sounds(names: &[&str]) -> State {
    let mut state = state(&[]);
    for name in names {
        state.apply(S, Command::SavePreset { name: (*name).into() });
    }
    state
}

fn phone(id: u64, name: &str, role: Role) -> Phone {
    Phone { id, name: name.into(), role, connected: id == 1, seen_unix_s: 0 }
}

fn enrolment(role: Role) -> Enrolment {
    let url = "http://192.168.1.20:8080/enrol#0123456789abcdef".into();
    Enrolment { pin: "042917".into(), url, role, closes_at: 121 * S, note: String::new() }
}

fn with_phones(phones: Vec<Phone>) -> State {
    let mut state = state(&[]);
    let addresses = ["http://192.168.1.20:8080", "http://unit.local:8080", "http://10.0.0.2:8080"];
    state.remote_report(S, RemoteReport::Addresses(addresses.map(str::to_owned).to_vec()));
    state.remote_report(S, RemoteReport::Phones(phones));
    state
}

fn opened(state: &State, page: Page) -> Nav {
    let mut nav = Nav::new();
    nav.open(state, page);
    nav
}

#[test]
fn a_sound_is_saved_under_the_proposed_name() {
    let mut state = with_sounds(&["My sound 1"]);
    let mut nav = opened(&state, Page::Presets);
    assert_eq!(labels(&state, &nav)[..3], ["Save this sound …", "My sound 1", "Flat"]);
    assert_eq!(nav.presets.focus(), 1, "the focus is on what is heard");
    assert_eq!(gestures(&mut nav, &state, &[turn(-1), PRESS]), []);
    assert_eq!((nav.page(), title(&state, &nav)), (Page::Choice, "Save this sound".into()));
    assert_eq!(labels(&state, &nav), ["Save as “My sound 2”", "Type a name …"]);
    let acts = gestures(&mut nav, &state, &[PRESS]);
    assert_eq!(acts, [Act::Do(Command::SavePreset { name: "My sound 2".into() })]);
    assert_eq!(nav.page(), Page::Presets);
    let mut preset = SoundPreset { name: "My sound 1".into(), ..SoundPreset::flat() };
    preset.bands[0].gain = Decibels(3.0);
    state.apply(S, Command::SetSound { preset: preset.clone() });
    state.apply(S, Command::SetBand { index: 1, band: preset.bands[0] });
    gestures(&mut nav, &state, &[PRESS]);
    assert_eq!(labels(&state, &nav)[0], "Save as “My sound 1” again", "what was changed can be kept");
}

#[test]
fn an_own_sound_is_held_to_use_rename_or_delete_it_and_deleting_is_asked_again() {
    let state = with_sounds(&["Warm"]);
    let mut nav = opened(&state, Page::Presets);
    assert_eq!(gestures(&mut nav, &state, &[HOLD]), []);
    assert_eq!((nav.page(), title(&state, &nav)), (Page::Choice, "Warm".into()));
    assert_eq!(labels(&state, &nav), ["Use this sound", "Give it another name", "Delete it …"]);
    gestures(&mut nav, &state, &[turn(2), PRESS]);
    assert_eq!((title(&state, &nav), labels(&state, &nav)[0].as_str()), ("Delete “Warm”?".into(), "Keep it"));
    assert_eq!(gestures(&mut nav, &state, &[PRESS]), [], "the focus rests on what changes nothing");
    assert_eq!(title(&state, &nav), "Warm");
    let acts = gestures(&mut nav, &state, &[PRESS, turn(1), PRESS]);
    assert_eq!(acts, [Act::Do(Command::DeletePreset { name: "Warm".into() })]);
    assert_eq!(nav.page(), Page::Presets);
    gestures(&mut nav, &state, &[HOLD, BACK]);
    assert_eq!(nav.page(), Page::Presets);
    gestures(&mut nav, &state, &[turn(1), HOLD]);
    assert_eq!(nav.page(), Page::Menu, "a sound of the factory has no choices");
    gestures(&mut nav, &state, &[BACK, BACK]);
    assert_eq!(nav.page(), Page::NowPlaying);
}

#[test]
fn a_name_is_spelled_with_the_knob() {
    let state = with_sounds(&["Warm"]);
    let mut nav = opened(&state, Page::Presets);
    gestures(&mut nav, &state, &[HOLD, turn(1), PRESS]);
    assert_eq!(nav.page(), Page::Name);
    assert!(crate::view::screen(&state, &nav).list.empty.contains("“Warm”"));
    let key = |wanted| (0..SearchKey::COUNT).find(|index| SearchKey::at(*index) == Some(wanted)).unwrap();
    nav.touch(S, &state, Touch::SearchKey(key(SearchKey::Results)));
    assert_eq!(nav.page(), Page::Name, "a name is not empty");
    gestures(&mut nav, &state, &[turn(1), PRESS]);
    for letter in ['I', 'G', ' ', 'O', 'N', 'E'] {
        let wanted = if letter == ' ' { SearchKey::Space } else { SearchKey::Letter(letter) };
        nav.touch(S, &state, Touch::SearchKey(key(wanted)));
    }
    assert_eq!(crate::view::screen(&state, &nav).search.text, "Big one");
    nav.touch(S, &state, Touch::SearchKey(0));
    let renamed = Command::RenamePreset { from: "Warm".into(), to: "Big one".into() };
    assert_eq!((nav.take_acts(), nav.page()), (vec![Act::Do(renamed)], Page::Presets));
    assert_eq!(nav.letters.text(), "", "the search keeps its own text");
}

#[test]
fn a_phone_joins_by_the_page_that_comes_with_the_code() {
    let mut state = with_phones(Vec::new());
    let mut nav = opened(&state, Page::Phones);
    assert_eq!(
        labels(&state, &nav),
        ["http://192.168.1.20:8080", "http://unit.local:8080", "Add a phone", "Add a guest"]
    );
    let open = |role| Act::Remote(RemoteRequest::OpenEnrolment { role });
    assert_eq!(gestures(&mut nav, &state, &[PRESS]), [open(Role::Owner)]);
    assert_eq!(nav.page(), Page::Phones, "there is nothing to show yet");
    state.remote_report(S, RemoteReport::Enrolment(Some(enrolment(Role::Owner))));
    nav.remote_changed(&state);
    assert_eq!(nav.page(), Page::Enrol);
    let shown = crate::view::screen(&state, &nav).enrol.unwrap();
    assert_eq!((shown.pin.as_str(), shown.left_s, shown.role), ("042917", 120, Role::Owner));
    assert_eq!(shown.address, "http://192.168.1.20:8080");
    assert_eq!(gestures(&mut nav, &state, &[turn(1), PRESS]), [], "the page only shows");
    state.time_passed(2 * S + Duration::from_millis(1));
    assert_eq!(crate::view::screen(&state, &nav).enrol.unwrap().left_s, 119);
    state.remote_report(S, RemoteReport::Enrolment(None));
    nav.remote_changed(&state);
    assert_eq!((nav.page(), nav.take_acts()), (Page::Phones, vec![]));
    assert!(state.message.is_none(), "the phone has joined");
    state.remote_report(S, RemoteReport::Enrolment(Some(enrolment(Role::Owner))));
    state.remote_report(121 * S, RemoteReport::Enrolment(None));
    assert_eq!(state.message.as_ref().unwrap().text, "Nobody has used the code in time");
    assert_eq!(gestures(&mut nav, &state, &[turn(1), PRESS]), [open(Role::Guest)]);
}

#[test]
fn leaving_the_code_by_any_way_closes_it() {
    let ways: [fn(&mut Nav, &State); 4] = [
        |nav, state| nav.gesture(S, state, BACK),
        |nav, state| nav.gesture(S, state, HOLD),
        |nav, state| nav.touch(S, state, Touch::Open(Page::NowPlaying)),
        |nav, _| nav.power_changed(false),
    ];
    for (n, leave) in ways.iter().enumerate() {
        let mut state = with_phones(Vec::new());
        state.remote_report(S, RemoteReport::Enrolment(Some(enrolment(Role::Owner))));
        let mut nav = opened(&state, Page::Phones);
        gestures(&mut nav, &state, &[PRESS]);
        assert_eq!(nav.page(), Page::Enrol, "it is open already");
        leave(&mut nav, &state);
        assert_eq!(nav.take_acts(), [Act::Remote(RemoteRequest::CloseEnrolment)], "way {n}");
        assert_ne!(nav.page(), Page::Enrol);
        assert!(crate::view::screen(&state, &nav).enrol.is_none(), "the code is not shown elsewhere");
        nav.gesture(S, &state, BACK);
        assert_ne!(nav.page(), Page::Enrol, "there is no way back to it");
    }
}

#[test]
fn a_code_somebody_else_opened_does_not_take_the_screen() {
    let mut state = with_phones(Vec::new());
    let mut nav = opened(&state, Page::Phones);
    gestures(&mut nav, &state, &[PRESS, BACK]);
    gestures(&mut nav, &state, &[]);
    nav.open(&state, Page::Phones);
    state.remote_report(S, RemoteReport::Enrolment(Some(enrolment(Role::Guest))));
    nav.remote_changed(&state);
    assert_eq!(nav.page(), Page::Phones, "who asked has gone away");
}

#[test]
fn without_a_network_the_page_says_so() {
    let mut state = state(&[]);
    let mut nav = opened(&state, Page::Phones);
    assert_eq!(labels(&state, &nav), ["No network", "Add a phone", "Add a guest"]);
    let acts = gestures(&mut nav, &state, &[PRESS]);
    let [Act::Remote(request)] = &acts[..] else { panic!("one request: {acts:?}") };
    state.ask_remotes(S, request.clone());
    assert_eq!(state.take_effects(), []);
    assert!(state.message.as_ref().unwrap().text.contains("no network"));
}

#[test]
fn a_phone_is_forgotten_only_when_it_is_meant() {
    let state = with_phones(vec![phone(1, "Anna's\nphone", Role::Owner), phone(2, "Tablet", Role::Guest)]);
    let mut nav = opened(&state, Page::Phones);
    let list = crate::view::screen(&state, &nav).list;
    let phones: Vec<_> = list.rows.iter().filter(|row| row.kind == RowKind::Phone).collect();
    assert_eq!((phones[0].label.as_str(), phones[0].detail.as_str()), ("Anna's phone", "connected"));
    assert_eq!((phones[1].detail.as_str(), phones[1].active), ("guest", false));
    for how in [PRESS, HOLD] {
        nav.phones.focus_on(5);
        gestures(&mut nav, &state, &[how, PRESS]);
        assert_eq!(title(&state, &nav), "Forget “Tablet”?");
        assert_eq!(gestures(&mut nav, &state, &[PRESS, BACK]), []);
        assert_eq!(nav.page(), Page::Phones);
    }
    let acts = gestures(&mut nav, &state, &[PRESS, PRESS, turn(1), PRESS]);
    assert_eq!(acts, [Act::Remote(RemoteRequest::Revoke { id: 2 })]);
    let acts = gestures(&mut nav, &state, &[turn(9), PRESS, turn(1), PRESS]);
    assert_eq!(acts, [Act::Remote(RemoteRequest::RevokeAll)]);
}

#[test]
fn the_sleep_timer_is_turned_and_tapped_through_its_times() {
    let mut state = state(&[]);
    let times = |state: &mut State, detents: i32| {
        let command = SettingRow::Sleep.turned(state, detents).unwrap();
        state.apply(S, command);
        SettingRow::Sleep.value(state)
    };
    assert_eq!(SettingRow::Sleep.value(&state), "Off");
    let seen: Vec<String> = (0..6).map(|_| times(&mut state, 1)).collect();
    assert_eq!(seen, ["15 min", "30 min", "45 min", "60 min", "90 min", "Off"]);
    assert_eq!(times(&mut state, -1), "90 min");
    state.apply(S, Command::SetSleep { minutes: Some(20) });
    assert_eq!(times(&mut state, 1), "30 min");
    state.time_passed(S + 29 * 60 * S + 30 * S);
    assert_eq!(SettingRow::Sleep.value(&state), "30 s");
    assert!(SettingRow::Sleep.is_choice());
}
