//! Tracks through the real engine: order, seams, jumps, pauses, events and the playhead.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod common;

use common::rig::{Rig, short, track};
use common::{signal, wav};
use engine::{Event, OfflineOptions, Params, TrackId, render_offline};
use std::path::Path;

const RATE: u32 = 48_000;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn render(files: &[&Path], options: &OfflineOptions) -> (Vec<f32>, engine::OfflineStats) {
    let mut out = Vec::new();
    let stats = render_offline(files, options, &mut |_| Ok(()), &mut |block| {
        out.extend_from_slice(block);
        Ok(())
    });
    (out, stats.unwrap())
}

#[test]
fn a_flat_track_comes_out_bit_for_bit() {
    let folder = folder();
    let sound = signal::noise(1, 1.0, 3 * RATE as usize + 77);
    let path = wav::write(folder.path(), "a.wav", RATE, &sound);
    let mut rig = Rig::new(RATE, &Params::default());
    rig.control.play(track(1, &path));
    let out = rig.run_aligned(sound.len() / 2 + 1000);
    assert!(out[..sound.len()] == sound[..]);
    assert!(out[sound.len()..].iter().all(|sample| *sample == 0.0));
    let events = rig.told();
    assert_eq!(short(&events), ["started 1", "finished 1"]);
    let Event::Started { info, .. } = &events[0] else { panic!("not started") };
    assert_eq!((info.rate, info.channels, info.frames), (RATE, 2, Some(sound.len() as u64 / 2)));
    assert_eq!(rig.control.playhead().track, None);
    assert_eq!(rig.control.playhead().underruns, 0);
}

#[test]
fn gapless_parts_equal_the_whole() {
    let folder = folder();
    let sound = signal::noise(2, 0.9, 5 * RATE as usize);
    let whole = wav::write(folder.path(), "whole.wav", RATE, &sound);
    let cut = 2 * (2 * RATE as usize + 12_345);
    let first = wav::write(folder.path(), "first.wav", RATE, &sound[..cut]);
    let second = wav::write(folder.path(), "second.wav", RATE, &sound[cut..]);
    for output in [RATE, 44_100, 96_000] {
        let mut alone = Rig::new(output, &Params::default());
        alone.control.play(track(1, &whole));
        let frames = sound.len() / 2 * output as usize / RATE as usize + 2000;
        let expected = alone.run(frames);
        let mut joined = Rig::new(output, &Params::default());
        joined.control.play(track(1, &first));
        joined.control.set_next(Some(track(2, &second)));
        assert!(joined.run(frames) == expected, "at {output} Hz");
        assert_eq!(short(&joined.told()), ["started 1", "started 2", "finished 2"]);
    }
}

#[test]
fn offline_is_bit_exact_and_as_long_as_it_should_be() {
    let folder = folder();
    let sound = signal::noise(3, 1.0, 4 * RATE as usize + 311);
    let (cut, end) = (2 * 100_001, sound.len());
    let first = wav::write(folder.path(), "1.wav", RATE, &sound[..cut]);
    let second = wav::write(folder.path(), "2.wav", RATE, &sound[cut..cut + 200]);
    let third = wav::write(folder.path(), "3.wav", RATE, &sound[cut + 200..end]);
    let files = [first.as_path(), &second, Path::new("/nonexistent"), &third];
    let (out, stats) = render(&files, &OfflineOptions::default());
    assert!(out == sound);
    assert_eq!((stats.frames, stats.rate, stats.underruns), (sound.len() as u64 / 2, RATE, 0));
    assert_eq!(stats.peak, signal::peak(&sound));
    assert_eq!(stats.failed, [(files[2].to_path_buf(), engine::TrackError::Missing)]);

    let part = OfflineOptions { seek_s: 0.75, seconds: Some(1.5), ..OfflineOptions::default() };
    assert!(render(&files, &part).0 == sound[2 * 36_000..2 * 108_000]);

    let (out, stats) = render(&files, &OfflineOptions { rate: Some(44_100), ..OfflineOptions::default() });
    let frames = (sound.len() as f64 / 2.0 * 44_100.0 / 48_000.0).round() as usize;
    assert!((out.len() / 2).abs_diff(frames) <= 1 && stats.frames as usize == out.len() / 2);
}

#[test]
fn offline_fails_when_nothing_can_be_played() {
    let mut write = |_: &[f32]| Ok(());
    let options = OfflineOptions { rate: Some(RATE), ..OfflineOptions::default() };
    for options in [OfflineOptions::default(), options] {
        assert!(render_offline(&[Path::new("/nonexistent")], &options, &mut |_| Ok(()), &mut write).is_err());
        assert!(render_offline(&[], &options, &mut |_| Ok(()), &mut write).is_err());
    }
}

#[test]
fn seeks_land_on_the_sample() {
    let folder = folder();
    let sound = signal::ladder(0, 20 * RATE as usize);
    let path = wav::write(folder.path(), "ladder.wav", RATE, &sound);
    let mut rig = Rig::new(RATE, &Params::default());
    rig.control.play(track(1, &path));
    rig.run(RATE as usize / 2);
    for to_s in [12.5, 3.0, 19.0, 0.0, 7.123] {
        rig.control.seek(to_s);
        assert!((rig.control.playhead().position_s - to_s).abs() < 1e-9, "shown at once");
        let out = rig.run_aligned(4800);
        let first = (to_s * f64::from(RATE)).round() as usize;
        // After the fade-out of the old and the fade-in of the new, every frame is where it must be.
        let settled = &out[2 * 2400..];
        let at = (settled[0] * 8_388_608.0) as usize - 1;
        assert!(settled == &signal::ladder(at, settled.len() / 2)[..]);
        let played = rig.control.playhead().position_s;
        let heard = (at + settled.len() / 2 - 1 + rig.renderer.latency() + 1) as f64 / f64::from(RATE);
        assert!((played - heard).abs() < 1.5 / f64::from(RATE), "{played} against {heard}");
        assert!(at >= first && at - first <= 2400, "seek to {first} but {at} sounds");
    }
    assert_eq!(rig.control.playhead().underruns, 0);
}

#[test]
fn a_seek_fades_instead_of_clicking() {
    let folder = folder();
    let path =
        wav::write(folder.path(), "tone.wav", RATE, &signal::tone(RATE, 100.0, 0.5, 10 * RATE as usize));
    let mut rig = Rig::new(RATE, &Params::default());
    rig.control.play(track(1, &path));
    let mut out = rig.run(4800);
    for n in 0..20 {
        rig.control.seek(0.3 * f64::from(n) + 0.0017);
        out.extend(rig.run(1700));
    }
    // A 100 Hz tone at 0.5 moves by 0.0066 a frame at most, a 5 ms raised cosine adds 0.0033.
    let step = out.chunks_exact(2).zip(out[2..].chunks_exact(2)).map(|(a, b)| (a[0] - b[0]).abs());
    let steepest = step.fold(0.0f32, f32::max);
    assert!(steepest < 0.0105, "a step of {steepest}");
}

#[test]
fn pause_holds_and_resume_goes_on_where_it_was() {
    let folder = folder();
    let sound = signal::ladder(0, 10 * RATE as usize);
    let path = wav::write(folder.path(), "ladder.wav", RATE, &sound);
    let mut rig = Rig::new(RATE, &Params::default());
    rig.control.play(track(1, &path));
    rig.run(RATE as usize);
    rig.control.set_paused(true);
    let falling = rig.run(2400);
    assert!(falling[2 * 1000..].iter().all(|sample| *sample == 0.0));
    let held = rig.control.playhead();
    rig.run(RATE as usize);
    assert_eq!(rig.control.playhead(), held);
    rig.control.set_paused(false);
    let out = rig.run_aligned(4800);
    let after = (held.position_s * f64::from(RATE)).round() as usize;
    assert!(out[2 * 500..2 * 4000] == signal::ladder(after + 500, 3500)[..]);
    assert_eq!(rig.control.playhead().underruns, 0);
}

#[test]
fn a_jump_while_paused_drops_the_old_and_waits() {
    let folder = folder();
    let path = wav::write(folder.path(), "ladder.wav", RATE, &signal::ladder(0, 10 * RATE as usize));
    let other = wav::write(folder.path(), "other.wav", RATE, &signal::noise(4, 0.5, 3 * RATE as usize));
    let mut rig = Rig::new(RATE, &Params::default());
    rig.control.play(track(1, &path));
    rig.run(RATE as usize);
    rig.control.set_paused(true);
    rig.run(RATE as usize / 10);
    rig.control.seek(5.0);
    assert!(rig.run(4800).iter().all(|sample| *sample == 0.0));
    assert_eq!(rig.control.playhead().position_s, 5.0);
    rig.control.play(track(2, &other));
    assert!(rig.run(4800).iter().all(|sample| *sample == 0.0));
    assert_eq!(rig.control.playhead().track, Some(TrackId(2)));
    assert_eq!(short(&rig.told()), ["started 1", "started 2"]);
    rig.control.set_paused(false);
    assert!(signal::peak(&rig.run(4800)) > 0.4);
}

#[test]
fn play_replaces_at_once_and_next_follows() {
    let folder = folder();
    let make =
        |n: u64| wav::write(folder.path(), &format!("{n}.wav"), RATE, &signal::noise(n, 0.5, RATE as usize));
    let paths: Vec<_> = (0..4).map(make).collect();
    let mut rig = Rig::new(RATE, &Params::default());
    rig.control.play(track(0, &paths[0]));
    rig.control.set_next(Some(track(1, &paths[1])));
    rig.run(9600);
    rig.control.play(track(2, &paths[2]));
    assert_eq!(rig.control.playhead().track, Some(TrackId(2)));
    let out = rig.run_aligned(9600);
    let sound = signal::noise(2, 0.5, RATE as usize);
    let tail = &out[out.len() - 2000..];
    assert!(sound.windows(2000).step_by(2).any(|window| window == tail), "track 2 sounds");
    rig.control.set_next(Some(track(3, &paths[3])));
    rig.run(2 * RATE as usize);
    assert_eq!(short(&rig.told()), ["started 0", "started 2", "started 3", "finished 3"]);
}

#[test]
fn a_next_that_is_replaced_late_never_sounds() {
    let folder = folder();
    let (a, b, c) =
        (signal::ladder(0, 30_000), signal::noise(5, 0.5, 20_000), signal::ladder(30_000, 20_000));
    let first = wav::write(folder.path(), "a.wav", RATE, &a);
    let wrong = wav::write(folder.path(), "b.wav", RATE, &b);
    let right = wav::write(folder.path(), "c.wav", RATE, &c);
    let mut rig = Rig::new(RATE, &Params::default());
    rig.control.play(track(1, &first));
    rig.control.set_next(Some(track(2, &wrong)));
    let late = rig.renderer.latency();
    let mut out = rig.run(24_000);
    for n in 0..5 {
        rig.control.set_next(Some(track(10 + n, &wrong)));
        out.extend(rig.run(480));
    }
    rig.control.set_next(Some(track(3, &right)));
    out.extend(rig.run(30_000));
    let expected = signal::ladder(0, 50_000);
    assert!(out[2 * late..2 * (late + 50_000)] == expected[..], "the seam is exact");
    assert_eq!(short(&rig.told()), ["started 1", "started 3", "finished 3"]);
    assert_eq!(rig.control.playhead().underruns, 0);
}

#[test]
fn a_next_taken_back_or_given_late_is_obeyed() {
    let folder = folder();
    let first = wav::write(folder.path(), "a.wav", RATE, &signal::ladder(0, 30_000));
    let second = wav::write(folder.path(), "b.wav", RATE, &signal::ladder(30_000, 30_000));
    let mut rig = Rig::new(RATE, &Params::default());
    let late = rig.renderer.latency();
    rig.control.play(track(1, &first));
    rig.control.set_next(Some(track(2, &second)));
    let mut out = rig.run(20_000);
    rig.control.set_next(None);
    out.extend(rig.run(5_000));
    rig.control.set_next(Some(track(3, &second)));
    out.extend(rig.run(36_000));
    assert!(out[2 * late..2 * (late + 60_000)] == signal::ladder(0, 60_000)[..]);
    assert_eq!(short(&rig.told()), ["started 1", "started 3", "finished 3"]);
    // Finished, and then a next after all: it plays from its first sample.
    rig.control.set_next(Some(track(4, &first)));
    let out = rig.run_aligned(10_000);
    assert!(out == signal::ladder(0, 10_000));
    rig.control.set_next(Some(track(5, &second)));
    rig.control.stop();
    rig.control.set_next(Some(track(6, &second)));
    rig.run(4800);
    assert_eq!(signal::peak(&rig.run(4800)), 0.0);
    assert_eq!(rig.control.playhead().track, None);
    assert_eq!(short(&rig.told()), ["started 4"]);
}

#[test]
fn bad_tracks_are_told_and_skipped() {
    let folder = folder();
    let good = wav::write(folder.path(), "good.wav", RATE, &signal::ladder(0, 30_000));
    let bad = folder.path().join("bad.wav");
    std::fs::write(&bad, b"this is no music at all, only words").unwrap();
    let empty = folder.path().join("empty.wav");
    std::fs::write(&empty, wav::float_bytes(RATE, &[])).unwrap();
    let missing = folder.path().join("missing.wav");
    let mut rig = Rig::new(RATE, &Params::default());
    for (n, path) in [&bad, &empty, &missing].into_iter().enumerate() {
        rig.control.play(track(n as u64, path));
        rig.run(960);
        assert_eq!(short(&rig.told()), [format!("failed {n}")]);
        assert_eq!(rig.control.playhead().track, None);
    }
    rig.control.play(track(10, &good));
    rig.control.set_next(Some(track(11, &bad)));
    rig.run(4800);
    let told = [(); 2].map(|()| rig.events.recv_timeout(std::time::Duration::from_secs(5)).unwrap());
    let mut told = short(&told);
    // The next one is opened ahead of time: it may fail before the current one has begun to sound.
    told.sort();
    assert_eq!(told, ["failed 11", "started 10"]);
    rig.control.set_next(Some(track(12, &good)));
    rig.run(60_000);
    assert_eq!(short(&rig.told()), ["started 12", "finished 12"]);
    assert_eq!(rig.control.playhead().underruns, 0);
}

#[test]
fn the_playhead_is_right_across_seams_rates_and_jumps() {
    let folder = folder();
    let tone = |rate: u32, s: f64| signal::tone(rate, 300.0, 0.2, (f64::from(rate) * s) as usize);
    let first = wav::write(folder.path(), "a.wav", 44_100, &tone(44_100, 2.0));
    let second = wav::write(folder.path(), "b.wav", 44_100, &tone(44_100, 1.5));
    let third = wav::write(folder.path(), "c.wav", 96_000, &tone(96_000, 1.0));
    let mut rig = Rig::new(RATE, &Params::default());
    let mut opening = track(1, &first);
    opening.start_s = 0.5;
    rig.control.play(opening);
    rig.control.set_next(Some(track(2, &second)));
    let near = |rig: &Rig, id: u64, position_s: f64| {
        let head = rig.control.playhead();
        assert_eq!(head.track, Some(TrackId(id)));
        assert!((head.position_s - position_s).abs() < 1e-4, "{} against {position_s}", head.position_s);
    };
    near(&rig, 1, 0.5);
    rig.run(48_000);
    near(&rig, 1, 1.5);
    rig.run(48_000);
    near(&rig, 2, 0.5);
    rig.control.set_next(Some(track(3, &third)));
    rig.run(60_000);
    near(&rig, 3, 0.25);
    rig.control.seek(0.5);
    near(&rig, 3, 0.5);
    rig.run(9600);
    let head = rig.control.playhead();
    // The fade-out of the old frames and the wait for the new take part of the 200 ms.
    assert!(head.position_s > 0.67 && head.position_s <= 0.7, "{}", head.position_s);
    rig.control.seek(30.0);
    rig.run(9600);
    assert_eq!(short(&rig.told()), ["started 1", "started 2", "started 3", "finished 3"]);
}

#[test]
fn a_seek_back_from_the_ring_full_of_the_next_track_keeps_that_track() {
    let folder = folder();
    let first = wav::write(folder.path(), "a.wav", RATE, &signal::ladder(0, 40_000));
    let second = wav::write(folder.path(), "b.wav", RATE, &signal::ladder(40_000, 40_000));
    let mut rig = Rig::new(RATE, &Params::default());
    rig.control.play(track(1, &first));
    rig.control.set_next(Some(track(2, &second)));
    rig.run(30_000);
    rig.control.seek(0.25);
    let out = rig.run(80_000);
    let at = out.iter().position(|sample| *sample == 20_000.0 / 8_388_608.0).unwrap();
    assert!(out[at..at + 2 * 60_000] == signal::ladder(19_999, 60_000)[..]);
    assert_eq!(short(&rig.told()), ["started 1", "started 2", "finished 2"]);
}

#[test]
fn mono_sums_and_more_channels_stay_silent() {
    let folder = folder();
    let sound = signal::noise(7, 0.5, 9600);
    let path = wav::write(folder.path(), "a.wav", RATE, &sound);
    let frames: Vec<_> = sound.chunks_exact(2).collect();
    let mut mono = Rig::with_channels(RATE, 1, &Params::default());
    mono.control.play(track(1, &path));
    let out = mono.run_aligned(9600);
    assert!(out.iter().zip(&frames).all(|(out, frame)| *out == (frame[0] + frame[1]) * 0.5));
    let mut six = Rig::with_channels(RATE, 6, &Params::default());
    six.control.play(track(1, &path));
    let out = six.run_aligned(9600);
    assert!(out.chunks_exact(6).zip(&frames).all(|(out, frame)| out[..2] == **frame && out[2..] == [0.0; 4]));
}

#[test]
fn replay_gain_is_applied_to_its_track_only() {
    let folder = folder();
    let sound = signal::noise(8, 0.4, 20_000);
    let path = wav::write(folder.path(), "a.wav", RATE, &sound);
    let mut rig = Rig::new(RATE, &Params::default());
    let mut quiet = track(1, &path);
    quiet.gain_db = -6.0;
    rig.control.play(quiet);
    rig.control.set_next(Some(track(2, &path)));
    let out = rig.run_aligned(40_000);
    let gain = 10f32.powf(-0.3);
    assert!(out[..sound.len()].iter().zip(&sound).all(|(out, sound)| (out - sound * gain).abs() < 1e-6));
    assert!(out[sound.len()..] == sound[..]);
}

#[test]
fn unsupported_outputs_are_refused() {
    for (rate, channels) in [(7_999, 2), (192_001, 2), (48_000, 0), (48_000, 9)] {
        let output = engine::OutputFormat { rate, channels };
        assert!(engine::new(output, &Params::default(), Box::new(|_| ())).is_err());
    }
}
