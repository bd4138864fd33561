//! The stereo on its own display: one loop that sleeps until a frame, a finger or a display comes, and draws only
//! what changed.
//!
//! It runs on a thread of its own choosing (the program's first) and shares nothing with the stereo's loop but the
//! latest frame: a display that is slow, late or never there delays nothing. Frames that come faster than the
//! display can show them are skipped, never queued.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hal::{Rect, Screen, ScreenError, ScreenEvent, Touch};
use protocol::TransportState;
use slint::platform::software_renderer::{MinimalSoftwareWindow, PhysicalRegion, RepaintBufferType};
use slint::platform::{Platform, PlatformError, PointerEventButton, WindowAdapter, WindowEvent};
use slint::{ComponentHandle, LogicalPosition, PhysicalSize};

use super::pixel::Xrgb8888;
use super::{StereoUi, UnitWindow};
use crate::app::AppHandle;
use crate::frame::Frame;
use crate::screen::Page;

/// Pictures come at most this often.
const PACE: Duration = Duration::from_millis(16);
/// Between two looks at the spectrum, while it is shown and moves.
const SPECTRUM_INTERVAL: Duration = Duration::from_millis(25);
/// The loop comes round at least this often, to show that it lives.
const HEARTBEAT: Duration = Duration::from_secs(2);

/// Counts the rounds of the loop: one that stands still for much more than two seconds is stuck.
#[derive(Clone, Debug, Default)]
pub struct Heartbeat(Arc<AtomicU64>);

impl Heartbeat {
    /// Rounds so far.
    #[must_use]
    pub fn beats(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn beat(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// What drawing has cost so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DrawingCost {
    /// Pictures shown.
    pub pictures: u64,
    /// Bytes copied into the display's buffers.
    pub bytes: u64,
    /// Times the loop woke up.
    pub wakes: u64,
}

/// The interface cannot be made in this thread.
#[derive(Debug, thiserror::Error)]
#[error("the interface cannot be drawn: {0}")]
pub struct KioskError(String);

impl From<PlatformError> for KioskError {
    fn from(error: PlatformError) -> Self {
        Self(error.to_string())
    }
}

/// The platform: its one window is drawn into memory, its time is the system's.
struct KioskPlatform {
    began: Instant,
    window: RefCell<Option<Rc<MinimalSoftwareWindow>>>,
}

impl Platform for KioskPlatform {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        match self.window.take() {
            Some(window) => Ok(window),
            None => Err(PlatformError::Other("the unit has one window".to_owned())),
        }
    }

    fn duration_since_start(&self) -> Duration {
        self.began.elapsed()
    }
}

/// The interface on a screen.
pub struct Kiosk<'a> {
    app: &'a AppHandle,
    screen: &'a mut dyn Screen,
    adapter: Rc<MinimalSoftwareWindow>,
    window: UnitWindow,
    ui: StereoUi,
    /// What is on the glass, or will be with the next picture; none while there is no display.
    picture: Option<Vec<Xrgb8888>>,
    width: u32,
    /// A frame has come that is not taken yet.
    has_frame: Arc<AtomicBool>,
    page: Page,
    /// The page that is shown has bars, and music plays.
    has_spectrum: bool,
    spectrum_at: Option<Instant>,
    /// No picture before this.
    next_picture: Instant,
    /// Something may have changed since it was last drawn.
    is_stale: bool,
    heartbeat: Heartbeat,
    cost: DrawingCost,
    began: Instant,
}

impl<'a> Kiosk<'a> {
    /// Makes the interface in this thread; the screen need not have a display yet.
    ///
    /// # Errors
    /// This thread already draws to another kind of screen.
    pub fn new(app: &'a AppHandle, screen: &'a mut dyn Screen) -> Result<Self, KioskError> {
        let began = Instant::now();
        let adapter = MinimalSoftwareWindow::new(RepaintBufferType::ReusedBuffer);
        let platform = KioskPlatform { began, window: RefCell::new(Some(Rc::clone(&adapter))) };
        slint::platform::set_platform(Box::new(platform)).map_err(|error| KioskError(error.to_string()))?;
        let window = UnitWindow::new()?;
        window.show()?;
        let post = app.clone();
        let ui = StereoUi::attach(&window, Rc::new(move |event| post.post(event)));
        let has_frame = Arc::new(AtomicBool::new(true));
        let (told, waker) = (Arc::clone(&has_frame), screen.waker());
        app.on_frame(Box::new(move || {
            told.store(true, Ordering::SeqCst);
            waker();
        }));
        Ok(Self {
            app,
            screen,
            adapter,
            window,
            ui,
            picture: None,
            width: 0,
            has_frame,
            page: Page::default(),
            has_spectrum: false,
            spectrum_at: None,
            next_picture: began,
            is_stale: false,
            heartbeat: Heartbeat::default(),
            cost: DrawingCost::default(),
            began,
        })
    }

    /// Counts the rounds of the loop.
    #[must_use]
    pub fn heartbeat(&self) -> Heartbeat {
        self.heartbeat.clone()
    }

    /// Draws until `is_over` says so, which is asked every round: at least every two seconds, and whenever the
    /// screen's waker is called.
    pub fn run(mut self, is_over: impl Fn() -> bool) -> DrawingCost {
        while !is_over() {
            self.heartbeat.beat();
            let events = self.screen.wait(self.longest_sleep(Instant::now()));
            self.cost.wakes += 1;
            for event in events {
                self.handle(event);
            }
            slint::platform::update_timers_and_animations();
            self.draw_if_due(Instant::now());
        }
        self.cost
    }

    fn handle(&mut self, event: ScreenEvent) {
        match event {
            ScreenEvent::Appeared { width, height } => {
                self.picture = Some(vec![Xrgb8888::default(); width as usize * height as usize]);
                self.width = width;
                self.adapter.set_size(PhysicalSize::new(width, height));
                self.draw_all();
                // Frames are left lying while there is no display.
                self.has_frame.store(true, Ordering::SeqCst);
                self.next_picture = Instant::now();
            }
            ScreenEvent::Gone => self.picture = None,
            ScreenEvent::Touch(touch) => self.touch(touch),
        }
    }

    /// Everything is to be drawn anew.
    fn draw_all(&mut self) {
        self.adapter.request_redraw();
        self.adapter.draw_if_needed(|renderer| {
            // A change of the kind forgets what is known of the picture.
            renderer.set_repaint_buffer_type(RepaintBufferType::NewBuffer);
            renderer.set_repaint_buffer_type(RepaintBufferType::ReusedBuffer);
        });
        self.adapter.request_redraw();
        self.is_stale = true;
    }

    fn touch(&mut self, touch: Touch) {
        let at = |x: u32, y: u32| LogicalPosition::new(x as f32 + 0.5, y as f32 + 0.5);
        let button = PointerEventButton::Left;
        let (event, is_over) = match touch {
            Touch::Down(x, y) => (WindowEvent::PointerPressed { position: at(x, y), button }, false),
            Touch::Move(x, y) => (WindowEvent::PointerMoved { position: at(x, y) }, false),
            Touch::Up(x, y) => (WindowEvent::PointerReleased { position: at(x, y), button }, true),
        };
        self.tell(event);
        if is_over {
            // A finger that is taken off is nowhere; a mouse would still hover.
            self.tell(WindowEvent::PointerExited);
        }
        self.is_stale = true;
    }

    fn tell(&self, event: WindowEvent) {
        if let Err(error) = self.window.window().dispatch_event_with_result(event) {
            tracing::warn!(%error, "a finger is not heard");
        }
    }

    /// How long nothing needs to be done if nothing happens.
    fn longest_sleep(&self, now: Instant) -> Duration {
        let until = |at: Instant| at.saturating_duration_since(now);
        let mut sleep = HEARTBEAT;
        if let Some(timer) = slint::platform::duration_until_next_timer_update() {
            sleep = sleep.min(timer);
        }
        // Without a display, or until the picture before is on the glass, the screen ends the sleep.
        if self.picture.is_none() || !self.can_draw() {
            return sleep;
        }
        if self.is_stale || self.has_frame.load(Ordering::SeqCst) || self.adapter.has_active_animations() {
            sleep = sleep.min(until(self.next_picture));
        }
        match self.spectrum_at {
            Some(at) => sleep.min(until(at.max(self.next_picture))),
            None => sleep,
        }
    }

    /// A dark display takes no picture; the frame that lights it must still be seen.
    fn can_draw(&self) -> bool {
        self.screen.is_ready() || self.page == Page::Off
    }

    fn draw_if_due(&mut self, now: Instant) {
        // Any wake may have run a timer or moved an animation.
        self.is_stale = true;
        if self.picture.is_none() || !self.can_draw() || now < self.next_picture {
            return;
        }
        if self.has_frame.swap(false, Ordering::SeqCst) {
            let frame = self.app.frame();
            self.show(&frame);
        }
        self.move_spectrum(now);
        self.is_stale = false;
        if self.page != Page::Off {
            self.screen.set_lit(true);
        }
        if self.screen.is_ready() {
            self.draw(now);
            if self.page == Page::Off {
                self.screen.set_lit(false);
            }
        }
    }

    fn show(&mut self, frame: &Frame) {
        self.ui.show(frame);
        self.page = frame.screen.page;
        let is_playing = frame.snapshot.transport.state == TransportState::Playing;
        self.has_spectrum = is_playing && matches!(self.page, Page::NowPlaying | Page::Equalizer);
        if self.has_spectrum && self.spectrum_at.is_none() {
            self.spectrum_at = Some(Instant::now());
        }
    }

    /// Goes on after a pause until the bars have fallen, then rests.
    fn move_spectrum(&mut self, now: Instant) {
        if self.spectrum_at.is_none_or(|at| at > now) {
            return;
        }
        let (bands, levels) = self.app.spectrum();
        self.ui.set_spectrum(&bands, levels);
        let moves = self.has_spectrum || bands.iter().any(|band| *band > 0.0);
        self.spectrum_at = moves.then(|| now + SPECTRUM_INTERVAL);
    }

    fn draw(&mut self, now: Instant) {
        let (Some(picture), stride) = (&mut self.picture, self.width as usize) else { return };
        let mut region = None;
        self.adapter.draw_if_needed(|renderer| region = Some(renderer.render(picture, stride)));
        let Some(dirty) = region.map(|region| rects(&region)).filter(|dirty| !dirty.is_empty()) else {
            return;
        };
        self.next_picture = now + PACE;
        match self.screen.present(bytemuck::cast_slice(picture), &dirty) {
            Ok(bytes) => {
                if self.cost.pictures == 0 {
                    tracing::info!(after_ms = self.began.elapsed().as_millis() as u64, "first picture");
                }
                self.cost.pictures += 1;
                self.cost.bytes += bytes as u64;
            }
            // It will say so when it is ready; then everything is presented again.
            Err(ScreenError::Busy) => self.draw_all(),
            Err(error) => tracing::debug!(%error, "a picture is not shown"),
        }
    }
}

fn rects(region: &PhysicalRegion) -> Vec<Rect> {
    let unsigned = |value: i32| u32::try_from(value).unwrap_or(0);
    let rects = region
        .iter()
        .map(|(place, size)| Rect::new(unsigned(place.x), unsigned(place.y), size.width, size.height));
    rects.filter(|rect| !rect.is_empty()).collect()
}
