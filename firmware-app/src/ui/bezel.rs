//! The front plate of the simulator: its knobs and keys as the board's input events.

use std::rc::Rc;

use hal::{InputEvent, Key, Knob};

use super::generated::SimWindow;

/// Sends what hands do on the front plate to `input`, and the ignition switch (true is on) to `ignition`.
pub fn attach_bezel(window: &SimWindow, input: Rc<dyn Fn(InputEvent)>, ignition: Rc<dyn Fn(bool)>) {
    let post = Rc::clone(&input);
    window.on_turn(move |knob, detents| {
        let knob = if knob == 0 { Knob::Volume } else { Knob::Select };
        post(InputEvent::Turn(knob, detents));
    });
    let post = Rc::clone(&input);
    window.on_key_down(move |name| {
        if let Some(key) = key_named(&name) {
            post(InputEvent::Down(key));
        }
    });
    window.on_key_up(move |name| {
        if let Some(key) = key_named(&name) {
            input(InputEvent::Up(key));
        }
    });
    window.on_ignition_switched(move |on| ignition(on));
}

/// The key of a name as the front plate and scripts use it.
#[must_use]
pub fn key_named(name: &str) -> Option<Key> {
    Some(match name {
        "volume" => Key::Volume,
        "select" => Key::Select,
        "source" => Key::Source,
        "back" => Key::Back,
        "menu" => Key::Menu,
        "power" => Key::Power,
        "play_pause" => Key::PlayPause,
        "next" => Key::Next,
        "previous" => Key::Previous,
        "mute" => Key::Mute,
        _ => Key::Preset(name.parse().ok().filter(|number| (1..=6).contains(number))?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_numbered_from_one_to_six() {
        assert_eq!(key_named("1"), Some(Key::Preset(1)));
        assert_eq!(key_named("6"), Some(Key::Preset(6)));
        assert_eq!(key_named("7"), None);
        assert_eq!(key_named("back"), Some(Key::Back));
    }
}
