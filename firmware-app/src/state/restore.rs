//! From the store and to it: settings, keys, queue and resume point, checked as foreign data.

use std::time::Duration;

use protocol::{Changed, Decibels, VolumeLimits};

use super::{Effect, HOMES, Intent, Item, KEYS, Level, State};
use crate::store::{Played, Resume, Saved, Settings};

/// A longer position than any track has.
const LONGEST_S: f64 = 1e7;

impl State {
    /// Takes over what was stored. Whatever makes no sense gives way to a default.
    pub fn restore(&mut self, now: Duration, saved: Saved) -> Changed {
        self.restore_settings(&saved.settings);
        self.homes = saved.homes.into_iter().take(HOMES).collect();
        self.left.restore(saved.left);
        self.restore_presets(now, saved.presets);
        for (key, item) in saved.keys {
            if let Some(slot) =
                usize::from(key).checked_sub(1).filter(|i| *i < KEYS).and_then(|i| self.keys.get_mut(i))
            {
                *slot = Some(item);
            }
        }
        self.restore_queue(saved.queue, saved.resume.as_ref(), saved.settings.shuffle);
        self.saved_queue_revision = self.queue.revision();
        self.resume_due = Some(now + self.save_interval);
        self.effect(Effect::Params);
        self.effect(Effect::Backlight(self.backlight_percent()));
        Changed::ALL
    }

    fn restore_settings(&mut self, settings: &Settings) {
        let limits = VolumeLimits { max: settings.volume_max, start_max: settings.volume_start_max };
        self.volume.set_limits(limits);
        self.volume = Level::at_start(settings.volume, self.volume.limits);
        self.theme = settings.theme;
        self.queue.set_repeat(settings.repeat);
        self.queue.set_seed(settings.shuffle_seed);
        self.queue.set_shuffle(settings.shuffle);
        if settings.preset.validate().is_ok() {
            self.sound.preset = settings.preset.clone();
            self.sound.edited = settings.preset_edited;
        }
        self.sound.eq_enabled = settings.eq_enabled;
        self.sound.replay_gain = settings.replay_gain;
        if settings.balance.is_finite() {
            self.sound.balance = settings.balance.clamp(-1.0, 1.0);
        }
    }

    fn restore_queue(&mut self, entries: Vec<(Item, usize)>, resume: Option<&Resume>, shuffle: bool) {
        let place = resume.map_or(0, |resume| resume.place);
        self.queue.restore(entries, place, shuffle);
        let Some(resume) = resume.filter(|_| !self.queue.is_empty()) else { return };
        let is_it = |item: &Item| item.is_same(&resume.item);
        let mut is_same = self.current_item().is_some_and(is_it);
        if !is_same {
            let found = (0..self.queue.len())
                .find(|place| self.queue.entry(*place).is_some_and(|entry| is_it(&entry.item)));
            is_same = found.is_some_and(|place| self.queue.select(place));
        }
        let position = resume.position_s;
        let is_sane = is_same && position.is_finite() && (0.0..LONGEST_S).contains(&position);
        self.playback.position_s = if is_sane { position } else { 0.0 };
        self.playback.intent = match resume.played {
            Played::Playing => Intent::Playing,
            Played::Paused => Intent::Paused,
            Played::Stopped => Intent::Stopped,
        };
        // Until its medium is reported; those that are there already are reported at once.
        self.playback.waiting = true;
    }

    /// The settings as they are stored.
    pub(super) fn settings(&self) -> Settings {
        Settings {
            volume: finite(self.volume.level),
            volume_max: self.volume.limits.max,
            volume_start_max: self.volume.limits.start_max,
            theme: self.theme,
            repeat: self.queue.repeat(),
            shuffle: self.queue.shuffle(),
            shuffle_seed: self.queue.seed(),
            balance: self.sound.balance,
            eq_enabled: self.sound.eq_enabled,
            preset: self.sound.preset.clone(),
            preset_edited: self.sound.edited,
            replay_gain: self.sound.replay_gain,
        }
    }

    /// The resume point as it is stored.
    pub(super) fn resume_point(&self) -> Option<Resume> {
        let entry = self.queue.current()?;
        Some(Resume {
            place: self.queue.place(),
            path: self.path_of(&entry.item),
            item: entry.item.clone(),
            position_s: self.playback.position_s,
            played: match self.playback.intent {
                Intent::Playing => Played::Playing,
                Intent::Paused => Played::Paused,
                Intent::Stopped => Played::Stopped,
            },
        })
    }
}

fn finite(level: Decibels) -> Decibels {
    if level.0.is_finite() { level } else { Decibels(-100.0) }
}
