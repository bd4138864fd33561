//! The volume taper: which level each detent of the volume knob stands for.
//!
//! The knob has [`VOLUME_STEPS`] detents above silence. A detent is 1 dB near the top, where a driver
//! makes fine changes at speed, 1.5 dB in the middle and 2.5 dB near silence:
//!
//! | steps    | size   | level             |
//! |----------|--------|-------------------|
//! | 50 … 30  | 1 dB   | 0 … −20 dB        |
//! | 30 … 14  | 1.5 dB | −20 … −44 dB      |
//! | 14 … 1   | 2.5 dB | −44 … −76.5 dB    |
//! | 0        |        | silence (−100 dB) |

use serde::{Deserialize, Serialize};

use crate::Decibels;

/// Detents of the volume knob from silence (step 0) to full level (0 dB).
pub const VOLUME_STEPS: u8 = 50;
/// The level that stands for silence; the engine renders it as exact zero.
const SILENCE: Decibels = Decibels(-100.0);

/// Level in dB of knob step `step`; steps above [`VOLUME_STEPS`] are 0 dB.
#[must_use]
pub fn step_to_db(step: u8) -> Decibels {
    let s = f32::from(step.min(VOLUME_STEPS));
    Decibels(match step {
        0 => SILENCE.0,
        1..14 => -44.0 - (14.0 - s) * 2.5,
        14..30 => -20.0 - (30.0 - s) * 1.5,
        _ => s - 50.0,
    })
}

/// Knob step nearest to a level; anything below the first step is step 0.
#[must_use]
pub fn db_to_step(level: Decibels) -> u8 {
    let distance = |step: &u8| (step_to_db(*step).0 - level.0).abs();
    (0..=VOLUME_STEPS).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(0)
}

/// The owner's limits on the level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VolumeLimits {
    /// Never louder than this, whoever asks. At most 0 dB.
    pub max: Decibels,
    /// At power-on the level is the last one, but never louder than this.
    pub start_max: Decibels,
}

impl Default for VolumeLimits {
    fn default() -> Self {
        Self { max: Decibels(0.0), start_max: Decibels(-18.0) }
    }
}

impl VolumeLimits {
    /// `level` brought into what the owner allows; not a number becomes silence.
    #[must_use]
    pub fn clamp(&self, level: Decibels) -> Decibels {
        if level.0.is_nan() {
            return SILENCE;
        }
        Decibels(level.0.clamp(SILENCE.0, self.max.0.min(0.0)))
    }

    /// The level to start with after power-on, from the level before it.
    #[must_use]
    pub fn at_start(&self, last: Decibels) -> Decibels {
        let last = self.clamp(last);
        if last.0 > self.start_max.0 { self.clamp(self.start_max) } else { last }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_taper_rises_by_at_most_three_decibels_a_detent() {
        for step in 2..=VOLUME_STEPS {
            let rise = step_to_db(step).0 - step_to_db(step - 1).0;
            assert!((1.0..=2.5).contains(&rise), "step {step} rises by {rise} dB");
        }
        assert_eq!(step_to_db(VOLUME_STEPS), Decibels(0.0));
        assert_eq!(step_to_db(255), Decibels(0.0));
    }

    #[test]
    fn a_step_and_its_level_name_each_other() {
        for step in 0..=VOLUME_STEPS {
            assert_eq!(db_to_step(step_to_db(step)), step);
        }
        assert_eq!(db_to_step(Decibels(f32::NEG_INFINITY)), 0);
        assert_eq!(db_to_step(Decibels(40.0)), VOLUME_STEPS);
    }

    #[test]
    fn no_level_is_louder_than_the_owner_allows() {
        let limits = VolumeLimits { max: Decibels(-6.0), start_max: Decibels(-20.0) };
        assert_eq!(limits.clamp(Decibels(12.0)), Decibels(-6.0));
        assert_eq!(limits.clamp(Decibels(f32::NAN)), SILENCE);
        assert_eq!(limits.at_start(Decibels(-3.0)), Decibels(-20.0));
        assert_eq!(limits.at_start(Decibels(-40.0)), Decibels(-40.0));
        let careless = VolumeLimits { max: Decibels(30.0), start_max: Decibels(30.0) };
        assert_eq!(careless.at_start(Decibels(20.0)), Decibels(0.0));
    }
}
