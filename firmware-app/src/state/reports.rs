//! What the engine reports, and how playing goes on after it.

use std::path::Path;
use std::time::Duration;

use engine::{SourceInfo, TrackError, TrackId};
use protocol::Changed;
use protocol::cloud::UsageKind;

use super::playback::Loaded;
use super::{Effect, State, short_name};

/// A track that breaks off within this time of its start is not tried again.
const BROKEN_AT_ONCE_S: f64 = 5.0;

impl State {
    /// One report of the engine.
    pub fn engine_event(&mut self, now: Duration, event: engine::Event) -> Changed {
        match event {
            engine::Event::Started { track, info } => self.started(now, track, info),
            engine::Event::Failed { track, error } => self.failed(now, track, &error),
            engine::Event::Broken { track, error } => self.broken(now, track, &error),
            engine::Event::Finished { track } => self.finished(now, track),
        }
    }

    fn started(&mut self, now: Duration, track: TrackId, info: SourceInfo) -> Changed {
        let Some(loaded) = self.playback.find(track).cloned() else { return Changed::NONE };
        let is_other = self.playback.current.as_ref().is_none_or(|current| current.id != loaded.id);
        if is_other {
            self.queue.select_key(loaded.key);
            self.playback.position_s = 0.0;
        }
        self.queue.forgive(loaded.key);
        self.playback.lost_at = None;
        if self.playback.source.replace(info).is_none() {
            self.sound_has_started(now);
        }
        if self.playback.next.as_ref().is_some_and(|next| next.id == loaded.id) {
            self.playback.next = None;
            // It follows without a gap: the one before was heard to its end.
            self.count_use(now, UsageKind::TracksFinished);
        }
        self.playback.current = Some(loaded.clone());
        self.prepare_next();
        self.ask_track(&loaded.path);
        self.effect(Effect::Read(super::Request::Art(loaded.path)));
        if is_other {
            self.begin_counting();
            self.save_resume(now);
        }
        Changed::NOW | Changed::TRANSPORT | Changed::QUEUE | Changed::POSITION
    }

    fn failed(&mut self, now: Duration, track: TrackId, error: &TrackError) -> Changed {
        let Some(loaded) = self.playback.find(track).cloned() else { return Changed::NONE };
        self.note_loss(&loaded, error);
        self.queue.mark_bad(loaded.key);
        let name = short_name(&loaded.path);
        let mut changed = self.say(now, format!("Skipped “{name}”: {error}"));
        let is_current = self.playback.current.as_ref().is_some_and(|current| current.id == loaded.id);
        if is_current {
            changed |= self.go_on(now);
        } else if self.playback.next.as_ref().is_some_and(|next| next.id == loaded.id) {
            self.playback.next = None;
            self.prepare_next();
        }
        changed
    }

    fn broken(&mut self, now: Duration, track: TrackId, error: &TrackError) -> Changed {
        let Some(loaded) = self.playback.find(track).cloned() else { return Changed::NONE };
        self.note_loss(&loaded, error);
        if self.playback.position_s < BROKEN_AT_ONCE_S {
            self.queue.mark_bad(loaded.key);
        }
        self.prepare_next();
        let name = short_name(&loaded.path);
        self.say(now, format!("“{name}” breaks off: {error}"))
    }

    fn finished(&mut self, now: Duration, track: TrackId) -> Changed {
        if self.playback.find(track).is_none() {
            return Changed::NONE;
        }
        self.count_use(now, UsageKind::TracksFinished);
        self.go_on(now)
    }

    /// The engine has nothing more to play: the following entry, or the end.
    fn go_on(&mut self, now: Duration) -> Changed {
        if let Some(place) = self.queue.following() {
            self.queue.select(place);
            return self.start_current(now, 0.0);
        }
        if self.is_filling() {
            self.playback.unload();
            self.playback.starving = true;
            return Changed::NONE;
        }
        self.end_of_queue(now)
    }

    /// Nothing follows: the end of the queue, or nothing in it can be played.
    pub(super) fn end_of_queue(&mut self, now: Duration) -> Changed {
        if let Some((key, position_s)) = self.playback.lost_at.take() {
            return self.wait_for_medium(now, key, position_s);
        }
        self.queue.select(0);
        let mut changed = self.stop(now) | Changed::QUEUE;
        if self.queue.is_all_bad() {
            changed |= self.say(now, "No playable music in this folder");
        }
        changed
    }

    /// Files are missing one after the other: the medium was probably pulled before its driver said
    /// so. The place is kept; a medium that comes back goes on there.
    pub(super) fn wait_for_medium(&mut self, now: Duration, key: u64, position_s: f64) -> Changed {
        let intent = self.playback.intent;
        self.queue.select_key(key);
        self.queue.forgive_all();
        let changed = self.stop(now);
        self.playback.intent = intent;
        self.playback.position_s = position_s;
        self.playback.waiting = true;
        self.save_resume(now);
        changed | Changed::QUEUE | self.say(now, "The music is no longer there")
    }

    fn note_loss(&mut self, loaded: &Loaded, error: &TrackError) {
        if *error != TrackError::Missing {
            return;
        }
        // A next track that cannot be opened is told seconds before the current one, of which the engine
        // has read ahead, falls silent: what was heard meanwhile is not heard again.
        let current = self.playback.current.as_ref().map_or(loaded.key, |current| current.key);
        match &mut self.playback.lost_at {
            Some((key, position_s)) if *key == current => *position_s = self.playback.position_s,
            Some(_) => {}
            None => self.playback.lost_at = Some((current, self.playback.position_s)),
        }
    }

    /// Asks for a file's tags, once.
    pub(super) fn ask_track(&mut self, path: &Path) {
        if self.tracks.ask(path) {
            self.effect(Effect::Read(super::Request::Track(path.to_path_buf())));
        }
    }

    /// Asks for the tags of these entries of the queue, unless they are known or asked for.
    pub fn ask_entries(&mut self, places: std::ops::Range<usize>) {
        for place in places {
            let path = self.queue.entry(place).map(|entry| self.path_of(&entry.item));
            if let Some(path) = path {
                self.ask_track(&path);
            }
        }
    }

    /// The tags of a file were read; a file that says nothing is shown by its name.
    pub fn track_read(&mut self, now: Duration, path: &Path, info: Option<library::TrackInfo>) -> Changed {
        self.tracks.answer(path, info.unwrap_or_default());
        self.gain_known(now, path);
        Changed::NOW | Changed::QUEUE | Changed::PAGE
    }

    /// The art of a file was read. Art of a track that no longer plays is dropped.
    pub fn art_read(&mut self, path: &Path, art: Option<library::Art>) -> Changed {
        if self.current_path().as_deref() != Some(path) {
            return Changed::NONE;
        }
        let known = self.cover.as_ref().map(|cover| cover.hash.clone());
        if known.is_some() && known == art.as_ref().map(|art| art.hash.clone()) {
            return Changed::NONE;
        }
        self.cover = art.map(|art| {
            std::sync::Arc::new(crate::screen::Cover {
                hash: art.hash,
                width: art.width,
                height: art.height,
                rgba: art.rgba,
                accent: art.accent,
                path: path.to_path_buf(),
            })
        });
        Changed::NOW
    }
}
