//! The level in percent, for those who say it so (MPD, MPRIS): on the unit's own taper, two steps to a detent
//! of the knob.

use protocol::{Decibels, VOLUME_STEPS, step_to_db};

/// The level a percentage stands for; more than 100 is 100.
#[must_use]
pub fn to_db(percent: u8) -> Decibels {
    let percent = percent.min(100);
    let (low, high) = (step_to_db(percent / 2), step_to_db(percent.div_ceil(2).min(VOLUME_STEPS)));
    Decibels((low.0 + high.0) / 2.0)
}

/// The percentage nearest to a level.
#[must_use]
pub fn to_percent(level: Decibels) -> u8 {
    let distance = |percent: &u8| (to_db(*percent).0 - level.0).abs();
    (0..=100).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_percentage_comes_back_and_is_louder_than_the_one_before() {
        for percent in 0..=100 {
            assert_eq!(to_percent(to_db(percent)), percent);
            assert!(percent == 0 || to_db(percent).0 > to_db(percent - 1).0);
        }
        assert_eq!((to_db(0), to_db(100), to_db(255)), (Decibels(-100.0), Decibels(0.0), Decibels(0.0)));
        assert_eq!(to_percent(Decibels(f32::NEG_INFINITY)), 0);
    }
}
