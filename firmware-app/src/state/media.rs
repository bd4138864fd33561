//! Media: what is plugged in, which of them a path lies on, and going from one to the next.

use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use hal::MediaEvent;
use protocol::{Changed, Power};

use super::{Intent, State};

/// Media that were plugged in before the start are mounted by then, however slow they are.
const MOUNTED_BY: Duration = Duration::from_secs(15);

/// A stick, a card, a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Medium {
    pub name: String,
    pub path: PathBuf,
    /// The same whenever and wherever it is plugged in.
    pub id: String,
}

impl State {
    /// The medium a path lies on, by its parts alone; `..` leads nowhere.
    pub fn medium_of(&self, path: &Path) -> Option<&Medium> {
        if path.components().any(|part| part == Component::ParentDir) {
            return None;
        }
        let on = self.media.iter().filter(|medium| path.starts_with(&medium.path));
        on.max_by_key(|medium| medium.path.as_os_str().len())
    }

    /// A medium came or went.
    pub fn media_event(&mut self, now: Duration, event: MediaEvent) -> Changed {
        match event {
            MediaEvent::Plugged { name, path, id } => self.plugged(now, Medium { name, path, id }),
            MediaEvent::Yanked { name } => self.yanked(now, &name),
        }
    }

    fn plugged(&mut self, now: Duration, medium: Medium) -> Changed {
        if self.media.iter().any(|known| known.path == medium.path) {
            return Changed::NONE;
        }
        self.tracks.forget_below(&medium.path);
        self.media.push(medium.clone());
        let current = self.current_path().map(Path::to_path_buf);
        match current {
            Some(current) if self.playback.waiting && current.starts_with(&medium.path) => {
                Changed::PAGE | self.medium_is_back(now, &current)
            }
            Some(_) if self.is_forlorn(now) => {
                self.collect_source(medium.path, 0);
                Changed::PAGE
            }
            None if self.autoplay && self.collects.is_empty() && self.power == Power::On => {
                self.collect_source(medium.path, 0);
                Changed::PAGE
            }
            _ => Changed::PAGE,
        }
    }

    /// Music of a medium that is not there is wanted, and has been for long enough: the medium that
    /// comes now was plugged in by hand, to be heard.
    fn is_forlorn(&self, now: Duration) -> bool {
        let is_wanted = self.playback.intent == Intent::Playing && self.power == Power::On;
        self.autoplay && self.playback.waiting && is_wanted && now > MOUNTED_BY && self.collects.is_empty()
    }

    fn medium_is_back(&mut self, now: Duration, current: &Path) -> Changed {
        self.playback.waiting = false;
        self.queue.forgive_all();
        if self.playback.intent == Intent::Playing && self.power == Power::On {
            return self.start_current(now, self.playback.position_s);
        }
        self.ask_track(current);
        self.effect(super::Effect::Read(super::Request::Art(current.to_path_buf())));
        Changed::TRANSPORT
    }

    fn yanked(&mut self, now: Duration, name: &str) -> Changed {
        let Some(at) = self.media.iter().position(|medium| medium.name == name) else { return Changed::NONE };
        let gone = self.media.remove(at);
        self.left.remove(&gone.path);
        let lost = self.playback.lost_at.take();
        let is_on_it = |path: &Path| path.starts_with(&gone.path);
        if !self.current_path().is_some_and(is_on_it) {
            return Changed::PAGE;
        }
        self.forget_collects();
        let here = self.queue.current().map(|entry| (entry.key, self.playback.position_s));
        let Some((key, position_s)) = lost.or(here) else { return Changed::PAGE };
        let changed = self.wait_for_medium(now, key, position_s);
        changed | Changed::PAGE | self.say(now, format!("“{name}” was removed"))
    }

    /// Keeps the place on the current medium when music of another one is chosen.
    pub(super) fn leave_source(&mut self, other: &Path) {
        let Some(current) = self.current_path().and_then(|path| self.medium_of(path)).cloned() else {
            return;
        };
        if self.medium_of(other) != Some(&current) {
            self.left.insert(current.path, (self.queue.clone(), self.playback.position_s));
        }
    }

    pub(super) fn next_source(&mut self, now: Duration) -> Changed {
        let here = self.current_path().and_then(|path| self.medium_of(path)).map(|m| m.path.clone());
        match (self.media.len(), here) {
            (0, _) => self.say(now, "No medium with music: plug in a stick"),
            (_, None) => self.play_any_medium(now),
            (1, _) => self.say(now, "There is no other source"),
            (count, Some(here)) => self.go_to_source_after(now, &here, count - 2),
        }
    }

    fn go_to_source_after(&mut self, now: Duration, here: &Path, left: usize) -> Changed {
        let Some(next) = self.medium_after(here) else { return Changed::NONE };
        self.leave_source(&next.path);
        if let Some((queue, position_s)) = self.left.remove(&next.path) {
            self.forget_collects();
            self.take_queue(queue);
            return self.start_current(now, position_s);
        }
        self.collect_source(next.path.clone(), left);
        self.say(now, next.name)
    }

    /// The medium tried before holds no music.
    pub(super) fn try_source_after(&mut self, tried: &Path, left: usize) {
        if let Some(next) = self.medium_after(tried) {
            self.collect_source(next.path, left - 1);
        }
    }

    fn medium_after(&self, path: &Path) -> Option<Medium> {
        let at = self.media.iter().position(|medium| medium.path == path)?;
        self.media.get((at + 1) % self.media.len()).cloned()
    }

    pub(super) fn play_any_medium(&mut self, now: Duration) -> Changed {
        match self.media.first().cloned() {
            Some(medium) => {
                self.collect_source(medium.path, self.media.len() - 1);
                Changed::NONE
            }
            None => self.say(now, "No medium with music: plug in a stick"),
        }
    }

    /// Another queue under the current modes; listeners see that its entries are others.
    fn take_queue(&mut self, queue: super::Queue) {
        let (shuffle, repeat) = (self.queue.shuffle(), self.queue.repeat());
        let revision = self.queue.revision();
        self.queue = queue;
        self.queue.set_revision(revision + 1);
        self.queue.set_repeat(repeat);
        self.queue.set_shuffle(shuffle);
    }
}
