//! The display by DRM, without anything in between: no X, no Wayland, no console, no GPU.
//!
//! Displays, cards and touch screens may come late and go at any time. Everything is slept on in one `poll`: the
//! card (a picture is on the glass), the folders of device nodes, the kernel's word that something was plugged,
//! fingers, and an alarm for the other threads. What another program holds is asked for again from time to time.

mod card;
mod damage;
mod mode;
mod output;
mod pair;

use std::os::fd::AsFd;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use self::output::Output;
use super::touch::{PanelTouch, TouchScreens};
use super::watch::{Alarm, FolderWatch, Uevents, wait};
use crate::{PartGone, Rect, Rotation, Screen, ScreenError, ScreenEvent, ScreenWaker, Touch};

/// Without a display, one is looked for this often even if nobody says that one has come.
const LOOK: Duration = Duration::from_secs(5);
/// A display that another program holds is asked for this often.
const ASK: Duration = Duration::from_millis(500);

/// Which display, and how it is used.
#[derive(Clone, Debug)]
pub struct DrmConfig {
    /// Where the cards are.
    pub cards: PathBuf,
    /// Where the touch screens are.
    pub inputs: PathBuf,
    /// The mode's width and height in pixels of the panel; what the display prefers if not given, or if it has
    /// no such mode.
    pub mode: Option<(u32, u32)>,
    /// How the picture is turned on the panel; touch screens turn with it.
    pub rotation: Rotation,
}

impl Default for DrmConfig {
    fn default() -> Self {
        Self {
            cards: PathBuf::from("/dev/dri"),
            inputs: PathBuf::from("/dev/input"),
            mode: None,
            rotation: Rotation::None,
        }
    }
}

/// The board's display and its touch screen.
pub struct DrmScreen {
    config: DrmConfig,
    output: Option<Output>,
    alarm: Alarm,
    cards: FolderWatch,
    inputs: FolderWatch,
    uevents: Option<Uevents>,
    touch: TouchScreens,
    /// Where the finger is, in pixels of the picture.
    finger: (u32, u32),
    is_lit: bool,
    look_at: Instant,
    /// What was last told about the missing display.
    complaint: String,
    events: Vec<ScreenEvent>,
}

impl DrmScreen {
    /// Starts to look for a display; there need not be one yet.
    ///
    /// # Errors
    /// The system gives nothing to sleep on.
    pub fn open(config: DrmConfig) -> Result<Self, PartGone> {
        let gone = |error: std::io::Error| PartGone(format!("screen: {error}"));
        let uevents = Uevents::new();
        if let Err(error) = &uevents {
            tracing::info!(%error, "displays that are plugged are noticed late");
        }
        let mut touch = TouchScreens::new(&config.inputs);
        let (cards, inputs) = (FolderWatch::new(&config.cards), FolderWatch::new(&config.inputs));
        touch.look();
        Ok(Self {
            output: None,
            alarm: Alarm::new().map_err(gone)?,
            cards: cards.map_err(gone)?,
            inputs: inputs.map_err(gone)?,
            uevents: uevents.ok(),
            touch,
            finger: (0, 0),
            is_lit: true,
            look_at: Instant::now(),
            complaint: String::new(),
            events: Vec::new(),
            config,
        })
    }

    /// Takes a display if there is one.
    fn look(&mut self) {
        let found = card::find(&self.config.cards, self.config.mode)
            .and_then(|(card, route)| Output::new(card, route, self.config.rotation));
        match found {
            Ok(mut output) => {
                let (width, height) = output.size();
                tracing::info!("display: {}, picture {width}x{height}", output.describe());
                output.set_lit(self.is_lit);
                self.output = Some(output);
                self.complaint.clear();
                self.events.push(ScreenEvent::Appeared { width, height });
            }
            Err(error) => {
                let again = if matches!(error, ScreenError::Taken(_)) { ASK } else { LOOK };
                self.look_at = Instant::now() + again;
                let complaint = error.to_string();
                if complaint != self.complaint {
                    tracing::info!("waiting for a display: {complaint}");
                    self.complaint = complaint;
                }
            }
        }
    }

    fn lose(&mut self) {
        if self.output.take().is_some() {
            self.events.push(ScreenEvent::Gone);
            // Not at once: whatever took it away may need a moment, and a display that fails again and again must
            // not become a busy loop.
            self.look_at = Instant::now() + ASK;
        }
    }

    /// How long to sleep at most.
    fn sleep(&self, longest: Duration) -> Duration {
        let due = match &self.output {
            Some(output) => output.deadline(),
            None => Some(self.look_at),
        };
        due.map_or(longest, |at| longest.min(at.saturating_duration_since(Instant::now())))
    }

    fn sleep_and_hear(&mut self, longest: Duration) {
        let mut files = vec![self.alarm.as_fd(), self.cards.as_fd(), self.inputs.as_fd()];
        let (uevents, output) = (self.uevents.as_ref(), self.output.as_ref());
        files.extend(uevents.map(AsFd::as_fd));
        files.extend(output.map(AsFd::as_fd));
        files.extend(self.touch.files());
        let told = wait(&files, self.sleep(longest)).unwrap_or_else(|error| {
            tracing::error!(%error, "the screen cannot sleep on its files");
            std::thread::sleep(self.sleep(longest));
            vec![false; files.len()]
        });
        let mut told = told.into_iter();
        let (alarm, cards, inputs) = (told.next(), told.next(), told.next());
        let uevents = uevents.is_some().then(|| told.next()).flatten();
        let output = output.is_some().then(|| told.next()).flatten();
        let touch: Vec<bool> = told.collect();
        if alarm == Some(true) {
            self.alarm.hush();
        }
        self.hear_fingers(&touch);
        if output == Some(true) && self.output.as_mut().is_some_and(|output| !output.hear()) {
            self.lose();
        }
        if inputs == Some(true) {
            self.inputs.heard();
            self.touch.look();
        }
        self.hear_plugs(cards == Some(true), uevents == Some(true));
    }

    fn hear_plugs(&mut self, cards: bool, uevents: bool) {
        if cards {
            self.cards.heard();
        }
        let is_plugged = uevents && self.uevents.as_ref().is_some_and(|uevents| uevents.has_changed("drm"));
        if !cards && !is_plugged {
            return;
        }
        match &mut self.output {
            Some(output) => {
                if is_plugged && !output.is_still_there() {
                    self.lose();
                }
            }
            None => self.look_at = Instant::now(),
        }
    }

    fn hear_fingers(&mut self, told: &[bool]) {
        for touch in self.touch.hear(told) {
            // Fingers on a panel without a picture mean nothing.
            let Some(size) = self.output.as_ref().map(Output::size) else { continue };
            let touch = touch_in_picture(touch, self.config.rotation, size, &mut self.finger);
            self.events.push(ScreenEvent::Touch(touch));
        }
    }
}

impl Screen for DrmScreen {
    fn waker(&self) -> ScreenWaker {
        let alarm = self.alarm.clone();
        Arc::new(move || alarm.ring())
    }

    fn wait(&mut self, longest: Duration) -> Vec<ScreenEvent> {
        let now = Instant::now();
        match &mut self.output {
            Some(output) => output.time_passed(now),
            None if self.look_at <= now => self.look(),
            None => {}
        }
        let is_silent = self.events.is_empty();
        self.sleep_and_hear(if is_silent { longest } else { Duration::ZERO });
        std::mem::take(&mut self.events)
    }

    fn is_ready(&self) -> bool {
        self.output.as_ref().is_some_and(Output::is_ready)
    }

    fn present(&mut self, picture: &[u32], dirty: &[Rect]) -> Result<usize, ScreenError> {
        let output = self.output.as_mut().ok_or_else(|| ScreenError::Absent(self.complaint.clone()))?;
        let outcome = output.present(picture, dirty);
        if let Err(error @ (ScreenError::Gone(_) | ScreenError::Taken(_))) = &outcome {
            tracing::warn!(%error, "the display is lost");
            self.lose();
        }
        outcome
    }

    fn set_lit(&mut self, lit: bool) {
        self.is_lit = lit;
        if let Some(output) = &mut self.output {
            output.set_lit(lit);
        }
    }
}

/// A finger on the panel as one on the picture. Where one is taken off is where it was last.
fn touch_in_picture(
    touch: PanelTouch,
    rotation: Rotation,
    picture: (u32, u32),
    finger: &mut (u32, u32),
) -> Touch {
    let (width, height) = rotation.turned(picture);
    let pixel = |share: f32, side: u32| ((share * side as f32) as u32).min(side.saturating_sub(1));
    let mut at = |x, y| {
        *finger = rotation.to_picture((pixel(x, width), pixel(y, height)), picture);
        *finger
    };
    match touch {
        PanelTouch::Down(x, y) => {
            let (x, y) = at(x, y);
            Touch::Down(x, y)
        }
        PanelTouch::Move(x, y) => {
            let (x, y) = at(x, y);
            Touch::Move(x, y)
        }
        PanelTouch::Up => Touch::Up(finger.0, finger.1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without_a_card(folder: &std::path::Path) -> DrmScreen {
        let config =
            DrmConfig { cards: folder.join("dri"), inputs: folder.join("input"), ..DrmConfig::default() };
        DrmScreen::open(config).unwrap()
    }

    #[test]
    fn a_screen_without_a_display_sleeps_until_it_is_woken() {
        let dir = tempfile::tempdir().unwrap();
        let mut screen = without_a_card(dir.path());
        let waker = screen.waker();
        let waking = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(50));
            waker();
        });
        let began = Instant::now();
        assert!(screen.wait(Duration::from_secs(20)).is_empty());
        let slept = began.elapsed();
        assert!((Duration::from_millis(50)..Duration::from_secs(4)).contains(&slept), "{slept:?}");
        waking.join().unwrap();
        assert!(!screen.is_ready());
        assert!(matches!(screen.present(&[0], &[]), Err(ScreenError::Absent(_))));
    }

    #[test]
    fn a_card_that_comes_late_ends_the_sleep_and_is_looked_at() {
        let dir = tempfile::tempdir().unwrap();
        let mut screen = without_a_card(dir.path());
        assert!(screen.wait(Duration::ZERO).is_empty());
        assert!(screen.complaint.contains("no card in"), "{}", screen.complaint);
        let folder = dir.path().join("dri");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("card0"), "no card at all").unwrap();
        let began = Instant::now();
        while screen.complaint.contains("no card in") && began.elapsed() < Duration::from_secs(4) {
            assert!(screen.wait(Duration::from_secs(4)).is_empty());
        }
        assert!(screen.complaint.contains("no card has a display"), "{}", screen.complaint);
    }

    #[test]
    fn it_does_not_look_again_and_again() {
        let dir = tempfile::tempdir().unwrap();
        let mut screen = without_a_card(dir.path());
        let (began, mut sleeps) = (Instant::now(), 0);
        while began.elapsed() < Duration::from_millis(300) {
            screen.wait(Duration::from_secs(20).min(Duration::from_millis(300)));
            sleeps += 1;
        }
        assert!(sleeps <= 3, "{sleeps}");
    }

    #[test]
    fn fingers_turn_with_the_picture() {
        let mut finger = (9, 9);
        let mut on = |rotation, touch| touch_in_picture(touch, rotation, (800, 480), &mut finger);
        assert_eq!(on(Rotation::None, PanelTouch::Down(0.0, 1.0)), Touch::Down(0, 479));
        assert_eq!(on(Rotation::None, PanelTouch::Up), Touch::Up(0, 479));
        assert_eq!(on(Rotation::Half, PanelTouch::Move(0.0, 0.0)), Touch::Move(799, 479));
        // A panel of 480 x 800.
        assert_eq!(on(Rotation::Quarter, PanelTouch::Down(1.0, 0.0)), Touch::Down(0, 0));
        assert_eq!(on(Rotation::ThreeQuarter, PanelTouch::Down(0.0, 1.0)), Touch::Down(0, 0));
    }
}
