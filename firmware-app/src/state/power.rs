//! The ignition and the power key.

use std::time::Duration;

use protocol::{Changed, Power, Theme};

use super::{Effect, Intent, State};

impl State {
    /// Off pauses and saves; on goes on if music was playing.
    pub fn set_power(&mut self, now: Duration, power: Power) -> Changed {
        if self.power == power {
            return Changed::NONE;
        }
        self.power = power;
        self.scan_power_changed(now);
        let is_playing = self.playback.intent == Intent::Playing;
        let mut changed = Changed::POWER | Changed::TRANSPORT | Changed::PAGE;
        match power {
            Power::Off => {
                self.effect(Effect::SetPaused(true));
                self.effect(Effect::Backlight(0));
                self.message = None;
                changed |= self.cancel_sleep(now);
                self.save_all(now);
            }
            Power::On => {
                self.effect(Effect::Backlight(self.backlight_percent()));
                if is_playing && !self.playback.waiting {
                    changed |= self.go_on_after_power(now);
                }
            }
        }
        changed | Changed::MESSAGE
    }

    fn go_on_after_power(&mut self, now: Duration) -> Changed {
        if self.playback.current.is_none() {
            return self.start_current(now, self.playback.position_s);
        }
        self.effect(Effect::SetPaused(false));
        Changed::TRANSPORT
    }

    /// The night look is dimmer.
    pub(super) fn backlight_percent(&self) -> u8 {
        match self.theme {
            Theme::Day => 100,
            Theme::Night => 60,
        }
    }
}
