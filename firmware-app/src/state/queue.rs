//! The queue: entries in their own order, the order they are played in, and the place we are at.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use protocol::Repeat;

/// Most entries a queue holds; a bigger folder is cut here.
pub(crate) const QUEUE_LIMIT: usize = 10_000;

/// One entry. The key stays with it whatever happens to the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub key: u64,
    pub path: Arc<Path>,
}

/// What plays, what comes next, and what came before. A *place* counts in playing order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Queue {
    entries: Vec<Entry>,
    /// `order[place]` is an index into `entries`; always a permutation of them.
    order: Vec<usize>,
    at: usize,
    shuffle: bool,
    repeat: Repeat,
    seed: u64,
    revision: u64,
    next_key: u64,
    /// Entries that could not be played since the queue was filled.
    bad: HashSet<u64>,
}

impl Queue {
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The place of the current entry; 0 when empty.
    pub fn place(&self) -> usize {
        self.at
    }

    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// For a queue that takes the place of another one.
    pub fn set_revision(&mut self, revision: u64) {
        self.revision = revision;
    }

    pub fn shuffle(&self) -> bool {
        self.shuffle
    }

    pub fn repeat(&self) -> Repeat {
        self.repeat
    }

    pub fn seed(&self) -> u64 {
        self.seed
    }

    pub fn set_repeat(&mut self, repeat: Repeat) {
        self.repeat = repeat;
    }

    pub fn set_seed(&mut self, seed: u64) {
        self.seed = seed;
    }

    /// The entry at a place in playing order.
    pub fn entry(&self, place: usize) -> Option<&Entry> {
        self.entries.get(*self.order.get(place)?)
    }

    pub fn current(&self) -> Option<&Entry> {
        self.entry(self.at)
    }

    /// Paths in their own order, each with its place in playing order: what is stored.
    pub fn paths_and_places(&self) -> Vec<(PathBuf, usize)> {
        let mut places = vec![0; self.order.len()];
        for (place, index) in self.order.iter().enumerate() {
            places[*index] = place;
        }
        self.entries.iter().zip(places).map(|(entry, place)| (entry.path.to_path_buf(), place)).collect()
    }

    /// Replaces everything; `start` becomes the current entry, else the first one.
    pub fn replace(&mut self, paths: Vec<PathBuf>, start: Option<&Path>) {
        self.entries.clear();
        self.bad.clear();
        self.extend(paths);
        let first = start.and_then(|path| self.index_of(path)).unwrap_or(0);
        self.order = (0..self.entries.len()).collect();
        self.at = first;
        if self.shuffle {
            self.reshuffle(first);
        }
        self.revision += 1;
    }

    /// The same queue with more around its current entry: what was known of a folder before it was
    /// read gives way to what is in it. The current entry keeps its key and its verdict.
    pub fn refill(&mut self, paths: Vec<PathBuf>) {
        let Some(current) = self.current().cloned() else {
            return self.replace(paths, None);
        };
        let was_bad = self.bad.contains(&current.key);
        let mut paths = paths;
        paths.truncate(QUEUE_LIMIT);
        if !paths.iter().any(|path| **path == *current.path) {
            paths.insert(0, current.path.to_path_buf());
        }
        self.replace(paths, Some(&current.path));
        let index = self.order.get(self.at).copied().unwrap_or(0);
        if let Some(entry) = self.entries.get_mut(index) {
            entry.key = current.key;
        }
        if was_bad {
            self.bad.insert(current.key);
        }
    }

    /// Adds entries after all others; they are played last, shuffled among themselves if at all.
    pub fn append(&mut self, paths: Vec<PathBuf>) {
        let from = self.entries.len();
        self.extend(paths);
        let mut added: Vec<usize> = (from..self.entries.len()).collect();
        if self.shuffle {
            self.shuffle_slice(&mut added);
        }
        self.order.extend(added);
        self.revision += 1;
    }

    /// A queue as it was stored: places that are not a permutation give way to the natural order.
    pub fn restore(&mut self, paths: Vec<(PathBuf, usize)>, at: usize, shuffle: bool) {
        let (paths, places): (Vec<_>, Vec<_>) = paths.into_iter().take(QUEUE_LIMIT).unzip();
        self.replace(paths, None);
        self.shuffle = shuffle;
        let mut order = vec![usize::MAX; self.entries.len()];
        for (index, place) in places.into_iter().enumerate() {
            if let Some(slot) = order.get_mut(place) {
                *slot = index;
            }
        }
        if order.contains(&usize::MAX) {
            order = (0..self.entries.len()).collect();
        }
        self.order = order;
        self.at = if at < self.entries.len() { at } else { 0 };
    }

    pub fn clear(&mut self) {
        self.replace(Vec::new(), None);
    }

    /// The current entry stays current; with shuffle it is moved to the front of a new order.
    pub fn set_shuffle(&mut self, on: bool) {
        if self.shuffle == on {
            return;
        }
        self.shuffle = on;
        let index = self.order.get(self.at).copied().unwrap_or(0);
        if on {
            self.reshuffle(index);
        } else {
            self.order = (0..self.entries.len()).collect();
            self.at = index;
        }
        self.revision += 1;
    }

    /// Goes to a place; false if there is none.
    pub fn select(&mut self, place: usize) -> bool {
        let exists = place < self.entries.len();
        if exists {
            self.at = place;
        }
        exists
    }

    /// Goes to the entry with this key; false if it is not in the queue any more.
    pub fn select_key(&mut self, key: u64) -> bool {
        let found =
            self.order.iter().position(|index| self.entries.get(*index).is_some_and(|e| e.key == key));
        found.is_some_and(|place| self.select(place))
    }

    /// Where playing goes on by itself after the current entry; `None` at the end.
    pub fn following(&self) -> Option<usize> {
        let current_is_good = self.current().is_some_and(|entry| !self.bad.contains(&entry.key));
        if self.repeat == Repeat::One && current_is_good {
            return Some(self.at);
        }
        let after = (self.at + 1..self.len()).find(|place| self.is_good(*place));
        let wraps = self.repeat != Repeat::Off;
        after.or_else(|| (0..=self.at).find(|place| wraps && self.is_good(*place)))
    }

    /// Where the next key goes: as [`Self::following`], but repeating one track does not hold it.
    pub fn next(&self) -> Option<usize> {
        let after = (self.at + 1..self.len()).find(|place| self.is_good(*place));
        let wraps = self.repeat != Repeat::Off;
        after.or_else(|| (0..self.at).find(|place| wraps && self.is_good(*place)))
    }

    /// Where the previous key goes.
    pub fn previous(&self) -> Option<usize> {
        let before = (0..self.at).rev().find(|place| self.is_good(*place));
        let wraps = self.repeat != Repeat::Off;
        before.or_else(|| (self.at + 1..self.len()).rev().find(|place| wraps && self.is_good(*place)))
    }

    pub fn mark_bad(&mut self, key: u64) {
        self.bad.insert(key);
    }

    /// The entry was chosen again by hand, or its medium came back: it gets another try.
    pub fn forgive(&mut self, key: u64) {
        self.bad.remove(&key);
    }

    pub fn forgive_all(&mut self) {
        self.bad.clear();
    }

    /// Nothing in the queue could be played.
    pub fn is_all_bad(&self) -> bool {
        !self.is_empty() && !(0..self.len()).any(|place| self.is_good(place))
    }

    fn is_good(&self, place: usize) -> bool {
        self.entry(place).is_some_and(|entry| !self.bad.contains(&entry.key))
    }

    fn index_of(&self, path: &Path) -> Option<usize> {
        self.entries.iter().position(|entry| *entry.path == *path)
    }

    fn extend(&mut self, paths: Vec<PathBuf>) {
        let room = QUEUE_LIMIT.saturating_sub(self.entries.len());
        for path in paths.into_iter().take(room) {
            self.next_key += 1;
            self.entries.push(Entry { key: self.next_key, path: path.into() });
        }
    }

    fn reshuffle(&mut self, first: usize) {
        let mut rest: Vec<usize> = (0..self.entries.len()).filter(|index| *index != first).collect();
        self.shuffle_slice(&mut rest);
        self.order = if self.entries.is_empty() { Vec::new() } else { vec![first] };
        self.order.extend(rest);
        self.at = 0;
    }

    /// Fisher-Yates with splitmix64 (Steele, Lea, Flood 2014): the same seed gives the same order.
    fn shuffle_slice(&mut self, slice: &mut [usize]) {
        for last in (1..slice.len()).rev() {
            self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.seed;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^= z >> 31;
            let bound = u64::try_from(last).unwrap_or(u64::MAX - 1) + 1;
            slice.swap(last, usize::try_from(z % bound).unwrap_or(0));
        }
    }
}

#[cfg(test)]
#[path = "queue_tests.rs"]
mod tests;
