//! Tests of the account's pages: everything by one knob, and nobody gets the unit by accident.

use super::tests::{BACK, HOLD, PRESS, S, gestures, state, turn};
use super::*;
use crate::cloud_desk::{CloudReport, LinkState, PairCode, Pairing, Person, UsageLine};
use crate::screen::{PairView, RowKind, Touch};
use protocol::cloud::UsageKind;

fn with_cloud() -> State {
    let mut state = state(&[]);
    state.cloud_report(S, CloudReport::Server("cloud.example".into()));
    state
}

fn anna() -> Person {
    Person { name: "Anna".into(), email: Some("anna@example.org".into()) }
}

fn linked() -> State {
    let mut state = with_cloud();
    state.cloud_report(S, CloudReport::Owner(Some(anna())));
    state.cloud_report(S, CloudReport::Link(LinkState::Online));
    state
}

fn rows(state: &State, nav: &Nav) -> Vec<(String, String)> {
    let list = crate::view::screen(state, nav).list;
    list.rows.into_iter().map(|row| (row.label, row.detail)).collect()
}

fn pair(state: &State, nav: &Nav) -> Option<PairView> {
    crate::view::screen(state, nav).pair
}

fn opened(state: &State, page: Page) -> Nav {
    let mut nav = Nav::new();
    nav.open(state, page);
    nav
}

fn report(state: &mut State, nav: &mut Nav, report: CloudReport) {
    state.cloud_report(S, report);
    nav.cloud_changed(state);
}

fn code() -> Pairing {
    Pairing::Code(PairCode {
        code: "BCDF-GHJK".into(),
        address: "https://cloud.example/pair".into(),
        url: "https://cloud.example/pair?code=BCDF-GHJK".into(),
        ends_at: 301 * S,
    })
}

fn asks() -> Pairing {
    Pairing::Asks { person: anna(), ends_at: 301 * S }
}

/// On the page of a pairing that has come so far.
fn pairing(stage: Pairing) -> (State, Nav) {
    let mut state = with_cloud();
    let mut nav = opened(&state, Page::Account);
    for act in gestures(&mut nav, &state, &[PRESS]) {
        let Act::Cloud(request) = act else { panic!("{act:?}") };
        state.ask_cloud(S, request);
    }
    nav.cloud_changed(&state);
    report(&mut state, &mut nav, CloudReport::Pairing(stage));
    assert_eq!(nav.page(), Page::Pair);
    (state, nav)
}

#[test]
fn the_menu_speaks_of_accounts_only_where_there_is_a_cloud() {
    let labels = |state: &State| {
        let list = crate::view::screen(state, &opened(state, Page::Menu)).list;
        list.rows.into_iter().map(|row| row.label).collect::<Vec<_>>()
    };
    assert!(!labels(&state(&[])).contains(&"Account".to_owned()));
    assert_eq!(labels(&with_cloud()).last().map(String::as_str), Some("Account"));
    let state = with_cloud();
    let mut nav = opened(&state, Page::Menu);
    gestures(&mut nav, &state, &[turn(99), PRESS]);
    assert_eq!(nav.page(), Page::Account);
}

#[test]
fn the_page_of_a_pairing_comes_at_once_and_a_press_on_the_code_does_nothing() {
    let state = with_cloud();
    let mut nav = opened(&state, Page::Account);
    assert_eq!(rows(&state, &nav)[0], ("cloud.example".into(), "not linked".into()));
    assert_eq!(gestures(&mut nav, &state, &[PRESS]), [Act::Cloud(CloudRequest::Pair)]);
    let (mut state, mut nav) = pairing(Pairing::Begins);
    assert_eq!(
        pair(&state, &nav),
        Some(PairView::Waits { text: "Asking cloud.example for a code …".into() })
    );
    report(&mut state, &mut nav, CloudReport::Pairing(code()));
    let Some(PairView::Code { code, left_s, .. }) = pair(&state, &nav) else { panic!() };
    assert_eq!((code.as_str(), left_s), ("BCDF-GHJK", 300));
    assert_eq!(gestures(&mut nav, &state, &[PRESS, turn(3), PRESS]), []);
    nav.touch(S, &state, Touch::Answer(true));
    assert_eq!(nav.take_acts(), [], "nobody asks");
    report(&mut state, &mut nav, CloudReport::Pairing(Pairing::None));
    assert_eq!((nav.page(), pair(&state, &nav)), (Page::Account, None));
}

#[test]
fn a_press_says_yes_and_every_way_out_says_no() {
    let yes = Act::Cloud(CloudRequest::Answer { accept: true });
    let no = Act::Cloud(CloudRequest::Answer { accept: false });
    let (state, mut nav) = pairing(asks());
    let Some(PairView::Asks { name, email, .. }) = pair(&state, &nav) else { panic!() };
    assert_eq!((name.as_str(), email.as_str()), ("Anna", "anna@example.org"));
    assert_eq!(gestures(&mut nav, &state, &[turn(1), PRESS]), std::slice::from_ref(&yes));
    let ways: [fn(&mut Nav, &State); 5] = [
        |nav, state| nav.gesture(S, state, BACK),
        |nav, state| nav.gesture(S, state, HOLD),
        |nav, state| nav.touch(S, state, Touch::Open(Page::NowPlaying)),
        |nav, state| nav.touch(S, state, Touch::Answer(false)),
        |nav, state| nav.touch(S, state, Touch::Back),
    ];
    for (n, leave) in ways.iter().enumerate() {
        let (state, mut nav) = pairing(asks());
        leave(&mut nav, &state);
        assert_eq!(nav.take_acts(), std::slice::from_ref(&no), "way {n}");
    }
    let (state, mut nav) = pairing(asks());
    nav.touch(S, &state, Touch::Answer(true));
    assert_eq!(nav.take_acts(), [yes]);
}

#[test]
fn a_code_that_is_left_is_given_up() {
    let cancel = Act::Cloud(CloudRequest::CancelPairing);
    for stage in [Pairing::Begins, code()] {
        let (state, mut nav) = pairing(stage);
        nav.gesture(S, &state, BACK);
        assert_eq!((nav.take_acts(), nav.page()), (vec![cancel.clone()], Page::Account));
    }
    let (state, mut nav) = pairing(code());
    nav.power_changed(false);
    assert_eq!(nav.take_acts(), [cancel]);
    assert_eq!(pair(&state, &nav), None, "the code is not shown elsewhere");
    // What is on its way to the cloud is not taken back.
    let (state, mut nav) = pairing(Pairing::Answered);
    nav.gesture(S, &state, BACK);
    assert_eq!((nav.take_acts(), nav.page()), (vec![], Page::Account));
    // And a pairing that begins does not take the screen from whoever has gone elsewhere.
    let mut state = with_cloud();
    let mut nav = opened(&state, Page::Account);
    gestures(&mut nav, &state, &[PRESS, BACK]);
    nav.open(&state, Page::Account);
    report(&mut state, &mut nav, CloudReport::Pairing(code()));
    assert_eq!(nav.page(), Page::Account);
}

#[test]
fn whose_the_unit_is_can_be_read_and_unlinking_is_asked_again() {
    let state = linked();
    let mut nav = opened(&state, Page::Account);
    let shown = rows(&state, &nav);
    assert_eq!(shown[0], ("Anna".into(), "anna@example.org".into()));
    assert_eq!(shown[1], ("cloud.example".into(), "connected".into()));
    assert_eq!(shown[2], ("What is sent".into(), "nothing".into()));
    assert_eq!(gestures(&mut nav, &state, &[turn(1), PRESS]), []);
    assert_eq!(crate::view::screen(&state, &nav).list.title, "Unlink from Anna?");
    assert_eq!(gestures(&mut nav, &state, &[PRESS]), [], "the focus rests on what changes nothing");
    let acts = gestures(&mut nav, &state, &[PRESS, turn(1), PRESS]);
    assert_eq!((acts, nav.page()), (vec![Act::Cloud(CloudRequest::Unlink)], Page::Account));
}

#[test]
fn what_is_sent_is_off_until_it_is_pressed_and_can_be_read() {
    let mut state = linked();
    let mut nav = opened(&state, Page::Account);
    gestures(&mut nav, &state, &[PRESS]);
    assert_eq!(nav.page(), Page::Sent);
    let shown = rows(&state, &nav);
    assert_eq!(shown[0], ("Tell how this unit is used".into(), "Off".into()));
    assert_eq!(shown[2].0, "Nothing is counted");
    assert_eq!(gestures(&mut nav, &state, &[PRESS]), [Act::Cloud(CloudRequest::SetUsage { on: true })]);
    let line = |kind, amount| UsageLine { day: 20_779, kind, amount };
    let pending = vec![line(UsageKind::PlayedSeconds, 7_260), line(UsageKind::Starts, 2)];
    report(&mut state, &mut nav, CloudReport::Usage { wanted: true, pending });
    let shown = rows(&state, &nav);
    assert_eq!(shown[0].1, "On");
    assert_eq!(shown[2], ("Music played".into(), "2026-11-22 · 2 h 1 min".into()));
    assert_eq!(shown[3], ("Starts".into(), "2026-11-22 · 2".into()));
    assert_eq!(crate::view::screen(&state, &nav).list.rows[3].kind, RowKind::Count);
    assert_eq!(gestures(&mut nav, &state, &[turn(2), PRESS]), [], "a count is only to be read");
    report(&mut state, &mut nav, CloudReport::Owner(None));
    assert_eq!(nav.page(), Page::Account, "nobody is there to be told");
}
