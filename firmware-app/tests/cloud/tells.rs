//! What the unit tells: sounds that travel, counts of its use.

use std::sync::Arc;
use std::time::Duration;

use firmware_app::cloud_desk::{CloudReport, CloudRequest, LinkState};
use firmware_app::event::Event;
use firmware_app::protocol::cloud::{SyncedPreset, ToUnit, UsageKind};
use firmware_app::protocol::{Command, Decibels, SoundPreset};
use firmware_app::screen::{Page, Touch};
use serde_json::json;

use crate::double::{Double, asker};
use crate::unit::Unit;

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
