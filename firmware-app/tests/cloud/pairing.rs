//! Getting an owner by a code and a press, and losing one.

use std::sync::Arc;
use std::time::Duration;

use firmware_app::cloud_desk::{CloudReport, LinkState, Pairing};
use firmware_app::event::Event;
use firmware_app::protocol::Command;
use firmware_app::protocol::cloud::{PairState, ToUnit};
use firmware_app::screen::{Page, PairView, Touch};
use hal::Key;
use serde_json::json;

use crate::double::{Double, asker};
use crate::unit::{Unit, message};

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
fn a_unit_that_lost_its_owner_is_let_go_before_it_gets_another() {
    let (data, cloud) = (tempfile::tempdir().unwrap(), Double::start());
    // Cut off after the press and before it was stored: the cloud knows an owner, the unit does not.
    cloud.with(|mind| mind.paired = true);
    let unit = Unit::paired(data.path(), &cloud);
    assert_eq!(cloud.with(|mind| mind.left), 1);
    drop(unit);
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
