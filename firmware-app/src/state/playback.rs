//! What is loaded in the engine, and what the driver wants of it.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::Duration;

use engine::{SourceInfo, Track, TrackId};
use protocol::{Changed, Power};

use super::queue::Entry;
use super::{Effect, Item, State};

/// Tracks handed to the engine that are remembered, newest last.
const REMEMBERED: usize = 16;

/// What the driver wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Intent {
    /// Nothing, or the queue has ended.
    #[default]
    Stopped,
    /// Go on later from here.
    Paused,
    /// Music.
    Playing,
}

/// A queue entry under the name the engine knows it by.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Loaded {
    pub id: u64,
    pub key: u64,
    pub item: Item,
    /// Where its file is.
    pub path: PathBuf,
    /// The gain it was handed over with, dB.
    pub gain_db: f32,
}

/// How playing stands.
#[derive(Debug, Default)]
pub(crate) struct Playback {
    pub intent: Intent,
    /// Heard last, or where to start.
    pub position_s: f64,
    /// In the engine; `None` after a start or a stop.
    pub current: Option<Loaded>,
    /// What the engine has been told to play after it.
    pub next: Option<Loaded>,
    /// What the engine says of the current track.
    pub source: Option<SourceInfo>,
    /// The medium of the current entry is not there; playing goes on when it comes.
    pub waiting: bool,
    /// All that is known of the queue is bad, but more of it is being read.
    pub starving: bool,
    /// Entry and position where files began to be missing: perhaps the medium was pulled.
    pub lost_at: Option<(u64, f64)>,
    last_id: u64,
    /// Events about tracks before this one are about what was dropped.
    first_id: u64,
    handed: VecDeque<Loaded>,
}

impl Playback {
    fn hand(&mut self, entry: Entry, path: PathBuf, gain_db: f32) -> Loaded {
        self.last_id += 1;
        let Entry { key, item } = entry;
        let loaded = Loaded { id: self.last_id, key, item, path, gain_db };
        self.handed.push_back(loaded.clone());
        if self.handed.len() > REMEMBERED {
            self.handed.pop_front();
        }
        loaded
    }

    /// The track an event is about, unless it was dropped since.
    pub fn find(&self, id: TrackId) -> Option<&Loaded> {
        self.handed.iter().find(|loaded| loaded.id == id.0 && loaded.id >= self.first_id)
    }

    /// Nothing is loaded any more; late events are about nothing.
    pub fn unload(&mut self) {
        self.first_id = self.last_id + 1;
        self.current = None;
        self.next = None;
    }
}

fn track(loaded: &Loaded, start_s: f64) -> Track {
    let slice = loaded.item.slice.map(|slice| engine::Slice {
        start_s: slice.start.as_secs_f64(),
        end_s: slice.end.map(library::CueFrames::as_secs_f64),
    });
    let (id, path) = (TrackId(loaded.id), loaded.path.clone());
    Track { id, path, slice, start_s, gain_db: loaded.gain_db }
}

impl State {
    /// Plays the current entry of the queue from `start_s`, if it can be heard at all now.
    pub(super) fn start_current(&mut self, now: Duration, start_s: f64) -> Changed {
        let Some(entry) = self.queue.current().cloned() else { return self.stop(now) };
        self.playback.intent = Intent::Playing;
        self.playback.position_s = start_s;
        self.playback.source = None;
        self.playback.starving = false;
        self.playback.waiting = !self.is_present(&entry.item);
        self.playback.unload();
        self.begin_counting();
        if self.playback.waiting || self.power == Power::Off {
            self.effect(Effect::Stop);
            self.save_resume(now);
            return Changed::NOW | Changed::TRANSPORT | Changed::QUEUE | Changed::POSITION;
        }
        let loaded = self.hand_over(entry);
        self.effect(Effect::Play(track(&loaded, start_s)));
        self.effect(Effect::SetPaused(false));
        self.ask_track(&loaded.path);
        self.playback.current = Some(loaded);
        self.save_resume(now);
        Changed::NOW | Changed::TRANSPORT | Changed::QUEUE | Changed::POSITION
    }

    fn hand_over(&mut self, entry: Entry) -> Loaded {
        let path = self.path_of(&entry.item);
        let gain_db = self.gain_db(&path);
        self.playback.hand(entry, path, gain_db)
    }

    /// Another place of the queue, from its start, because the driver asked for it.
    pub(super) fn play_place(&mut self, now: Duration, place: usize) -> Changed {
        let Some(key) = self.queue.entry(place).map(|entry| entry.key) else { return Changed::NONE };
        self.queue.forgive(key);
        self.queue.select(place);
        self.playback.lost_at = None;
        self.start_current(now, 0.0)
    }

    /// Tells the engine what follows the current track, unless it knows.
    pub(super) fn prepare_next(&mut self) {
        if self.playback.current.is_none() {
            return;
        }
        let following = self.queue.following().and_then(|place| self.queue.entry(place)).cloned();
        let told = self.playback.next.as_ref().map(|next| next.key);
        if told == following.as_ref().map(|entry| entry.key) {
            return;
        }
        let following = following.filter(|entry| self.is_present(&entry.item));
        let next = following.map(|entry| self.hand_over(entry));
        self.effect(Effect::SetNext(next.as_ref().map(|loaded| track(loaded, 0.0))));
        if let Some(next) = &next {
            self.ask_track(&next.path);
        }
        self.playback.next = next;
    }

    /// The queue has ended or holds nothing playable: silence, back at its beginning.
    pub(super) fn stop(&mut self, now: Duration) -> Changed {
        self.playback.unload();
        self.playback.intent = Intent::Stopped;
        self.playback.position_s = 0.0;
        self.playback.source = None;
        self.playback.starving = false;
        self.playback.waiting = false;
        self.effect(Effect::Stop);
        self.save_resume(now);
        Changed::TRANSPORT | Changed::NOW | Changed::POSITION
    }

    pub(super) fn play(&mut self, now: Duration) -> Changed {
        if self.queue.is_empty() {
            return self.play_any_medium(now);
        }
        if self.is_playing() {
            return Changed::NONE;
        }
        self.playback.intent = Intent::Playing;
        let missing = self.current_item().is_some_and(|item| !self.is_present(item));
        if missing && !self.media.is_empty() {
            return self.play_any_medium(now);
        }
        if missing {
            self.playback.waiting = true;
            return self.say(now, "Waiting for the medium with this music") | Changed::TRANSPORT;
        }
        if self.playback.current.is_none() {
            return self.start_current(now, self.playback.position_s);
        }
        self.effect(Effect::SetPaused(false));
        self.save_resume(now);
        Changed::TRANSPORT
    }

    pub(super) fn pause(&mut self, now: Duration) -> Changed {
        if self.playback.intent != Intent::Playing {
            return Changed::NONE;
        }
        self.playback.intent = Intent::Paused;
        self.effect(Effect::SetPaused(true));
        self.save_resume(now);
        Changed::TRANSPORT
    }

    pub(super) fn seek(&mut self, now: Duration, to_s: f64) -> Changed {
        if !to_s.is_finite() || self.queue.is_empty() {
            return Changed::NONE;
        }
        let end = self.duration_s().unwrap_or(f64::MAX);
        let to_s = to_s.clamp(0.0, end.max(0.0));
        self.playback.position_s = to_s;
        if self.playback.current.is_some() {
            self.effect(Effect::Seek(to_s));
        }
        self.save_resume(now);
        Changed::POSITION
    }

    /// Seconds of the current track, from its tags or the engine.
    pub fn duration_s(&self) -> Option<f64> {
        let item = self.current_item()?;
        let tagged = self.tracks.get(&self.path_of(item)).and_then(|t| t.duration_s);
        let tagged = match item.slice {
            Some(slice) => {
                slice.end.map(|end| end.as_secs_f64()).or(tagged).map(|end| end - slice.start.as_secs_f64())
            }
            None => tagged,
        };
        let decoded = self.playback.source.as_ref().and_then(|source| source.duration_s);
        decoded.or(tagged).filter(|seconds| seconds.is_finite() && *seconds >= 0.0)
    }

    /// The engine was replaced: the same track again, from where it was.
    pub fn engine_replaced(&mut self, now: Duration) -> Changed {
        self.playback.unload();
        if self.is_playing() { self.start_current(now, self.playback.position_s) } else { Changed::NONE }
    }

    /// What the engine plays now.
    pub fn heard(&mut self, head: engine::Playhead) {
        let ours =
            self.playback.current.as_ref().is_some_and(|current| head.track == Some(TrackId(current.id)));
        if ours && head.position_s.is_finite() {
            let from_s = std::mem::replace(&mut self.playback.position_s, head.position_s.max(0.0));
            self.count(from_s, self.playback.position_s);
        }
    }
}
