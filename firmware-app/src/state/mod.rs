//! Everything the stereo knows, and the only code that changes it. No I/O: time is passed in, and what
//! the world has to do comes out as [`Effect`]s.

mod catalog;
mod cloud;
mod collect;
mod commands;
mod counting;
mod effect;
mod item;
mod left;
mod loudness;
mod media;
mod message;
mod playback;
mod power;
mod preset_sync;
mod presets;
mod queue;
mod queue_by_key;
mod queue_edits;
mod remote;
mod reports;
mod restore;
mod scans;
mod sleep;
mod tracks;
mod usage;
mod volume;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use protocol::{Changed, Power, Sound, Theme};

pub(crate) use cloud::person_name;
pub(crate) use collect::PendingCollect;
pub(crate) use effect::{
    CatalogRequest, Collect, CollectWhat, Edit, Effect, IndexRequest, Request, RowAnchor,
};
pub(crate) use item::{Item, Label, MediumRef};
pub(crate) use left::{LEFT_KEPT, LeftPlaces};
pub(crate) use media::{HOMES, Medium};
pub(crate) use message::{Message, short_name};
pub(crate) use playback::{Intent, Playback};
pub(crate) use presets::{OWN_PRESETS, OwnPresets};
pub(crate) use queue::{QUEUE_LIMIT, Queue};
pub(crate) use queue_by_key::{QueueEdit, QueueEditError};
pub(crate) use sleep::Sleep;
pub(crate) use tracks::{Tracks, title_from_name};
pub(crate) use volume::Level;

use crate::cloud_desk::CloudStatus;
use crate::remote_desk::RemoteStatus;
use crate::screen::Cover;
use crate::store::{Row, Save};

/// Keys that remember a track.
pub(crate) const KEYS: usize = 6;
/// How often the resume point is written while music plays.
pub(crate) const SAVE_INTERVAL: Duration = Duration::from_secs(10);
/// Settings are written this long after the first change, so that a turning knob writes once.
const SETTINGS_DELAY: Duration = Duration::from_millis(500);

/// The whole state.
#[derive(Debug)]
pub(crate) struct State {
    pub volume: Level,
    pub sound: Sound,
    pub presets: OwnPresets,
    pub sleep: Sleep,
    pub theme: Theme,
    pub power: Power,
    pub queue: Queue,
    pub playback: Playback,
    pub media: Vec<Medium>,
    pub keys: [Option<Item>; KEYS],
    pub message: Option<Message>,
    pub tracks: Tracks,
    pub cover: Option<Arc<Cover>>,
    /// How the remotes' server stands.
    pub remote: RemoteStatus,
    /// How the link to the cloud stands.
    pub cloud: CloudStatus,
    cloud_times: cloud::CloudTimes,
    usage: usage::Usage,
    /// As it is shown on the page with the code.
    enrolment_left_s: u32,
    /// A medium that is plugged in while the queue is empty starts to play.
    pub autoplay: bool,
    pub save_interval: Duration,
    collects: Vec<PendingCollect>,
    last_request: u64,
    /// Where each medium was left when another source was chosen.
    left: LeftPlaces,
    /// Where media are mounted, or were last.
    homes: HashMap<MediumRef, PathBuf>,
    /// The current track, if it is one of the owner's favourites.
    favourite: Option<Item>,
    heard: counting::Heard,
    scans: scans::Scans,
    settings_due: Option<Duration>,
    resume_due: Option<Duration>,
    saved_queue_revision: u64,
    effects: Vec<Effect>,
}

impl State {
    /// A state that knows nothing: factory settings, nothing to play.
    pub fn new() -> Self {
        Self {
            volume: Level::at_start(protocol::Decibels(-30.0), protocol::VolumeLimits::default()),
            sound: Sound::default(),
            presets: OwnPresets::default(),
            sleep: Sleep::default(),
            theme: Theme::default(),
            power: Power::On,
            queue: Queue::default(),
            playback: Playback::default(),
            media: Vec::new(),
            keys: Default::default(),
            message: None,
            tracks: Tracks::default(),
            cover: None,
            remote: RemoteStatus::default(),
            cloud: CloudStatus::default(),
            cloud_times: cloud::CloudTimes::default(),
            usage: usage::Usage::default(),
            enrolment_left_s: 0,
            autoplay: true,
            save_interval: SAVE_INTERVAL,
            collects: Vec::new(),
            last_request: 0,
            left: LeftPlaces::default(),
            homes: HashMap::new(),
            favourite: None,
            heard: counting::Heard::default(),
            scans: scans::Scans::default(),
            settings_due: None,
            resume_due: None,
            saved_queue_revision: 0,
            effects: Vec::new(),
        }
    }

    /// What the world has to do since the last call, in order.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// Adds something for the world to do.
    pub fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Tells the driver something for six seconds.
    pub fn say(&mut self, now: Duration, text: impl Into<String>) -> Changed {
        self.message = Some(Message { text: text.into(), until: now + message::MESSAGE_FOR });
        Changed::MESSAGE
    }

    /// The sound changed: the engine first, the store later.
    fn params_changed(&mut self, now: Duration) {
        self.effect(Effect::Params);
        self.settings_changed(now);
    }

    fn settings_changed(&mut self, now: Duration) {
        self.settings_due.get_or_insert(now + SETTINGS_DELAY);
    }

    /// When [`Self::time_passed`] has something to do next.
    pub fn deadline(&self) -> Option<Duration> {
        let message = self.message.as_ref().map(|message| message.until);
        let resume = self.resume_due.filter(|_| self.is_playing());
        let own = [message, resume, self.settings_due, self.scan_deadline()];
        let shown = [self.sleep.deadline(), self.enrolment_deadline(), self.cloud_deadline()];
        own.into_iter().chain(shown).flatten().min()
    }

    /// Does what is due.
    pub fn time_passed(&mut self, now: Duration) -> Changed {
        let mut changed = Changed::NONE;
        if self.message.as_ref().is_some_and(|message| message.until <= now) {
            self.message = None;
            changed |= Changed::MESSAGE;
        }
        if self.settings_due.is_some_and(|due| due <= now) {
            self.save_settings();
        }
        changed |= self.sleep_passed(now) | self.enrolment_passed(now) | self.cloud_passed(now);
        if self.is_playing() && self.resume_due.is_none_or(|due| due <= now) {
            self.save_resume(now);
        }
        changed | self.scan_what_is_due(now)
    }

    /// Writes everything that is not yet written; before the power goes.
    pub fn save_all(&mut self, now: Duration) {
        self.save_resume(now);
        self.save_settings();
    }

    fn save_settings(&mut self) {
        self.settings_due = None;
        let settings = self.settings();
        self.effect(Effect::Save(Save::Settings(settings)));
    }

    /// Writes the resume point, and the queue if it is not the stored one.
    fn save_resume(&mut self, now: Duration) {
        self.resume_due = Some(now + self.save_interval);
        if self.saved_queue_revision != self.queue.revision() {
            self.saved_queue_revision = self.queue.revision();
            let rows = self.queue.items_and_places();
            let rows = rows.map(|(item, place)| Row { path: self.path_of(item), item: item.clone(), place });
            let rows = rows.collect();
            self.effect(Effect::Save(Save::Queue(rows)));
        }
        let resume = self.resume_point();
        self.effect(Effect::Save(Save::Resume(resume)));
    }

    /// What the current entry plays.
    pub fn current_item(&self) -> Option<&Item> {
        self.queue.current().map(|entry| &entry.item)
    }

    /// Where the file of the current entry is, or was when its medium was there last.
    pub fn current_path(&self) -> Option<PathBuf> {
        self.current_item().map(|item| self.path_of(item))
    }

    /// Whether sound comes out, or would if the engine had something decoded.
    pub fn is_playing(&self) -> bool {
        self.playback.intent == Intent::Playing && self.power == Power::On && !self.playback.waiting
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "preset_tests.rs"]
mod preset_tests;

#[cfg(test)]
#[path = "cloud_tests.rs"]
mod cloud_tests;

#[cfg(test)]
#[path = "sleep_tests.rs"]
mod sleep_tests;

#[cfg(test)]
#[path = "library_tests.rs"]
mod library_tests;
