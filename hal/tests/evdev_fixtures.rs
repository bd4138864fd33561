//! Recordings of front panels as text: what the kernel says, and what the stereo makes of it.
#![cfg(all(target_os = "linux", feature = "linux"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use evdev::{EventType, KeyCode, RelativeAxisCode};
use hal::InputSource;
use hal::linux::{Keymap, RawInput};

/// `KEY_MUTE 1 -> Down(Mute)`: the kernel's event, and ours after the arrow if there is one.
fn check(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    let (keymap, events) = text.split_once("---\n").expect("a keymap, a line of hyphens, events");
    let mut bytes = Vec::new();
    let mut expected = Vec::new();
    for line in events.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (event, ours) = line.split_once("->").map_or((line, None), |(a, b)| (a, Some(b.trim())));
        let (code, value) = event.trim().split_once(' ').unwrap();
        bytes.extend(raw(code, value.parse().unwrap()));
        expected.extend(ours.map(str::to_owned));
    }
    let mut input = RawInput::new(&bytes[..], Keymap::parse(keymap).unwrap());
    let heard: Vec<String> =
        std::iter::from_fn(|| input.next().ok()).map(|event| format!("{event:?}")).collect();
    assert_eq!(heard, expected, "{name}");
}

fn raw(code: &str, value: i32) -> Vec<u8> {
    let (kind, number) = if code == "SYN_REPORT" {
        (EventType::SYNCHRONIZATION, 0)
    } else if code.starts_with("REL_") {
        (EventType::RELATIVE, code.parse::<RelativeAxisCode>().unwrap().0)
    } else {
        (EventType::KEY, code.parse::<KeyCode>().unwrap().0)
    };
    let mut bytes = vec![0; size_of::<libc::input_event>() - 8];
    bytes.extend(kind.0.to_ne_bytes());
    bytes.extend(number.to_ne_bytes());
    bytes.extend(value.to_ne_bytes());
    bytes
}

#[test]
fn keyboard_with_media_keys_by_the_default_keymap() {
    check("media_keyboard.txt");
}

#[test]
fn front_panel_with_two_encoders_by_its_own_keymap() {
    check("two_encoders.txt");
}
