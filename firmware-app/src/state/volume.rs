//! The level: detents, limits, mute.

use protocol::{Decibels, VOLUME_STEPS, VolumeLimits, db_to_step, step_to_db};

/// The level as the driver set it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Level {
    pub level: Decibels,
    pub muted: bool,
    pub limits: VolumeLimits,
}

impl Level {
    /// The level after power-on, from the last one; never muted.
    pub fn at_start(last: Decibels, limits: VolumeLimits) -> Self {
        Self { level: limits.at_start(last), muted: false, limits }
    }

    pub fn step(&self) -> u8 {
        db_to_step(self.level)
    }

    pub fn set(&mut self, level: Decibels) {
        self.level = self.limits.clamp(level);
    }

    /// Turns the knob. A turn while muted brings the sound back.
    pub fn turn(&mut self, detents: i32) {
        let step = i32::from(self.step()).saturating_add(detents).clamp(0, i32::from(VOLUME_STEPS));
        self.set(step_to_db(u8::try_from(step).unwrap_or(0)));
        self.muted = false;
    }

    /// New limits; numbers that make no sense become the defaults.
    pub fn set_limits(&mut self, limits: VolumeLimits) {
        let usable = |level: Decibels, default: Decibels| {
            if level.0.is_finite() { Decibels(level.0.clamp(-100.0, 0.0)) } else { default }
        };
        let default = VolumeLimits::default();
        self.limits = VolumeLimits {
            max: usable(limits.max, default.max),
            start_max: usable(limits.start_max, default.start_max),
        };
        self.set(self.level);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_unmutes_and_stays_within_the_limits() {
        let limits = VolumeLimits { max: Decibels(-10.0), start_max: Decibels(-20.0) };
        let mut level = Level::at_start(Decibels(0.0), limits);
        assert_eq!(level.level, Decibels(-20.0));
        level.muted = true;
        level.turn(i32::MAX);
        assert_eq!((level.level, level.muted), (Decibels(-10.0), false));
        level.turn(-1);
        assert_eq!(level.level, Decibels(-11.0));
        level.turn(i32::MIN);
        assert_eq!(level.level, Decibels(-100.0));
        level.set_limits(VolumeLimits { max: Decibels(f32::NAN), start_max: Decibels(9.0) });
        assert_eq!(level.limits, VolumeLimits { max: Decibels(0.0), start_max: Decibels(0.0) });
    }
}
