//! Tests of the state: media by identity, places that are kept, lists, favourites, scans, gain.

use super::tests::{
    S, begin, collect_of, command, file, found, item, message, play_path, played, playing, state,
};
use super::*;
use crate::event::{MediumKnown, ScanEnd};
use engine::{TrackError, TrackId};
use hal::MediaEvent;
use library::{CueFrames, Slice, TrackInfo};
use protocol::{Command, MusicRef, ReplayGain, RowKey, Scanning, ViewRef};
use std::path::Path;

fn plug(state: &mut State, now: Duration, id: &str, path: &str) {
    let name = Path::new(path).file_name().unwrap().to_str().unwrap().to_owned();
    state.media_event(now, MediaEvent::Plugged { name, path: path.into(), id: id.into() });
}

fn yank(state: &mut State, name: &str) {
    state.media_event(S, MediaEvent::Yanked { name: name.into() });
}

fn catalog(effects: &[Effect]) -> Vec<CatalogRequest> {
    let asked = effects.iter().filter_map(|effect| match effect {
        Effect::Catalog(request) => Some(request.clone()),
        _ => None,
    });
    asked.filter(|request| !matches!(request, CatalogRequest::IsFavourite { .. })).collect()
}

fn index(effects: &[Effect]) -> Vec<&'static str> {
    let told = effects.iter().filter_map(|effect| match effect {
        Effect::Index(IndexRequest::Scan { medium, .. }) if &*medium.id == "stick" => Some("scan stick"),
        Effect::Index(IndexRequest::Scan { .. }) => Some("scan another"),
        Effect::Index(IndexRequest::Stop) => Some("stop"),
        _ => None,
    });
    told.collect()
}

#[test]
fn a_stick_that_comes_back_elsewhere_is_the_same_stick() {
    let mut state = playing(3);
    command(&mut state, Command::StoreKey { key: 1 });
    state.playback.position_s = 21.0;
    yank(&mut state, "stick");
    state.take_effects();
    plug(&mut state, 2 * S, "stick", "/run/media/stick1");
    let track = played(&state.take_effects());
    assert_eq!((track.path.to_str(), track.start_s), (Some("/run/media/stick1/a/0.flac"), 21.0));
    let track = played(&command(&mut state, Command::RecallKey { key: 1 }));
    assert_eq!(track.path, Path::new("/run/media/stick1/a/0.flac"));
}

#[test]
fn another_stick_at_the_same_place_is_another_stick() {
    let mut state = playing(3);
    yank(&mut state, "stick");
    state.take_effects();
    plug(&mut state, 2 * S, "other", "/m/stick");
    assert!(!state.is_playing(), "what is waited for is not here");
    assert!(!state.take_effects().iter().any(|effect| matches!(effect, Effect::Play(_))));
    assert_eq!(&*state.current_item().unwrap().medium, "stick");
}

#[test]
fn files_that_go_missing_while_a_stick_is_pulled_are_not_bad() {
    let mut state = playing(4);
    for _ in 0..3 {
        let id = state.playback.next.clone().map(|next| next.id);
        let Some(id) = id else { break };
        state.engine_event(S, engine::Event::Failed { track: TrackId(id), error: TrackError::Missing });
    }
    yank(&mut state, "stick");
    plug(&mut state, 2 * S, "stick", "/m/stick");
    let places: Vec<_> = (0..4)
        .map(|_| {
            state.queue.next().inspect(|place| {
                state.queue.select(*place);
            })
        })
        .collect();
    assert_eq!(places, [Some(1), Some(2), Some(3), Some(0)]);
}

#[test]
fn the_place_on_each_medium_is_stored_and_gone_back_to_after_a_restart() {
    let mut state = playing(3);
    plug(&mut state, S, "card", "/m/card");
    state.playback.position_s = 5.0;
    let effects = command(&mut state, Command::NextSource);
    let left = effects.iter().find_map(|effect| match effect {
        Effect::Save(Save::Left(left)) => Some(left.clone()),
        _ => None,
    });
    let left = left.expect("the place is stored before other music plays");
    assert_eq!((&*left.medium, left.place, left.position_s, left.entries.len()), ("stick", 0, 5.0, 3));
    let mut state = State::new();
    let saved = crate::store::Saved { left: vec![left], ..Default::default() };
    state.restore(S, saved);
    plug(&mut state, S, "card", "/m/card");
    let collect = collect_of(&state.take_effects());
    state.collected(S, collect.request, false, found(["/m/card/x.mp3".into()]));
    plug(&mut state, S, "stick", "/m/new");
    state.take_effects();
    let track = played(&command(&mut state, Command::NextSource));
    assert_eq!((track.path.to_str(), track.start_s), (Some("/m/new/a/0.flac"), 5.0));
    assert_eq!(state.queue.len(), 3);
}

#[test]
fn a_list_plays_from_the_row_that_was_chosen() {
    let mut state = playing(2);
    let start = Some(RowKey::new(&[7]));
    let view = ViewRef::AlbumTracks { album: 3 };
    let effects = command(&mut state, Command::PlayView { view: view.clone(), start: start.clone() });
    let asked = catalog(&effects);
    let [CatalogRequest::Tracks { request, view: of, start: from }] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!((of, from), (&view, &start));
    state.tracks_known(S, *request, true, Ok(vec![item(5)]));
    assert_eq!(played(&state.take_effects()).path, file(5));
    state.tracks_known(S, *request, false, Ok((3..9).map(item).collect()));
    assert_eq!((state.queue.len(), state.queue.place()), (6, 2));
    assert!(!state.take_effects().iter().any(|effect| matches!(effect, Effect::Play(_))), "it plays on");
    assert_eq!(state.tracks_known(S, *request, false, Ok(vec![item(1)])), Changed::NONE, "answered");
    command(&mut state, Command::PlayView { view, start: None });
    let request = state.last_request;
    state.tracks_known(S, request, false, Err("the library is not there yet".into()));
    assert_eq!(message(&state), "This list cannot be read: the library is not there yet");
    assert_eq!(state.queue.len(), 6, "what plays stays");
}

#[test]
fn other_music_chosen_does_not_lose_an_edit_on_its_way() {
    let mut state = playing(2);
    let view = ViewRef::Albums;
    command(&mut state, Command::AddToPlaylist { playlist: 9, music: MusicRef::View { view } });
    let request = state.last_request;
    play_path(&mut state, &file(1));
    state.tracks_known(S, request, false, Ok(vec![item(4)]));
    let edit = CatalogRequest::Edit(Edit::Add { playlist: 9, items: vec![item(4)] });
    assert_eq!(catalog(&state.take_effects()), [edit]);
}

#[test]
fn remotes_cannot_ask_without_end() {
    let mut state = playing(2);
    for _ in 0..1000 {
        let music = MusicRef::View { view: ViewRef::Tracks };
        command(&mut state, Command::ToggleFavourite { music });
    }
    assert_eq!(state.collects.iter().filter(|pending| pending.is_edit()).count(), 32);
    let music = MusicRef::Queue;
    state.queue.replace((0..101).map(item).collect(), 0);
    assert!(catalog(&command(&mut state, Command::ToggleFavourite { music })).is_empty());
    assert!(message(&state).starts_with("At most 100"));
}

#[test]
fn favourites_are_marked_as_the_catalog_says() {
    let mut state = playing(2);
    let effects = command(&mut state, Command::ToggleFavourite { music: MusicRef::Current });
    assert_eq!(catalog(&effects), [CatalogRequest::Edit(Edit::Favour { items: vec![item(0)] })]);
    assert!(!state.is_favourite(), "not before it is on the disk");
    state.edited(S, Ok("Added to the favourites".into()));
    let asked = state.take_effects();
    assert!(asked.contains(&Effect::Catalog(CatalogRequest::IsFavourite { item: item(0) })));
    assert_eq!(state.favourite_known(&item(1), true), Changed::NONE, "of another track");
    state.favourite_known(&item(0), true);
    assert!(state.is_favourite());
    command(&mut state, Command::Next);
    assert!(!state.is_favourite());
}

#[test]
fn a_track_counts_once_when_half_of_it_was_heard() {
    let mut state = playing(2);
    let id = state.playback.current.clone().unwrap().id;
    let hear = |state: &mut State, to_s: f64| {
        let head = engine::Playhead { track: Some(TrackId(id)), position_s: to_s, ..Default::default() };
        state.heard(head);
        catalog(&state.take_effects())
    };
    for quarter in 1..=20 {
        assert!(hear(&mut state, f64::from(quarter) * 0.25).is_empty(), "{quarter}");
    }
    assert_eq!(hear(&mut state, 5.25), [CatalogRequest::Played { item: item(0) }]);
    for quarter in 22..=40 {
        assert!(hear(&mut state, f64::from(quarter) * 0.25).is_empty());
    }
    command(&mut state, Command::Next);
    let id = state.playback.current.clone().unwrap().id;
    begin(&mut state, TrackId(id));
    state.take_effects();
    let head = engine::Playhead { track: Some(TrackId(id)), position_s: 9.0, ..Default::default() };
    state.heard(head);
    assert!(catalog(&state.take_effects()).is_empty(), "a jump is not heard");
}

#[test]
fn scans_wait_for_the_sound() {
    let mut state = State::new();
    state.autoplay = false;
    plug(&mut state, Duration::ZERO, "other", "/m/other");
    plug(&mut state, Duration::ZERO, "stick", "/m/stick");
    state.time_passed(3 * S);
    assert!(index(&state.take_effects()).is_empty());
    let effects = play_path(&mut state, &file(0));
    state.time_passed(10 * S);
    assert!(index(&state.take_effects()).is_empty(), "music is wanted and not yet heard");
    let id = played(&effects).id;
    let info = engine::SourceInfo {
        codec: String::new(),
        rate: 44_100,
        channels: 2,
        bits: None,
        frames: None,
        duration_s: None,
    };
    state.engine_event(11 * S, engine::Event::Started { track: id, info });
    state.time_passed(14 * S);
    assert!(index(&state.take_effects()).is_empty());
    state.time_passed(15 * S);
    assert_eq!(index(&state.take_effects()), ["scan stick"], "the one that plays, and one at a time");
    state.time_passed(99 * S);
    assert!(index(&state.take_effects()).is_empty());
    state.scan_ended(99 * S, "stick", ScanEnd::Finished { read: 7 });
    assert_eq!(index(&state.take_effects()), ["scan another"]);
    assert_eq!(state.library_info().scanned.unwrap().read, 7);
}

#[test]
fn a_scan_ends_with_its_medium_and_with_the_ignition() {
    let mut state = playing(2);
    state.time_passed(60 * S);
    assert_eq!(index(&state.take_effects()), ["scan stick"]);
    let progress = Scanning { medium: "stick".into(), seen: 3, read: 2, ..Scanning::default() };
    state.scan_progress(60 * S, progress.clone());
    assert_eq!(state.library_info().scanning.unwrap().name, "stick");
    state.set_power(61 * S, Power::Off);
    assert_eq!(index(&state.take_effects()), ["stop"]);
    assert_eq!(state.scan_progress(61 * S, progress), Changed::NONE, "late");
    state.scan_ended(61 * S, "stick", ScanEnd::Stopped);
    state.time_passed(90 * S);
    assert!(index(&state.take_effects()).is_empty(), "the key is out");
    state.set_power(91 * S, Power::On);
    state.time_passed(95 * S);
    assert_eq!(index(&state.take_effects()), ["scan stick"], "it goes on");
    yank(&mut state, "stick");
    assert_eq!(index(&state.take_effects()), ["stop"]);
    state.scan_ended(96 * S, "stick", ScanEnd::Gone);
    assert_eq!(state.scan_deadline(), None);
}

#[test]
fn a_scan_stopped_by_hand_stays_stopped_and_one_asked_for_comes_first() {
    let mut state = playing(2);
    state.time_passed(60 * S);
    state.take_effects();
    assert_eq!(index(&command(&mut state, Command::CancelScan)), ["stop"]);
    state.scan_ended(61 * S, "stick", ScanEnd::Stopped);
    state.time_passed(600 * S);
    assert!(index(&state.take_effects()).is_empty());
    assert_eq!(index(&command(&mut state, Command::Rescan { medium: None })), ["scan stick"]);
    command(&mut state, Command::Rescan { medium: Some("nobody".into()) });
    assert_eq!(message(&state), "There is no such medium to search for music");
}

#[test]
fn a_medium_known_to_its_end_is_looked_through_later() {
    let mut state = playing(2);
    let known = MediumKnown { id: "stick".into(), tracks: 9, is_complete: true };
    state.media_known(S, vec![known]);
    state.time_passed(20 * S);
    assert!(index(&state.take_effects()).is_empty());
    assert_eq!(state.library_info().media[0].tracks, Some(9));
    state.time_passed(40 * S);
    assert_eq!(index(&state.take_effects()), ["scan stick"]);
}

#[test]
fn gain_is_known_before_a_track_is_heard() {
    let mut state = state();
    let effects = play_path(&mut state, &file(0));
    assert_eq!(played(&effects).gain_db, 0.0);
    let info = TrackInfo { replaygain_db: Some(-8.0), ..TrackInfo::default() };
    state.track_read(S, &file(0), Some(info.clone()));
    let track = played(&state.take_effects());
    assert_eq!((track.path, track.gain_db), (file(0), -8.0));
    begin(&mut state, track.id);
    state.take_effects();
    let louder = TrackInfo { replaygain_db: Some(-2.0), ..info };
    state.track_read(S, &file(0), Some(louder));
    assert!(!state.take_effects().iter().any(|e| matches!(e, Effect::Play(_))), "heard already");
    let effects = command(&mut state, Command::SetReplayGain { mode: ReplayGain::Off });
    assert_eq!(played(&effects).gain_db, 0.0);
}

#[test]
fn a_part_of_a_file_is_a_track_of_its_own() {
    let mut state = state();
    let slice = |from, to| Some(Slice { start: CueFrames(from), end: to });
    let part = |n: u32, from, to| Item {
        slice: slice(from, to),
        label: Some(Label { title: format!("Part {n}"), artist: "Somebody".into() }.into()),
        ..item(0)
    };
    let parts = vec![part(1, 0, Some(CueFrames(750))), part(2, 750, None)];
    command(&mut state, Command::PlayView { view: ViewRef::Favourites, start: None });
    let request = state.last_request;
    state.tracks_known(S, request, false, Ok(parts));
    let track = played(&state.take_effects());
    assert_eq!(track.slice, Some(engine::Slice { start_s: 0.0, end_s: Some(10.0) }));
    let info = TrackInfo { title: "All".into(), duration_s: Some(100.0), ..TrackInfo::default() };
    state.track_read(S, &file(0), Some(info));
    assert_eq!(state.duration_s(), Some(10.0));
    let nav = crate::nav::Nav::new();
    let now = crate::view::snapshot(&state, &nav).now;
    assert_eq!((now.title.as_str(), now.artist.as_str()), ("Part 1", "Somebody"));
    command(&mut state, Command::Next);
    assert_eq!(state.duration_s(), Some(90.0));
    assert_eq!(crate::view::snapshot(&state, &nav).now.title, "Part 2");
}

#[test]
fn taking_the_current_entry_out_plays_the_next_one() {
    let mut state = playing(3);
    let effects = command(&mut state, Command::RemoveQueueEntry { index: 0 });
    assert_eq!(played(&effects).path, file(1));
    command(&mut state, Command::Pause);
    command(&mut state, Command::RemoveQueueEntry { index: 0 });
    assert_eq!((state.playback.intent, state.current_path()), (Intent::Paused, Some(file(2))));
    command(&mut state, Command::RemoveQueueEntry { index: 0 });
    assert_eq!((state.playback.intent, state.queue.len()), (Intent::Stopped, 0));
    assert!(command(&mut state, Command::RemoveQueueEntry { index: 9 }).is_empty());
}
