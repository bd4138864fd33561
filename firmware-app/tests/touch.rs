//! What a finger on the glass asks for, and whether it can meet it at all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/fingers.rs"]
mod fingers;
#[path = "support/mod.rs"]
mod support;

use fingers::{Bench, middle};
use firmware_app::frame::Frame;
use firmware_app::screen::{Page, Touch};
use protocol::{Command, Theme};

/// The smallest side of a touch target, in logical pixels (WCAG 2.2, success criterion 2.5.5).
const LEAST_TARGET: f32 = 44.0;

fn scene(name: &str) -> Frame {
    let found = support::scenes(Theme::Night).into_iter().find(|(scene, _)| *scene == name);
    found.unwrap_or_else(|| panic!("no scene {name}")).1
}

#[test]
fn keys_of_the_now_playing_page_say_what_they_do() {
    let mut bench = Bench::new(800, 480, &scene("now"));
    let expected = [
        ("Previous", Touch::Do(Command::Previous)),
        ("Pause", Touch::Do(Command::TogglePlay)),
        ("Next", Touch::Do(Command::Next)),
        ("Browse", Touch::Open(Page::Browser)),
        ("Queue", Touch::Open(Page::Queue)),
        ("Sound", Touch::Open(Page::Equalizer)),
        ("Menu", Touch::Open(Page::Menu)),
    ];
    for (label, touch) in expected {
        bench.tap(label);
        assert_eq!(bench.posted(), [touch], "{label}");
    }
}

#[test]
fn the_needle_is_dragged_to_seek_once_on_release() {
    let mut bench = Bench::new(800, 480, &scene("now"));
    let (_, y) = middle(&bench.element("Position"));
    bench.drag((200.0, y), (400.0, y));
    let [Touch::Do(Command::Seek { to })] = bench.posted()[..] else { panic!("one seek") };
    assert!((to.0 - 127.5).abs() < 1.0, "{to:?}");
}

#[test]
fn a_track_of_unknown_length_cannot_be_sought() {
    let mut bench = Bench::new(800, 480, &scene("now-empty"));
    bench.tap("Position");
    assert_eq!(bench.posted(), []);
}

#[test]
fn rows_and_back_of_a_list() {
    let mut bench = Bench::new(800, 480, &scene("queue"));
    bench.tap("Tidewater");
    assert_eq!(bench.posted(), [Touch::Row(123)]);
    bench.tap("Back");
    assert_eq!(bench.posted(), [Touch::Back]);
}

#[test]
fn a_list_follows_the_finger_and_a_drag_chooses_nothing() {
    let mut bench = Bench::new(800, 480, &scene("browser"));
    bench.drag((400.0, 400.0), (400.0, 400.0 - 3.0 * 67.0));
    let posted = bench.posted();
    assert!(posted.iter().all(|touch| matches!(touch, Touch::Scroll(_))), "{posted:?}");
    assert_eq!(posted.last(), Some(&Touch::Scroll(5)), "from 2, three rows further");
    bench.tap("Salt on the Window");
    assert_eq!(bench.posted(), [Touch::Row(7)]);
}

#[test]
fn a_band_follows_the_finger_in_half_decibels() {
    let mut bench = Bench::new(800, 480, &scene("eq"));
    let (x, y) = middle(&bench.element("1 kHz"));
    bench.drag((x, y), (x, 0.0));
    let posted = bench.posted();
    let gains: Vec<f32> = posted
        .iter()
        .map(|touch| match touch {
            Touch::Band { index: 5, gain_db } => *gain_db,
            other => panic!("not a drag of the sixth band: {other:?}"),
        })
        .collect();
    assert!(gains.len() > 3 && gains.iter().all(|gain| (gain * 2.0).fract() == 0.0), "{gains:?}");
    assert_eq!(gains.last(), Some(&12.0));
}

#[test]
fn the_sound_page_opens_presets_and_switches() {
    let mut bench = Bench::new(800, 480, &scene("eq"));
    bench.tap("Presets");
    bench.tap("Equaliser");
    let off = Touch::Do(Command::SetEqEnabled { on: false });
    assert_eq!(bench.posted(), [Touch::Open(Page::Presets), off]);
}

#[test]
fn the_letters_of_a_name_are_tapped() {
    let mut bench = Bench::new(800, 480, &scene("name"));
    for label in ["A", "Erase", "Save"] {
        bench.tap(label);
    }
    assert_eq!(bench.posted(), [Touch::SearchKey(3), Touch::SearchKey(2), Touch::SearchKey(0)]);
}

#[test]
fn the_page_with_the_code_says_it_and_is_left_by_back() {
    let mut bench = Bench::new(800, 480, &scene("enrol"));
    assert!(bench.says("0 4 2 9 1 7"), "figure by figure");
    assert!(bench.says("http://192.168.1.20:8080"));
    assert!(bench.says("Wrong code: two more tries"));
    bench.tap("Back");
    assert_eq!(bench.posted(), [Touch::Back]);
    bench.screen.show(&scene("phones"));
    bench.screen.render();
    assert!(!bench.says("0 4 2 9 1 7"), "it is gone with its page");
    bench.tap("Old phone");
    assert_eq!(bench.posted(), [Touch::Row(5)]);
}

#[test]
fn a_tap_puts_a_message_away() {
    let frame = scene("now-message");
    let mut bench = Bench::new(800, 480, &frame);
    bench.tap(&frame.snapshot.message);
    assert_eq!(bench.posted(), [Touch::Do(Command::DismissMessage)]);
}

#[test]
fn the_dark_screen_answers_no_finger() {
    let mut bench = Bench::new(800, 480, &scene("off"));
    bench.drag((400.0, 430.0), (400.0, 430.0));
    assert_eq!(bench.posted(), []);
    assert!(bench.actionable().is_empty());
}

#[test]
fn everything_can_be_met_by_a_finger_and_lies_on_the_glass() {
    let mut met = 0;
    for (width, height) in [(640, 400), (800, 480), (1024, 600), (1280, 720)] {
        for (name, frame) in support::scenes(Theme::Day) {
            let bench = Bench::new(width, height, &frame);
            for element in bench.actionable() {
                let (label, size) = (element.accessible_label().unwrap_or_default(), element.size());
                let place = element.absolute_position();
                assert!(!label.is_empty(), "{name}: an element without a label at {place:?}");
                if place.y >= height as f32 - 1.0 {
                    // A row kept ready below the glass.
                    continue;
                }
                assert!(
                    size.width >= LEAST_TARGET && size.height >= LEAST_TARGET,
                    "{name} at {width}x{height}: {label:?} is {size:?}"
                );
                assert!(
                    place.x >= -0.5 && place.x + size.width <= width as f32 + 0.5,
                    "{name} at {width}x{height}: {label:?} leaves the glass at {place:?}"
                );
                met += 1;
            }
        }
    }
    assert!(met > 300, "only {met} elements were seen");
}
