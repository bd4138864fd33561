//! The writer: everything found becomes transactions.
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::presence::Presence;
use super::queue::Popped;
use super::shared::{Reason, Shared, count};
use crate::index::{Change, IndexError, MediumKey};

/// Changes of a scan's first transaction: something shows at once. Each later one has twice as many.
const FIRST_TRANSACTION: usize = 256;
/// Most changes of one transaction. More would make lookups wait; with fewer, the pages that every
/// transaction touches (titles come in no order) are written more often, the larger the index.
const PER_TRANSACTION: usize = 4096;

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
        let mut pending: Vec<Change> = Vec::new();
        let mut enough = FIRST_TRANSACTION;
        let mut since = None;
        loop {
            match self.shared.changes.pop(since.map(|since: Instant| since + HOLD)) {
                Popped::Item(changes) => {
                    since.get_or_insert_with(Instant::now);
                    pending.extend(changes);
                    if pending.len() < enough {
                        continue;
                    }
                    enough = PER_TRANSACTION.min(2 * enough);
                }
                Popped::Late => {}
                Popped::Ended => break,
            }
            since = None;
            if !self.commit(std::mem::take(&mut pending)) {
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
        let go_on = || !self.shared.is_stopped();
        match self.shared.index().write_while(self.key, changes, go_on) {
            Ok(()) => {}
            Err(IndexError::Interrupted) if self.shared.is_stopped() => return false,
            Err(error) => {
                self.shared.stop(Reason::Index(error));
                return false;
            }
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

#[cfg(test)]
mod tests {
    use super::Writer;
    use crate::index::{Change, FileStamp, Index, MediumId, Unread};
    use crate::scan::presence::Presence;
    use crate::scan::shared::{Reason, Shared, value};
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::sync::{Arc, Mutex};

    fn file() -> Change {
        let stamp = FileStamp { name: "a.mp3".into(), size: 1, mtime_ns: 1, inode: 1 };
        Change::Track { folder: PathBuf::from("folder"), stamp, result: Err(Unread::NotMusic) }
    }

    /// What the writer does with `changes` of a medium that left meanwhile, or did not.
    fn written(changes: Vec<Change>, leaves: bool) -> (usize, u64, Option<Reason>) {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("stick");
        fs::create_dir(&root).unwrap();
        let presence = Presence::of(&root);
        let (mut index, _) = Index::open(&dir.path().join("a.db")).unwrap();
        let key = index.medium(&MediumId::new("m").unwrap(), "m").unwrap();
        index.write(key, vec![file()]).unwrap();
        let shared = Shared::new(Arc::new(Mutex::new(index)));
        assert!(shared.changes.push(changes));
        shared.changes.close();
        if leaves {
            fs::rename(&root, dir.path().join("away")).unwrap();
        }
        Writer { shared: &shared, key, presence: &presence }.run();
        let files = shared.index().known_folder(key, Path::new("folder")).unwrap().files.len();
        (files, value(&shared.counts.removed), shared.take_reason())
    }

    #[test]
    fn nothing_is_removed_of_a_medium_that_left_after_it_was_listed() {
        let file = || Change::RemoveFile { folder: PathBuf::from("folder"), name: "a.mp3".into() };
        let folder = || Change::RemoveFolder { relative: PathBuf::from("folder") };
        for removal in [&file as &dyn Fn() -> Change, &folder] {
            assert!(matches!(written(vec![removal()], false), (0, 1, None)));
            assert!(matches!(written(vec![removal()], true), (1, 0, Some(Reason::Gone))));
        }
    }

    #[test]
    fn a_scan_of_a_medium_that_left_is_never_finished() {
        assert!(matches!(written(vec![file()], false), (1, 0, None)));
        assert!(matches!(written(vec![file()], true), (1, 0, Some(Reason::Gone))));
    }
}
