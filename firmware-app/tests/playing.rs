//! The stereo plays: from file to file, past bad files, through lost devices and pulled sticks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod rig;

use std::time::Duration;

use firmware_app::protocol::{Command, Decibels, Repeat, Seconds, TransportState};
use rig::{Rig, below, is_near, music, write_tone};

#[test]
fn a_folder_plays_from_its_first_track_to_its_last() {
    let (data, folder) =
        (tempfile::tempdir().unwrap(), music(2.0, &["01 - one.wav", "02 - two.wav", "03 - three.wav"]));
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.command(Command::SetRepeat { mode: Repeat::Off });
    rig.play_folder(folder.path(), 3);
    rig.wait(1.0);
    let now = rig.until("the tags are read", |now| now.now.duration_s.is_some());
    assert_eq!((now.now.title.as_str(), now.transport.state), ("one", TransportState::Playing));
    assert!(is_near(now.transport.position_s, 1.0), "{}", now.transport.position_s);
    assert_eq!(rig.app.frame().screen.up_next, "two");
    assert_eq!(rig.app.frame().screen.queue_place, "1 of 3");
    rig.wait(1.5);
    assert_eq!(rig.snapshot().now.title, "two");
    rig.wait(2.0);
    assert_eq!((rig.snapshot().now.title.as_str(), rig.snapshot().queue.index), ("three", 2));
    rig.wait(2.0);
    assert_eq!((rig.snapshot().transport.state, rig.snapshot().queue.index), (TransportState::Stopped, 0));
    rig.command(Command::Play);
    rig.wait(0.5);
    assert_eq!(
        (rig.snapshot().now.title.as_str(), rig.snapshot().transport.state),
        ("one", TransportState::Playing)
    );
}

#[test]
fn two_halves_of_a_tone_join_without_a_seam() {
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_tone(&below(&folder, "1.wav"), 48_000, 440.0, 0.0, 1.7);
    write_tone(&below(&folder, "2.wav"), 48_000, 440.0, 1.7, 1.5);
    let recording = below(&data, "out.wav");
    let rig = Rig::start_with(&below(&data, "state"), &[folder.path()], false, Some(&recording));
    rig.command(Command::SetVolume { level: Decibels(0.0) });
    rig.command(Command::SetRepeat { mode: Repeat::Off });
    rig.play_folder(folder.path(), 2);
    rig.wait(4.0);
    assert_eq!(rig.snapshot().transport.state, TransportState::Stopped);
    drop(rig);
    let bytes = std::fs::read(&recording).unwrap();
    let samples: Vec<f32> = bytes[bytes.len() % 8..]
        .chunks_exact(8)
        .map(|f| f32::from_le_bytes([f[0], f[1], f[2], f[3]]))
        .collect();
    let first = samples.iter().position(|s| s.abs() > 0.3).unwrap();
    let played = &samples[first + 2400..first + 48_000 * 3];
    assert!(played.iter().any(|s| s.abs() > 0.45), "it is loud");
    let worst = worst_residue(played);
    assert!(worst < 3e-4, "a seam of {worst}");
    let mut cut = played.to_vec();
    cut.remove(70_000);
    assert!(worst_residue(&cut) > 3e-3, "a missing sample would be seen");
}

/// How far the samples are from one 440 Hz sine, which follows x[n] = 2 cos(w) x[n-1] - x[n-2]; any gap,
/// click or repeat breaks that.
fn worst_residue(samples: &[f32]) -> f64 {
    let w = 2.0 * std::f64::consts::PI * 440.0 / 48_000.0;
    let residue = samples
        .windows(3)
        .map(|x| (f64::from(x[2]) - 2.0 * w.cos() * f64::from(x[1]) + f64::from(x[0])).abs());
    residue.fold(0.0, f64::max)
}

#[test]
fn bad_files_are_named_and_passed_over() {
    let (data, folder) = (tempfile::tempdir().unwrap(), music(3.0, &["1 good.wav", "5 good.wav"]));
    std::fs::write(below(&folder, "2 junk.mp3"), vec![0x5a; 40_000]).unwrap();
    std::fs::write(below(&folder, "3 empty.flac"), b"").unwrap();
    std::fs::write(below(&folder, "4 text.ogg"), b"hello").unwrap();
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.play_folder(folder.path(), 5);
    rig.wait(1.0);
    let now = rig.until("bad files are told", |now| now.message.starts_with("Skipped “4 text.ogg”: "));
    assert_eq!(now.queue.index, 0);
    rig.wait(3.0);
    assert_eq!((rig.snapshot().now.title.as_str(), rig.snapshot().queue.index), ("5 good", 4));
    rig.play(&below(&folder, "3 empty.flac"));
    let now = rig.until("the one after it plays", |now| {
        now.transport.state == TransportState::Playing && now.queue.index == 4
    });
    assert!(now.message.starts_with("Skipped “"), "{}", now.message);
}

#[test]
fn a_folder_of_bad_files_says_so_and_ends() {
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for n in 0..7 {
        std::fs::write(below(&folder, &format!("{n}.flac")), vec![n; 3000]).unwrap();
    }
    let rig = Rig::start(data.path(), &[folder.path()]);
    for path in [folder.path().to_path_buf(), below(&folder, "3.flac")] {
        rig.play(&path);
        let now = rig.until("it gives up", |now| now.message == "No playable music in this folder");
        assert_eq!((now.transport.state, now.queue.len), (TransportState::Stopped, 7));
        rig.command(Command::DismissMessage);
    }
    let nothing = tempfile::tempdir().unwrap();
    rig.media.plug(nothing.path());
    rig.until("the medium is known", |_| rig.app.frame().snapshot.seq > 0);
    std::thread::sleep(Duration::from_millis(50));
    rig.play(nothing.path());
    rig.until("it says so", |now| now.message.starts_with("No music in “"));
}

#[test]
fn a_lost_device_comes_back_at_the_same_place() {
    let (data, folder) = (tempfile::tempdir().unwrap(), music(30.0, &["a.wav", "b.wav"]));
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.play_folder(folder.path(), 2);
    rig.wait(5.0);
    rig.cable.pull();
    let lost = rig.until("it is told", |now| now.message == "Sound device lost");
    rig.wait(5.0);
    let still = rig.snapshot();
    assert_eq!(still.transport.position_s, lost.transport.position_s);
    rig.command(Command::VolumeBy { detents: -3 });
    rig.cable.put_back();
    rig.wait(4.0);
    let now = rig.snapshot();
    assert_eq!((now.now.title.as_str(), now.transport.state), ("a", TransportState::Playing));
    let ran = now.transport.position_s - lost.transport.position_s;
    assert!((1.4..4.2).contains(&ran), "went on {ran} s after the place where it was lost");
    assert_eq!(rig.app.frame().snapshot.volume.step, lost.volume.step - 3);
}

#[test]
fn a_pulled_stick_is_told_and_goes_on_when_it_is_back() {
    let (data, folder) = (tempfile::tempdir().unwrap(), music(30.0, &["a.wav", "b.wav"]));
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.play_folder(folder.path(), 2);
    rig.command(Command::Next);
    rig.wait(5.0);
    let name = rig.media.slots()[0].name.clone();
    rig.media.yank(&name);
    let now = rig.until("it is told", |now| now.message.contains("was removed"));
    assert_eq!(now.transport.state, TransportState::Paused);
    rig.wait(3.0);
    rig.media.plug(folder.path());
    let now = rig.until("it plays", |now| now.transport.state == TransportState::Playing);
    assert_eq!(now.now.title, "b");
    rig.wait(1.0);
    let position = rig.snapshot().transport.position_s;
    assert!(is_near(position, 6.0), "{position}");
}

#[test]
fn seeks_and_pauses_are_exact_and_a_paused_unit_is_quiet() {
    let (data, folder) = (tempfile::tempdir().unwrap(), music(30.0, &["a.wav"]));
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.play_folder(folder.path(), 1);
    rig.wait(1.0);
    rig.command(Command::Seek { to: Seconds(20.0) });
    rig.wait(1.0);
    let position = rig.snapshot().transport.position_s;
    assert!(is_near(position, 21.0), "{position}");
    rig.command(Command::Pause);
    rig.wait(8.0);
    let before = rig.until("the medium is scanned", |now| {
        now.library.scanning.is_none() && now.library.media[0].tracks == Some(1)
    });
    rig.wait(10.0);
    let after = rig.snapshot();
    assert_eq!(after.transport.position_s, before.transport.position_s);
    assert_eq!(after.seq, before.seq, "nothing is published when nothing happens");
    rig.command(Command::Play);
    rig.wait(2.0);
    let before = rig.snapshot();
    rig.wait(5.0);
    let frames = rig.snapshot().seq - before.seq;
    assert!((15..=21).contains(&frames), "{frames} frames in 5 s of playing");
    assert!(rig.dog.count() >= 15, "the watchdog was kicked {} times in 27 s", rig.dog.count());
}

#[test]
fn an_empty_unit_plays_the_first_stick_with_music() {
    let (data, folder) = (tempfile::tempdir().unwrap(), music(9.0, &["a.wav", "b.wav"]));
    let rig = Rig::start_with(data.path(), &[], true, None);
    rig.media.plug(folder.path());
    let now =
        rig.until("it plays", |now| now.queue.len == 2 && now.transport.state == TransportState::Playing);
    assert_eq!((now.now.title.as_str(), now.page.as_str()), ("a", "now_playing"));
}
