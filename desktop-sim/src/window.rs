//! The window: the stereo's glass in a front plate with knobs and keys, on the main thread.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use firmware_app::frame::Frame;
use firmware_app::protocol::TransportState;
use firmware_app::screen::Page;
use firmware_app::ui::{SimWindow, StereoUi, attach_bezel};
use hal::sim::Slot;
use slint::{CloseRequestResponse, ComponentHandle, LogicalSize, PlatformError, Timer, TimerMode};

use crate::board::Hands;
use crate::cli::ScreenSize;
use crate::faults;
use crate::plate;
use crate::screen::{Door, Request};
use crate::screenshot::{Picture, Reply};
use crate::session::Ending;
use crate::unit::Unit;

/// Between two looks at the spectrum, while it is shown and moves.
const SPECTRUM_INTERVAL: Duration = Duration::from_millis(25);
/// Real time after which animations have come to rest and a picture can be taken.
const AT_REST: Duration = Duration::from_millis(600);

thread_local! {
    /// What requests from other threads work on, once they have come to the event loop.
    static STAGE: RefCell<Option<Rc<Stage>>> = const { RefCell::new(None) };
}

/// The window, open but not yet running.
pub struct Window {
    stage: Rc<Stage>,
}

struct Stage {
    window: SimWindow,
    ui: StereoUi,
    unit: Unit,
    spectrum: Timer,
    /// The page that is shown has bars, and music plays.
    has_spectrum: Cell<bool>,
    /// The media as the fault panel shows them.
    slots: RefCell<Vec<Slot>>,
    ending: RefCell<Option<Ending>>,
}

impl Window {
    /// Opens the window. The glass is as large as fits into `size`; its shape is the plate's.
    ///
    /// # Errors
    /// The system shows no window.
    pub fn open(unit: &Unit, size: ScreenSize, hands: &Hands) -> Result<Self, String> {
        let window = SimWindow::new().map_err(|error| error.to_string())?;
        let app = unit.app().clone();
        let ui = StereoUi::attach(&window, Rc::new(move |event| app.post(event)));
        let (width, height) = plate::window_for(size);
        window.window().set_size(LogicalSize::new(width, height));
        connect(&window, hands);
        faults::connect(&window, unit, hands);
        let stage = Stage {
            window,
            ui,
            unit: unit.clone(),
            spectrum: Timer::default(),
            has_spectrum: Cell::new(false),
            slots: RefCell::default(),
            ending: RefCell::default(),
        };
        Ok(Self { stage: Rc::new(stage) })
    }

    /// Where other threads leave requests.
    pub fn door() -> Door {
        Arc::new(|request| on_stage(move |stage| stage.serve(request)))
    }

    /// Shows the window and runs it until its end.
    ///
    /// # Errors
    /// The system shows no window.
    pub fn run(self) -> Result<Ending, PlatformError> {
        let stage = self.stage;
        STAGE.set(Some(Rc::clone(&stage)));
        stage.unit.app().on_frame(Box::new(|| on_stage(|stage| stage.show())));
        stage.window.window().on_close_requested(|| {
            on_stage(|stage| stage.serve(Request::End(Ending::Closed)));
            CloseRequestResponse::KeepWindowShown
        });
        stage.show();
        stage.window.show()?;
        let ran = slint::run_event_loop_until_quit();
        STAGE.set(None);
        stage.spectrum.stop();
        ran?;
        Ok(stage.ending.take().unwrap_or(Ending::Closed))
    }
}

/// Does something with the stage in the event loop; nothing once that has ended.
fn on_stage(work: impl FnOnce(&Rc<Stage>) + Send + 'static) {
    let work = || {
        if let Some(stage) = STAGE.with_borrow(Clone::clone) {
            work(&stage);
        }
    };
    if slint::invoke_from_event_loop(work).is_err() {
        tracing::debug!("the window has gone already");
    }
}

impl Stage {
    fn serve(self: &Rc<Self>, request: Request) {
        match request {
            Request::Picture(reply) => {
                let stage = Rc::clone(self);
                Timer::single_shot(AT_REST, move || stage.answer(&reply));
            }
            Request::End(ending) => {
                self.ending.borrow_mut().get_or_insert(ending);
                if let Err(error) = slint::quit_event_loop() {
                    tracing::warn!(%error, "the window does not close");
                }
            }
        }
    }

    fn answer(&self, reply: &Reply) {
        self.show();
        // Whoever asked may be gone by now.
        let _ = reply.send(self.picture());
    }

    fn picture(&self) -> Result<Picture, String> {
        let whole = self.window.window().take_snapshot().map_err(|error| error.to_string())?;
        let glass = plate::glass_in(whole.width(), whole.height(), self.window.get_faults_open());
        Ok(plate::cut(whole.as_slice(), whole.width() as usize, glass))
    }

    fn show(&self) {
        let frame = self.unit.frame();
        self.ui.show(&frame);
        let slots = self.unit.slots().slots();
        if *self.slots.borrow() != slots {
            faults::show(&self.window, &slots);
            self.slots.replace(slots);
        }
        self.has_spectrum.set(shows_spectrum(&frame));
        if self.has_spectrum.get() && !self.spectrum.running() {
            self.spectrum.start(TimerMode::Repeated, SPECTRUM_INTERVAL, || {
                if let Some(stage) = STAGE.with_borrow(Clone::clone) {
                    stage.move_spectrum();
                }
            });
        }
    }

    /// Goes on after a pause until the bars have fallen, then rests.
    fn move_spectrum(&self) {
        let (bands, levels) = self.unit.app().spectrum();
        self.ui.set_spectrum(&bands, levels);
        if !self.has_spectrum.get() && bands.iter().all(|band| *band <= 0.0) {
            self.spectrum.stop();
        }
    }
}

fn shows_spectrum(frame: &Frame) -> bool {
    let is_page = matches!(frame.screen.page, Page::NowPlaying | Page::Equalizer);
    is_page && frame.snapshot.transport.state == TransportState::Playing
}

/// The plate's knobs and keys are the board's.
fn connect(window: &SimWindow, hands: &Hands) {
    let (knobs, ignition) = (hands.knobs.clone(), hands.ignition.clone());
    // Both are false only once the stereo has ended.
    let turn_or_press = move |event| {
        knobs.send(event);
    };
    let switch = move |on| {
        ignition.set(on);
    };
    attach_bezel(window, Rc::new(turn_or_press), Rc::new(switch));
}
