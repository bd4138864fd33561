//! Media: what is plugged in, which of them a path lies on, and going from one to the next.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use hal::MediaEvent;
use protocol::{Changed, Power};

use super::{Effect, Intent, Item, MediumRef, Request, State};
use crate::store::{Left, Save};

/// Media that were plugged in before the start are mounted by then, however slow they are.
const MOUNTED_BY: Duration = Duration::from_secs(15);
/// Media whose last mount point is remembered.
pub(crate) const HOMES: usize = 64;

/// A stick, a card, a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Medium {
    /// The same whenever and wherever it is plugged in.
    pub id: MediumRef,
    pub name: String,
    pub path: PathBuf,
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
            MediaEvent::Plugged { name, path, id } => {
                self.plugged(now, Medium { id: id.as_str().into(), name, path })
            }
            MediaEvent::Yanked { name } => self.yanked(now, &name),
        }
    }

    fn plugged(&mut self, now: Duration, medium: Medium) -> Changed {
        if self.media.iter().any(|known| known.path == medium.path || known.id == medium.id) {
            return Changed::NONE;
        }
        self.tracks.forget_below(&medium.path);
        self.remember_home(&medium);
        self.media.push(medium.clone());
        self.adopt(&medium);
        self.media_changed(now, &medium.id);
        let is_on_it = self.current_item().is_some_and(|item| item.medium == medium.id);
        let changed = match self.queue.is_empty() {
            false if self.playback.waiting && is_on_it => self.medium_is_back(now),
            false if self.is_forlorn(now) => {
                self.source_appeared(now, &medium);
                Changed::NONE
            }
            true if self.autoplay && self.collects.is_empty() && self.power == Power::On => {
                self.source_appeared(now, &medium);
                Changed::NONE
            }
            _ => Changed::NONE,
        };
        changed | Changed::PAGE | Changed::LIBRARY
    }

    /// A medium that is to be heard: from where it was left, else from its first track.
    fn source_appeared(&mut self, now: Duration, medium: &Medium) {
        self.leave_source(&medium.id);
        if !self.go_on_where_left(now, medium) {
            self.collect_source(medium.path.clone(), 0);
        }
    }

    /// What is kept in memory and on the disk of where media are mounted: enough to say where music was.
    fn remember_home(&mut self, medium: &Medium) {
        if self.homes.get(&medium.id) == Some(&medium.path) {
            return;
        }
        if self.homes.len() >= HOMES {
            let is_away = |id: &MediumRef| self.media.iter().all(|known| known.id != *id);
            let any = self.homes.keys().find(|id| is_away(id)).cloned();
            any.map(|id| self.homes.remove(&id));
        }
        self.homes.insert(Arc::clone(&medium.id), medium.path.clone());
        self.effect(Effect::Save(Save::Home { medium: Arc::clone(&medium.id), root: medium.path.clone() }));
    }

    /// Music stored by an older program names a path alone: it belongs to the medium that is found there.
    fn adopt(&mut self, medium: &Medium) {
        let adopted = |item: &Item| {
            let relative =
                item.relative.strip_prefix(&medium.path).ok().filter(|_| item.medium.is_empty())?;
            Some(Item { medium: Arc::clone(&medium.id), relative: relative.into(), ..item.clone() })
        };
        self.queue.rename(adopted);
        for key in self.keys.iter_mut().flatten() {
            if let Some(item) = adopted(key) {
                *key = item;
            }
        }
    }

    /// What everybody has to know of a medium that came or went.
    fn media_changed(&mut self, now: Duration, medium: &MediumRef) {
        self.queue.set_present(self.media.iter().map(|medium| Arc::clone(&medium.id)).collect());
        self.queue.forgive_on(medium);
        self.tell_media(now);
        if self.playback.source.is_some() {
            self.prepare_next();
        }
    }

    /// Music of a medium that is not there is wanted, and has been for long enough: the medium that
    /// comes now was plugged in by hand, to be heard.
    fn is_forlorn(&self, now: Duration) -> bool {
        let is_wanted = self.playback.intent == Intent::Playing && self.power == Power::On;
        self.autoplay && self.playback.waiting && is_wanted && now > MOUNTED_BY && self.collects.is_empty()
    }

    fn medium_is_back(&mut self, now: Duration) -> Changed {
        self.playback.waiting = false;
        if self.playback.intent == Intent::Playing && self.power == Power::On {
            return self.start_current(now, self.playback.position_s);
        }
        if let Some(current) = self.current_path() {
            self.ask_track(&current);
            self.effect(Effect::Read(Request::Art(current)));
        }
        Changed::TRANSPORT
    }

    fn yanked(&mut self, now: Duration, name: &str) -> Changed {
        let Some(at) = self.media.iter().position(|medium| medium.name == name) else { return Changed::NONE };
        let gone = self.media.remove(at);
        let lost = self.playback.lost_at.take();
        let here = self.queue.current().map(|entry| (entry.key, self.playback.position_s));
        // The engine may have gone on to another medium's track when this one's files went missing.
        let of_it = |key: u64| self.queue.by_key(key).is_some_and(|entry| entry.item.medium == gone.id);
        let place = lost.filter(|(key, _)| of_it(*key)).or(here.filter(|(key, _)| of_it(*key)));
        self.media_changed(now, &gone.id);
        let changed = Changed::PAGE | Changed::LIBRARY;
        let Some((key, position_s)) = place else { return changed };
        self.forget_collects();
        changed | self.wait_for_medium(now, key, position_s) | self.say(now, format!("“{name}” was removed"))
    }

    /// Keeps the place on the current medium when music of another one is chosen.
    pub(super) fn leave_source(&mut self, other: &MediumRef) {
        let Some(current) = self.current_item().map(|item| Arc::clone(&item.medium)) else { return };
        if current == *other || current.is_empty() {
            return;
        }
        let position_s = self.playback.position_s;
        let left = Left {
            medium: Arc::clone(&current),
            place: self.queue.place(),
            position_s,
            entries: self.queue.items_and_places().map(|(item, place)| (item.clone(), place)).collect(),
        };
        self.effect(Effect::Save(Save::Left(left)));
        if let Some(oldest) = self.left.keep(current, self.queue.clone(), position_s) {
            self.effect(Effect::Save(Save::NotLeft(oldest)));
        }
    }

    /// Takes the music up where this medium was left; false if it never was.
    fn go_on_where_left(&mut self, now: Duration, medium: &Medium) -> bool {
        let Some((queue, position_s)) = self.left.take(&medium.id) else { return false };
        self.forget_collects();
        self.take_queue(queue);
        self.effect(Effect::Save(Save::NotLeft(Arc::clone(&medium.id))));
        self.start_current(now, position_s);
        true
    }

    pub(super) fn next_source(&mut self, now: Duration) -> Changed {
        let here = self.current_item().filter(|item| self.is_present(item)).map(|item| item.medium.clone());
        match (self.media.len(), here) {
            (0, _) => self.say(now, "No medium with music: plug in a stick"),
            (_, None) => self.play_any_medium(now),
            (1, _) => self.say(now, "There is no other source"),
            (count, Some(here)) => self.go_to_source_after(now, &here, count - 2),
        }
    }

    fn go_to_source_after(&mut self, now: Duration, here: &MediumRef, left: usize) -> Changed {
        let Some(next) = self.medium_after(|medium| medium.id == *here) else { return Changed::NONE };
        self.leave_source(&next.id);
        if self.go_on_where_left(now, &next) {
            return Changed::ALL;
        }
        self.collect_source(next.path.clone(), left);
        self.say(now, next.name)
    }

    /// The medium tried before holds no music.
    pub(super) fn try_source_after(&mut self, tried: &Path, left: usize) {
        if let Some(next) = self.medium_after(|medium| medium.path == tried) {
            self.collect_source(next.path, left - 1);
        }
    }

    fn medium_after(&self, is_it: impl Fn(&Medium) -> bool) -> Option<Medium> {
        let at = self.media.iter().position(is_it)?;
        self.media.get((at + 1) % self.media.len()).cloned()
    }

    pub(super) fn play_any_medium(&mut self, now: Duration) -> Changed {
        let Some(medium) = self.media.first().cloned() else {
            return self.say(now, "No medium with music: plug in a stick");
        };
        self.leave_source(&medium.id);
        if self.go_on_where_left(now, &medium) {
            return Changed::ALL;
        }
        self.collect_source(medium.path, self.media.len() - 1);
        Changed::NONE
    }

    /// Another queue under the current modes; listeners see that its entries are others.
    fn take_queue(&mut self, queue: super::Queue) {
        let (shuffle, repeat) = (self.queue.shuffle(), self.queue.repeat());
        let revision = self.queue.revision();
        self.queue = queue;
        self.queue.set_present(self.media.iter().map(|medium| Arc::clone(&medium.id)).collect());
        self.queue.set_revision(revision + 1);
        self.queue.set_repeat(repeat);
        self.queue.set_shuffle(shuffle);
    }
}
