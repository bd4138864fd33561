//! Adapter of the now-playing page.

use std::cell::RefCell;
use std::rc::Rc;

use protocol::{Command, Repeat, Seconds, TransportState};
use slint::{ModelRc, SharedString, VecModel};

use super::cells::{clock, figures, sync};
use super::cover;
use super::generated::{Glyph, NowPlayingAdapter};
use super::window::StereoWindow;
use crate::frame::Frame;
use crate::screen::{NowElement, Page, Touch};

/// Steps in which the needle moves: about one a pixel, so that it is not redrawn for less.
const NEEDLE_STEPS: f64 = 800.0;
/// Steps in which a bar of the spectrum moves.
const BAR_STEPS: f32 = 96.0;

pub struct NowPlaying {
    elapsed: Rc<VecModel<SharedString>>,
    remaining: Rc<VecModel<SharedString>>,
    spectrum: Rc<VecModel<f32>>,
    duration: Rc<RefCell<Option<f64>>>,
    /// Hash and side of the picture that is set.
    picture: RefCell<Option<(String, u32)>>,
}

impl NowPlaying {
    pub fn attach(window: &dyn StereoWindow, touch: &Rc<dyn Fn(Touch)>) -> Self {
        let this = Self {
            elapsed: Rc::default(),
            remaining: Rc::default(),
            spectrum: Rc::new(VecModel::from(vec![0.0; engine::SPECTRUM_BANDS])),
            duration: Rc::default(),
            picture: RefCell::default(),
        };
        let page = window.now_playing();
        page.set_elapsed(ModelRc::from(Rc::clone(&this.elapsed)));
        page.set_remaining(ModelRc::from(Rc::clone(&this.remaining)));
        page.set_spectrum(ModelRc::from(Rc::clone(&this.spectrum)));
        let post = Rc::clone(touch);
        page.on_activate(move |index| {
            let element = usize::try_from(index).ok().and_then(|index| NowElement::ORDER.get(index));
            if let Some(element) = element {
                post(touch_of(*element));
            }
        });
        let (post, duration) = (Rc::clone(touch), Rc::clone(&this.duration));
        page.on_seek(move |place| {
            if let Some(duration) = *duration.borrow() {
                post(Touch::Do(Command::Seek { to: Seconds(f64::from(place) * duration) }));
            }
        });
        this
    }

    pub fn show(&self, window: &dyn StereoWindow, frame: &Frame) {
        let page = window.now_playing();
        let (now, transport) = (&frame.snapshot.now, &frame.snapshot.transport);
        page.set_title(now.title.as_str().into());
        page.set_artist(now.artist.as_str().into());
        page.set_album(now.album.as_str().into());
        page.set_format(now.format.as_str().into());
        page.set_queue_place(frame.screen.queue_place.as_str().into());
        page.set_up_next(frame.screen.up_next.as_str().into());
        page.set_playing(transport.state == TransportState::Playing);
        page.set_shuffle(transport.shuffle);
        page.set_sleeping(frame.snapshot.sleep_s.is_some());
        page.set_repeat(match transport.repeat {
            Repeat::Off => Glyph::None,
            Repeat::All => Glyph::Repeat,
            Repeat::One => Glyph::RepeatOne,
        });
        page.set_muted(frame.snapshot.volume.muted);
        page.set_volume(frame.snapshot.volume.step.to_string().into());
        page.set_idle(is_idle(frame));
        let focus = if frame.screen.focus_visible { frame.screen.now_focus as i32 } else { -1 };
        page.set_focus(focus);
        self.show_position(&page, frame);
        self.show_cover(window, frame);
    }

    pub fn set_spectrum(&self, bands: &[f32; engine::SPECTRUM_BANDS]) {
        // Values are brought to steps, so that a bar which hardly moves is not drawn again.
        sync(
            &self.spectrum,
            bands.iter().map(|value| (value.clamp(0.0, 1.0) * BAR_STEPS).round() / BAR_STEPS),
        );
    }

    fn show_position(&self, page: &NowPlayingAdapter<'_>, frame: &Frame) {
        let position = frame.snapshot.transport.position_s;
        let duration = frame.snapshot.now.duration_s.filter(|duration| *duration > 0.0);
        *self.duration.borrow_mut() = duration;
        let elapsed = if is_idle(frame) { Vec::new() } else { figures(&clock(position)) };
        sync(&self.elapsed, elapsed);
        let Some(duration) = duration else {
            page.set_progress(-1.0);
            sync(&self.remaining, Vec::new());
            return;
        };
        let place = (position / duration).clamp(0.0, 1.0);
        page.set_progress(((place * NEEDLE_STEPS).round() / NEEDLE_STEPS) as f32);
        // Both figures change in the same moment: the rest is counted from the second shown.
        let rest = duration.floor() - position.max(0.0).floor();
        sync(&self.remaining, figures(&format!("−{}", clock(rest))));
    }

    fn show_cover(&self, window: &dyn StereoWindow, frame: &Frame) {
        let page = window.now_playing();
        let metrics = window.metrics();
        let scale = window.scale_factor();
        let side = (metrics.get_cover() * scale).round().max(1.0) as u32;
        let wanted = frame.cover.as_ref().map(|cover| (cover.hash.clone(), side));
        if *self.picture.borrow() == wanted {
            return;
        }
        let image =
            frame.cover.as_ref().and_then(|art| cover::square(art, side, metrics.get_radius() * scale));
        page.set_has_cover(image.is_some());
        page.set_cover(image.unwrap_or_default());
        *self.picture.borrow_mut() = wanted;
    }
}

/// Whether there is no track at all.
fn is_idle(frame: &Frame) -> bool {
    frame.snapshot.now.path.is_empty() && frame.snapshot.now.title.is_empty()
}

/// What a tap on an element asks for.
fn touch_of(element: NowElement) -> Touch {
    match element {
        NowElement::Previous => Touch::Do(Command::Previous),
        NowElement::PlayPause => Touch::Do(Command::TogglePlay),
        NowElement::Next => Touch::Do(Command::Next),
        NowElement::Browse => Touch::Open(Page::Browser),
        NowElement::Queue => Touch::Open(Page::Queue),
        NowElement::Sound => Touch::Open(Page::Equalizer),
        NowElement::Menu => Touch::Open(Page::Menu),
    }
}
