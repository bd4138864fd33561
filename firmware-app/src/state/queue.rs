//! The queue: entries in their own order, the order they are played in, and the place we are at.

use std::collections::HashSet;

use protocol::Repeat;

use super::{Item, MediumRef};

/// Most entries a queue holds; a bigger folder is cut here.
pub(crate) const QUEUE_LIMIT: usize = 10_000;

/// One entry. The key stays with it whatever happens to the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub key: u64,
    pub item: Item,
}

/// What plays, what comes next, and what came before. A *place* counts in playing order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Queue {
    pub(super) entries: Vec<Entry>,
    /// `order[place]` is an index into `entries`; always a permutation of them.
    pub(super) order: Vec<usize>,
    pub(super) at: usize,
    pub(super) shuffle: bool,
    repeat: Repeat,
    seed: u64,
    pub(super) revision: u64,
    next_key: u64,
    /// Entries that could not be played since the queue was filled.
    pub(super) bad: HashSet<u64>,
    /// Media that are plugged in; entries of others are passed over while there are any of these.
    present: Vec<MediumRef>,
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

    /// The entry with this key.
    pub fn by_key(&self, key: u64) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    pub fn current(&self) -> Option<&Entry> {
        self.entry(self.at)
    }

    /// Entries in their own order, each with its place in playing order: what is stored.
    pub fn items_and_places(&self) -> impl Iterator<Item = (&Item, usize)> {
        let mut places = vec![0; self.order.len()];
        for (place, index) in self.order.iter().enumerate() {
            places[*index] = place;
        }
        self.entries.iter().map(|entry| &entry.item).zip(places)
    }

    /// Replaces everything; the entry at `start` (in the order given) becomes the current one.
    pub fn replace(&mut self, items: Vec<Item>, start: usize) {
        self.entries.clear();
        self.bad.clear();
        self.extend(items);
        let first = if start < self.entries.len() { start } else { 0 };
        self.order = (0..self.entries.len()).collect();
        self.at = first;
        if self.shuffle {
            self.reshuffle(first);
        }
        self.revision += 1;
    }

    /// The same queue with more around its current entry: what was known of a folder before it was
    /// read gives way to what is in it. The current entry keeps its key and its verdict.
    pub fn refill(&mut self, mut items: Vec<Item>) {
        let Some(current) = self.current().cloned() else {
            return self.replace(items, 0);
        };
        let was_bad = self.bad.contains(&current.key);
        items.truncate(QUEUE_LIMIT);
        let start = items.iter().position(|item| item.is_same(&current.item)).unwrap_or_else(|| {
            items.insert(0, current.item.clone());
            0
        });
        self.replace(items, start);
        let index = self.order.get(self.at).copied().unwrap_or(0);
        if let Some(entry) = self.entries.get_mut(index) {
            entry.key = current.key;
        }
        if was_bad {
            self.bad.insert(current.key);
        }
    }

    /// Adds entries after all others; they are played last, shuffled among themselves if at all.
    pub fn append(&mut self, items: Vec<Item>) {
        let from = self.entries.len();
        self.extend(items);
        let mut added: Vec<usize> = (from..self.entries.len()).collect();
        if self.shuffle {
            self.shuffle_slice(&mut added);
        }
        self.order.extend(added);
        self.revision += 1;
    }

    /// A queue as it was stored: places that are not a permutation give way to the natural order.
    pub fn restore(&mut self, items: Vec<(Item, usize)>, at: usize, shuffle: bool) {
        let (items, places): (Vec<_>, Vec<_>) = items.into_iter().take(QUEUE_LIMIT).unzip();
        self.replace(items, 0);
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
        self.replace(Vec::new(), 0);
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
        let wraps = self.repeat != Repeat::Off;
        self.find((self.at + 1..self.len()).chain((0..=self.at).filter(|_| wraps)))
    }

    /// Where the next key goes: as [`Self::following`], but repeating one track does not hold it.
    pub fn next(&self) -> Option<usize> {
        let wraps = self.repeat != Repeat::Off;
        self.find((self.at + 1..self.len()).chain((0..self.at).filter(|_| wraps)))
    }

    /// Where the previous key goes.
    pub fn previous(&self) -> Option<usize> {
        let wraps = self.repeat != Repeat::Off;
        self.find((0..self.at).rev().chain((self.at + 1..self.len()).rev().filter(|_| wraps)))
    }

    /// The first of these places that can be played; one whose medium is away only if all are.
    fn find(&self, mut places: impl Iterator<Item = usize> + Clone) -> Option<usize> {
        let here = places.clone().find(|place| self.is_good(*place) && self.is_here(*place));
        here.or_else(|| places.find(|place| self.is_good(*place) && !self.is_any_here()))
    }

    fn is_here(&self, place: usize) -> bool {
        self.entry(place).is_some_and(|entry| self.present.contains(&entry.item.medium))
    }

    fn is_any_here(&self) -> bool {
        self.entries.iter().any(|entry| self.present.contains(&entry.item.medium))
    }

    /// Which media are plugged in now.
    pub fn set_present(&mut self, media: Vec<MediumRef>) {
        self.present = media;
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

    /// A medium came or went: what its files were found to be while it was pulled means nothing.
    pub fn forgive_on(&mut self, medium: &MediumRef) {
        let on_it = self.entries.iter().filter(|entry| entry.item.medium == *medium);
        for key in on_it.map(|entry| entry.key).collect::<Vec<_>>() {
            self.bad.remove(&key);
        }
    }

    /// Changes every item in its place; nobody sees another queue.
    pub fn rename(&mut self, name: impl Fn(&Item) -> Option<Item>) {
        for entry in &mut self.entries {
            if let Some(item) = name(&entry.item) {
                entry.item = item;
            }
        }
    }

    /// Nothing in the queue could be played.
    pub fn is_all_bad(&self) -> bool {
        !self.is_empty() && !(0..self.len()).any(|place| self.is_good(place))
    }

    fn is_good(&self, place: usize) -> bool {
        self.entry(place).is_some_and(|entry| !self.bad.contains(&entry.key))
    }

    fn extend(&mut self, items: Vec<Item>) {
        let room = QUEUE_LIMIT.saturating_sub(self.entries.len());
        for item in items.into_iter().take(room) {
            let entry = self.new_entry(item);
            self.entries.push(entry);
        }
    }

    pub(super) fn new_entry(&mut self, item: Item) -> Entry {
        self.next_key += 1;
        Entry { key: self.next_key, item }
    }

    /// The order of playing becomes the queue's own.
    pub(super) fn own_order_follows(&mut self) {
        self.entries = self.order.iter().filter_map(|index| self.entries.get(*index)).cloned().collect();
        self.order = (0..self.entries.len()).collect();
    }

    fn reshuffle(&mut self, first: usize) {
        let mut rest: Vec<usize> = (0..self.entries.len()).filter(|index| *index != first).collect();
        self.shuffle_slice(&mut rest);
        self.order = if self.entries.is_empty() { Vec::new() } else { vec![first] };
        self.order.extend(rest);
        self.at = 0;
    }

    /// Fisher-Yates with splitmix64 (Steele, Lea, Flood 2014): the same seed gives the same order.
    pub(super) fn shuffle_slice(&mut self, slice: &mut [usize]) {
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
