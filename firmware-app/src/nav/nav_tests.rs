//! Tests of the navigation: a driver with one knob reaches everything.

use super::*;
use crate::keymap::Gesture;
use crate::screen::{NowElement, Touch};
use hal::{Key, Knob, MediaEvent};
use library::{Entry, EntryKind};
use protocol::{MusicRef, RowKey, Theme, ViewRef};

use crate::catalog::{FoundAnswer, ListAnswer, ListItem, ListPart, ListRow, PageAnswer, TrackRow};
use crate::state::Item;

pub(super) const S: Duration = Duration::from_secs(1);
pub(super) const PRESS: Gesture = Gesture::Press(Key::Select);
pub(super) const HOLD: Gesture = Gesture::LongPress(Key::Select);
pub(super) const BACK: Gesture = Gesture::Press(Key::Back);

pub(super) fn turn(detents: i32) -> Gesture {
    Gesture::Turn(Knob::Select, detents)
}

pub(super) fn state(media: &[&str]) -> State {
    let mut state = State::new();
    state.autoplay = false;
    for name in media {
        let path = PathBuf::from("/m").join(name);
        state.media_event(S, MediaEvent::Plugged { name: (*name).into(), path, id: (*name).into() });
    }
    state.take_effects();
    state
}

pub(super) fn gestures(nav: &mut Nav, state: &State, all: &[Gesture]) -> Vec<Act> {
    for gesture in all {
        nav.gesture(S, state, *gesture);
        nav.clamp(state);
    }
    nav.take_acts()
}

fn entries(count: usize) -> Vec<Entry> {
    let entry = |n: usize| {
        let (kind, ending) = if n < 2 { (EntryKind::Folder, "") } else { (EntryKind::Track, ".flac") };
        Entry { name: n.to_string(), path: PathBuf::from(format!("/m/stick/{n}{ending}")), kind }
    };
    (0..count).map(entry).collect()
}

#[test]
fn every_page_is_reached_from_the_menu_and_left_by_back() {
    let mut state = state(&["stick"]);
    state.cloud.server = "cloud.example".into();
    for (index, (page, _)) in MENU.iter().enumerate() {
        let mut nav = Nav::new();
        let detents = i32::try_from(index).unwrap();
        gestures(&mut nav, &state, &[HOLD, turn(detents), PRESS]);
        assert_eq!(nav.page(), *page);
        gestures(&mut nav, &state, &[BACK]);
        assert_eq!(nav.page(), if *page == Page::NowPlaying { Page::NowPlaying } else { Page::Menu });
        gestures(&mut nav, &state, &[BACK, BACK]);
        assert_eq!(nav.page(), Page::NowPlaying);
    }
}

#[test]
fn the_now_playing_focus_shows_only_while_it_is_used() {
    let state = state(&[]);
    let mut nav = Nav::new();
    assert_eq!(gestures(&mut nav, &state, &[PRESS]), [Act::Do(Command::TogglePlay)]);
    assert_eq!(gestures(&mut nav, &state, &[turn(1), PRESS]), [Act::Do(Command::Next)]);
    assert!(nav.focus_visible);
    assert_eq!(nav.deadline(), Some(11 * S));
    assert!(nav.time_passed(11 * S));
    assert_eq!((nav.now_focus, nav.focus_visible), (NOW_REST, false));
    assert_eq!(NowElement::ORDER[NOW_REST], NowElement::PlayPause);
    gestures(&mut nav, &state, &[turn(-9)]);
    assert_eq!(nav.now_focus, 0);
    gestures(&mut nav, &state, &[turn(99)]);
    assert_eq!(nav.now_focus, NowElement::ORDER.len() - 1);
}

/// What the catalog is asked, less the counts.
fn pages(acts: Vec<Act>) -> Vec<Act> {
    let is_count = |act: &Act| matches!(act, Act::Catalog(CatalogRequest::Count { .. }));
    acts.into_iter().filter(|act| !is_count(act)).collect()
}

/// The music page with the top on it.
fn music(state: &State) -> Nav {
    let mut nav = Nav::new();
    nav.open(state, Page::Browser);
    assert_eq!(pages(nav.take_acts()), [], "the top needs nothing but counts");
    nav
}

#[test]
fn the_browser_goes_down_and_up_and_remembers_its_way() {
    let state = state(&["stick"]);
    let mut nav = music(&state);
    let folder = |path: &str| Act::Read(Request::Folder { medium: "/m/stick".into(), folder: path.into() });
    assert_eq!(gestures(&mut nav, &state, &[PRESS]), [folder("/m/stick")]);
    assert!(nav.browser.is_loading());
    assert!(nav.browser.folder_read(std::path::Path::new("/m/stick"), Ok(entries(5))));
    assert_eq!(gestures(&mut nav, &state, &[turn(2), PRESS]), [folder("/m/stick/1")]);
    nav.browser.folder_read(std::path::Path::new("/m/stick"), Ok(entries(3)));
    assert!(nav.browser.is_loading(), "an answer about another folder is dropped");
    nav.browser.folder_read(std::path::Path::new("/m/stick/1"), Ok(Vec::new()));
    assert_eq!(gestures(&mut nav, &state, &[PRESS]), []);
    assert_eq!(gestures(&mut nav, &state, &[BACK]), [folder("/m/stick")]);
    assert!(!nav.browser.is_loading(), "what was there is shown until it is read again");
    nav.browser.folder_read(std::path::Path::new("/m/stick"), Ok(entries(5)));
    nav.clamp(&state);
    assert_eq!(nav.browser.here().focus.focus(), 2);
    assert_eq!(gestures(&mut nav, &state, &[turn(2), PRESS]), [Act::PlayPath("/m/stick/3.flac".into())]);
    assert_eq!(nav.page(), Page::NowPlaying);
    nav.open(&state, Page::Browser);
    assert_eq!(nav.take_acts(), [folder("/m/stick")], "where it was left");
    let all = gestures(&mut nav, &state, &[turn(-9), PRESS]);
    assert_eq!(all, [Act::PlayPath("/m/stick".into())], "the first row plays everything");
}

#[test]
fn media_come_first_and_a_pulled_one_is_left() {
    let mut state = state(&["stick", "card"]);
    let mut nav = music(&state);
    assert_eq!(nav.browser.total(&state.media), HomeRow::total(2));
    let acts = gestures(&mut nav, &state, &[turn(1), PRESS]);
    assert_eq!(acts, [Act::Read(Request::Folder { medium: "/m/card".into(), folder: "/m/card".into() })]);
    gestures(&mut nav, &state, &[BACK]);
    assert!(matches!(nav.browser.here().place, Place::Home));
    assert_eq!(nav.browser.here().focus.focus(), 1);
    gestures(&mut nav, &state, &[PRESS]);
    state.media_event(S, MediaEvent::Yanked { name: "card".into() });
    nav.media_changed(&state);
    assert!(matches!(nav.browser.here().place, Place::Home));
    assert_eq!(nav.browser.total(&state.media), HomeRow::total(1));
}

fn album(key: i64, title: &str) -> ListRow {
    let item =
        ListItem::Album { key, title: title.into(), artist: "Harbour".into(), year: Some(1999), tracks: 9 };
    ListRow { key: RowKey::new(&key.to_be_bytes()), item }
}

fn song(key: i64, title: &str, entry: Option<i64>) -> ListRow {
    let track = Item::new(&"id-stick".into(), &PathBuf::from(format!("{key}.flac")));
    let (artist, album) = ("Harbour".into(), "Coast".into());
    let row = TrackRow { title: title.into(), artist, album, duration_ms: None, track, entry };
    ListRow { key: RowKey::new(&key.to_be_bytes()), item: ListItem::Track(row) }
}

/// Answers the page that was asked for last.
fn answer(nav: &mut Nav, acts: Vec<Act>, rows: Vec<ListRow>) -> ViewRef {
    let [Act::Catalog(CatalogRequest::Page { request, view, .. })] = &pages(acts)[..] else {
        panic!("no page was asked for")
    };
    let part = ListPart { rows, first: None, at_start: true, at_end: true };
    assert!(nav.list_answered(ListAnswer::Page(PageAnswer { request: *request, result: Ok(part) })));
    nav.take_acts();
    view.clone()
}

#[test]
fn an_album_is_found_by_its_list_and_plays_from_a_song_on() {
    let state = state(&["stick"]);
    let mut nav = music(&state);
    let albums = HomeRow::total(1) - 8;
    assert_eq!(HomeRow::at(1, albums), Some(HomeRow::Albums));
    let asked = gestures(&mut nav, &state, &[turn(i32::try_from(albums).unwrap()), PRESS]);
    let view = answer(&mut nav, asked, vec![album(4, "Coast Road"), album(9, "Tin")]);
    assert_eq!(view, ViewRef::Albums);
    assert_eq!(nav.browser.total(&state.media), 2);
    let asked = gestures(&mut nav, &state, &[turn(1), PRESS]);
    let view = answer(&mut nav, asked, vec![song(1, "Ebb", None), song(2, "Flow", None)]);
    assert_eq!(view, ViewRef::AlbumTracks { album: 9 });
    assert_eq!(nav.browser.total(&state.media), 3, "play all, and the songs");
    let acts = gestures(&mut nav, &state, &[turn(2), PRESS]);
    let start = Some(RowKey::new(&2_i64.to_be_bytes()));
    assert_eq!(pages(acts), [Act::Do(Command::PlayView { view, start })]);
    assert_eq!(nav.page(), Page::NowPlaying);
    nav.open(&state, Page::Browser);
    nav.take_acts();
    gestures(&mut nav, &state, &[BACK, BACK]);
    assert!(matches!(nav.browser.here().place, Place::Home));
}

#[test]
fn a_search_is_spelt_shown_and_opened() {
    let state = state(&["stick"]);
    let mut nav = Nav::new();
    nav.open(&state, Page::Search);
    let acts = gestures(&mut nav, &state, &[turn(2), PRESS]);
    let [Act::Catalog(CatalogRequest::Search { request, text, .. })] = &acts[..] else { panic!("{acts:?}") };
    assert_eq!(text, "C");
    let found =
        |request| ListAnswer::Found(FoundAnswer { request, result: Ok(vec![album(4, "Coast Road")]) });
    assert!(nav.list_answered(found(*request)));
    assert!(!nav.list_answered(found(*request)), "answered once");
    assert_eq!(nav.preview.rows().len(), 1);
    nav.touch(S, &state, Touch::Row(0));
    assert_eq!(nav.page(), Page::Browser);
    let asked = nav.take_acts();
    assert_eq!(answer(&mut nav, asked, Vec::new()), ViewRef::AlbumTracks { album: 4 });
    nav.touch(S, &state, Touch::Open(Page::Search));
    let acts = gestures(&mut nav, &state, &[PRESS]);
    assert_eq!(nav.page(), Page::Browser, "with a text, the knob rests on the results");
    let everything = |act: &Act| match act {
        Act::Catalog(CatalogRequest::Search { request, text, .. }) if text == "C" => Some(*request),
        _ => None,
    };
    let request = acts.iter().rev().find_map(everything).unwrap();
    assert!(nav.browser.is_loading());
    assert!(nav.list_answered(found(request)));
    assert_eq!(nav.browser.total(&state.media), 1);
    gestures(&mut nav, &state, &[BACK, BACK]);
    assert_eq!(nav.page(), Page::NowPlaying);
}

#[test]
fn a_held_row_says_what_can_be_done_with_it() {
    let state = state(&["stick"]);
    let mut nav = music(&state);
    gestures(&mut nav, &state, &[PRESS]);
    nav.browser.folder_read(std::path::Path::new("/m/stick"), Ok(entries(5)));
    gestures(&mut nav, &state, &[turn(3), HOLD]);
    assert_eq!((nav.page(), nav.actions.title.as_str()), (Page::Actions, "2"));
    let acts = gestures(&mut nav, &state, &[turn(1), PRESS]);
    let music = || MusicRef::Path { path: "/m/stick/2.flac".into() };
    assert!(acts.contains(&Act::Do(Command::PlayNext { music: music() })), "{acts:?}");
    assert_eq!(nav.page(), Page::Browser);
    // Into a playlist: the page of playlists, "new" before them.
    let asked = gestures(&mut nav, &state, &[HOLD, turn(9), PRESS]);
    let row = ListItem::Playlist { key: 5, name: "Drive".into(), tracks: 3 };
    let row = ListRow { key: RowKey::new(b"x"), item: row };
    assert_eq!(answer(&mut nav, asked, vec![row]), ViewRef::Playlists);
    let acts = gestures(&mut nav, &state, &[turn(1), PRESS]);
    assert!(acts.contains(&Act::Do(Command::AddToPlaylist { playlist: 5, music: music() })), "{acts:?}");
    let asked = gestures(&mut nav, &state, &[HOLD, turn(9), PRESS]);
    answer(&mut nav, asked, Vec::new());
    assert_eq!(nav.actions.total(), 1);
    let acts = gestures(&mut nav, &state, &[PRESS]);
    let made = |act: &Act| matches!(act, Act::Do(Command::CreatePlaylist { music: Some(_), .. }));
    assert!(acts.iter().any(made), "{acts:?}");
    gestures(&mut nav, &state, &[BACK]);
    gestures(&mut nav, &state, &[turn(99), HOLD]);
    assert_eq!(nav.page(), Page::Menu, "a row that only leads on has no actions");
}

#[test]
fn an_entry_of_the_queue_is_moved_by_the_knob() {
    let mut state = state(&["stick"]);
    let items = (0..4).map(|n| Item::new(&"id-stick".into(), &PathBuf::from(format!("{n}.flac"))));
    state.queue.replace(items.collect(), 0);
    let mut nav = Nav::new();
    nav.open(&state, Page::Queue);
    gestures(&mut nav, &state, &[turn(1), HOLD]);
    assert_eq!(nav.page(), Page::Actions);
    gestures(&mut nav, &state, &[turn(3), PRESS]);
    assert_eq!((nav.page(), nav.editing), (Page::Queue, true));
    let acts = gestures(&mut nav, &state, &[turn(2), turn(-1)]);
    let moved = |from, to| Act::Do(Command::MoveQueueEntry { from, to });
    assert_eq!(acts, [moved(1, 3), moved(3, 2)]);
    assert_eq!(gestures(&mut nav, &state, &[PRESS]), []);
    assert_eq!((nav.page(), nav.editing), (Page::Queue, false));
    let acts = gestures(&mut nav, &state, &[HOLD, turn(4), PRESS]);
    assert_eq!(acts, [Act::Do(Command::RemoveQueueEntry { index: 2 })]);
}

#[test]
fn a_band_is_edited_by_press_turn_press_and_zeroed_by_a_hold() {
    let mut state = state(&[]);
    let mut nav = Nav::new();
    nav.open(&state, Page::Equalizer);
    let acts = gestures(&mut nav, &state, &[turn(3), PRESS, turn(5)]);
    let [Act::Do(Command::SetBand { index: 3, band })] = acts[..] else { panic!("{acts:?}") };
    assert!((band.gain.0 - 2.5).abs() < 1e-6);
    state.apply(S, Command::SetBand { index: 3, band });
    let acts = gestures(&mut nav, &state, &[HOLD]);
    assert!(matches!(acts[..], [Act::Do(Command::SetBand { index: 3, band })] if band.gain.0 == 0.0));
    assert_eq!(nav.page(), Page::Equalizer);
    gestures(&mut nav, &state, &[PRESS]);
    assert!(!nav.editing);
    gestures(&mut nav, &state, &[turn(7), PRESS]);
    assert_eq!(nav.page(), Page::Presets);
    gestures(&mut nav, &state, &[BACK]);
    let acts = gestures(&mut nav, &state, &[turn(99), PRESS]);
    assert_eq!(acts, [Act::Do(Command::SetEqEnabled { on: false })]);
}

#[test]
fn settings_are_edited_and_editing_ends_by_itself() {
    let state = state(&[]);
    let mut nav = Nav::new();
    nav.open(&state, Page::Settings);
    let acts = gestures(&mut nav, &state, &[PRESS, turn(1)]);
    assert_eq!(acts, [Act::Do(Command::SetTheme { theme: Theme::Day })]);
    assert!(nav.editing);
    assert!(nav.time_passed(11 * S));
    assert!(!nav.editing);
    gestures(&mut nav, &state, &[turn(1), PRESS, BACK]);
    assert_eq!((nav.editing, nav.page()), (false, Page::Settings));
    for row in SettingRow::ORDER {
        assert!(!row.label().is_empty() && !row.value(&state).is_empty());
        for detents in [i32::MIN, -1, 1, i32::MAX] {
            if let Some(Command::SetVolumeLimits { limits }) = row.turned(&state, detents) {
                assert!(limits.max.0 <= 0.0 && limits.max.0 > -70.0);
            }
        }
    }
}

#[test]
fn a_finger_chooses_rows_and_hides_the_focus() {
    let state = state(&[]);
    let mut nav = Nav::new();
    gestures(&mut nav, &state, &[HOLD]);
    nav.touch(S, &state, Touch::Row(6));
    assert_eq!((nav.page(), nav.focus_visible), (Page::Settings, false));
    nav.touch(S, &state, Touch::Row(2));
    assert_eq!(nav.take_acts(), [Act::Do(Command::SetShuffle { on: true })]);
    nav.touch(S, &state, Touch::Row(99));
    nav.touch(S, &state, Touch::Back);
    assert_eq!(nav.page(), Page::Menu);
    nav.touch(S, &state, Touch::Open(Page::Presets));
    nav.touch(S, &state, Touch::Row(2));
    assert_eq!(nav.take_acts(), [Act::Do(Command::SelectPreset { name: "Rock".into() })]);
    nav.touch(S, &state, Touch::Open(Page::Equalizer));
    nav.touch(S, &state, Touch::Band { index: 2, gain_db: -99.0 });
    let acts = nav.take_acts();
    assert!(matches!(acts[..], [Act::Do(Command::SetBand { index: 2, band })] if band.gain.0 == -12.0));
}

#[test]
fn in_the_dark_only_the_power_key_is_heard() {
    let state = state(&["stick"]);
    let mut nav = Nav::new();
    nav.power_changed(false);
    assert_eq!(nav.page(), Page::Off);
    let all = [HOLD, PRESS, BACK, turn(3), Gesture::Turn(Knob::Volume, 3), Gesture::Press(Key::Menu)];
    assert_eq!(gestures(&mut nav, &state, &all), []);
    nav.touch(S, &state, Touch::Open(Page::Menu));
    assert_eq!(nav.page(), Page::Off);
    assert_eq!(gestures(&mut nav, &state, &[Gesture::Press(Key::Power)]), [Act::TogglePower]);
}
