//! The interface: draws frames, posts what fingers ask for. Holds no state of its own that matters.
//!
//! One page is one `.slint` file with one global adapter and one Rust adapter here. [`StereoUi`] binds
//! them to any window that contains the glass: the unit's own or the simulator's bezel.

mod accent;
#[cfg(feature = "bezel")]
mod bezel;
mod cells;
mod cover;
mod curve;
mod enrol;
mod equalizer;
mod generated;
pub mod headless;
pub mod kiosk;
mod list;
mod now_playing;
mod pair;
mod pixel;
mod qr;
mod row_glyph;
mod search;
mod shell;
mod window;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

pub use accent::{Accent, contrast};
#[cfg(feature = "bezel")]
pub use bezel::{Fault, PanelSlot, attach_bezel, attach_faults, key_named, show_slots};
pub use curve::response_db;
#[cfg(feature = "bezel")]
pub use generated::SimWindow;
pub use generated::UnitWindow;
pub use window::StereoWindow;

use crate::event::Event;
use crate::frame::Frame;
use crate::screen::Touch;
pub use crate::screen::VISIBLE_ROWS;

/// Where the interface leaves what fingers ask for.
pub type Post = Rc<dyn Fn(Event)>;

/// The pages, bound to one window.
pub struct StereoUi {
    window: Rc<dyn StereoWindow>,
    shell: shell::Shell,
    now_playing: now_playing::NowPlaying,
    list: list::ListPage,
    search: search::SearchPage,
    equalizer: equalizer::Equalizer,
    enrol: enrol::EnrolPage,
    pair: pair::PairPage,
    shown: RefCell<Option<Frame>>,
    still: Cell<bool>,
}

impl StereoUi {
    /// Binds the pages of `window`; touches come out of `post` on the interface's thread.
    pub fn attach(window: &impl StereoWindow, post: Post) -> Self {
        let window = window.strong();
        let touch = move |touch: Touch| post(Event::Touch(touch));
        let touch: Rc<dyn Fn(Touch)> = Rc::new(touch);
        Self {
            shell: shell::Shell::attach(window.as_ref(), &touch),
            now_playing: now_playing::NowPlaying::attach(window.as_ref(), &touch),
            list: list::ListPage::attach(window.as_ref(), &touch),
            search: search::SearchPage::attach(window.as_ref(), &touch),
            equalizer: equalizer::Equalizer::attach(window.as_ref(), &touch),
            enrol: enrol::EnrolPage::attach(window.as_ref(), &touch),
            pair: pair::PairPage::attach(window.as_ref(), &touch),
            shown: RefCell::default(),
            still: Cell::new(true),
            window,
        }
    }

    /// Draws a frame. Sets only what differs from the frame shown last, so that little is redrawn.
    ///
    /// The difference is taken here rather than from [`Frame::changed`], because that mask speaks of the
    /// frame published before, and a slow screen may have skipped that one; the mask only tells that
    /// there is nothing to do.
    pub fn show(&self, frame: &Frame) {
        let nothing =
            frame.changed.is_none() && self.shown.borrow().as_ref().is_some_and(|last| same(last, frame));
        if nothing {
            return;
        }
        let window = self.window.as_ref();
        self.shell.show(window, frame);
        self.now_playing.show(window, frame);
        self.list.show(window, frame);
        self.search.show(window, frame);
        self.equalizer.show(window, frame);
        self.enrol.show(window, frame);
        self.pair.show(window, frame);
        *self.shown.borrow_mut() = Some(frame.clone());
    }

    /// Moves the bars: 32 values of 0 to 1, and the levels of the last block.
    pub fn set_spectrum(&self, bands: &[f32; engine::SPECTRUM_BANDS], levels: engine::Levels) {
        let still = bands.iter().all(|value| *value <= 0.0);
        if still && self.still.get() {
            return;
        }
        self.still.set(still);
        self.now_playing.set_spectrum(bands);
        self.equalizer.set_levels(self.window.as_ref(), levels);
    }
}

/// Whether two frames share their data.
fn same(a: &Frame, b: &Frame) -> bool {
    let same_cover = match (&a.cover, &b.cover) {
        (Some(a), Some(b)) => Arc::ptr_eq(a, b),
        (None, None) => true,
        _ => false,
    };
    same_cover && Arc::ptr_eq(&a.snapshot, &b.snapshot) && Arc::ptr_eq(&a.screen, &b.screen)
}
