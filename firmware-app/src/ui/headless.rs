//! The screen without a screen: the very pages, drawn by the software renderer into memory.

use std::cell::{Cell, RefCell};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use slint::platform::software_renderer::{MinimalSoftwareWindow, PhysicalRegion, RepaintBufferType};
use slint::platform::{Platform, PlatformError, WindowAdapter};
use slint::{ComponentHandle, PhysicalSize, Rgb8Pixel, SharedPixelBuffer};

use super::{Post, StereoUi, StereoWindow, UnitWindow};
use crate::frame::Frame;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum HeadlessError {
    /// Another platform was set up in this thread; use the window of that one.
    #[error("this thread already draws to another kind of screen: {0}")]
    Platform(String),
    /// The size is zero or beyond reason.
    #[error("a screen of {width} x {height} pixels cannot be drawn")]
    Size {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// The picture could not be written; another place may do.
    #[error("the picture {path} cannot be written: {reason}")]
    Write {
        /// Where to.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
}

thread_local! {
    static STAGE: RefCell<Option<Rc<Stage>>> = const { RefCell::new(None) };
}

/// What this thread's platform and its screens share.
#[derive(Default)]
struct Stage {
    now: Cell<Duration>,
    newest: RefCell<Option<Rc<MinimalSoftwareWindow>>>,
}

struct HeadlessPlatform(Rc<Stage>);

impl Platform for HeadlessPlatform {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        let window = MinimalSoftwareWindow::new(RepaintBufferType::ReusedBuffer);
        *self.0.newest.borrow_mut() = Some(Rc::clone(&window));
        Ok(window)
    }

    fn duration_since_start(&self) -> Duration {
        self.0.now.get()
    }
}

/// A screen in memory. Its time stands still unless [`HeadlessScreen::advance`] moves it, so that the same
/// frames always make the same pictures. Any number may live in one thread.
pub struct HeadlessScreen<W = UnitWindow> {
    window: W,
    adapter: Rc<MinimalSoftwareWindow>,
    ui: StereoUi,
    stage: Rc<Stage>,
    pixels: SharedPixelBuffer<Rgb8Pixel>,
}

impl HeadlessScreen {
    /// The unit's screen of `width` x `height` pixels, dark until a frame is shown; touches go to `post`.
    ///
    /// # Errors
    /// [`HeadlessError::Size`] outside 1 to 8192 pixels, [`HeadlessError::Platform`] when Slint already runs
    /// with another platform in this thread.
    pub fn new(width: u32, height: u32, post: Post) -> Result<Self, HeadlessError> {
        Self::with_window(width, height, UnitWindow::new, post)
    }
}

impl<W: ComponentHandle + StereoWindow> HeadlessScreen<W> {
    /// The same for another window, which `make` makes.
    ///
    /// # Errors
    /// As [`HeadlessScreen::new`].
    pub fn with_window(
        width: u32,
        height: u32,
        make: impl FnOnce() -> Result<W, PlatformError>,
        post: Post,
    ) -> Result<Self, HeadlessError> {
        if !(1..=8192).contains(&width) || !(1..=8192).contains(&height) {
            return Err(HeadlessError::Size { width, height });
        }
        let stage = stage()?;
        let platform = |error: PlatformError| HeadlessError::Platform(error.to_string());
        let window = make().map_err(platform)?;
        let adapter = stage.newest.borrow_mut().take();
        let adapter = adapter.ok_or_else(|| HeadlessError::Platform("no window was made".to_owned()))?;
        adapter.set_size(PhysicalSize::new(width, height));
        window.show().map_err(platform)?;
        let ui = StereoUi::attach(&window, post);
        Ok(Self { window, adapter, ui, stage, pixels: SharedPixelBuffer::new(width, height) })
    }

    /// Puts a frame on the screen; [`HeadlessScreen::render`] draws it.
    pub fn show(&self, frame: &Frame) {
        self.ui.show(frame);
    }

    /// Moves the bars; see [`StereoUi::set_spectrum`].
    pub fn set_spectrum(&self, bands: &[f32; engine::SPECTRUM_BANDS], levels: engine::Levels) {
        self.ui.set_spectrum(bands, levels);
    }

    /// Lets time go on for the animations of all screens of this thread.
    pub fn advance(&self, by: Duration) {
        self.stage.now.set(self.stage.now.get() + by);
        slint::platform::update_timers_and_animations();
    }

    /// Draws what changed since the last call and gives the whole picture.
    pub fn render(&mut self) -> &SharedPixelBuffer<Rgb8Pixel> {
        self.render_changes();
        &self.pixels
    }

    /// Draws what changed since the last call; gives the region that was drawn, if any.
    pub fn render_changes(&mut self) -> Option<PhysicalRegion> {
        slint::platform::update_timers_and_animations();
        let mut region = None;
        let stride = self.pixels.width() as usize;
        let pixels = self.pixels.make_mut_slice();
        self.adapter.draw_if_needed(|renderer| region = Some(renderer.render(pixels, stride)));
        region
    }

    /// Draws and writes the picture as PNG.
    ///
    /// # Errors
    /// [`HeadlessError::Write`] when the file cannot be written.
    pub fn save_png(&mut self, path: &Path) -> Result<(), HeadlessError> {
        let pixels = self.render();
        write_png(path, pixels)
            .map_err(|reason| HeadlessError::Write { path: path.to_owned(), reason: reason.to_string() })
    }

    /// The window, to send it fingers and keys or to look into it.
    pub fn window(&self) -> &W {
        &self.window
    }
}

/// This thread's stage; sets up the platform the first time.
fn stage() -> Result<Rc<Stage>, HeadlessError> {
    if let Some(stage) = STAGE.with_borrow(Clone::clone) {
        return Ok(stage);
    }
    let stage = Rc::new(Stage::default());
    slint::platform::set_platform(Box::new(HeadlessPlatform(Rc::clone(&stage))))
        .map_err(|error| HeadlessError::Platform(error.to_string()))?;
    STAGE.set(Some(Rc::clone(&stage)));
    Ok(stage)
}

fn write_png(path: &Path, pixels: &SharedPixelBuffer<Rgb8Pixel>) -> Result<(), png::EncodingError> {
    let file = BufWriter::new(std::fs::File::create(path)?);
    let mut encoder = png::Encoder::new(file, pixels.width(), pixels.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels.as_bytes())?;
    writer.finish()
}
