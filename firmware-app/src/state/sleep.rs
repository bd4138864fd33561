//! The sleep timer: after a while the music fades out and pauses. The volume setting stays as it is; the
//! fade is a gain of its own beside it, which comes back to full as soon as nothing is heard.

use std::time::Duration;

use protocol::Changed;

use super::{Effect, Intent, State};

/// The music fades out over this time.
const FADE: Duration = Duration::from_secs(20);
/// Between two steps of the gain. The engine ramps each over 30 ms; none is larger than 0.11 dB until the
/// music is 12 dB down.
const STEP: Duration = Duration::from_millis(50);
/// After a pause the ramp of the engine has long ended.
const QUIET: Duration = Duration::from_millis(300);
/// A fade that is taken back is back after a second.
const RISE: f32 = 0.05;
/// Longest time, minutes.
pub(crate) const LONGEST_MINUTES: u16 = 180;

/// The timer and the gain it fades by.
#[derive(Debug)]
pub(crate) struct Sleep {
    timer: Option<Timer>,
    /// Whole seconds left, as they are published.
    left_s: Option<u32>,
    /// 1 is full level, 0 is silence.
    gain: f32,
    gain_due: Option<Duration>,
}

#[derive(Clone, Copy, Debug)]
struct Timer {
    ends_at: Duration,
    minutes: u16,
}

impl Default for Sleep {
    fn default() -> Self {
        Self { timer: None, left_s: None, gain: 1.0, gain_due: None }
    }
}

impl Sleep {
    /// Seconds until the music pauses.
    pub fn left_s(&self) -> Option<u32> {
        self.left_s
    }

    /// The time it was set to.
    pub fn minutes(&self) -> Option<u16> {
        self.timer.map(|timer| timer.minutes)
    }

    /// To be added to the level, dB.
    pub fn gain_db(&self) -> f32 {
        if self.gain >= 1.0 { 0.0 } else { 20.0 * self.gain.max(1e-10).log10() }
    }

    /// When there is something to do.
    pub fn deadline(&self) -> Option<Duration> {
        let second = self.timer.map(|timer| {
            let after = self.left_s.map_or(0, |left| left.saturating_sub(1));
            timer.ends_at.saturating_sub(Duration::from_secs(after.into()))
        });
        [second, self.gain_due].into_iter().flatten().min()
    }

    /// Where the gain belongs now.
    fn target(&self, now: Duration) -> f32 {
        match self.timer {
            Some(timer) if now + FADE > timer.ends_at => {
                // A cube falls as the ear hears: 18 dB at half time, then faster and faster into silence.
                (timer.ends_at.saturating_sub(now).as_secs_f32() / FADE.as_secs_f32()).powi(3)
            }
            _ => 1.0,
        }
    }

    /// Moves the gain if it is time to; whether it is another one.
    fn step(&mut self, now: Duration, is_heard: bool) -> bool {
        if self.gain_due.is_none_or(|due| now < due) {
            return false;
        }
        let target = self.target(now);
        let gain = if target > self.gain && is_heard { (self.gain + RISE).min(target) } else { target };
        let is_moving = gain < 1.0 || target < 1.0;
        let fade_at = self.timer.map(|timer| timer.ends_at.saturating_sub(FADE));
        // At the very start of the fade it still stands at full level.
        let next = fade_at.map(|at| at.max(now + STEP));
        self.gain_due = if is_moving { Some(now + STEP) } else { next };
        std::mem::replace(&mut self.gain, gain).to_bits() != gain.to_bits()
    }
}

impl State {
    pub(super) fn set_sleep(&mut self, now: Duration, minutes: Option<u16>) -> Changed {
        let Some(minutes) = minutes else { return self.cancel_sleep(now) };
        if self.power == protocol::Power::Off {
            return Changed::NONE;
        }
        if !(1..=LONGEST_MINUTES).contains(&minutes) {
            return self.say(now, format!("The sleep timer runs for 1 to {LONGEST_MINUTES} minutes"));
        }
        let ends_at = now + Duration::from_secs(60 * u64::from(minutes));
        self.sleep.timer = Some(Timer { ends_at, minutes });
        self.sleep.left_s = Some(60 * u32::from(minutes));
        self.sleep.gain_due = Some(if self.sleep.gain < 1.0 { now + STEP } else { ends_at - FADE });
        Changed::SLEEP
    }

    /// No timer; what has faded comes back.
    pub(super) fn cancel_sleep(&mut self, now: Duration) -> Changed {
        if self.sleep.timer.take().is_none() {
            return Changed::NONE;
        }
        self.sleep.left_s = None;
        let wait = if self.is_playing() { STEP } else { QUIET };
        self.sleep.gain_due = (self.sleep.gain < 1.0).then_some(now + wait);
        Changed::SLEEP
    }

    pub(super) fn sleep_passed(&mut self, now: Duration) -> Changed {
        let mut changed = Changed::NONE;
        if let Some(timer) = self.sleep.timer {
            if timer.ends_at <= now {
                return self.fall_asleep(now);
            }
            let left = (timer.ends_at - now).as_secs_f64().ceil() as u32;
            if self.sleep.left_s.replace(left) != Some(left) {
                changed = Changed::SLEEP;
            }
        }
        let is_heard = self.is_playing();
        if self.sleep.step(now, is_heard) {
            self.effect(Effect::Params);
        }
        changed
    }

    fn fall_asleep(&mut self, now: Duration) -> Changed {
        let was_playing = self.playback.intent == Intent::Playing;
        self.sleep = Sleep { gain: 0.0, gain_due: Some(now + QUIET), ..Sleep::default() };
        self.effect(Effect::Params);
        let mut changed = Changed::SLEEP | self.pause(now);
        if was_playing {
            changed |= self.say(now, "The sleep timer has paused the music");
        }
        changed
    }
}
