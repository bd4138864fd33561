//! The front plate of the simulator: knobs, keys and the keyboard send what a board would.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/mod.rs"]
mod support;

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use firmware_app::ui::headless::HeadlessScreen;
use firmware_app::ui::{Fault, PanelSlot, SimWindow, attach_bezel, attach_faults, show_slots};
use hal::InputEvent::{self, Down, Turn, Up};
use hal::{Key, Knob};
use i_slint_backend_testing::ElementHandle;
use protocol::Theme;
use slint::platform::{Key as Code, PointerEventButton, WindowEvent};
use slint::{ComponentHandle, LogicalPosition, SharedString};

struct Plate {
    screen: HeadlessScreen<SimWindow>,
    inputs: Rc<RefCell<Vec<InputEvent>>>,
    ignition: Rc<RefCell<Vec<bool>>>,
}

impl Plate {
    fn new() -> Self {
        let mut screen = HeadlessScreen::with_window(1200, 664, SimWindow::new, Rc::new(|_| {})).unwrap();
        let (inputs, ignition) = (Rc::<RefCell<Vec<_>>>::default(), Rc::<RefCell<Vec<_>>>::default());
        let (i, g) = (Rc::clone(&inputs), Rc::clone(&ignition));
        let post = Rc::new(move |event| i.borrow_mut().push(event));
        attach_bezel(screen.window(), post, Rc::new(move |on| g.borrow_mut().push(on)));
        screen.show(&support::scenes(Theme::Night).remove(0).1);
        screen.set_spectrum(&support::spectrum(), support::levels());
        screen.window().window().dispatch_event(WindowEvent::WindowActiveChanged(true));
        screen.render();
        Self { screen, inputs, ignition }
    }

    fn send(&self, event: WindowEvent) {
        self.screen.window().window().dispatch_event(event);
    }

    fn middle(&self, label: &str) -> LogicalPosition {
        let found = ElementHandle::find_by_accessible_label(self.screen.window(), label).next();
        let element = found.unwrap_or_else(|| panic!("nothing is labelled {label:?}"));
        let (place, size) = (element.absolute_position(), element.size());
        LogicalPosition::new(place.x + size.width / 2.0, place.y + size.height / 2.0)
    }

    fn press(&self, at: LogicalPosition) {
        self.send(WindowEvent::PointerMoved { position: at });
        self.send(WindowEvent::PointerPressed { position: at, button: PointerEventButton::Left });
    }

    fn release(&self, at: LogicalPosition) {
        self.send(WindowEvent::PointerReleased { position: at, button: PointerEventButton::Left });
    }

    fn key(&self, text: impl Into<SharedString>) {
        let text = text.into();
        self.send(WindowEvent::KeyPressed { text: text.clone() });
        self.send(WindowEvent::KeyReleased { text });
    }

    fn inputs(&self) -> Vec<InputEvent> {
        self.inputs.take()
    }
}

#[test]
fn the_wheel_turns_the_knob_below_it() {
    let plate = Plate::new();
    for (label, knob) in [("Volume knob", Knob::Volume), ("Select knob", Knob::Select)] {
        let position = plate.middle(label);
        plate.send(WindowEvent::PointerScrolled { position, delta_x: 0.0, delta_y: 60.0 });
        plate.send(WindowEvent::PointerScrolled { position, delta_x: 0.0, delta_y: -60.0 });
        assert_eq!(plate.inputs(), [Turn(knob, 1), Turn(knob, -1)]);
    }
}

#[test]
fn a_click_presses_a_drag_turns_and_a_stay_is_long() {
    let plate = Plate::new();
    let at = plate.middle("Volume knob");
    plate.press(at);
    plate.release(at);
    assert_eq!(plate.inputs(), [Down(Key::Volume), Up(Key::Volume)]);

    plate.press(at);
    for step in 1..=9 {
        plate.send(WindowEvent::PointerMoved {
            position: LogicalPosition::new(at.x, at.y - 5.0 * step as f32),
        });
    }
    plate.release(LogicalPosition::new(at.x, at.y - 45.0));
    let turned: i32 = plate
        .inputs()
        .iter()
        .map(|event| match event {
            Turn(Knob::Volume, detents) => *detents,
            other => panic!("a drag only turns: {other:?}"),
        })
        .sum();
    assert_eq!(turned, 5);

    plate.press(at);
    plate.screen.advance(Duration::from_millis(800));
    assert_eq!(plate.inputs(), [Down(Key::Volume)]);
    plate.release(at);
    assert_eq!(plate.inputs(), [Up(Key::Volume)]);
}

#[test]
fn the_rim_turns_with_the_finger_around_it() {
    let plate = Plate::new();
    let at = plate.middle("Select knob");
    let on_rim = |degrees: f32| {
        let turn = degrees.to_radians();
        LogicalPosition::new(at.x + 62.0 * turn.sin(), at.y - 62.0 * turn.cos())
    };
    plate.press(on_rim(0.0));
    for step in 1..=31 {
        plate.send(WindowEvent::PointerMoved { position: on_rim(3.0 * step as f32) });
    }
    plate.release(on_rim(93.0));
    let turned: i32 = plate
        .inputs()
        .iter()
        .map(|event| match event {
            Turn(Knob::Select, detents) => *detents,
            other => panic!("a drag only turns: {other:?}"),
        })
        .sum();
    assert_eq!(turned, 6, "93 degrees of 15 a detent");
}

#[test]
fn keys_report_down_and_up() {
    let plate = Plate::new();
    let keys = [
        ("Preset 1", Key::Preset(1)),
        ("Preset 6", Key::Preset(6)),
        ("Source", Key::Source),
        ("Power", Key::Power),
    ];
    for (label, key) in keys {
        let at = plate.middle(label);
        plate.press(at);
        assert_eq!(plate.inputs(), [Down(key)]);
        plate.release(at);
        assert_eq!(plate.inputs(), [Up(key)]);
    }
}

#[test]
fn the_keyboard_drives_everything() {
    let plate = Plate::new();
    let cases: [(SharedString, Vec<InputEvent>); 9] = [
        (Code::UpArrow.into(), vec![Turn(Knob::Volume, 1)]),
        (Code::DownArrow.into(), vec![Turn(Knob::Volume, -1)]),
        (Code::RightArrow.into(), vec![Turn(Knob::Select, 1)]),
        (Code::LeftArrow.into(), vec![Turn(Knob::Select, -1)]),
        (Code::Return.into(), vec![Down(Key::Select), Up(Key::Select)]),
        (Code::Escape.into(), vec![Down(Key::Back), Up(Key::Back)]),
        (" ".into(), vec![Down(Key::PlayPause), Up(Key::PlayPause)]),
        ("m".into(), vec![Down(Key::Volume), Up(Key::Volume)]),
        ("4".into(), vec![Down(Key::Preset(4)), Up(Key::Preset(4))]),
    ];
    for (text, expected) in cases {
        plate.key(text.clone());
        assert_eq!(plate.inputs(), expected, "{text:?}");
    }
    plate.key("i");
    plate.key("i");
    assert_eq!(plate.ignition.take(), [false, true]);
}

#[test]
fn tab_reaches_a_knob_and_the_arrows_turn_it() {
    let plate = Plate::new();
    plate.key(Code::Tab);
    plate.key(Code::RightArrow);
    assert_eq!(plate.inputs(), [Turn(Knob::Volume, 1)], "the first stop is the volume knob");
    plate.key(Code::Return);
    assert_eq!(plate.inputs(), [Down(Key::Volume), Up(Key::Volume)]);
}

#[test]
fn the_plate_can_be_looked_at() {
    let mut plate = Plate::new();
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bezel.png");
    plate.screen.save_png(&path).unwrap();
    assert!(std::fs::metadata(&path).unwrap().len() > 20_000, "{}", path.display());
}

/// The plate with its drawer open, three media in it, and what was done to them.
fn faults() -> (Plate, Rc<RefCell<Vec<Fault>>>) {
    let mut plate = Plate::new();
    let done = Rc::<RefCell<Vec<_>>>::default();
    let record = Rc::clone(&done);
    let answer = move |fault: Fault| {
        record.borrow_mut().push(fault.clone());
        if fault == Fault::Folder("/none".into()) {
            "/none: there is no such folder".into()
        } else {
            String::new()
        }
    };
    attach_faults(plate.screen.window(), Rc::new(answer));
    let slot = |name: &str, is_plugged| PanelSlot {
        name: name.into(),
        folder: format!("/music/{name}"),
        is_plugged,
    };
    let slots = [slot("Music", true), slot("STICK", false), slot("A very long name of a stick", true)];
    show_slots(plate.screen.window(), &slots);
    plate.key("f");
    assert_eq!(done.take(), [Fault::Panel(true)]);
    plate.screen.render();
    (plate, done)
}

#[test]
fn the_drawer_yanks_and_plugs() {
    let (plate, done) = faults();
    for (label, fault) in [
        ("Yank Music", Fault::Slot(0)),
        ("Plug STICK", Fault::Slot(1)),
        ("Pull the sound device", Fault::Sound(false)),
        ("Put the sound device back", Fault::Sound(true)),
    ] {
        let at = plate.middle(label);
        plate.press(at);
        plate.release(at);
        assert_eq!(done.take(), [fault], "{label}");
    }
    assert_eq!(plate.inputs(), [], "the stereo's own keys stay as they are");
    plate.key("f");
    assert_eq!(done.take(), [Fault::Panel(false)]);
    assert!(ElementHandle::find_by_accessible_label(plate.screen.window(), "Yank Music").next().is_none());
}

#[test]
fn a_folder_is_plugged_in_by_its_path() {
    let (plate, done) = faults();
    let at = plate.middle("Folder to plug in");
    plate.press(at);
    plate.release(at);
    for letter in ["/", "p", "i", "1"] {
        plate.key(letter);
    }
    plate.key(Code::Return);
    assert_eq!(done.take(), [Fault::Folder("/pi1".into())]);
    assert_eq!(plate.inputs(), [], "letters are letters here");
    // One that is not there stays to be mended, and says why.
    for letter in ["/", "n", "o", "n", "e"] {
        plate.key(letter);
    }
    let key = plate.middle("Plug the folder in");
    plate.press(key);
    plate.release(key);
    assert_eq!(done.take(), [Fault::Folder("/none".into())]);
    assert_eq!(plate.screen.window().get_fault_note(), "/none: there is no such folder");
    plate.press(at);
    plate.release(at);
    plate.key(Code::Escape);
    plate.key("m");
    assert_eq!(plate.inputs(), [Down(Key::Volume), Up(Key::Volume)], "Escape gives the keyboard back");
}

#[test]
fn the_drawer_is_reached_by_tab() {
    let (plate, done) = faults();
    // Behind two knobs, ten keys and the drawer's own.
    for _ in 0..40 {
        plate.key(Code::Tab);
        plate.key(Code::Return);
        match done.take()[..] {
            [Fault::Slot(0)] => return,
            // The drawer's own key closes it: open it again.
            [Fault::Panel(false)] => plate.key(Code::Return),
            _ => {}
        }
        done.take();
    }
    panic!("Tab never came to the first slot");
}

#[test]
fn a_slot_that_changes_keeps_the_keyboard() {
    let (plate, done) = faults();
    let at = plate.middle("Yank Music");
    plate.press(at);
    plate.release(at);
    let slot = |is_plugged| PanelSlot { name: "Music".into(), folder: "/music".into(), is_plugged };
    for is_plugged in [false, true] {
        show_slots(plate.screen.window(), &[slot(is_plugged)]);
        done.take();
        plate.key(Code::Return);
        assert_eq!(done.take(), [Fault::Slot(0)]);
    }
    show_slots(plate.screen.window(), &[slot(true), slot(true)]);
    plate.key("f");
    assert_eq!(done.take(), [Fault::Panel(false)]);
    plate.key("m");
    assert_eq!(plate.inputs(), [Down(Key::Volume), Up(Key::Volume)], "the stereo has it again");
}

#[test]
fn the_drawer_can_be_looked_at() {
    let (mut plate, _done) = faults();
    plate.screen.window().set_fault_note("/none: there is no such folder".into());
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("faults.png");
    plate.screen.save_png(&path).unwrap();
    assert!(std::fs::metadata(&path).unwrap().len() > 20_000, "{}", path.display());
}
