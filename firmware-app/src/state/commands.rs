//! Commands: what anybody may ask of the stereo.

use std::path::Path;
use std::time::Duration;

use protocol::{Changed, Command, EqBand, Power, SoundPreset, Theme};

use super::collect::Purpose;
use super::{Effect, Intent, Item, KEYS, State, short_name};
use crate::store::{Row, Save};

/// Within this time of a track's start, previous means the track before it.
const RESTART_AFTER_S: f64 = 3.0;

impl State {
    /// Carries out one command. What makes no sense at the moment changes nothing; what cannot be
    /// done leads to a message.
    pub fn apply(&mut self, now: Duration, command: Command) -> Changed {
        if self.power == Power::Off && starts_sound(&command) {
            return Changed::NONE;
        }
        match command {
            Command::VolumeBy { .. }
            | Command::SetVolume { .. }
            | Command::SetMute { .. }
            | Command::ToggleMute
            | Command::SetVolumeLimits { .. } => self.apply_volume(now, &command),
            Command::SetBand { .. }
            | Command::SetSound { .. }
            | Command::SelectPreset { .. }
            | Command::SetEqEnabled { .. }
            | Command::SetBalance { .. } => self.apply_sound(now, command),
            Command::PlayPath { .. }
            | Command::PlayQueueEntry { .. }
            | Command::Enqueue { .. }
            | Command::RemoveQueueEntry { .. }
            | Command::MoveQueueEntry { .. }
            | Command::ClearQueue
            | Command::SetShuffle { .. }
            | Command::SetRepeat { .. } => self.apply_queue(now, command),
            Command::PlayView { .. }
            | Command::EnqueueView { .. }
            | Command::PlayNext { .. }
            | Command::ToggleFavourite { .. }
            | Command::CreatePlaylist { .. }
            | Command::RenamePlaylist { .. }
            | Command::DeletePlaylist { .. }
            | Command::AddToPlaylist { .. }
            | Command::RemoveFromPlaylist { .. }
            | Command::MoveInPlaylist { .. }
            | Command::ExportPlaylist { .. } => self.apply_library(now, command),
            Command::Rescan { medium } => self.rescan(now, medium.as_deref()),
            Command::CancelScan => self.cancel_scan(now),
            Command::SetReplayGain { mode } => self.set_replay_gain(now, mode),
            Command::SavePreset { name } => self.save_preset(now, &name),
            Command::DeletePreset { name } => self.delete_preset(now, &name),
            Command::RenamePreset { from, to } => self.rename_preset(now, &from, &to),
            Command::SetSleep { minutes } => self.set_sleep(now, minutes),
            Command::Play => self.play(now),
            Command::Pause => self.pause(now),
            Command::TogglePlay if self.playback.intent == Intent::Playing => self.pause(now),
            Command::TogglePlay => self.play(now),
            Command::Next => self.next(now),
            Command::Previous => self.previous(now),
            Command::Seek { to } => self.seek(now, to.0),
            Command::SeekBy { by } => self.seek(now, self.playback.position_s + by.0),
            Command::StoreKey { key } => self.store_key(now, key),
            Command::RecallKey { key } => self.recall_key(now, key),
            Command::NextSource => self.next_source(now),
            Command::SetTheme { theme } => self.set_theme(now, theme),
            Command::DismissMessage => match self.message.take() {
                Some(_) => Changed::MESSAGE,
                None => Changed::NONE,
            },
        }
    }

    fn apply_volume(&mut self, now: Duration, command: &Command) -> Changed {
        let before = self.volume;
        match command {
            Command::VolumeBy { detents } => self.volume.turn(*detents),
            Command::SetVolume { level } => self.volume.set(*level),
            Command::SetMute { on } => self.volume.muted = *on,
            Command::ToggleMute => self.volume.muted = !self.volume.muted,
            Command::SetVolumeLimits { limits } => self.volume.set_limits(*limits),
            _ => {}
        }
        if self.volume != before {
            self.params_changed(now);
        }
        Changed::VOLUME
    }

    fn apply_sound(&mut self, now: Duration, command: Command) -> Changed {
        let done = match command {
            Command::SetBand { index, band } => self.set_band(index, band),
            Command::SetSound { preset } => self.set_sound(now, preset),
            Command::SelectPreset { name } => match self.find_preset(&name).cloned() {
                Some(preset) => self.set_sound(now, preset),
                None => return self.say(now, format!("There is no sound called “{name}”")),
            },
            Command::SetEqEnabled { on } => {
                self.sound.eq_enabled = on;
                true
            }
            Command::SetBalance { value } if value.is_finite() => {
                self.sound.balance = value.clamp(-1.0, 1.0);
                true
            }
            _ => false,
        };
        if !done {
            return if self.message.is_some() { Changed::MESSAGE } else { Changed::NONE };
        }
        self.params_changed(now);
        Changed::SOUND
    }

    fn set_band(&mut self, index: usize, band: EqBand) -> bool {
        let mut preset = self.sound.preset.clone();
        let Some(slot) = preset.bands.get_mut(index) else { return false };
        *slot = band;
        if preset.validate().is_err() || preset == self.sound.preset {
            return false;
        }
        self.sound.preset = preset;
        self.sound.edited = true;
        true
    }

    fn set_sound(&mut self, now: Duration, preset: SoundPreset) -> bool {
        if let Err(error) = preset.validate() {
            self.say(now, format!("This sound cannot be used: {error}"));
            return false;
        }
        self.sound.preset = preset;
        self.sound.edited = false;
        true
    }

    fn apply_queue(&mut self, now: Duration, command: Command) -> Changed {
        match command {
            Command::PlayPath { path } => self.play_path(now, Path::new(&path)),
            Command::PlayQueueEntry { index } => self.play_place(now, index),
            Command::Enqueue { path } => self.with_path(now, Path::new(&path), Purpose::Append),
            Command::RemoveQueueEntry { index } => self.remove_entry(now, index),
            Command::MoveQueueEntry { from, to } => self.move_entry(now, from, to),
            Command::ClearQueue => {
                self.forget_collects();
                self.queue.clear();
                self.cover = None;
                self.stop(now) | Changed::QUEUE
            }
            Command::SetShuffle { on } => {
                self.queue.set_shuffle(on);
                self.order_changed(now)
            }
            Command::SetRepeat { mode } => {
                self.queue.set_repeat(mode);
                self.order_changed(now)
            }
            _ => Changed::NONE,
        }
    }

    /// The current entry gives way to the one after it.
    fn remove_entry(&mut self, now: Duration, place: usize) -> Changed {
        let is_current = place == self.queue.place();
        if self.queue.remove(place).is_none() {
            return Changed::NONE;
        }
        self.entries_removed(now, is_current)
    }

    /// Entries were taken out of the queue, perhaps the current one.
    pub(super) fn entries_removed(&mut self, now: Duration, is_current: bool) -> Changed {
        if self.queue.is_empty() {
            self.cover = None;
            return self.stop(now) | Changed::QUEUE;
        }
        if !is_current {
            self.queue_changed(now);
            return Changed::QUEUE;
        }
        self.playback.lost_at = None;
        if self.playback.intent == Intent::Playing {
            return self.start_current(now, 0.0);
        }
        let intent = self.playback.intent;
        let changed = self.stop(now) | Changed::QUEUE;
        self.playback.intent = intent;
        changed
    }

    fn move_entry(&mut self, now: Duration, from: usize, to: usize) -> Changed {
        if !self.queue.shift(from, to) {
            return Changed::NONE;
        }
        self.queue_changed(now);
        Changed::QUEUE
    }

    /// Music right after the current track; played at once where there is none.
    pub(super) fn play_next(&mut self, now: Duration, items: Vec<Item>) -> Changed {
        let was_empty = self.queue.is_empty();
        if self.queue.insert_next(items) == 0 {
            return self.say(now, "The queue is full");
        }
        if was_empty && self.power == Power::On {
            return self.start_current(now, 0.0);
        }
        self.queue_changed(now);
        Changed::QUEUE
    }

    fn order_changed(&mut self, now: Duration) -> Changed {
        self.prepare_next();
        self.settings_changed(now);
        self.save_resume(now);
        Changed::TRANSPORT | Changed::QUEUE
    }

    fn next(&mut self, now: Duration) -> Changed {
        match self.queue.next() {
            Some(place) => self.play_place(now, place),
            None if self.queue.is_empty() => Changed::NONE,
            None => self.say(now, "This is the last track"),
        }
    }

    fn previous(&mut self, now: Duration) -> Changed {
        let place = match self.queue.previous() {
            Some(place) if self.playback.position_s < RESTART_AFTER_S => place,
            _ if self.is_playing() && self.playback.current.is_some() => return self.seek(now, 0.0),
            _ => self.queue.place(),
        };
        self.play_place(now, place)
    }

    fn set_theme(&mut self, now: Duration, theme: Theme) -> Changed {
        self.theme = theme;
        self.settings_changed(now);
        if self.power == Power::On {
            self.effect(Effect::Backlight(self.backlight_percent()));
        }
        Changed::POWER
    }

    fn store_key(&mut self, now: Duration, key: u8) -> Changed {
        let item = self.current_item().cloned();
        let (Some(item), Some(slot)) = (item, key_slot(key).and_then(|index| self.keys.get_mut(index)))
        else {
            return self.say(now, "Nothing is playing that a key could remember");
        };
        *slot = Some(item.clone());
        let path = self.path_of(&item);
        // The message comes with the store's answer: what it says is then on the disk.
        self.effect(Effect::Save(Save::Key { key, row: Row { path, item, place: 0 } }));
        Changed::NONE
    }

    fn recall_key(&mut self, now: Duration, key: u8) -> Changed {
        let stored: Option<Item> = key_slot(key).and_then(|index| self.keys.get(index)?.clone());
        match stored {
            Some(item) if !self.is_present(&item) => {
                let name = short_name(&item.relative);
                self.say(now, format!("Key {key}: the medium with “{name}” is not there"))
            }
            Some(item) => self.play_item(now, item),
            None => self.say(now, format!("Key {key} is empty: hold it to store what plays")),
        }
    }

    /// The store has written keys; now the driver may be told.
    pub fn keys_stored(&mut self, now: Duration, keys: &[u8]) -> Changed {
        match keys.last() {
            Some(key) => self.say(now, format!("Stored on key {key}")),
            None => Changed::NONE,
        }
    }
}

fn key_slot(key: u8) -> Option<usize> {
    usize::from(key).checked_sub(1).filter(|index| *index < KEYS)
}

/// Commands that are not carried out while the ignition is off.
fn starts_sound(command: &Command) -> bool {
    matches!(
        command,
        Command::Play
            | Command::TogglePlay
            | Command::Next
            | Command::Previous
            | Command::PlayPath { .. }
            | Command::PlayView { .. }
            | Command::PlayQueueEntry { .. }
            | Command::RecallKey { .. }
            | Command::NextSource
    )
}
