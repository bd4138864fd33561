//! The equaliser page: ten bands, the preset button, on/off.

use protocol::{BAND_GAIN_LIMIT_DB, Command, Decibels};

use super::Nav;
use crate::screen::Page;
use crate::state::State;

/// Half a decibel per detent.
const STEP_DB: f32 = 0.5;

impl Nav {
    pub(super) fn press_equalizer(&mut self, state: &State) {
        let bands = state.sound.preset.bands.len();
        match self.eq_focus {
            focus if focus < bands => self.editing = !self.editing,
            focus if focus == bands => self.open(state, Page::Presets),
            _ => self.act(Command::SetEqEnabled { on: !state.sound.eq_enabled }),
        }
    }

    pub(super) fn turn_equalizer(&mut self, state: &State, detents: i32) {
        let stops = state.sound.preset.bands.len() + 2;
        if self.editing {
            let gain = state.sound.preset.bands.get(self.eq_focus).map_or(0.0, |band| band.gain.0);
            #[expect(clippy::cast_precision_loss, reason = "detents are small numbers")]
            self.set_band_gain(state, self.eq_focus, gain + STEP_DB * detents as f32);
            return;
        }
        self.eq_focus = step(self.eq_focus, detents, stops);
    }

    /// Sets a band to a gain rounded to half decibels.
    pub(super) fn set_band_gain(&mut self, state: &State, index: usize, gain_db: f32) {
        let Some(band) = state.sound.preset.bands.get(index).filter(|_| !gain_db.is_nan()) else { return };
        let gain = (gain_db / STEP_DB).round() * STEP_DB;
        let mut band = *band;
        band.gain = Decibels(gain.clamp(-BAND_GAIN_LIMIT_DB, BAND_GAIN_LIMIT_DB));
        self.act(Command::SetBand { index, band });
    }
}

/// A focus among `stops`, moved without going round.
pub(super) fn step(focus: usize, detents: i32, stops: usize) -> usize {
    let by = usize::try_from(detents.unsigned_abs()).unwrap_or(usize::MAX);
    let moved = if detents > 0 { focus.saturating_add(by) } else { focus.saturating_sub(by) };
    moved.min(stops.saturating_sub(1))
}
