//! Fingers from the bytes of panels, as `/dev/input/event*` gives them.

use super::PanelTouch::{Down, Move, Up};
use super::*;
use crate::linux::evdev_stream::raw_bytes;
use crate::linux::{EventStream, RawEvents};

const ABS: u16 = 3;
const KEY: u16 = 1;
const SLOT: u16 = 0x2f;
const X: u16 = 0x35;
const Y: u16 = 0x36;
const ID: u16 = 0x39;
const TOUCH: u16 = 0x14a;

const SLOTS: PanelFacts =
    PanelFacts { x: Range { min: 0, max: 1000 }, y: Range { min: 0, max: 500 }, has_slots: true, slot: 0 };
const SIMPLE: PanelFacts = PanelFacts {
    x: Range { min: 200, max: 3800 },
    y: Range { min: 300, max: 3700 },
    has_slots: false,
    slot: 0,
};

fn report(events: &[(u16, u16, i32)]) -> Vec<u8> {
    let mut bytes: Vec<u8> =
        events.iter().flat_map(|(kind, code, value)| raw_bytes(*kind, *code, *value)).collect();
    bytes.extend(raw_bytes(0, 0, 0));
    bytes
}

fn touches(facts: PanelFacts, reports: &[Vec<u8>]) -> Vec<PanelTouch> {
    let bytes = reports.concat();
    let mut stream = RawEvents::new(&bytes[..]);
    let mut decoder = TouchDecoder::new(facts);
    let mut touches = Vec::new();
    while let Ok(events) = stream.read_events() {
        touches.extend(events.into_iter().filter_map(|event| decoder.event(event)));
    }
    touches
}

#[test]
fn a_tap_and_a_drag_on_a_panel_with_slots() {
    // As an FT5406 (the Pi's own display) tells it, with its copies for one finger after each place.
    let reports = [
        report(&[(ABS, ID, 11), (ABS, X, 500), (ABS, Y, 125), (KEY, TOUCH, 1), (ABS, 0, 500), (ABS, 1, 125)]),
        report(&[(ABS, X, 600), (ABS, 0, 600)]),
        report(&[(ABS, Y, 250), (ABS, 1, 250)]),
        report(&[(ABS, ID, -1), (KEY, TOUCH, 0)]),
        report(&[(ABS, ID, 12), (ABS, X, 1000), (ABS, Y, 500), (KEY, TOUCH, 1)]),
        report(&[(ABS, ID, -1), (KEY, TOUCH, 0)]),
    ];
    let wanted = [Down(0.5, 0.25), Move(0.6, 0.25), Move(0.6, 0.5), Up, Down(1.0, 1.0), Up];
    assert_eq!(touches(SLOTS, &reports), wanted);
}

#[test]
fn the_first_finger_counts_and_no_other() {
    let reports = [
        report(&[(ABS, SLOT, 1), (ABS, ID, 5), (ABS, X, 100), (ABS, Y, 50)]),
        report(&[(ABS, SLOT, 0), (ABS, ID, 6), (ABS, X, 900), (ABS, Y, 400)]),
        report(&[(ABS, X, 950), (ABS, SLOT, 1), (ABS, X, 200)]),
        report(&[(ABS, ID, -1), (ABS, SLOT, 0), (ABS, X, 800)]),
        report(&[(ABS, X, 700)]),
        report(&[(ABS, ID, -1)]),
        report(&[(ABS, ID, 7), (ABS, X, 0), (ABS, Y, 0)]),
    ];
    assert_eq!(touches(SLOTS, &reports), [Down(0.1, 0.1), Move(0.2, 0.1), Up, Down(0.0, 0.0)]);
}

#[test]
fn a_finger_that_is_replaced_within_one_report_is_taken_off_first() {
    let reports = [
        report(&[(ABS, ID, 1), (ABS, X, 10), (ABS, Y, 10)]),
        report(&[(ABS, ID, -1), (ABS, ID, 2), (ABS, X, 990), (ABS, Y, 490)]),
        report(&[(ABS, ID, -1)]),
        report(&[(ABS, ID, 3), (ABS, X, 500), (ABS, Y, 250)]),
    ];
    assert_eq!(touches(SLOTS, &reports), [Down(0.01, 0.02), Up, Down(0.5, 0.5)]);
}

#[test]
fn a_panel_for_one_finger() {
    let reports = [
        report(&[(KEY, TOUCH, 1), (ABS, 0, 2000), (ABS, 1, 2000), (ABS, 24, 80)]),
        report(&[(ABS, 24, 82)]),
        report(&[(ABS, 0, 4095), (ABS, 1, 0)]),
        report(&[(KEY, TOUCH, 0), (ABS, 24, 0)]),
        report(&[(ABS, 0, 1000)]),
    ];
    assert_eq!(touches(SIMPLE, &reports), [Down(0.5, 0.5), Move(1.0, 0.0), Up]);
}

#[test]
fn lost_events_take_the_finger_off() {
    const DROPPED: u16 = 3;
    let reports = [
        report(&[(ABS, ID, 1), (ABS, X, 100), (ABS, Y, 100)]),
        report(&[(0, DROPPED, 0), (ABS, X, 400)]),
        report(&[(ABS, X, 500)]),
        report(&[(ABS, ID, 2), (ABS, X, 1000), (ABS, Y, 500)]),
    ];
    assert_eq!(touches(SLOTS, &reports), [Down(0.1, 0.2), Up, Down(1.0, 1.0)]);
}

#[test]
fn keys_and_axes_of_another_kind_are_no_touch() {
    let reports = [report(&[(KEY, 113, 1), (2, 8, -1), (ABS, 2, 7)]), report(&[(KEY, 113, 0)])];
    assert_eq!(touches(SLOTS, &reports), []);
    assert_eq!(touches(SIMPLE, &reports), []);
}

#[test]
fn a_panel_that_goes_takes_its_finger_along() {
    let mut decoder = TouchDecoder::new(SLOTS);
    let events = [(ABS, ID, 1), (ABS, X, 100), (0, 0, 0)];
    let last =
        events.iter().filter_map(|(kind, code, value)| decoder.event(InputEvent::new(*kind, *code, *value)));
    assert_eq!(last.collect::<Vec<_>>(), [Down(0.1, 0.0)]);
    assert_eq!(decoder.release(), Some(Up));
    assert_eq!(decoder.release(), None);
}

#[test]
fn files_that_are_no_devices_are_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("event0"), "").unwrap();
    fs::write(dir.path().join("mouse0"), "").unwrap();
    let mut screens = TouchScreens::new(dir.path());
    screens.look();
    screens.look();
    assert_eq!(screens.files().count(), 0);
    assert!(screens.hear(&[true]).is_empty());
    TouchScreens::new(Path::new("/nonexistent-folder")).look();
}
