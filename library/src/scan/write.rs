//! The writer: everything found becomes transactions.
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::presence::Presence;
use super::queue::Popped;
use super::shared::{Reason, Shared, count};
use crate::index::{Change, MediumKey};

/// Changes of one transaction: more would make lookups wait, fewer would cost.
const PER_TRANSACTION: usize = 512;

/// Longest a change waits: albums show up while the scan runs, and a cut costs no more than this.
const HOLD: Duration = Duration::from_secs(1);

/// The one that writes.
pub(super) struct Writer<'a> {
    pub(super) shared: &'a Shared,
    pub(super) key: MediumKey,
    pub(super) presence: &'a Presence,
}

impl Writer<'_> {
    /// The writer's life: until all readers and walkers left, or a stop.
    pub(super) fn run(&self) {
        let mut pending: Vec<Change> = Vec::with_capacity(PER_TRANSACTION);
        let mut since = None;
        loop {
            match self.shared.changes.pop(since.map(|since: Instant| since + HOLD)) {
                Popped::Item(changes) => {
                    since.get_or_insert_with(Instant::now);
                    pending.extend(changes);
                    if pending.len() < PER_TRANSACTION {
                        continue;
                    }
                }
                Popped::Late => {}
                Popped::Ended => break,
            }
            since = None;
            let changes = std::mem::replace(&mut pending, Vec::with_capacity(PER_TRANSACTION));
            if !self.commit(changes) {
                return;
            }
        }
        if !self.shared.is_stopped() && self.commit(pending) {
            self.finish();
        }
    }

    fn commit(&self, changes: Vec<Change>) -> bool {
        if changes.is_empty() {
            return true;
        }
        let is_removal =
            |change: &&Change| matches!(change, Change::RemoveFile { .. } | Change::RemoveFolder { .. });
        let removed = changes.iter().filter(is_removal).count();
        // Asked after the listings that lacked these names: while the medium was there, they told the truth.
        if removed > 0 && self.shared.stop_if_gone(self.presence) {
            return false;
        }
        if let Err(error) = self.shared.index().write(self.key, changes) {
            self.shared.stop(Reason::Index(error));
            return false;
        }
        count(&self.shared.counts.removed, removed as u64);
        true
    }

    fn finish(&self) {
        if self.shared.stop_if_gone(self.presence) {
            return;
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        if let Err(error) = self.shared.index().scan_finished(self.key, now) {
            self.shared.stop(Reason::Index(error));
        }
    }
}
