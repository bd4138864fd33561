//! From a finger's way to steps of a control.

/// Pixels of a drag for one step of the volume.
pub const PX_PER_STEP: f64 = 7.0;

/// A relative drag: where the finger is put down does not matter, so nothing can jump to full level.
#[derive(Clone, Copy, Debug)]
pub struct Drag {
    began_at: i32,
    x: f64,
    y: f64,
    low: i32,
    high: i32,
}

impl Drag {
    /// A drag of a control at `step` within `low` and `high` begins here.
    pub fn begin(step: i32, low: i32, high: i32, x: f64, y: f64) -> Self {
        Self { began_at: step, x, y, low, high }
    }

    /// The step for a finger that is here now: right and up is more. Beyond an end nothing is saved up:
    /// turning back takes effect at once.
    pub fn at(&mut self, x: f64, y: f64) -> i32 {
        let way = (x - self.x) + (self.y - y);
        let step = self.began_at + (way / PX_PER_STEP).round() as i32;
        let kept = step.clamp(self.low, self.high);
        if kept != step {
            *self = Self { began_at: kept, x, y, ..*self };
        }
        kept
    }
}

/// The step a key moves a slider to; `None` for keys that are not a slider's (ARIA Authoring Practices).
pub fn key_step(key: &str, now: f64, low: f64, high: f64, step: f64, page: f64) -> Option<f64> {
    let to = match key {
        "ArrowUp" | "ArrowRight" => now + step,
        "ArrowDown" | "ArrowLeft" => now - step,
        "PageUp" => now + page,
        "PageDown" => now - page,
        "Home" => low,
        "End" => high,
        _ => return None,
    };
    Some(to.clamp(low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_and_up_are_louder_and_the_start_does_not_matter() {
        let mut drag = Drag::begin(20, 0, 50, 100.0, 300.0);
        assert_eq!(drag.at(100.0, 300.0), 20);
        assert_eq!(drag.at(121.0, 300.0), 23);
        assert_eq!(drag.at(100.0, 286.0), 22);
        assert_eq!(drag.at(28.0, 300.0), 10);
    }

    #[test]
    fn beyond_an_end_turning_back_takes_effect_at_once() {
        let mut drag = Drag::begin(45, 0, 50, 0.0, 0.0);
        assert_eq!(drag.at(500.0, 0.0), 50);
        assert_eq!(drag.at(486.0, 0.0), 48);
    }

    #[test]
    fn keys_move_within_the_range() {
        assert_eq!(key_step("ArrowUp", 49.0, 0.0, 50.0, 1.0, 5.0), Some(50.0));
        assert_eq!(key_step("PageUp", 49.0, 0.0, 50.0, 1.0, 5.0), Some(50.0));
        assert_eq!(key_step("Home", 49.0, -12.0, 50.0, 1.0, 5.0), Some(-12.0));
        assert_eq!(key_step("Enter", 49.0, 0.0, 50.0, 1.0, 5.0), None);
    }
}
