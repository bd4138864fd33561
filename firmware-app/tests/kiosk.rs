//! The stereo on its own display, which comes late, goes, and comes in another size.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/fingers.rs"]
mod fingers;
mod rig;

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use fingers::{Bench, middle};
use firmware_app::event::Event;
use firmware_app::protocol::{Command, Theme};
use firmware_app::screen::{Page, Touch as Tap};
use firmware_app::ui::headless::HeadlessScreen;
use firmware_app::ui::kiosk::{DrawingCost, Heartbeat, Kiosk};
use hal::sim::{Glass, ScreenHandle, SimScreen};
use hal::{InputEvent, Knob, Screen, ScreenWaker, Touch};
use rig::{Rig, music};

const PATIENCE: Duration = Duration::from_secs(20);
/// Real time after which animations have come to rest.
const AT_REST: Duration = Duration::from_millis(900);

/// The interface in a thread of its own, on a screen in memory.
struct Running {
    hand: ScreenHandle,
    heartbeat: Heartbeat,
    is_over: Arc<AtomicBool>,
    waker: ScreenWaker,
    thread: JoinHandle<DrawingCost>,
}

impl Running {
    fn on(rig: &Rig) -> Self {
        let (hand, mut screen) = SimScreen::new();
        let (waker, app) = (screen.waker(), rig.app.clone());
        let is_over = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&is_over);
        let (sender, heartbeat) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let kiosk = Kiosk::new(&app, &mut screen).unwrap();
            sender.send(kiosk.heartbeat()).unwrap();
            kiosk.run(|| over.load(Ordering::SeqCst))
        });
        Self { hand, heartbeat: heartbeat.recv().unwrap(), is_over, waker, thread }
    }

    fn end(self) -> DrawingCost {
        self.is_over.store(true, Ordering::SeqCst);
        (self.waker)();
        self.thread.join().unwrap()
    }

    fn until(&self, what: &str, is_so: impl Fn(&Glass) -> bool) {
        let since = Instant::now();
        while !is_so(&self.hand.glass()) {
            assert!(since.elapsed() < PATIENCE, "waited in vain: {what}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The glass shows what the interface draws for the stereo's latest frame.
    fn shows_the_latest_frame(&self, rig: &Rig) {
        std::thread::sleep(AT_REST);
        let glass = self.hand.glass();
        let mut headless = HeadlessScreen::new(glass.width, glass.height, Rc::new(|_| {})).unwrap();
        headless.show(&rig.app.frame());
        headless.advance(AT_REST);
        headless.render();
        headless.advance(AT_REST);
        let wanted = headless.render();
        let is_off = |(shown, wanted): &(&u32, &slint::Rgb8Pixel)| {
            let parts = [(*shown >> 16) as u8, (*shown >> 8) as u8, **shown as u8];
            parts.iter().zip([wanted.r, wanted.g, wanted.b]).any(|(a, b)| a.abs_diff(b) > 8)
        };
        let off = glass.pixels.iter().zip(wanted.as_slice()).filter(is_off).count();
        // Not to the bit: the renderer blends a path's edge twice where two dirty rectangles meet.
        assert!(off * 500 <= glass.pixels.len(), "{off} pixels of {}x{}", glass.width, glass.height);
        assert!(glass.pixels.iter().any(|pixel| *pixel != glass.pixels[0]), "an empty picture");
    }
}

#[test]
fn a_display_that_comes_late_or_comes_again_shows_the_latest_frame() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path(), &[]);
    let running = Running::on(&rig);
    rig.command(Command::SetTheme { theme: Theme::Day });
    rig.app.post(Event::Touch(Tap::Open(Page::Settings)));
    rig.until("the settings", |now| now.page == "settings");
    assert_eq!(running.hand.glass().pictures, 0);
    running.hand.plug(800, 480);
    running.until("the first picture", |glass| glass.pictures > 0);
    running.shows_the_latest_frame(&rig);
    running.hand.pull();
    rig.command(Command::SetTheme { theme: Theme::Night });
    let before = running.hand.glass().pictures;
    running.hand.plug(480, 800);
    running.until("a picture of another size", |glass| glass.pictures > before);
    running.shows_the_latest_frame(&rig);
    running.hand.pull();
    running.hand.plug(480, 800);
    running.shows_the_latest_frame(&rig);
    assert!(running.end().pictures >= 3);
}

#[test]
fn a_finger_does_what_it_touches() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path(), &[]);
    let running = Running::on(&rig);
    running.hand.plug(800, 480);
    running.until("the first picture", |glass| glass.pictures > 0);
    let (x, y) = middle(&Bench::new(800, 480, &rig.app.frame()).element("Menu"));
    running.hand.touch(Touch::Down(x as u32, y as u32));
    running.hand.touch(Touch::Up(x as u32, y as u32));
    rig.until("the menu is open", |now| now.page == "menu");
    running.shows_the_latest_frame(&rig);
    running.end();
}

#[test]
fn a_unit_at_rest_sleeps() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path(), &[]);
    let running = Running::on(&rig);
    running.hand.plug(800, 480);
    running.until("the first picture", |glass| glass.pictures > 0);
    std::thread::sleep(AT_REST);
    let (before, beats) = (running.hand.glass(), running.heartbeat.beats());
    std::thread::sleep(Duration::from_secs(5));
    let (after, later) = (running.hand.glass(), running.heartbeat.beats());
    assert_eq!(after.pictures, before.pictures);
    assert!((1..=5).contains(&(later - beats)), "{} rounds in 5 s", later - beats);
    running.end();
}

#[test]
fn no_display_means_no_work() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path(), &[]);
    let running = Running::on(&rig);
    for _ in 0..500 {
        rig.hand.send(InputEvent::Turn(Knob::Volume, 1));
        rig.hand.send(InputEvent::Turn(Knob::Volume, -1));
    }
    std::thread::sleep(Duration::from_secs(1));
    assert!(running.hand.glass().waits <= 10, "{} rounds", running.hand.glass().waits);
    assert_eq!(running.end().pictures, 0);
}

#[test]
fn frames_that_come_too_fast_are_skipped_and_the_last_is_shown() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path(), &[]);
    let running = Running::on(&rig);
    running.hand.plug(800, 480);
    running.until("the first picture", |glass| glass.pictures > 0);
    let (since, before) = (Instant::now(), running.hand.glass());
    for _ in 0..300 {
        rig.command(Command::VolumeBy { detents: 1 });
        rig.command(Command::VolumeBy { detents: -1 });
    }
    let (took, after) = (since.elapsed(), running.hand.glass());
    let most = took.as_millis() as u64 / 16 + 2;
    assert!(after.pictures - before.pictures <= most, "{} > {most}", after.pictures - before.pictures);
    rig.command(Command::VolumeBy { detents: -3 });
    running.shows_the_latest_frame(&rig);
    running.end();
}

#[test]
fn the_display_is_dark_while_the_ignition_is_off() {
    let (data, folder) = (tempfile::tempdir().unwrap(), music(3.0, &["one.wav"]));
    let rig = Rig::start(data.path(), &[folder.path()]);
    let running = Running::on(&rig);
    running.hand.plug(800, 480);
    running.until("the first picture", |glass| glass.pictures > 0);
    rig.ignition.set(false);
    running.until("dark", |glass| !glass.is_lit);
    assert!(running.hand.glass().pixels.iter().all(|pixel| *pixel == 0), "black before it is dark");
    let pictures = running.hand.glass().pictures;
    running.hand.pull();
    running.hand.plug(800, 480);
    std::thread::sleep(AT_REST);
    let dark = running.hand.glass();
    assert!(!dark.is_lit && dark.pictures == pictures, "nothing is drawn in the dark");
    assert!(dark.waits < 200, "{} rounds in the dark", dark.waits);
    rig.ignition.set(true);
    running.until("lit", |glass| glass.is_lit && glass.pictures > pictures);
    running.shows_the_latest_frame(&rig);
    running.end();
}
