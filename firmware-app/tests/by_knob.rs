//! Own sounds, the sleep timer and phones, by the knob alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod rig;

use firmware_app::event::Event;
use firmware_app::protocol::remote::{Answer, Question};
use firmware_app::protocol::{Command, Decibels, TransportState};
use firmware_app::remote_desk::{Enrolment, Phone, RemoteReport, RemoteRequest, Role};
use hal::{Clock, InputEvent, Key, Knob};
use rig::{Rig, below, music, write_tone};

fn press(rig: &Rig) {
    rig.app.post(Event::Input(InputEvent::Down(Key::Select)));
    rig.app.post(Event::Input(InputEvent::Up(Key::Select)));
    rig.snapshot();
}

fn hold(rig: &Rig) {
    rig.app.post(Event::Input(InputEvent::Down(Key::Select)));
    rig.wait(0.7);
    rig.app.post(Event::Input(InputEvent::Up(Key::Select)));
    rig.snapshot();
}

fn turn(rig: &Rig, detents: i32) {
    for _ in 0..detents.unsigned_abs() {
        rig.app.post(Event::Input(InputEvent::Turn(Knob::Select, detents.signum())));
    }
    rig.snapshot();
}

/// Turns to the row that begins with this.
fn turn_to(rig: &Rig, label: &str) {
    rig.snapshot();
    let list = rig.app.frame().screen.list.clone();
    let at = list.rows.iter().position(|row| row.label.starts_with(label));
    let at = list.first + at.unwrap_or_else(|| panic!("no row {label}: {:#?}", list.rows));
    turn(rig, i32::try_from(at).unwrap() - i32::try_from(list.focus).unwrap());
}

fn choose(rig: &Rig, label: &str) {
    turn_to(rig, label);
    press(rig);
}

/// From now-playing to a page of the menu.
fn go(rig: &Rig, page: &str) {
    hold(rig);
    assert_eq!(rig.snapshot().page, "menu");
    choose(rig, page);
}

/// Own sounds as remotes are told of them.
fn own_sounds(rig: &Rig) -> Vec<String> {
    let (sender, answers) = std::sync::mpsc::channel();
    rig.app.ask(Question::Presets, Box::new(move |answer| drop(sender.send(answer))));
    let Ok(Answer::Presets(all)) = answers.recv().unwrap() else { panic!("the sounds") };
    all.into_iter().filter(|entry| entry.own).map(|entry| entry.preset.name).collect()
}

#[test]
fn a_sound_is_saved_survives_a_power_cut_and_is_deleted() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path(), &[]);
    let mut band = rig.snapshot().sound.preset.bands[2];
    band.gain = Decibels(4.5);
    rig.command(Command::SetBand { index: 2, band });
    let before = rig.snapshot().presets_revision;
    go(&rig, "Sound presets");
    choose(&rig, "Save this sound");
    assert_eq!(rig.snapshot().page, "choice");
    choose(&rig, "Save as “My sound 1”");
    let now = rig.until("it is on the disk", |now| now.message == "The sound is stored as “My sound 1”");
    assert_eq!((now.page.as_str(), now.sound.preset.name.as_str()), ("presets", "My sound 1"));
    assert!(!now.sound.edited && now.presets_revision > before);
    assert_eq!(own_sounds(&rig), ["My sound 1"]);
    rig.app.abandon();
    drop(rig);
    let rig = Rig::start(data.path(), &[]);
    assert_eq!(own_sounds(&rig), ["My sound 1"]);
    assert!(rig.snapshot().presets_revision > before, "a remote sees that there is something new");
    go(&rig, "Sound presets");
    choose(&rig, "Rock");
    assert_eq!(rig.snapshot().sound.preset.name, "Rock");
    choose(&rig, "My sound 1");
    assert_eq!(rig.snapshot().sound.preset.bands[2].gain, Decibels(4.5));
    hold(&rig);
    choose(&rig, "Delete it");
    assert_eq!(rig.app.frame().screen.list.title, "Delete “My sound 1”?");
    choose(&rig, "Delete it");
    let now = rig.until("it is gone", |now| now.message == "“My sound 1” is deleted");
    assert_eq!((now.page.as_str(), now.sound.preset.bands[2].gain), ("presets", Decibels(4.5)));
    assert_eq!(own_sounds(&rig), Vec::<String>::new());
    rig.app.abandon();
    drop(rig);
    let rig = Rig::start(data.path(), &[]);
    assert_eq!(own_sounds(&rig), Vec::<String>::new(), "it stays deleted");
}

#[test]
fn the_sleep_timer_is_set_by_the_knob_and_pauses() {
    let (data, folder) = (tempfile::tempdir().unwrap(), music(1200.0, &["a.wav"]));
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.play_folder(folder.path(), 1);
    go(&rig, "Settings");
    choose(&rig, "Sleep timer");
    turn(&rig, 1);
    press(&rig);
    let now = rig.snapshot();
    assert_eq!(now.sleep_s, Some(900));
    rig.wait(60.0);
    let row = rig.app.frame().screen.list.rows.iter().find(|row| row.label == "Sleep timer").cloned();
    assert_eq!((row.unwrap().detail.as_str(), rig.snapshot().sleep_s), ("14 min", Some(840)));
    rig.wait(845.0);
    let then = rig.snapshot();
    assert_eq!((then.transport.state, then.sleep_s), (TransportState::Paused, None));
    assert_eq!(
        (then.volume_db, then.message.as_str()),
        (now.volume_db, "The sleep timer has paused the music")
    );
}

#[test]
fn the_sleep_timer_fades_without_a_click_and_the_level_comes_back() {
    const LOUD: f32 = 16_000.0 / 32_768.0;
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_tone(&below(&folder, "1.wav"), 48_000, 440.0, 0.0, 90.0);
    let recording = below(&data, "out.wav");
    let rig = Rig::start_with(&below(&data, "state"), &[folder.path()], false, Some(&recording));
    rig.command(Command::SetVolume { level: Decibels(0.0) });
    rig.play_folder(folder.path(), 1);
    rig.wait(1.0);
    rig.command(Command::SetSleep { minutes: Some(1) });
    let set_at = rig.clock.now().as_secs_f64();
    rig.wait(64.0);
    let asleep = rig.snapshot();
    assert_eq!((asleep.transport.state, asleep.volume_db), (TransportState::Paused, Decibels(0.0)));
    let played_at = rig.clock.now().as_secs_f64();
    rig.command(Command::Play);
    rig.wait(2.0);
    drop(rig);
    let bytes = std::fs::read(&recording).unwrap();
    let frames = bytes[bytes.len() % 8..].chunks_exact(8);
    let samples: Vec<f32> = frames.map(|f| f32::from_le_bytes([f[0], f[1], f[2], f[3]])).collect();
    let part = |from: f64, to: f64| &samples[(from * 48_000.0) as usize..(to * 48_000.0) as usize];
    let peak = |from: f64| part(from, from + 0.05).iter().fold(0.0f32, |peak, s| peak.max(s.abs()));
    assert!((peak(set_at + 39.0) - LOUD).abs() < 1e-3, "full level until the fade");
    let mut last = 1.0;
    for step in 1..196 {
        let into = f64::from(step) * 0.1;
        let (level, wanted) = (peak(set_at + 40.0 + into), LOUD * (1.0 - into as f32 / 20.0).powi(3));
        assert!((level - wanted).abs() < 0.012, "{level} instead of {wanted} after {into:.1} s");
        assert!(level <= last + 1e-4, "it rises after {into:.1} s");
        last = level;
    }
    let worst = worst_residue(part(set_at + 39.0, set_at + 62.0));
    assert!(worst < 3e-4, "a click of {worst}");
    let silence = part(set_at + 60.2, played_at);
    assert!(silence.iter().all(|sample| *sample == 0.0), "silent until it is played again");
    assert!((peak(played_at + 1.0) - LOUD).abs() < 1e-3, "the level is as it was");
    let mut cut = part(set_at + 50.0, set_at + 55.0).to_vec();
    cut.truncate(100_000);
    cut.extend([0.0; 100]);
    assert!(worst_residue(&cut) > 3e-4, "a cut during the fade would be seen");
}

/// How far the samples are from one 440 Hz sine of slowly changing level, which follows
/// x[n] = 2 cos(w) x[n-1] - x[n-2]; any gap, step or click breaks that.
fn worst_residue(samples: &[f32]) -> f64 {
    let w = 2.0 * std::f64::consts::PI * 440.0 / 48_000.0;
    let residue = samples
        .windows(3)
        .map(|x| (f64::from(x[2]) - 2.0 * w.cos() * f64::from(x[1]) + f64::from(x[0])).abs());
    residue.fold(0.0, f64::max)
}

#[test]
fn a_phone_is_added_and_forgotten_and_its_code_stays_on_the_glass() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path(), &[]);
    let mut requests = rig.app.remote_requests();
    let report = |report| rig.app.post(Event::Remote(report));
    report(RemoteReport::Addresses(vec!["http://192.168.1.20:8080".into()]));
    go(&rig, "Phones");
    choose(&rig, "Add a phone");
    assert_eq!(requests.try_recv().unwrap(), RemoteRequest::OpenEnrolment { role: Role::Owner });
    let url = "http://192.168.1.20:8080/enrol#6f1c0b7ad2e94f3f8a55d9c01b7e2a44".to_owned();
    let closes_at = rig.clock.now() + std::time::Duration::from_secs(120);
    let code = |note: &str| Enrolment {
        pin: "042917".into(),
        url: url.clone(),
        role: Role::Owner,
        closes_at,
        note: note.into(),
    };
    report(RemoteReport::Enrolment(Some(code(""))));
    assert_eq!(rig.snapshot().page, "enrol");
    rig.wait(13.0);
    report(RemoteReport::Enrolment(Some(code("Wrong code: two more tries"))));
    rig.snapshot();
    let shown = rig.app.frame().screen.enrol.clone().unwrap();
    assert_eq!(
        (shown.pin.as_str(), shown.left_s, shown.note.as_str()),
        ("042917", 107, "Wrong code: two more tries")
    );
    let told = serde_json::to_string(&*rig.snapshot()).unwrap();
    for secret in ["042917", "6f1c0b7ad2e9", "enrol#"] {
        assert!(!told.contains(secret), "remotes are told {secret}: {told}");
    }
    let anna =
        Phone { id: 7, name: "Anna's phone".into(), role: Role::Owner, connected: true, seen_unix_s: 0 };
    report(RemoteReport::Phones(vec![anna]));
    report(RemoteReport::Joined { name: "Anna's phone".into(), role: Role::Owner });
    report(RemoteReport::Enrolment(None));
    let now = rig.snapshot();
    assert_eq!(
        (now.page.as_str(), now.message.as_str()),
        ("phones", "“Anna's phone” may now control this unit")
    );
    assert!(rig.app.frame().screen.enrol.is_none());
    choose(&rig, "Anna's phone");
    choose(&rig, "Forget this phone");
    assert_eq!(rig.app.frame().screen.list.title, "Forget “Anna's phone”?");
    choose(&rig, "Forget it");
    assert_eq!(requests.try_recv().unwrap(), RemoteRequest::Revoke { id: 7 });
    assert_eq!(rig.snapshot().page, "phones");
    choose(&rig, "Add a guest");
    assert_eq!(requests.try_recv().unwrap(), RemoteRequest::OpenEnrolment { role: Role::Guest });
    report(RemoteReport::Enrolment(Some(code(""))));
    rig.snapshot();
    rig.ignition.set(false);
    rig.until("it is off", |now| now.page == "off");
    assert_eq!(requests.try_recv().unwrap(), RemoteRequest::CloseEnrolment);
}
