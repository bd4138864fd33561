//! Adapter of the equaliser page.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use protocol::{BAND_GAIN_LIMIT_DB, Command, EqBand};
use slint::{ModelRc, SharedString, VecModel};

use super::cells::sync;
use super::curve;
use super::generated::BandView;
use super::window::StereoWindow;
use crate::frame::Frame;
use crate::screen::{Page, Touch};

/// Bands with a fader each; more would be too narrow for a finger.
const COLUMNS: usize = 10;
/// Range of the level meter below full scale, dB.
const METER_RANGE_DB: f32 = 60.0;
/// Steps in which the meter moves.
const METER_STEPS: f32 = 96.0;

/// The bands of the frame shown last, and which of them have a fader.
#[derive(Default)]
struct Bands {
    all: Vec<EqBand>,
    first: usize,
}

impl Bands {
    fn shown(&self) -> &[EqBand] {
        let first = self.first.min(self.all.len());
        &self.all[first..(first + COLUMNS).min(self.all.len())]
    }
}

pub struct Equalizer {
    views: Rc<VecModel<BandView>>,
    bands: Rc<RefCell<Bands>>,
    enabled: Rc<Cell<bool>>,
    revision: Cell<i32>,
}

impl Equalizer {
    pub fn attach(window: &dyn StereoWindow, touch: &Rc<dyn Fn(Touch)>) -> Self {
        let this = Self {
            views: Rc::default(),
            bands: Rc::default(),
            enabled: Rc::new(Cell::new(true)),
            revision: Cell::default(),
        };
        let page = window.equalizer();
        page.set_bands(ModelRc::from(Rc::clone(&this.views)));
        page.set_limit(BAND_GAIN_LIMIT_DB);
        let bands = Rc::clone(&this.bands);
        page.on_curve(move |width, height, closed, _revision| {
            let bands = bands.borrow();
            let size = (width, height);
            SharedString::from(curve::commands(&bands.all, bands.shown(), size, BAND_GAIN_LIMIT_DB, closed))
        });
        let post = Rc::clone(touch);
        page.on_set_band(move |index, gain_db| {
            if let Ok(index) = usize::try_from(index) {
                post(Touch::Band { index, gain_db });
            }
        });
        let post = Rc::clone(touch);
        page.on_open_presets(move || post(Touch::Open(Page::Presets)));
        let (post, enabled) = (Rc::clone(touch), Rc::clone(&this.enabled));
        page.on_toggle(move || post(Touch::Do(Command::SetEqEnabled { on: !enabled.get() })));
        let post = Rc::clone(touch);
        page.on_back(move || post(Touch::Back));
        this
    }

    /// Peaks as parts of the meter's height, which spans 60 dB.
    pub fn set_levels(&self, window: &dyn StereoWindow, levels: engine::Levels) {
        let part = |peak: f32| {
            let db = 20.0 * peak.max(1e-6).log10();
            ((db / METER_RANGE_DB + 1.0).clamp(0.0, 1.0) * METER_STEPS).round() / METER_STEPS
        };
        let page = window.equalizer();
        page.set_level_left(part(levels.peak[0]));
        page.set_level_right(part(levels.peak[1]));
        page.set_limiting(levels.limiter_db < -0.5);
    }

    pub fn show(&self, window: &dyn StereoWindow, frame: &Frame) {
        if frame.screen.page != Page::Equalizer {
            return;
        }
        let (page, sound) = (window.equalizer(), &frame.snapshot.sound);
        let (count, focus) = (sound.preset.bands.len(), frame.screen.equalizer.focus);
        let first = focus.min(count).saturating_sub(COLUMNS / 2).min(count.saturating_sub(COLUMNS));
        let same = {
            let bands = self.bands.borrow();
            bands.first == first && bands.all == sound.preset.bands
        };
        if !same {
            *self.bands.borrow_mut() = Bands { all: sound.preset.bands.clone(), first };
            self.revision.set(self.revision.get().wrapping_add(1));
            sync(&self.views, self.bands.borrow().shown().iter().map(view));
            page.set_revision(self.revision.get());
        }
        let seen = frame.screen.focus_visible;
        let band = focus.checked_sub(first).filter(|_| seen && focus < count);
        self.enabled.set(sound.eq_enabled);
        page.set_first(first as i32);
        page.set_focus(band.map_or(-1, |band| band as i32));
        page.set_preset_focused(seen && focus == count);
        page.set_switch_focused(seen && focus == count + 1);
        page.set_editing(frame.screen.editing);
        page.set_enabled(sound.eq_enabled);
        page.set_preset(sound.preset.name.as_str().into());
        page.set_edited(sound.edited);
    }
}

fn view(band: &EqBand) -> BandView {
    BandView {
        short: short_frequency(band.frequency.0).into(),
        frequency: long_frequency(band.frequency.0).into(),
        gain_text: gain_text(band.gain.0).into(),
        gain: band.gain.0,
    }
}

/// `31`, `250`, `1k`, `2.5k`.
fn short_frequency(hz: f32) -> String {
    if hz < 1000.0 { format!("{}", hz.trunc()) } else { format!("{}k", (hz / 100.0).round() / 10.0) }
}

/// `31.5 Hz`, `1 kHz`, `2.5 kHz`.
fn long_frequency(hz: f32) -> String {
    if hz < 1000.0 {
        format!("{} Hz", (hz * 10.0).round() / 10.0)
    } else {
        format!("{} kHz", (hz / 100.0).round() / 10.0)
    }
}

/// `+4.5 dB`, `0.0 dB`, `−3.0 dB`.
fn gain_text(db: f32) -> String {
    let rounded = (db * 10.0).round() / 10.0;
    let sign = if rounded > 0.0 {
        "+"
    } else if rounded < 0.0 {
        "−"
    } else {
        ""
    };
    format!("{sign}{:.1} dB", rounded.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_named_as_on_any_equaliser() {
        assert_eq!([31.5, 250.0, 1000.0, 16000.0].map(short_frequency), ["31", "250", "1k", "16k"]);
        assert_eq!([31.5, 1000.0, 2500.0].map(long_frequency), ["31.5 Hz", "1 kHz", "2.5 kHz"]);
        assert_eq!([4.5, -3.0, 0.0, -0.01].map(gain_text), ["+4.5 dB", "−3.0 dB", "0.0 dB", "0.0 dB"]);
    }
}
