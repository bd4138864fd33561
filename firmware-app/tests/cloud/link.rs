//! The link, and who controls the unit by it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use firmware_app::cloud::CloudArgs;
use firmware_app::cloud_desk::{CloudReport, LinkState};
use firmware_app::event::Event;
use firmware_app::protocol::cloud::ToUnit;
use firmware_app::protocol::remote::{ClientFrame, Refusal, RefusalCode, UnitFrame, capability};
use firmware_app::protocol::{Command, Seconds, step_to_db};
use firmware_app::screen::{Page, Touch};
use serde_json::json;

use crate::double::{Double, now_ms};
use crate::unit::Unit;

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
