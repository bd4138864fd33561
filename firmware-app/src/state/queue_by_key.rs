//! Edits of the queue by programs that name entries by their keys: exact, whatever somebody else has
//! changed meanwhile.

use std::collections::HashSet;
use std::ops::Range;
use std::time::Duration;

use protocol::Power;

use super::queue::{Entry, QUEUE_LIMIT, Queue};
use super::{Intent, Item, State};

/// An edit. Places count in playing order, from 0.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum QueueEdit {
    /// Silence; the queue and its current entry stay.
    Stop,
    /// Play an entry.
    Play(u64),
    /// Go to a position in an entry; plays it, unless it is the current one and paused.
    Seek { key: u64, to_s: f64 },
    /// Play the entry before the current one.
    Previous,
    /// Put these before the entry at a place, or at the end. Answers their keys. All or none.
    Insert { items: Vec<Item>, at: Option<usize> },
    /// Take these out; those that are gone already do not matter.
    Remove(Vec<u64>),
    /// Put these, in playing order, where the first of them then has the place `to`.
    Move { keys: Vec<u64>, to: usize },
    /// Each takes the other's place.
    Swap(u64, u64),
    /// A new random order for these places. Of the whole queue the current entry becomes the first.
    Shuffle(Range<usize>),
}

/// Why nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum QueueEditError {
    /// An entry is not in the queue any more.
    #[error("No such song")]
    Gone,
    /// There is no such place.
    #[error("Bad song index")]
    NoPlace,
    /// The queue has no room for them.
    #[error("The queue is full")]
    Full,
    /// The ignition is off.
    #[error("The unit is switched off")]
    Off,
}

impl Queue {
    /// All keys in playing order.
    pub fn keys(&self) -> Vec<u64> {
        self.order.iter().filter_map(|index| self.entries.get(*index)).map(|entry| entry.key).collect()
    }

    /// The place of an entry.
    pub fn place_of(&self, key: u64) -> Option<usize> {
        self.order.iter().position(|index| self.entries.get(*index).is_some_and(|entry| entry.key == key))
    }

    /// The current entry stays current. Keys of the new entries.
    fn insert_at(&mut self, items: Vec<Item>, at: usize) -> Vec<u64> {
        let count = items.len();
        let was_empty = self.is_empty();
        let after = match at.checked_sub(1).and_then(|before| self.order.get(before)) {
            Some(index) => index + 1,
            None => 0,
        };
        let new: Vec<Entry> = items.into_iter().map(|item| self.new_entry(item)).collect();
        let keys = new.iter().map(|entry| entry.key).collect();
        self.entries.splice(after..after, new);
        for index in self.order.iter_mut().filter(|index| **index >= after) {
            *index += count;
        }
        self.order.splice(at..at, after..after + count);
        if !was_empty && at <= self.at {
            self.at += count;
        }
        self.revision += 1;
        keys
    }

    /// Whether the current entry was among them. The first that follows it and stays becomes the current one.
    fn remove_keys(&mut self, keys: &HashSet<u64>) -> bool {
        let stays = |place: &usize| self.entry(*place).is_some_and(|entry| !keys.contains(&entry.key));
        let is_current = !self.is_empty() && !stays(&self.at);
        let following = (self.at..self.len()).find(stays);
        let following = following.or_else(|| (0..self.at).rev().find(stays));
        let current = following.and_then(|place| self.entry(place)).map(|entry| entry.key);
        let mut kept = Vec::with_capacity(self.entries.len());
        let mut moved = vec![None; self.entries.len()];
        for (index, entry) in std::mem::take(&mut self.entries).into_iter().enumerate() {
            if !keys.contains(&entry.key) {
                moved[index] = Some(kept.len());
                kept.push(entry);
            }
        }
        self.entries = kept;
        self.order = self.order.iter().filter_map(|index| moved.get(*index).copied().flatten()).collect();
        self.bad.retain(|key| !keys.contains(key));
        self.at = 0;
        if let Some(key) = current {
            self.select_key(key);
        }
        self.revision += 1;
        is_current
    }

    /// Another order of playing; without shuffle it is the queue's own.
    fn reorder(&mut self, change: impl FnOnce(&mut Self)) {
        let current = self.current().map(|entry| entry.key);
        change(self);
        if !self.shuffle {
            self.own_order_follows();
        }
        if let Some(key) = current {
            self.select_key(key);
        }
        self.revision += 1;
    }

    fn move_keys(&mut self, keys: &HashSet<u64>, to: usize) {
        self.reorder(|queue| {
            let is_moved =
                |index: &usize| queue.entries.get(*index).is_some_and(|entry| keys.contains(&entry.key));
            let (moved, mut rest): (Vec<usize>, Vec<usize>) =
                queue.order.iter().copied().partition(|index| is_moved(index));
            let to = to.min(rest.len());
            rest.splice(to..to, moved);
            queue.order = rest;
        });
    }

    fn shuffle_places(&mut self, places: Range<usize>) {
        self.reorder(|queue| {
            let is_whole = places == (0..queue.len());
            if is_whole && queue.at < queue.order.len() {
                queue.order.swap(0, queue.at);
            }
            let from = if is_whole { 1.min(places.end) } else { places.start };
            let Some(slice) = queue.order.get(from..places.end) else { return };
            let mut slice = slice.to_vec();
            queue.shuffle_slice(&mut slice);
            queue.order.splice(from..places.end, slice);
        });
    }
}

impl State {
    /// Carries out one edit; keys of new entries.
    pub fn edit_queue(&mut self, now: Duration, edit: QueueEdit) -> Result<Vec<u64>, QueueEditError> {
        let starts_sound = matches!(edit, QueueEdit::Play(_) | QueueEdit::Seek { .. } | QueueEdit::Previous);
        if starts_sound && self.power == Power::Off {
            return Err(QueueEditError::Off);
        }
        let place = |key| self.queue.place_of(key).ok_or(QueueEditError::Gone);
        match edit {
            QueueEdit::Stop if self.playback.intent == Intent::Stopped => {}
            QueueEdit::Stop => drop(self.stop(now)),
            QueueEdit::Play(key) => {
                let place = place(key)?;
                self.play_place(now, place);
            }
            QueueEdit::Seek { key, to_s } => {
                let place = place(key)?;
                self.seek_in(now, place, key, to_s);
            }
            QueueEdit::Previous => match self.queue.previous() {
                Some(place) => drop(self.play_place(now, place)),
                None => drop(self.play_place(now, self.queue.place())),
            },
            QueueEdit::Insert { items, at } => return self.insert_items(now, items, at),
            QueueEdit::Remove(keys) => {
                let keys: HashSet<u64> = keys.into_iter().collect();
                if self.queue.entries.iter().any(|entry| keys.contains(&entry.key)) {
                    let is_current = self.queue.remove_keys(&keys);
                    self.entries_removed(now, is_current);
                }
            }
            QueueEdit::Move { keys, to } => {
                for key in &keys {
                    place(*key)?;
                }
                self.queue.move_keys(&keys.into_iter().collect(), to);
                self.queue_changed(now);
            }
            QueueEdit::Swap(a, b) => {
                let (a, b) = (place(a)?, place(b)?);
                self.queue.reorder(|queue| queue.order.swap(a, b));
                self.queue_changed(now);
            }
            QueueEdit::Shuffle(places) => {
                if places.end > self.queue.len() || places.start > places.end {
                    return Err(QueueEditError::NoPlace);
                }
                self.queue.shuffle_places(places);
                self.queue_changed(now);
            }
        }
        Ok(Vec::new())
    }

    fn seek_in(&mut self, now: Duration, place: usize, key: u64, to_s: f64) {
        let is_loaded = self.playback.current.as_ref().is_some_and(|current| current.key == key);
        if is_loaded && place == self.queue.place() {
            self.seek(now, to_s);
            return;
        }
        self.queue.forgive(key);
        self.queue.select(place);
        self.playback.lost_at = None;
        self.start_current(now, to_s.max(0.0));
    }

    fn insert_items(
        &mut self,
        now: Duration,
        items: Vec<Item>,
        at: Option<usize>,
    ) -> Result<Vec<u64>, QueueEditError> {
        let len = self.queue.len();
        let at = at.unwrap_or(len);
        if at > len {
            return Err(QueueEditError::NoPlace);
        }
        if items.len() > QUEUE_LIMIT.saturating_sub(len) {
            return Err(QueueEditError::Full);
        }
        if items.is_empty() {
            return Ok(Vec::new());
        }
        let keys = self.queue.insert_at(items, at);
        self.queue_changed(now);
        Ok(keys)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;
    use crate::state::MediumRef;

    fn item(name: &str) -> Item {
        let medium: MediumRef = "m".into();
        Item::new(&medium, Path::new(name))
    }

    fn queue(names: &str) -> Queue {
        let mut queue = Queue::default();
        queue.replace(names.chars().map(|c| item(&c.to_string())).collect(), 0);
        queue
    }

    fn names(queue: &Queue) -> String {
        (0..queue.len())
            .filter_map(|place| queue.entry(place))
            .map(|entry| entry.item.relative.to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn entries_come_and_go_around_the_current_one() {
        let mut queue = queue("abcde");
        queue.select(2);
        let keys = queue.insert_at(vec![item("x"), item("y")], 1);
        assert_eq!((names(&queue).as_str(), queue.place(), keys.len()), ("axybcde", 4, 2));
        assert_eq!(queue.place_of(keys[1]), Some(2));
        queue.insert_at(vec![item("z")], 7);
        let all = queue.keys();
        assert!(!queue.remove_keys(&[all[0], all[7]].into()));
        assert_eq!((names(&queue).as_str(), queue.place()), ("xybcde", 3));
        let all = queue.keys();
        assert!(queue.remove_keys(&[all[3], all[4]].into()), "the current one and the next");
        assert_eq!((names(&queue).as_str(), queue.place()), ("xybe", 3));
        assert!(queue.remove_keys(&[all[5]].into()));
        assert_eq!((names(&queue).as_str(), queue.place()), ("xyb", 2));
        assert!(queue.remove_keys(&queue.keys().into_iter().collect()));
        assert!(queue.is_empty() && queue.place() == 0);
    }

    #[test]
    fn moves_and_swaps_are_by_key() {
        let mut queue = queue("abcde");
        queue.select(1);
        let keys = queue.keys();
        queue.move_keys(&[keys[0], keys[1]].into(), 2);
        assert_eq!((names(&queue).as_str(), queue.place()), ("cdabe", 3));
        queue.move_keys(&[keys[2]].into(), 99);
        assert_eq!(names(&queue), "dabec");
        queue.reorder(|queue| queue.order.swap(0, 4));
        assert_eq!((names(&queue).as_str(), queue.place()), ("cabed", 2));
    }

    #[test]
    fn a_shuffle_keeps_every_entry_and_what_plays() {
        let mut queue = queue("abcdefghij");
        queue.select(4);
        let before = queue.keys();
        queue.shuffle_places(0..10);
        assert_eq!((queue.place(), &names(&queue)[..1]), (0, "e"));
        let (mut after, order) = (queue.keys(), queue.keys());
        after.sort_unstable();
        assert_eq!(after, before);
        queue.shuffle_places(5..10);
        assert_eq!(queue.keys()[..5], order[..5]);
    }

    #[test]
    fn a_full_queue_takes_nothing() {
        let mut state = State::new();
        let many = |count: usize| (0..count).map(|_| item("a")).collect::<Vec<_>>();
        let insert = |items, at| QueueEdit::Insert { items, at };
        let keys = state.edit_queue(Duration::ZERO, insert(many(QUEUE_LIMIT - 1), None)).unwrap();
        assert_eq!(keys.len(), QUEUE_LIMIT - 1);
        let full = state.edit_queue(Duration::ZERO, insert(many(2), Some(0)));
        assert_eq!(full, Err(QueueEditError::Full));
        assert_eq!(state.queue.len(), QUEUE_LIMIT - 1);
        let beyond = state.edit_queue(Duration::ZERO, insert(many(1), Some(QUEUE_LIMIT)));
        assert_eq!(beyond, Err(QueueEditError::NoPlace));
    }

    #[test]
    fn an_edit_of_what_is_gone_says_so() {
        let mut state = State::new();
        for edit in [
            QueueEdit::Play(1),
            QueueEdit::Swap(1, 2),
            QueueEdit::Seek { key: 1, to_s: 0.0 },
            QueueEdit::Move { keys: vec![1], to: 0 },
        ] {
            assert_eq!(state.edit_queue(Duration::ZERO, edit), Err(QueueEditError::Gone));
        }
        let shuffle = QueueEdit::Shuffle(0..1);
        assert_eq!(state.edit_queue(Duration::ZERO, shuffle), Err(QueueEditError::NoPlace));
        state.power = Power::Off;
        assert_eq!(state.edit_queue(Duration::ZERO, QueueEdit::Previous), Err(QueueEditError::Off));
    }

    proptest! {
        #[test]
        fn the_order_stays_a_permutation(
            edits in prop::collection::vec((0_usize..5, 0_usize..9, 0_usize..9), 0..40),
            shuffle: bool,
        ) {
            let mut queue = queue("abcdef");
            queue.set_shuffle(shuffle);
            for (kind, a, b) in edits {
                let keys = queue.keys();
                let some: HashSet<u64> = [a, b].iter().filter_map(|at| keys.get(*at).copied()).collect();
                match kind {
                    0 => drop(queue.insert_at(vec![item("n"), item("m")], a.min(queue.len()))),
                    1 => drop(queue.remove_keys(&some)),
                    2 => queue.move_keys(&some, b),
                    3 => queue.shuffle_places(a.min(b).min(queue.len())..a.max(b).min(queue.len())),
                    _ => queue.set_shuffle(!queue.shuffle()),
                }
                let mut order = queue.order.clone();
                order.sort_unstable();
                prop_assert!(order.into_iter().eq(0..queue.len()));
                prop_assert!(queue.is_empty() || queue.place() < queue.len());
                let unique: HashSet<u64> = queue.keys().into_iter().collect();
                prop_assert_eq!(unique.len(), queue.len());
            }
        }
    }
}
