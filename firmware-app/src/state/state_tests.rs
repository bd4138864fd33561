//! Tests of the state: what commands and reports lead to.

use super::*;
use crate::event::Found;
use engine::{SourceInfo, TrackError, TrackId};
use hal::MediaEvent;
use protocol::{Command, Decibels, Repeat, Seconds};
use std::path::Path;

pub(super) const S: Duration = Duration::from_secs(1);

fn plugged(name: &str) -> MediaEvent {
    MediaEvent::Plugged { name: name.into(), path: PathBuf::from("/m").join(name), id: name.into() }
}

pub(super) fn file(n: usize) -> PathBuf {
    PathBuf::from(format!("/m/stick/a/{n}.flac"))
}

pub(super) fn item(n: usize) -> Item {
    Item::new(&"stick".into(), Path::new(&format!("a/{n}.flac")))
}

pub(super) fn found(files: impl IntoIterator<Item = PathBuf>) -> Result<Vec<Found>, library::LibraryError> {
    Ok(files.into_iter().map(Found::from).collect())
}

/// A stick is in and nothing plays.
pub(super) fn state() -> State {
    let mut state = State::new();
    state.autoplay = false;
    state.media_event(Duration::ZERO, plugged("stick"));
    state
}

pub(super) fn command(state: &mut State, command: Command) -> Vec<Effect> {
    state.apply(S, command);
    state.take_effects()
}

pub(super) fn play_path(state: &mut State, path: &Path) -> Vec<Effect> {
    command(state, Command::PlayPath { path: path.to_str().unwrap().into() })
}

/// A folder of `count` files plays, its first file has begun.
pub(super) fn playing(count: usize) -> State {
    let mut state = state();
    let effects = play_path(&mut state, &file(0));
    let request = collect_of(&effects).request;
    state.collected(S, request, false, found((0..count).map(file)));
    let id = played(&effects).id;
    begin(&mut state, id);
    state.take_effects();
    state
}

fn asks_for_music(state: &mut State) -> bool {
    state.take_effects().iter().any(|effect| matches!(effect, Effect::Read(_) | Effect::Play(_)))
}

pub(super) fn collect_of(effects: &[Effect]) -> Collect {
    let found = effects.iter().find_map(|effect| match effect {
        Effect::Read(Request::Collect(collect)) => Some(collect.clone()),
        _ => None,
    });
    found.expect("tracks are asked for")
}

pub(super) fn played(effects: &[Effect]) -> engine::Track {
    let found = effects.iter().rev().find_map(|effect| match effect {
        Effect::Play(track) => Some(track.clone()),
        _ => None,
    });
    found.expect("something is played")
}

fn next_of(effects: &[Effect]) -> Option<engine::Track> {
    let found = effects.iter().rev().find_map(|effect| match effect {
        Effect::SetNext(track) => Some(track.clone()),
        _ => None,
    });
    found.expect("the next one is told")
}

pub(super) fn begin(state: &mut State, track: TrackId) {
    let info = SourceInfo {
        codec: "FLAC".into(),
        rate: 44_100,
        channels: 2,
        bits: Some(16),
        frames: Some(441_000),
        duration_s: Some(10.0),
    };
    state.engine_event(S, engine::Event::Started { track, info });
}

fn fail(state: &mut State, track: TrackId, error: TrackError) -> Vec<Effect> {
    state.engine_event(S, engine::Event::Failed { track, error });
    state.take_effects()
}

pub(super) fn message(state: &State) -> &str {
    state.message.as_ref().map_or("", |message| &message.text)
}

#[test]
fn a_file_plays_at_once_and_its_folder_follows() {
    let mut state = state();
    let effects = play_path(&mut state, &file(2));
    let plays = effects.iter().position(|effect| matches!(effect, Effect::Play(_))).unwrap();
    let asks = effects.iter().position(|effect| matches!(effect, Effect::Read(Request::Collect(_)))).unwrap();
    assert!(plays < asks);
    assert_eq!(state.queue.len(), 1);
    let collect = collect_of(&effects);
    assert_eq!((collect.what, collect.folder.to_str()), (CollectWhat::Beside, Some("/m/stick/a")));
    state.collected(S, collect.request, false, found((0..5).map(file)));
    assert_eq!((state.queue.len(), state.queue.place()), (5, 2));
    begin(&mut state, played(&effects).id);
    assert_eq!(next_of(&state.take_effects()).unwrap().path, file(3));
}

#[test]
fn a_folder_starts_with_its_first_track_before_the_rest_is_known() {
    let mut state = state();
    let collect = collect_of(&play_path(&mut state, Path::new("/m/stick")));
    state.collected(S, collect.request, true, found([file(0)]));
    assert_eq!(played(&state.take_effects()).path, file(0));
    state.collected(S, collect.request, false, found((0..9).map(file)));
    assert_eq!((state.queue.len(), state.queue.place()), (9, 0));
    assert!(!state.take_effects().iter().any(|effect| matches!(effect, Effect::Play(_))));
}

#[test]
fn an_older_answer_and_a_path_off_the_media_change_nothing() {
    let mut state = state();
    let old = collect_of(&play_path(&mut state, Path::new("/m/stick/b")));
    play_path(&mut state, &file(1));
    assert_eq!(state.collected(S, old.request, false, found([file(7)])), Changed::NONE);
    for path in ["/etc/passwd.mp3", "/m/stick/../x.mp3", "x.mp3", "", "/m/stick2/a.mp3"] {
        let effects = play_path(&mut state, Path::new(path));
        assert!(effects.is_empty(), "{path}: {effects:?}");
        assert!(message(&state).contains("is not on a medium"), "{path}");
    }
    assert_eq!(state.queue.len(), 1);
}

#[test]
fn the_engine_moves_the_queue_on() {
    let mut state = playing(3);
    let next = state.playback.next.clone().unwrap();
    begin(&mut state, TrackId(next.id));
    assert_eq!(state.queue.place(), 1);
    assert_eq!(next_of(&state.take_effects()).unwrap().path, file(2));
    command(&mut state, Command::SetRepeat { mode: Repeat::Off });
    let next = state.playback.next.clone().unwrap();
    begin(&mut state, TrackId(next.id));
    let effects = state.take_effects();
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::SetNext(Some(_)))), "it was the last one");
    state.engine_event(S, engine::Event::Finished { track: TrackId(next.id) });
    assert_eq!((state.playback.intent, state.queue.place()), (Intent::Stopped, 0));
    let effects = command(&mut state, Command::Play);
    assert_eq!(played(&effects).path, file(0));
}

#[test]
fn events_about_dropped_tracks_are_about_nothing() {
    let mut state = playing(3);
    let (current, next) = (state.playback.current.clone().unwrap(), state.playback.next.clone().unwrap());
    command(&mut state, Command::PlayQueueEntry { index: 2 });
    begin(&mut state, TrackId(next.id));
    assert!(fail(&mut state, TrackId(current.id), TrackError::Damaged).is_empty());
    assert_eq!(state.queue.place(), 2);
}

#[test]
fn a_bad_next_track_is_replaced_and_named() {
    let mut state = playing(4);
    let next = state.playback.next.clone().unwrap();
    let effects = fail(&mut state, TrackId(next.id), TrackError::Unsupported);
    assert_eq!(next_of(&effects).unwrap().path, file(2));
    assert_eq!(message(&state), "Skipped “1.flac”: this is not music this unit can play");
}

#[test]
fn nothing_but_bad_files_ends_with_a_message() {
    let mut state = state();
    let mut effects = play_path(&mut state, &file(0));
    let collect = collect_of(&effects);
    assert!(!fail(&mut state, played(&effects).id, TrackError::Empty).contains(&Effect::Stop));
    state.collected(S, collect.request, false, found((0..3).map(file)));
    for _ in 1..3 {
        effects = state.take_effects();
        let id = played(&effects).id;
        state.engine_event(S, engine::Event::Failed { track: id, error: TrackError::Damaged });
    }
    assert!(state.take_effects().contains(&Effect::Stop));
    assert_eq!(message(&state), "No playable music in this folder");
    assert_eq!(state.playback.intent, Intent::Stopped);
}

#[test]
fn a_single_bad_file_in_an_empty_folder_ends_too() {
    let mut state = state();
    let effects = play_path(&mut state, &file(0));
    fail(&mut state, played(&effects).id, TrackError::Damaged);
    state.collected(S, collect_of(&effects).request, false, Err(library::LibraryError::Missing));
    assert_eq!(
        (message(&state), state.playback.intent),
        ("No playable music in this folder", Intent::Stopped)
    );
}

#[test]
fn previous_restarts_after_three_seconds() {
    let mut state = playing(3);
    command(&mut state, Command::Next);
    let id = state.playback.current.clone().unwrap().id;
    begin(&mut state, TrackId(id));
    state.playback.position_s = 4.0;
    assert!(command(&mut state, Command::Previous).contains(&Effect::Seek(0.0)));
    let effects = command(&mut state, Command::Previous);
    assert_eq!(played(&effects).path, file(0));
}

#[test]
fn seeks_stay_within_the_track_and_nonsense_is_ignored() {
    let mut state = playing(1);
    assert!(command(&mut state, Command::Seek { to: Seconds(99.0) }).contains(&Effect::Seek(10.0)));
    assert!(command(&mut state, Command::SeekBy { by: Seconds(-99.0) }).contains(&Effect::Seek(0.0)));
    assert!(command(&mut state, Command::Seek { to: Seconds(f64::NAN) }).is_empty());
}

#[test]
fn a_pulled_medium_keeps_the_place_and_goes_on_when_it_is_back() {
    let mut state = playing(9);
    state.playback.position_s = 42.0;
    let current = state.playback.current.clone().unwrap();
    // The files go before the system says that the medium went.
    let error = TrackError::Missing;
    state.engine_event(S, engine::Event::Broken { track: TrackId(current.id), error: error.clone() });
    let next = state.playback.next.clone().unwrap();
    fail(&mut state, TrackId(next.id), error);
    state.media_event(S, MediaEvent::Yanked { name: "stick".into() });
    assert!(!state.is_playing());
    assert_eq!(message(&state), "“stick” was removed");
    state.take_effects();
    state.media_event(2 * S, plugged("stick"));
    let track = played(&state.take_effects());
    assert_eq!((track.path, track.start_s), (file(0), 42.0));
    assert!(state.is_playing());
}

#[test]
fn what_was_read_ahead_of_a_pulled_medium_is_not_heard_twice() {
    let mut state = playing(9);
    let current = state.playback.current.clone().unwrap();
    let next = state.playback.next.clone().unwrap();
    state.playback.position_s = 40.0;
    fail(&mut state, TrackId(next.id), TrackError::Missing);
    // Two seconds later what the engine held of the current track has been heard.
    state.playback.position_s = 42.0;
    state.engine_event(S, engine::Event::Broken { track: TrackId(current.id), error: TrackError::Missing });
    state.media_event(S, MediaEvent::Yanked { name: "stick".into() });
    assert_eq!((state.queue.place(), state.playback.position_s), (0, 42.0));
}

#[test]
fn a_queue_whose_files_are_all_gone_ends_and_waits() {
    let mut state = playing(3);
    state.playback.position_s = 7.0;
    let mut id = state.playback.current.clone().unwrap().id;
    state.engine_event(S, engine::Event::Broken { track: TrackId(id), error: TrackError::Missing });
    for _ in 0..9 {
        let next = state.playback.next.clone().or(state.playback.current.clone());
        let Some(next) = next.filter(|_| !state.playback.waiting) else { break };
        id = next.id;
        fail(&mut state, TrackId(id), TrackError::Missing);
        if state.playback.next.is_none() {
            state.engine_event(S, engine::Event::Finished { track: TrackId(id) });
        }
    }
    assert!(state.playback.waiting);
    assert_eq!((state.queue.place(), state.playback.position_s), (0, 7.0));
    assert_eq!(message(&state), "The music is no longer there");
}

#[test]
fn ignition_off_pauses_and_saves_and_on_goes_on() {
    let mut state = playing(2);
    state.set_power(S, Power::Off);
    let effects = state.take_effects();
    assert!(effects.contains(&Effect::SetPaused(true)) && effects.contains(&Effect::Backlight(0)));
    let resume =
        effects.iter().find_map(|e| if let Effect::Save(Save::Resume(r)) = e { r.clone() } else { None });
    assert_eq!(resume.unwrap().played, crate::store::Played::Playing);
    assert!(command(&mut state, Command::Next).is_empty());
    state.set_power(S, Power::On);
    assert!(state.take_effects().contains(&Effect::SetPaused(false)));
    command(&mut state, Command::Pause);
    state.set_power(S, Power::Off);
    state.set_power(S, Power::On);
    assert!(!state.take_effects().contains(&Effect::SetPaused(false)));
}

#[test]
fn the_engine_hears_of_the_volume_before_anybody_else() {
    let mut state = playing(2);
    let effects = command(&mut state, Command::VolumeBy { detents: 2 });
    assert_eq!(effects, [Effect::Params], "writing comes later");
    assert!(state.deadline().is_some());
    state.time_passed(2 * S);
    assert!(matches!(state.take_effects()[..], [Effect::Save(Save::Settings(_))]));
}

#[test]
fn keys_store_and_recall() {
    let mut state = playing(3);
    let effects = command(&mut state, Command::StoreKey { key: 3 });
    assert_eq!(
        effects,
        [Effect::Save(Save::Key { key: 3, row: Row { path: file(0), item: item(0), place: 0 } })]
    );
    assert_eq!(message(&state), "");
    state.keys_stored(S, &[3]);
    assert_eq!(message(&state), "Stored on key 3");
    assert_eq!(played(&command(&mut state, Command::RecallKey { key: 3 })).path, file(0));
    command(&mut state, Command::RecallKey { key: 4 });
    assert!(message(&state).starts_with("Key 4 is empty"));
    for key in [0, 7, 255] {
        assert!(command(&mut state, Command::StoreKey { key }).is_empty());
    }
}

#[test]
fn sources_go_round_and_keep_their_place() {
    let mut state = playing(3);
    command(&mut state, Command::NextSource);
    assert_eq!(message(&state), "There is no other source");
    state.media_event(S, plugged("empty"));
    state.media_event(S, plugged("card"));
    state.playback.position_s = 5.0;
    let first = collect_of(&command(&mut state, Command::NextSource));
    assert_eq!(first.medium, Path::new("/m/empty"));
    state.collected(S, first.request, false, Ok(Vec::new()));
    let second = collect_of(&state.take_effects());
    assert_eq!(second.medium, Path::new("/m/card"));
    state.collected(S, second.request, false, found(["/m/card/x.mp3".into()]));
    assert_eq!(played(&state.take_effects()).path, Path::new("/m/card/x.mp3"));
    let track = played(&command(&mut state, Command::NextSource));
    assert_eq!((track.path, track.start_s, state.queue.len()), (file(0), 5.0, 3));
}

#[test]
fn a_medium_with_music_starts_an_empty_unit() {
    let mut state = State::new();
    state.media_event(S, plugged("stick"));
    assert_eq!(collect_of(&state.take_effects()).medium, Path::new("/m/stick"));
    state.media_event(S, plugged("card"));
    assert!(!asks_for_music(&mut state), "the first medium is still being read");
}

#[test]
fn the_restored_place_waits_for_its_medium() {
    let saved = crate::store::Saved {
        queue: (0..4).map(|n| (item(n), n)).collect(),
        resume: Some(crate::store::Resume {
            place: 2,
            path: file(2),
            item: item(2),
            position_s: 33.0,
            played: crate::store::Played::Playing,
        }),
        ..Default::default()
    };
    let mut state = State::new();
    state.restore(S, saved.clone());
    assert!(!state.is_playing());
    assert!(!state.take_effects().iter().any(|effect| matches!(effect, Effect::Play(_))));
    state.media_event(S, plugged("other"));
    state.media_event(S, plugged("stick"));
    let track = played(&state.take_effects());
    assert_eq!((track.path, track.start_s), (file(2), 33.0));
    // The file itself is gone: said, and the next one plays.
    let effects = fail(&mut state, track.id, TrackError::Missing);
    assert_eq!(played(&effects).path, file(3));
    assert_eq!(message(&state), "Skipped “2.flac”: the file is gone");
}

#[test]
fn another_medium_plays_when_the_wanted_one_stays_away() {
    let mut state = playing(3);
    state.autoplay = true;
    state.media_event(S, MediaEvent::Yanked { name: "stick".into() });
    state.take_effects();
    state.media_event(3 * S, plugged("slow"));
    assert!(!asks_for_music(&mut state), "the wanted one may still be on its way");
    state.media_event(20 * S, plugged("card"));
    assert_eq!(collect_of(&state.take_effects()).medium, Path::new("/m/card"));
    state.forget_collects();
    state.playback.intent = Intent::Paused;
    assert_eq!(collect_of(&command(&mut state, Command::Play)).medium, Path::new("/m/slow"));
}

#[test]
fn hostile_stored_values_give_way() {
    let mut saved = crate::store::Saved::default();
    saved.settings.volume = Decibels(f32::NAN);
    saved.settings.volume_max = Decibels(f32::INFINITY);
    saved.settings.balance = f32::NAN;
    saved.settings.preset.bands[0].gain = Decibels(1e30);
    saved.keys = vec![(0, item(1)), (9, item(2)), (2, item(3))];
    saved.queue = vec![(item(1), usize::MAX), (item(2), 0)];
    let path = file(2);
    saved.resume = Some(crate::store::Resume {
        place: usize::MAX,
        path,
        item: item(2),
        position_s: -1e300,
        played: crate::store::Played::Paused,
    });
    let mut state = State::new();
    state.restore(S, saved);
    assert!(state.volume.level.0 <= 0.0 && state.volume.level.0 >= -100.0);
    assert_eq!((state.sound.balance, state.sound.preset.clone()), (0.0, protocol::SoundPreset::flat()));
    assert_eq!(state.keys.iter().flatten().count(), 1);
    assert_eq!((state.current_item(), state.playback.position_s), (Some(&item(2)), 0.0));
}

#[test]
fn messages_go_after_six_seconds_or_when_they_are_put_away() {
    let mut state = State::new();
    state.say(S, "x");
    assert_eq!(state.time_passed(6 * S), Changed::NONE);
    assert_eq!(state.time_passed(7 * S), Changed::MESSAGE);
    state.say(7 * S, "y");
    assert_eq!(state.apply(7 * S, Command::DismissMessage), Changed::MESSAGE);
    assert_eq!(state.apply(7 * S, Command::DismissMessage), Changed::NONE);
}
