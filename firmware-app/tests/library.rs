//! The library in the running stereo: scanned behind the music, browsed, pulled, and back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod rig;

use std::time::{Duration, Instant, SystemTime};

use firmware_app::protocol::{Command, MusicRef, Repeat, TransportState, ViewRef};
use rig::{Rig, below, is_near, music, write_tone};

fn names(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("{n:03}.wav")).collect()
}

fn folder_of(count: usize) -> tempfile::TempDir {
    let names = names(count);
    let folder = music(3.0, &names.iter().map(String::as_str).collect::<Vec<_>>());
    // Files changed a moment ago are read again by the next scan, because their time may not show it.
    let before = SystemTime::now() - Duration::from_secs(3600);
    for name in names {
        let file = std::fs::File::options().write(true).open(below(&folder, &name)).unwrap();
        file.set_modified(before).unwrap();
    }
    folder
}

/// Lets the unit's time pass until the medium is in the index.
fn scanned(rig: &Rig, tracks: u64) {
    rig.wait(5.0);
    rig.until("the medium is scanned", |now| {
        now.library.scanning.is_none()
            && now.library.scanned.is_some()
            && now.library.media.iter().any(|medium| medium.tracks == Some(tracks))
    });
}

#[test]
fn a_medium_is_scanned_behind_the_music_and_its_lists_play() {
    let (data, folder) = (tempfile::tempdir().unwrap(), folder_of(40));
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.play(&below(&folder, "007.wav"));
    rig.until("it plays", |now| now.transport.state == TransportState::Playing && now.queue.len == 40);
    assert_eq!(rig.snapshot().library.scanned, None, "sound first");
    scanned(&rig, 40);
    assert_eq!(rig.snapshot().library.scanned.as_ref().unwrap().read, 40);
    rig.command(Command::PlayView { view: ViewRef::Tracks, start: None });
    let now = rig.until("the list plays", |now| now.queue.index == 0 && now.now.title == "000");
    assert_eq!(now.queue.len, 40);
    rig.command(Command::ToggleFavourite { music: MusicRef::Current });
    rig.until("it is one", |now| now.now.favourite);
    let music = Some(MusicRef::View { view: ViewRef::Favourites });
    rig.command(Command::CreatePlaylist { name: " For the\nroad ".into(), music });
    rig.until("it is made", |now| now.message == "Playlist “For the road” made");
    rig.command(Command::PlayView { view: ViewRef::Playlist { playlist: 1 }, start: None });
    rig.until("it plays", |now| now.queue.len == 1 && now.now.title == "000");
    rig.command(Command::ExportPlaylist { playlist: 1, medium: None });
    rig.until("it is written", |now| now.message.contains("written to"));
    let text = std::fs::read_to_string(below(&folder, "For the road.m3u8")).unwrap();
    assert!(text.lines().any(|line| line == "000.wav"), "{text}");
    rig.play(&below(&folder, "For the road.m3u8"));
    rig.until("the file plays too", |now| now.queue.len == 1);
}

#[test]
fn a_pulled_stick_vanishes_from_the_lists_and_comes_back_without_being_read_again() {
    let (data, folder) = (tempfile::tempdir().unwrap(), folder_of(30));
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.play_folder(folder.path(), 30);
    scanned(&rig, 30);
    let name = rig.snapshot().library.media[0].name.clone();
    let before = rig.snapshot().transport.position_s;
    rig.media.yank(&name);
    rig.until("it is told", |now| now.message.contains("was removed") && now.library.media.is_empty());
    rig.command(Command::PlayView { view: ViewRef::Tracks, start: None });
    rig.until("nothing is listed", |now| now.message == "There is no music in this list");
    rig.media.plug(folder.path());
    let now = rig.until("it plays", |now| now.transport.state == TransportState::Playing);
    assert!(is_near(now.transport.position_s, before), "{} {before}", now.transport.position_s);
    rig.until("its tracks are known at once", |now| now.library.media[0].tracks == Some(30));
    rig.wait(31.0);
    let now = rig.until("it was looked through", |now| {
        now.library.scanning.is_none() && now.library.scanned.as_ref().is_some_and(|scan| scan.read == 0)
    });
    assert_eq!(now.library.media[0].tracks, Some(30));
}

#[test]
fn a_cut_in_the_middle_of_a_scan_costs_neither_the_place_nor_what_was_read() {
    let (data, folder) = (tempfile::tempdir().unwrap(), folder_of(400));
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.play_folder(folder.path(), 400);
    rig.command(Command::Next);
    rig.wait(5.0);
    rig.until("a scan runs or has ended", |now| {
        now.library.scanning.is_some() || now.library.scanned.is_some()
    });
    rig.command(Command::Pause);
    let place = rig.snapshot();
    rig.app.abandon();
    drop(rig);
    let rig = Rig::start(data.path(), &[folder.path()]);
    let now = rig.snapshot();
    assert_eq!((&now.now.path, now.queue.len), (&place.now.path, 400));
    assert!(is_near(now.transport.position_s, place.transport.position_s));
    rig.command(Command::Rescan { medium: None });
    let now = rig.until("the rest is scanned", |now| now.library.scanned.is_some());
    assert!(now.library.scanned.as_ref().unwrap().read <= 400);
    rig.until("all is known", |now| now.library.media[0].tracks == Some(400));
}

#[test]
fn the_place_on_each_medium_survives_a_restart() {
    let (data, one, two) = (tempfile::tempdir().unwrap(), folder_of(5), folder_of(3));
    let rig = Rig::start(data.path(), &[one.path(), two.path()]);
    rig.play_folder(one.path(), 5);
    rig.command(Command::Next);
    rig.wait(1.5);
    rig.command(Command::NextSource);
    rig.until("the other plays", |now| now.queue.len == 3);
    rig.wait(1.0);
    drop(rig);
    let rig = Rig::start(data.path(), &[one.path(), two.path()]);
    rig.until("the other plays on", |now| now.queue.len == 3);
    rig.command(Command::NextSource);
    let now = rig.until("the first one again", |now| now.queue.len == 5);
    assert_eq!(now.now.title, "001");
    assert!(is_near(now.transport.position_s, 1.5), "{:?}", now.transport);
}

#[test]
fn a_cue_sheet_plays_as_its_tracks() {
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_tone(&below(&folder, "album.wav"), 8000, 300.0, 0.0, 9.0);
    let sheet = "PERFORMER \"The Band\"\nTITLE \"Album\"\nFILE \"album.wav\" WAVE\n  TRACK 01 AUDIO\n    \
                 TITLE \"First\"\n    INDEX 01 00:00:00\n  TRACK 02 AUDIO\n    TITLE \"Second\"\n    \
                 INDEX 01 00:03:00\n  TRACK 03 AUDIO\n    TITLE \"Third\"\n    INDEX 01 00:06:00\n";
    std::fs::write(below(&folder, "album.cue"), sheet).unwrap();
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.command(Command::SetRepeat { mode: Repeat::Off });
    rig.play(&below(&folder, "album.cue"));
    let now = rig.until("it plays", |now| now.queue.len == 3 && now.now.title == "First");
    assert_eq!(now.now.artist, "The Band");
    rig.wait(1.0);
    let now = rig.until("its length is its own", |now| now.now.duration_s == Some(3.0));
    assert!(is_near(now.transport.position_s, 1.0), "{}", now.transport.position_s);
    rig.wait(2.5);
    assert_eq!((rig.snapshot().now.title.as_str(), rig.snapshot().queue.index), ("Second", 1));
    rig.wait(3.0);
    assert_eq!(rig.snapshot().now.title, "Third");
    rig.wait(3.0);
    assert_eq!(rig.snapshot().transport.state, TransportState::Stopped);
}

#[test]
fn a_file_is_heard_within_300_ms_of_being_chosen_on_a_cold_index() {
    let (data, folder) = (tempfile::tempdir().unwrap(), folder_of(200));
    let rig = Rig::start(data.path(), &[folder.path()]);
    let mut took: Vec<Duration> = (0..9)
        .map(|n| {
            let since = Instant::now();
            rig.play(&below(&folder, &format!("{:03}.wav", n * 20)));
            while rig.snapshot().now.format.is_empty() || rig.snapshot().transport.position_s <= 0.0 {
                rig.wait(0.01);
            }
            since.elapsed()
        })
        .collect();
    took.sort();
    println!("heard within {:?} (median of 9), {:?} (slowest)", took[4], took[8]);
    assert!(took[4] < Duration::from_millis(300), "{took:?}");
}
