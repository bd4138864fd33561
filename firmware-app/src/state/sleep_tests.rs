//! Tests of the sleep timer.

use super::tests::{S, playing};
use super::*;
use crate::sound;
use protocol::{Command, Power};

const MS: Duration = Duration::from_millis(1);

fn set(state: &mut State, now: Duration, minutes: Option<u16>) {
    state.apply(now, Command::SetSleep { minutes });
}

/// Lets time pass as the loop does; gives every level that was set, with its time.
fn pass(state: &mut State, from: Duration, to: Duration) -> Vec<(Duration, f32)> {
    let mut levels = Vec::new();
    let mut now = from;
    while let Some(due) = state.deadline().filter(|due| *due <= to) {
        now = due.max(now);
        state.time_passed(now);
        if state.take_effects().contains(&Effect::Params) {
            levels.push((now, sound::params(state).volume_db));
        }
    }
    levels
}

#[test]
fn the_music_fades_smoothly_pauses_and_comes_back_at_its_level() {
    let mut state = playing(2);
    let level = state.volume.level.0;
    set(&mut state, S, Some(1));
    assert_eq!(state.sleep.left_s(), Some(60));
    assert_eq!(pass(&mut state, S, 41 * S), [], "nothing fades before its time");
    assert_eq!(state.sleep.left_s(), Some(20));
    let fade = pass(&mut state, 41 * S, 61 * S - MS);
    assert!((390..=401).contains(&fade.len()), "{} steps", fade.len());
    let mut last = level;
    for (at, db) in &fade {
        assert!(*db < last || *db == -100.0, "it falls all the way: {db} after {last}");
        let loud = *db > level - 12.0;
        assert!(last - db < 0.11 || !loud, "{} dB at {at:?}", last - db);
        last = *db;
    }
    assert_eq!(last, -100.0, "silence");
    assert_eq!((state.volume.level.0, state.is_playing()), (level, true), "the setting stays");
    state.time_passed(61 * S);
    let effects = state.take_effects();
    assert!(effects.contains(&Effect::SetPaused(true)), "{effects:?}");
    assert_eq!((state.sleep.left_s(), state.is_playing()), (None, false));
    assert_eq!(state.message.as_ref().unwrap().text, "The sleep timer has paused the music");
    let back = pass(&mut state, 61 * S, 62 * S);
    assert_eq!(back, [(61 * S + 300 * MS, level)], "once nothing is heard any more");
    state.apply(70 * S, Command::Play);
    assert!(state.is_playing() && state.sleep.gain_db() == 0.0);
}

#[test]
fn a_play_right_after_it_comes_back_without_a_jump() {
    let mut state = playing(2);
    let level = state.volume.level.0;
    set(&mut state, S, Some(1));
    pass(&mut state, S, 61 * S);
    state.apply(61 * S + 100 * MS, Command::Play);
    let back = pass(&mut state, 61 * S + 100 * MS, 65 * S);
    assert!(back.len() >= 19 && back.windows(2).all(|pair| pair[0].1 < pair[1].1), "{back:?}");
    assert_eq!(back.last().unwrap().1, level);
}

#[test]
fn it_is_taken_back_by_hand_and_by_the_ignition_even_while_it_fades() {
    for by_ignition in [false, true] {
        let mut state = playing(2);
        let level = state.volume.level.0;
        set(&mut state, S, Some(1));
        pass(&mut state, S, 55 * S);
        assert!(sound::params(&state).volume_db < level - 20.0);
        if by_ignition {
            state.set_power(55 * S, Power::Off);
        } else {
            set(&mut state, 55 * S, None);
        }
        assert_eq!(state.sleep.left_s(), None);
        pass(&mut state, 55 * S, 57 * S);
        assert_eq!(sound::params(&state).volume_db, level);
        assert_eq!(state.is_playing(), !by_ignition);
        pass(&mut state, 57 * S, 120 * S);
        assert_eq!(state.playback.intent, Intent::Playing, "nothing pauses any more");
    }
}

#[test]
fn more_time_during_the_fade_brings_the_music_back_and_fades_later() {
    let mut state = playing(2);
    let level = state.volume.level.0;
    set(&mut state, S, Some(1));
    pass(&mut state, S, 50 * S);
    set(&mut state, 50 * S, Some(2));
    pass(&mut state, 50 * S, 52 * S);
    assert_eq!((sound::params(&state).volume_db, state.sleep.left_s()), (level, Some(118)));
    pass(&mut state, 52 * S, 169 * S);
    assert!(sound::params(&state).volume_db < level - 60.0 && state.is_playing());
    pass(&mut state, 169 * S, 170 * S);
    assert!(!state.is_playing());
}

#[test]
fn it_counts_while_paused_and_refuses_what_is_no_time() {
    let mut state = playing(2);
    for minutes in [0, 181, u16::MAX] {
        set(&mut state, S, Some(minutes));
        assert_eq!(state.sleep.left_s(), None, "{minutes}");
        assert_eq!(state.message.as_ref().unwrap().text, "The sleep timer runs for 1 to 180 minutes");
    }
    state.apply(S, Command::DismissMessage);
    set(&mut state, S, Some(1));
    state.apply(2 * S, Command::Pause);
    pass(&mut state, 2 * S, 30 * S);
    assert_eq!(state.sleep.left_s(), Some(31));
    pass(&mut state, 30 * S, 70 * S);
    assert_eq!((state.sleep.left_s(), state.message.is_none()), (None, true), "nothing was to be paused");
    state.set_power(71 * S, Power::Off);
    set(&mut state, 72 * S, Some(5));
    assert_eq!(state.sleep.left_s(), None, "a unit that is off sleeps already");
}
