//! Where in the track we are, counted on between the unit's updates.

/// A unit's position may be this far from what was counted without a visible jump, seconds.
const TOLERANCE_S: f64 = 0.35;

/// The position at one moment, and whether it runs on from there.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Position {
    at_s: f64,
    since_ms: f64,
    runs: bool,
    duration_s: Option<f64>,
}

impl Position {
    /// What the unit said, `now_ms` on our clock. A small difference from what was shown is not shown while
    /// the music runs: the display would tremble.
    pub fn told(&mut self, at_s: f64, runs: bool, duration_s: Option<f64>, now_ms: f64) {
        let shown = self.at(now_ms);
        let steady = self.runs && runs && self.duration_s == duration_s && (shown - at_s).abs() < TOLERANCE_S;
        // A part of the difference is taken each time, so that it does not add up.
        let at_s = if steady { shown + (at_s - shown) * 0.1 } else { at_s };
        *self = Self { at_s, since_ms: now_ms, runs, duration_s };
    }

    /// Seconds from the start of the track, `now_ms` on our clock.
    pub fn at(&self, now_ms: f64) -> f64 {
        let gone = if self.runs { (now_ms - self.since_ms).max(0.0) / 1000.0 } else { 0.0 };
        (self.at_s + gone).clamp(0.0, self.duration_s.unwrap_or(f64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_runs_on_between_updates_and_stops_at_the_end() {
        let mut position = Position::default();
        position.told(10.0, true, Some(12.0), 1000.0);
        assert_eq!(position.at(1500.0), 10.5);
        assert_eq!(position.at(9000.0), 12.0);
        position.told(10.5, false, Some(12.0), 1500.0);
        assert_eq!(position.at(9000.0), 10.5);
    }

    #[test]
    fn small_differences_do_not_shake_it_and_do_not_add_up() {
        let mut position = Position::default();
        position.told(0.0, true, Some(100.0), 0.0);
        let mut before = 0.0;
        // The unit's clock runs 1 % slower than ours.
        for ms in (250..60_000).step_by(250) {
            position.told(f64::from(ms) * 0.00099, true, Some(100.0), f64::from(ms));
            let shown = position.at(f64::from(ms));
            assert!(shown >= before, "back at {ms} ms");
            before = shown;
        }
        assert!((before - 59.16).abs() < 0.1, "{before}");
    }

    #[test]
    fn a_seek_and_another_track_are_shown_at_once() {
        let mut position = Position::default();
        position.told(10.0, true, Some(100.0), 0.0);
        position.told(50.0, true, Some(100.0), 10.0);
        assert_eq!(position.at(10.0), 50.0);
        position.told(50.1, true, Some(90.0), 20.0);
        assert_eq!(position.at(20.0), 50.1);
    }
}
