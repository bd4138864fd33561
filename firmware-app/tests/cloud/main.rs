//! The unit and its cloud: how it gets an owner and loses one, who controls it from afar, what it tells.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod double;
#[path = "../rig/mod.rs"]
mod rig;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use double::{Double, PATIENCE, asker, now_ms};
use firmware_app::cloud::{Cloud, CloudArgs, CloudConfig, Pace};
use firmware_app::cloud_desk::{CloudReport, CloudRequest, LinkState, Pairing};
use firmware_app::event::Event;
use firmware_app::protocol::cloud::{PairState, SyncedPreset, ToUnit, UsageKind};
use firmware_app::protocol::remote::{ClientFrame, Refusal, RefusalCode, UnitFrame, capability};
use firmware_app::protocol::{Command, Decibels, Seconds, SoundPreset, step_to_db};
use firmware_app::screen::{Page, PairView, Touch};
use hal::{InputEvent, Key};
use rig::Rig;
use serde_json::json;

/// A stereo with a link.
struct Unit {
    rig: Rig,
    cloud: Option<Cloud>,
    reports: Arc<Mutex<Vec<CloudReport>>>,
}

impl Unit {
    fn start(data: &Path, url: &str) -> Self {
        let rig = Rig::start(data, &[]);
        let options = CloudArgs { url: Some(url.to_owned()), authority: None }.resolve().unwrap().unwrap();
        let reports = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&reports);
        let config = CloudConfig {
            pace: Pace {
                retry: Duration::from_millis(40),
                settle: Duration::from_millis(30),
                usage: Duration::from_millis(60),
            },
            reports: Some(Arc::new(move |report| all.lock().unwrap().push(report.clone()))),
            ..CloudConfig::new(options, "Van", "Test bench")
        };
        let cloud = Cloud::start(&rig.app, config).unwrap();
        Self { rig, cloud: Some(cloud), reports }
    }

    /// Paired, by the knob, and linked.
    fn paired(data: &Path, cloud: &Double) -> Self {
        let unit = Self::start(data, &cloud.url());
        unit.begin();
        cloud.with(|mind| {
            mind.pairing.as_mut().unwrap().state = PairState::Confirm { asker: asker("Anna"), interval: 1 };
        });
        unit.asks();
        unit.press(Key::Select);
        unit.told("it is linked", |report| *report == CloudReport::Link(LinkState::Online));
        unit
    }

    /// Opens the page and asks for a code.
    fn begin(&self) {
        self.until("the cloud's name is known", |unit| {
            unit.reports.lock().unwrap().iter().any(|report| matches!(report, CloudReport::Usage { .. }))
        });
        self.send(Event::Touch(Touch::Open(Page::Account)));
        let rows = self.rows();
        let row = rows.iter().position(|(label, _)| label.starts_with("Link this unit")).expect("a row");
        self.send(Event::Touch(Touch::Row(row)));
        self.until("the code is shown", |unit| matches!(unit.pair(), Some(PairView::Code { .. })));
    }

    fn asks(&self) {
        self.until("somebody asks", |unit| matches!(unit.pair(), Some(PairView::Asks { .. })));
    }

    fn send(&self, event: Event) {
        self.rig.app.post(event);
        assert!(self.rig.app.sync(PATIENCE));
    }

    fn press(&self, key: Key) {
        self.send(Event::Input(InputEvent::Down(key)));
        self.send(Event::Input(InputEvent::Up(key)));
    }

    fn page(&self) -> String {
        self.rig.snapshot().page.clone()
    }

    fn pair(&self) -> Option<PairView> {
        self.rig.app.frame().screen.pair.clone()
    }

    /// Labels and details of the rows that are shown.
    fn rows(&self) -> Vec<(String, String)> {
        self.rig.snapshot();
        let list = self.rig.app.frame().screen.list.clone();
        list.rows.into_iter().map(|row| (row.label, row.detail)).collect()
    }

    fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let since = Instant::now();
        while !is_so(self) {
            assert!(since.elapsed() < PATIENCE, "waited in vain: {what}; {:?}", self.reports.lock().unwrap());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn told(&self, what: &str, is_it: impl Fn(&CloudReport) -> bool) {
        self.until(what, |unit| unit.reports.lock().unwrap().iter().any(&is_it));
        assert!(self.rig.app.sync(PATIENCE));
    }

    fn ask(&self, request: CloudRequest) {
        self.cloud.as_ref().unwrap().ask(request);
    }

    fn forget(&self) {
        self.reports.lock().unwrap().clear();
    }

    /// Ends as the ignition does.
    fn end(mut self) {
        self.cloud = None;
    }
}

fn message(unit: &Unit) -> String {
    unit.rig.snapshot().message.clone()
}

#[test]
fn a_unit_gets_an_owner_by_a_code_and_a_press() {
    let (data, cloud) = (tempfile::tempdir().unwrap(), Double::start());
    let unit = Unit::start(data.path(), &cloud.url());
    unit.begin();
    let Some(PairView::Code { code, address, left_s, .. }) = unit.pair() else { panic!() };
    assert_eq!((code.as_str(), address.as_str()), ("BCDF-GHJK", "https://cloud.example/pair"));
    assert!((295..=300).contains(&left_s), "{left_s}");
    let told = serde_json::to_string(&*unit.rig.snapshot()).unwrap();
    assert!(!told.contains("GHJK"), "the code is on the glass and nowhere else");
    let start = cloud.with(|mind| mind.pairing.as_ref().unwrap().start.clone());
    assert_eq!((start.name.as_str(), start.model.as_str()), ("Van", "Test bench"));
    assert_eq!(cloud.with(|mind| mind.without_nonce), 1, "asked once for a nonce, and then it has one");
    unit.press(Key::Select);
    cloud.until("it is asked how it stands", |mind| (mind.pairing.as_ref()?.polls > 1).then_some(()));
    assert_eq!(
        cloud.with(|mind| mind.pairing.as_ref().unwrap().answers.len()),
        0,
        "a press says nothing yet"
    );
    cloud.with(|mind| {
        mind.pairing.as_mut().unwrap().state = PairState::Confirm { asker: asker("Anna"), interval: 1 };
    });
    unit.asks();
    let Some(PairView::Asks { name, email, .. }) = unit.pair() else { panic!() };
    assert_eq!((name.as_str(), email.as_str()), ("Anna", "anna@example.org"));
    unit.press(Key::Select);
    unit.told("it is linked", |report| *report == CloudReport::Link(LinkState::Online));
    assert_eq!(cloud.with(|mind| mind.pairing.as_ref().unwrap().answers.clone()), [true]);
    assert_eq!((unit.page().as_str(), message(&unit).as_str()), ("account", "This unit now belongs to Anna"));
    unit.until("the page says so", |unit| unit.rows()[1].1 == "connected");
    assert_eq!(unit.rows()[0], ("Anna".into(), "anna@example.org".into()));
    unit.end();
    // The ignition: the owner and the key are still there.
    let again = Unit::start(data.path(), &cloud.url());
    again.told("it is linked again", |report| *report == CloudReport::Link(LinkState::Online));
    assert_eq!(cloud.with(|mind| mind.keys.len()), 1, "one key for ever");
    again.end();
}

#[test]
fn whoever_is_refused_or_kept_waiting_gets_nothing() {
    let (data, cloud) = (tempfile::tempdir().unwrap(), Double::start());
    let unit = Unit::start(data.path(), &cloud.url());
    let ask = |cloud: &Double| {
        cloud.with(|mind| {
            mind.pairing.as_mut().unwrap().state = PairState::Confirm { asker: asker("Eve"), interval: 1 };
        });
    };
    let answers = |cloud: &Double| cloud.with(|mind| mind.pairing.as_ref().unwrap().answers.clone());
    unit.begin();
    ask(&cloud);
    unit.asks();
    unit.press(Key::Back);
    unit.until("the driver is told", |unit| message(unit) == "This unit stays nobody's");
    assert_eq!((answers(&cloud), unit.page()), (vec![false], "account".into()));
    // Walked away from: the same.
    unit.begin();
    ask(&cloud);
    unit.asks();
    unit.send(Event::Touch(Touch::Open(Page::NowPlaying)));
    unit.until("it is refused", |_| answers(&cloud) == [false]);
    // Given up while only the code is shown: nobody is asked anything any more.
    unit.until("it has ended", |unit| {
        matches!(
            unit.reports.lock().unwrap().last(),
            Some(CloudReport::Pairing(Pairing::None) | CloudReport::Told(_))
        )
    });
    unit.begin();
    unit.press(Key::Back);
    assert_eq!(unit.page(), "account");
    ask(&cloud);
    unit.forget();
    std::thread::sleep(Duration::from_millis(1500));
    assert_eq!(answers(&cloud), Vec::<bool>::new());
    assert!(
        !unit
            .reports
            .lock()
            .unwrap()
            .iter()
            .any(|report| matches!(report, CloudReport::Pairing(Pairing::Asks { .. })))
    );
    assert!(cloud.with(|mind| !mind.paired));
}

#[test]
fn what_goes_wrong_is_told_and_the_page_goes_back() {
    let (data, cloud) = (tempfile::tempdir().unwrap(), Double::start());
    let unit = Unit::start(data.path(), &cloud.url());
    unit.told("it is up", |report| matches!(report, CloudReport::Usage { .. }));
    let tries = |unit: &Unit, text: &str| {
        unit.send(Event::Touch(Touch::Open(Page::Account)));
        unit.send(Event::Touch(Touch::Row(1)));
        unit.until(text, |unit| message(unit).contains(text) && unit.page() == "account");
        unit.send(Event::Command(Command::DismissMessage));
    };
    cloud.with(|mind| mind.refuse = Some((422, json!({ "error": "not so", "code": "bad" }))));
    tries(&unit, "The cloud refuses: not so");
    cloud.with(|mind| mind.refuse = Some((503, json!({}))));
    tries(&unit, "The cloud is busy");
    cloud.with(|mind| mind.refuse = None);
    unit.begin();
    cloud.with(|mind| mind.pairing.as_mut().unwrap().state = PairState::Expired);
    unit.until("it is told", |unit| message(unit) == "Nobody has used the code in time");
    cloud.stop();
    tries(&unit, "Is there a network?");
}

#[test]
fn a_remote_from_afar_is_served_as_one_nearby_and_the_unit_decides() {
    let (data, cloud) = (tempfile::tempdir().unwrap(), Double::start());
    let unit = Unit::paired(data.path(), &cloud);
    let mut anna = cloud.phone(1);
    let welcome = anna.next("welcome", |frame| match frame {
        UnitFrame::Welcome(welcome) => Some(*welcome),
        _ => None,
    });
    assert_eq!((welcome.unit.name.as_str(), welcome.unit.id.as_str()), ("Red van", "device-1"));
    assert!(welcome.capabilities.iter().any(|name| name == capability::PRESETS));
    for absent in [capability::SPECTRUM, capability::ART] {
        assert!(!welcome.capabilities.iter().any(|name| name == absent), "{absent}");
    }
    let mut ben = cloud.phone(2);
    ben.next("welcome", |frame| matches!(frame, UnitFrame::Welcome(_)).then_some(()));
    let set = |id, step| ClientFrame::Command { id, command: Command::SetVolume { level: step_to_db(step) } };
    anna.say(&set(1, 17));
    anna.next("done", |frame| matches!(frame, UnitFrame::Done { id: 1, .. }).then_some(()));
    assert_eq!(unit.rig.snapshot().volume.step, 17);
    ben.next("the other sees it", |frame| match frame {
        UnitFrame::Update(update) => update.volume.filter(|volume| volume.step == 17),
        _ => None,
    });
    let refused = |frame| match frame {
        UnitFrame::Refused(Refusal { id, code, .. }) => Some((id, code)),
        UnitFrame::Done { id, .. } => panic!("{id} was done"),
        _ => None,
    };
    // Replayed, and out of its turn.
    for seq in [anna.seq, anna.seq - 1] {
        anna.say_as(&set(2, 40), seq, now_ms() + 5_000);
        assert_eq!(anna.next("a refusal", refused), (Some(2), RefusalCode::BadFrame));
    }
    // Too late by the relay's clock, whatever the unit's says.
    anna.seq += 1;
    anna.say_as(&set(3, 41), anna.seq, now_ms() - 1_000);
    assert_eq!(anna.next("a refusal", refused), (Some(3), RefusalCode::Late));
    // What adds to what may have changed since.
    let adds = [
        Command::VolumeBy { detents: 20 },
        Command::SeekBy { by: Seconds(10.0) },
        Command::TogglePlay,
        Command::ToggleMute,
    ];
    for (id, command) in (10..).zip(adds) {
        anna.say(&ClientFrame::Command { id, command });
        assert_eq!(anna.next("a refusal", refused), (Some(id), RefusalCode::Relative));
    }
    assert_eq!(unit.rig.snapshot().volume.step, 17, "nothing of it was done");
    anna.say(&set(20, 18));
    anna.next("done", |frame| matches!(frame, UnitFrame::Done { id: 20, .. }).then_some(()));
    // The same bounds as nearby: too much at once is refused, and nobody else notices.
    for id in 100..200 {
        anna.say(&ClientFrame::Ping { id });
    }
    anna.next("a refusal", |frame| match frame {
        UnitFrame::Refused(Refusal { code: RefusalCode::Busy, .. }) => Some(()),
        _ => None,
    });
    ben.say(&set(1, 9));
    ben.next("done", |frame| matches!(frame, UnitFrame::Done { id: 1, .. }).then_some(()));
    // Renamed in the account: the next one that comes sees it.
    cloud.say(&ToUnit::Renamed { name: "Blue van".into() }, None);
    let renamed = cloud.phone(3).next("welcome", |frame| match frame {
        UnitFrame::Welcome(welcome) => Some(welcome.unit.name),
        _ => None,
    });
    assert_eq!(renamed, "Blue van");
}

#[test]
fn the_link_comes_back_and_nothing_waits_for_it() {
    let (data, cloud) = (tempfile::tempdir().unwrap(), Double::start());
    let unit = Unit::paired(data.path(), &cloud);
    cloud.cut();
    cloud.linked(2);
    let (at, mind) = (cloud.at, Arc::clone(&cloud.mind));
    unit.forget();
    cloud.stop();
    unit.told("it is away", |report| matches!(report, CloudReport::Link(LinkState::Offline { .. })));
    let since = Instant::now();
    unit.rig.command(Command::SetVolume { level: step_to_db(11) });
    assert!(since.elapsed() < Duration::from_millis(500), "the knob does not wait for the cloud");
    unit.send(Event::Touch(Touch::Open(Page::Account)));
    assert!(unit.rows()[1].1.starts_with("offline"), "{:?}", unit.rows());
    let cloud = Double::start_at(at, mind);
    cloud.linked(3);
    let mut phone = cloud.phone(1);
    let step = phone.next("welcome", |frame| match frame {
        UnitFrame::Welcome(welcome) => Some(welcome.snapshot.volume.step),
        _ => None,
    });
    assert_eq!(step, 11);
}

#[test]
fn a_unit_without_its_cloud_starts_and_ends_at_once() {
    let data = tempfile::tempdir().unwrap();
    let cloud = Double::start();
    let url = cloud.url();
    Unit::paired(data.path(), &cloud).end();
    cloud.stop();
    let since = Instant::now();
    let unit = Unit::start(data.path(), &url);
    unit.rig.command(Command::SetVolume { level: step_to_db(5) });
    assert_eq!(unit.rig.snapshot().volume.step, 5);
    unit.end();
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
}

#[test]
fn unlinking_works_from_the_unit_even_without_a_network() {
    let (data, cloud) = (tempfile::tempdir().unwrap(), Double::start());
    let unit = Unit::paired(data.path(), &cloud);
    let (at, mind) = (cloud.at, Arc::clone(&cloud.mind));
    cloud.stop();
    unit.send(Event::Touch(Touch::Open(Page::Account)));
    unit.send(Event::Touch(Touch::Row(3)));
    assert_eq!(unit.page(), "choice", "it is asked again");
    unit.send(Event::Touch(Touch::Row(1)));
    unit.until("it is nobody's", |unit| {
        unit.rows().iter().any(|(label, _)| label.starts_with("Link this unit"))
    });
    assert_eq!(message(&unit), "This unit is no longer linked to an account");
    unit.end();
    // Told once the cloud can be reached, also after the ignition.
    let cloud = Double::start_at(at, mind);
    let unit = Unit::start(data.path(), &cloud.url());
    cloud.until("the cloud is told", |mind| (mind.left == 1).then_some(()));
    assert_eq!(cloud.with(|mind| mind.links), 1, "and no link is made");
    drop(unit);
}

#[test]
fn unlinking_in_the_account_is_heard_at_once_or_at_the_next_try() {
    for is_linked in [true, false] {
        let (data, cloud) = (tempfile::tempdir().unwrap(), Double::start());
        let unit = Unit::paired(data.path(), &cloud);
        cloud.with(|mind| mind.paired = false);
        if is_linked {
            cloud.say(&ToUnit::Unpaired, None);
        } else {
            cloud.cut();
        }
        unit.told("it is nobody's", |report| *report == CloudReport::Owner(None));
        std::thread::sleep(Duration::from_millis(300));
        assert_eq!(cloud.with(|mind| (mind.left, mind.links)), (0, 1), "nobody is asked again");
    }
}

#[test]
fn a_unit_that_lost_its_owner_is_let_go_before_it_gets_another() {
    let (data, cloud) = (tempfile::tempdir().unwrap(), Double::start());
    // Cut off after the press and before it was stored: the cloud knows an owner, the unit does not.
    cloud.with(|mind| mind.paired = true);
    let unit = Unit::paired(data.path(), &cloud);
    assert_eq!(cloud.with(|mind| mind.left), 1);
    drop(unit);
}

#[test]
fn a_unit_handed_to_somebody_else_takes_no_sounds_and_no_counts_along() {
    let (data, cloud) = (tempfile::tempdir().unwrap(), Double::start());
    let unit = Unit::paired(data.path(), &cloud);
    unit.ask(CloudRequest::SetUsage { on: true });
    unit.told("it is on", |report| matches!(report, CloudReport::Usage { wanted: true, .. }));
    unit.rig.command(Command::SavePreset { name: "Warm".into() });
    let old = cloud.until("it is told", |mind| mind.presets.first().map(|known| known.id.clone()));
    unit.forget();
    cloud.with(|mind| {
        mind.owner = Some(asker("Ben"));
        (mind.presets, mind.revision) = (Vec::new(), 0);
    });
    cloud.cut();
    unit.told(
        "the owner is another",
        |report| matches!(report, CloudReport::Owner(Some(owner)) if owner.name == "Ben"),
    );
    let new =
        cloud.until("the sound is told anew", |mind| mind.presets.first().map(|known| known.id.clone()));
    assert_ne!(old, new);
    unit.told("nobody has asked them", |report| matches!(report, CloudReport::Usage { wanted: false, .. }));
}

#[test]
fn other_refusals_do_not_cost_the_owner() {
    let (data, cloud) = (tempfile::tempdir().unwrap(), Double::start());
    let unit = Unit::paired(data.path(), &cloud);
    for (status, code) in [(403, "forbidden"), (404, "not_found"), (401, "bad_proof"), (500, "oops")] {
        unit.forget();
        cloud.with(|mind| mind.refuse = Some((status, json!({ "error": "no", "code": code }))));
        cloud.cut();
        unit.told("it is away", |report| matches!(report, CloudReport::Link(LinkState::Offline { .. })));
        cloud.with(|mind| mind.refuse = None);
        unit.told("it is back", |report| *report == CloudReport::Link(LinkState::Online));
    }
}

#[test]
fn sounds_travel_both_ways_and_wait_for_the_link() {
    let (data, cloud) = (tempfile::tempdir().unwrap(), Double::start());
    let unit = Unit::paired(data.path(), &cloud);
    let save = |name: &str, gain: f32| {
        let mut preset = SoundPreset { name: "Flat".into(), ..SoundPreset::flat() };
        preset.bands[0].gain = Decibels(gain);
        unit.rig.command(Command::SetSound { preset });
        unit.rig.command(Command::SavePreset { name: name.into() });
    };
    save("Warm", 3.0);
    let id = cloud.until("it is told", |mind| {
        mind.presets
            .iter()
            .find(|known| known.preset.as_ref().is_some_and(|preset| preset.name == "Warm"))
            .map(|known| known.id.clone())
    });
    assert_eq!(id.len(), 22);
    let other = SoundPreset { name: "Warm".into(), preamp: Decibels(-3.0), ..SoundPreset::flat() };
    let revision = cloud.with(|mind| {
        mind.revision += 1;
        mind.presets.push(SyncedPreset { id: "Z".repeat(22), version: 1, preset: Some(other) });
        mind.revision
    });
    cloud.say(&ToUnit::Presets { revision }, None);
    unit.send(Event::Touch(Touch::Open(Page::Presets)));
    unit.until("it has come", |unit| unit.rows().iter().any(|(label, _)| label == "Warm 2"));
    cloud.cut();
    let (at, mind) = (cloud.at, Arc::clone(&cloud.mind));
    cloud.stop();
    save("Cold", -3.0);
    unit.rig.command(Command::DeletePreset { name: "Warm".into() });
    let cloud = Double::start_at(at, mind);
    cloud.until("both are told", |mind| {
        let is_gone = mind.presets.iter().any(|known| known.id == id && known.preset.is_none());
        let is_there =
            mind.presets.iter().any(|known| known.preset.as_ref().is_some_and(|p| p.name == "Cold"));
        (is_gone && is_there).then_some(())
    });
    // All of it is still known after the ignition, and nothing is told twice.
    std::thread::sleep(Duration::from_millis(200));
    unit.end();
    let told = cloud.with(|mind| mind.exchanges.len());
    let unit = Unit::start(data.path(), &cloud.url());
    cloud.until("it asks again", |mind| (mind.exchanges.len() > told).then_some(()));
    let last = cloud.with(|mind| mind.exchanges.last().cloned().unwrap());
    assert_eq!((last.changes.len(), last.since), (0, cloud.with(|mind| mind.revision)));
    drop(unit);
}

#[test]
fn counts_are_told_only_where_it_is_wished_and_each_counts_once() {
    let (data, cloud) = (tempfile::tempdir().unwrap(), Double::start());
    let unit = Unit::paired(data.path(), &cloud);
    let counts = || CloudRequest::Count(vec![(UsageKind::RemoteCommands, 2), (UsageKind::PlayedSeconds, 60)]);
    unit.ask(counts());
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(cloud.with(|mind| mind.batches), 0, "nothing leaves the unit by itself");
    unit.send(Event::Touch(Touch::Open(Page::Account)));
    unit.send(Event::Touch(Touch::Row(2)));
    assert_eq!((unit.page().as_str(), unit.rows()[2].0.as_str()), ("sent", "Nothing is counted"));
    // What is counted while there is no link waits, and can be read.
    cloud.with(|mind| mind.refuse = Some((503, json!({}))));
    cloud.cut();
    unit.told("it is away", |report| matches!(report, CloudReport::Link(LinkState::Offline { .. })));
    unit.send(Event::Touch(Touch::Row(0)));
    unit.until("it is on", |unit| unit.rows()[0].1 == "On");
    unit.ask(counts());
    unit.ask(counts());
    unit.until("it can be read", |unit| {
        unit.rows()
            .get(2)
            .is_some_and(|(label, detail)| label == "Music played" && detail.ends_with("· 2 min"))
    });
    // The first two answers are lost: it is sent again, as it was.
    cloud.with(|mind| (mind.refuse, mind.lose) = (None, 2));
    unit.until("it is gone from the page", |unit| unit.rows()[2].0 == "Nothing waits to be sent");
    let total =
        |kind| cloud.with(|mind| mind.usage.iter().filter(|e| e.kind == kind).map(|e| e.amount).sum::<u32>());
    assert_eq!((total(UsageKind::RemoteCommands), total(UsageKind::PlayedSeconds)), (4, 120));
    assert!(cloud.with(|mind| mind.batches) >= 3);
    // A start of the stereo is counted too; then the owner thinks otherwise.
    unit.end();
    let unit = Unit::start(data.path(), &cloud.url());
    cloud.until("the start is told", |mind| {
        mind.usage.iter().any(|e| e.kind == UsageKind::Starts).then_some(())
    });
    unit.ask(CloudRequest::SetUsage { on: false });
    unit.told("it is off", |report| matches!(report, CloudReport::Usage { wanted: false, .. }));
    let before = cloud.with(|mind| mind.batches);
    unit.ask(counts());
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(cloud.with(|mind| mind.batches), before);
}

#[test]
fn the_key_is_in_no_report_and_another_cloud_has_no_owner() {
    let (data, cloud) = (tempfile::tempdir().unwrap(), Double::start());
    let unit = Unit::paired(data.path(), &cloud);
    unit.end();
    let other = Double::start();
    let unit = Unit::start(data.path(), &other.url());
    unit.told("it is up", |report| matches!(report, CloudReport::Usage { .. }));
    assert!(unit.reports.lock().unwrap().contains(&CloudReport::Owner(None)), "it is nobody's there");
    assert!(other.with(|mind| mind.keys.is_empty()), "and is not even told of it");
    for url in ["http://cloud.example", "ftp://x", "cloud.example"] {
        assert!(CloudArgs { url: Some(url.into()), authority: None }.resolve().is_err(), "{url}");
    }
}
