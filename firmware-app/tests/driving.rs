//! The stereo in the car: ignition, power cuts, knobs and keys.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod rig;

use firmware_app::event::Event;
use firmware_app::protocol::{Command, Decibels, Power, TransportState, step_to_db};
use firmware_app::screen::{Page, RowKind};
use hal::{InputEvent, Key, Knob};
use rig::{Rig, below, is_near, music};

/// Presses and lets go, and waits until it is handled.
fn press(rig: &Rig, key: Key) {
    rig.app.post(Event::Input(InputEvent::Down(key)));
    rig.app.post(Event::Input(InputEvent::Up(key)));
    rig.snapshot();
}

fn turn(rig: &Rig, detents: i32) {
    rig.app.post(Event::Input(InputEvent::Turn(Knob::Select, detents)));
    rig.snapshot();
}

#[test]
fn a_power_cut_resumes_track_place_and_volume() {
    let (data, folder) = (tempfile::tempdir().unwrap(), music(60.0, &["a.wav", "b.wav", "c.wav"]));
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.play_folder(folder.path(), 3);
    rig.command(Command::Next);
    rig.command(Command::SetVolume { level: step_to_db(22) });
    rig.command(Command::SetShuffle { on: true });
    rig.wait(27.0);
    let before = rig.snapshot();
    rig.app.abandon();
    drop(rig);
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.wait(0.2);
    let now = rig.snapshot();
    assert_eq!((&now.now.path, now.transport.state), (&before.now.path, TransportState::Playing));
    let lost = before.transport.position_s - now.transport.position_s;
    assert!((-0.3..=10.5).contains(&lost), "{lost} s are lost");
    assert_eq!((now.volume_db, now.queue.len, now.queue.index), (before.volume_db, 3, before.queue.index));
    assert!(now.transport.shuffle);
    assert_eq!(now.message, "");
}

#[test]
fn a_loud_unit_starts_at_the_start_limit_and_a_paused_one_stays_paused() {
    let (data, folder) = (tempfile::tempdir().unwrap(), music(60.0, &["a.wav"]));
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.play_folder(folder.path(), 1);
    rig.command(Command::SetVolume { level: Decibels(0.0) });
    rig.wait(4.0);
    rig.command(Command::Pause);
    let at = rig.snapshot().transport.position_s;
    drop(rig);
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.wait(2.0);
    let now = rig.snapshot();
    assert_eq!((now.volume_db, now.transport.state), (Decibels(-18.0), TransportState::Paused));
    assert!((now.transport.position_s - at).abs() < 0.05);
    rig.command(Command::Play);
    rig.wait(1.0);
    let ran = rig.snapshot().transport.position_s - at;
    assert!(is_near(ran, 1.0), "{ran}");
}

#[test]
fn music_waits_for_its_stick_at_the_start() {
    let (data, folder) = (tempfile::tempdir().unwrap(), music(60.0, &["a.wav"]));
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.play_folder(folder.path(), 1);
    rig.wait(12.0);
    drop(rig);
    let rig = Rig::start(data.path(), &[]);
    rig.wait(5.0);
    let now = rig.snapshot();
    assert_eq!((now.transport.state, now.message.as_str()), (TransportState::Paused, ""));
    rig.media.plug(folder.path());
    rig.until("it plays", |now| now.transport.state == TransportState::Playing);
    rig.wait(1.0);
    let position = rig.snapshot().transport.position_s;
    assert!(is_near(position, 13.0), "{position}");
}

#[test]
fn a_damaged_store_is_set_aside_and_the_unit_plays() {
    let (data, folder) = (tempfile::tempdir().unwrap(), music(9.0, &["a.wav"]));
    std::fs::write(below(&data, "state.db"), vec![7u8; 10_000]).unwrap();
    let rig = Rig::start_with(data.path(), &[folder.path()], true, None);
    assert!(rig.snapshot().message.contains("damaged"), "{}", rig.snapshot().message);
    rig.until("it plays", |now| now.transport.state == TransportState::Playing);
    assert!(below(&data, "state.db.damaged-1").exists());
}

#[test]
fn the_ignition_pauses_darkens_and_goes_on() {
    let (data, folder) = (tempfile::tempdir().unwrap(), music(60.0, &["a.wav"]));
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.play_folder(folder.path(), 1);
    rig.wait(3.0);
    rig.ignition.set(false);
    let off = rig.until("it is off", |now| now.power == Power::Off);
    assert_eq!(
        (off.page.as_str(), off.transport.state, rig.light.percent()),
        ("off", TransportState::Paused, 0)
    );
    rig.wait(20.0);
    rig.command(Command::Play);
    assert_eq!(rig.snapshot().transport.state, TransportState::Paused);
    rig.ignition.set(true);
    let on = rig.until("it is on", |now| now.power == Power::On);
    assert_eq!((on.page.as_str(), on.transport.state), ("now_playing", TransportState::Playing));
    assert!(rig.light.percent() > 0);
    rig.wait(2.0);
    let position = rig.snapshot().transport.position_s;
    assert!(is_near(position, 5.0), "{position}");
    press(&rig, Key::Power);
    assert_eq!(rig.snapshot().power, Power::Off);
    press(&rig, Key::Power);
    assert_eq!(rig.snapshot().power, Power::On);
}

#[test]
fn a_held_key_remembers_and_a_press_recalls() {
    let (data, folder) = (tempfile::tempdir().unwrap(), music(60.0, &["a.wav", "b.wav"]));
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.play(&below(&folder, "b.wav"));
    rig.app.post(Event::Input(InputEvent::Down(Key::Preset(3))));
    rig.wait(0.7);
    rig.until("it is stored", |now| now.message == "Stored on key 3");
    rig.app.post(Event::Input(InputEvent::Up(Key::Preset(3))));
    rig.play(&below(&folder, "a.wav"));
    rig.until("the folder is read", |now| now.now.title == "a" && now.queue.len == 2);
    rig.app.abandon();
    drop(rig);
    let rig = Rig::start(data.path(), &[folder.path()]);
    press(&rig, Key::Preset(3));
    let now = rig.until("the folder is read", |now| now.queue.len == 2);
    assert_eq!((now.now.title.as_str(), now.queue.index), ("b", 1));
    press(&rig, Key::Preset(5));
    assert!(rig.snapshot().message.starts_with("Key 5 is empty"));
}

#[test]
fn one_knob_finds_and_plays_a_track() {
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for album in ["album one", "album two"] {
        std::fs::create_dir(below(&folder, album)).unwrap();
        for n in 1..4 {
            rig::write_tone(
                &folder.path().join(album).join(format!("0{n} - song {n}.wav")),
                8000,
                300.0,
                0.0,
                9.0,
            );
        }
    }
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.app.post(Event::Input(InputEvent::Down(Key::Select)));
    rig.wait(0.7);
    assert_eq!(rig.snapshot().page, "menu");
    rig.app.post(Event::Input(InputEvent::Up(Key::Select)));
    turn(&rig, 1);
    press(&rig, Key::Select);
    rig.until("the top of the music shows", |_| rig.app.frame().screen.list.title == "Music");
    assert_eq!(rig.app.frame().screen.list.rows[0].kind, RowKind::Medium, "the stick comes first");
    press(&rig, Key::Select);
    rig.until("the folder is read", |_| rig.app.frame().screen.list.total == 3);
    let rows: Vec<(String, RowKind)> =
        rig.app.frame().screen.list.rows.iter().map(|row| (row.label.clone(), row.kind)).collect();
    assert_eq!(rows[0].1, RowKind::PlayAll);
    assert_eq!(rows[2], ("album two".to_owned(), RowKind::Folder));
    turn(&rig, 2);
    press(&rig, Key::Select);
    rig.until("the album is read", |_| rig.app.frame().screen.list.total == 4);
    assert_eq!(rig.app.frame().screen.list.title, "album two");
    turn(&rig, 3);
    press(&rig, Key::Select);
    let now = rig.until("it plays", |now| now.queue.len == 3);
    assert_eq!(
        (now.page.as_str(), now.now.title.as_str(), now.now.album.as_str()),
        ("now_playing", "song 3", "album two")
    );
    rig.wait(0.5);
    assert_eq!(rig.snapshot().transport.state, TransportState::Playing);
    assert_eq!(rig.app.frame().screen.page, Page::NowPlaying);
}

#[test]
fn a_turn_of_the_volume_knob_shows_for_a_moment() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path(), &[]);
    let before = rig.snapshot().volume.step;
    rig.hand.turn(Knob::Volume, 2);
    let now = rig.until("the knob is heard", |now| now.volume.step == before + 2);
    assert_eq!(now.volume_db, step_to_db(before + 2));
    assert_eq!(rig.app.frame().screen.volume_overlay.map(|overlay| overlay.step), Some(before + 2));
    rig.wait(2.0);
    assert_eq!(rig.app.frame().screen.volume_overlay, None);
    press(&rig, Key::Volume);
    assert!(rig.snapshot().volume.muted);
    rig.command(Command::VolumeBy { detents: -1 });
    assert!(!rig.snapshot().volume.muted);
}

#[test]
fn scripts_find_their_fields() {
    let (data, folder) = (tempfile::tempdir().unwrap(), music(9.0, &["a.wav"]));
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.play(&below(&folder, "a.wav"));
    let json = serde_json::to_value(&*rig.snapshot()).unwrap();
    for field in ["now.title", "now.artist", "now.path", "transport.state", "page", "message"] {
        let value = field.split('.').fold(&json, |at, part| &at[part]);
        assert!(value.is_string(), "{field} is {value}");
    }
    for field in ["transport.position_s", "volume_db", "queue.len"] {
        let value = field.split('.').fold(&json, |at, part| &at[part]);
        assert!(value.is_number(), "{field} is {value}");
    }
}
