//! When a track counts as played: once more than half of it, or four minutes, were really heard.

use super::{CatalogRequest, Effect, State};

/// This much of a long track is enough, seconds.
const ENOUGH_S: f64 = 240.0;
/// The position is looked at several times a second; a step longer than this was a jump.
const LONGEST_STEP_S: f64 = 2.0;

/// How much of the current track was heard.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    seconds: f64,
    counted: bool,
}

impl State {
    /// Another track, or the same one again.
    pub(super) fn begin_counting(&mut self) {
        self.heard = Heard::default();
        self.ask_favourite();
    }

    /// The position moved on.
    pub(super) fn count(&mut self, from_s: f64, to_s: f64) {
        let step = to_s - from_s;
        if !(0.0..LONGEST_STEP_S).contains(&step) {
            return;
        }
        self.count_played(step);
        if self.heard.counted {
            return;
        }
        self.heard.seconds += step;
        let enough =
            self.duration_s().filter(|total| *total > 0.0).map_or(ENOUGH_S, |t| (t / 2.0).min(ENOUGH_S));
        if self.heard.seconds > enough
            && let Some(item) = self.current_item().filter(|item| item.is_inside()).cloned()
        {
            self.heard.counted = true;
            self.effect(Effect::Catalog(CatalogRequest::Played { item }));
        }
    }
}
