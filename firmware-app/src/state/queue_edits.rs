//! Edits of the queue by hand: entries put next, taken out and moved.

use super::Item;
use super::queue::{Entry, QUEUE_LIMIT, Queue};

impl Queue {
    /// Puts items right after the current one, in their order; how many found room.
    pub fn insert_next(&mut self, items: Vec<Item>) -> usize {
        let room = QUEUE_LIMIT.saturating_sub(self.len());
        let items: Vec<Item> = items.into_iter().take(room).collect();
        let count = items.len();
        if count == 0 {
            return 0;
        }
        if self.is_empty() {
            self.replace(items, 0);
            return count;
        }
        // In the folder's own order they follow the current entry too, so that turning shuffle off
        // does not send them away.
        let after = self.order.get(self.at).map_or(0, |index| index + 1);
        let entries: Vec<Entry> = items.into_iter().map(|item| self.new_entry(item)).collect();
        self.entries.splice(after..after, entries);
        for index in self.order.iter_mut().filter(|index| **index >= after) {
            *index += count;
        }
        self.order.splice(self.at + 1..self.at + 1, after..after + count);
        self.revision += 1;
        count
    }

    /// Takes out the entry at a place; its key. The entry that follows a removed current one becomes the
    /// current one.
    pub fn remove(&mut self, place: usize) -> Option<u64> {
        let key = self.entry(place)?.key;
        let index = self.order.remove(place);
        self.entries.remove(index);
        for other in self.order.iter_mut().filter(|other| **other > index) {
            *other -= 1;
        }
        let last = self.len().saturating_sub(1);
        self.at = if place < self.at { self.at - 1 } else { self.at.min(last) };
        self.forgive(key);
        self.revision += 1;
        Some(key)
    }

    /// Moves the entry at `from` to `to`; false if nothing moves. The current entry stays current.
    pub fn shift(&mut self, from: usize, to: usize) -> bool {
        let to = to.min(self.len().saturating_sub(1));
        if from >= self.len() || from == to {
            return false;
        }
        let current = self.current().map(|entry| entry.key);
        let index = self.order.remove(from);
        self.order.insert(to, index);
        if !self.shuffle {
            self.own_order_follows();
        }
        if let Some(key) = current {
            self.select_key(key);
        }
        self.revision += 1;
        true
    }
}
