//! What the threads of one scan share.
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::presence::Presence;
use super::queue::{Queue, Weigh};
use crate::error::LibraryError;
use crate::index::{Change, FileStamp, Index, IndexError};

/// Files the walk may be ahead of the reading: the total is known early, at some seven megabytes.
const FILES_AHEAD: usize = 1 << 16;

/// Changes that may wait for the writer.
const CHANGES_AHEAD: usize = 2048;

/// Files of one folder to be read.
pub(super) struct ReadJob {
    pub(super) folder: Arc<Path>,
    pub(super) files: Vec<FileStamp>,
}

impl Weigh for ReadJob {
    fn weight(&self) -> usize {
        self.files.len().max(1)
    }
}

impl Weigh for Vec<Change> {
    fn weight(&self) -> usize {
        self.len().max(1)
    }
}

/// Why a scan ends before its time.
#[derive(Debug)]
pub(super) enum Reason {
    Cancelled,
    Gone,
    Index(IndexError),
    Worker(LibraryError),
}

/// Counts, in no particular order to each other.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) folders: AtomicU64,
    pub(super) seen: AtomicU64,
    pub(super) read: AtomicU64,
    pub(super) unread: AtomicU64,
    pub(super) unchanged: AtomicU64,
    pub(super) removed: AtomicU64,
    pub(super) unreadable_folders: AtomicU64,
    pub(super) cut: AtomicU64,
    pub(super) requests: AtomicU64,
    /// Bytes of the largest worker, and of all.
    pub(super) worker_peak: AtomicU64,
    pub(super) workers_peak: AtomicU64,
}

/// Adds to a count.
pub(super) fn count(counter: &AtomicU64, more: u64) {
    counter.fetch_add(more, Ordering::Relaxed);
}

/// The value of a count.
pub(super) fn value(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

/// What the threads of one scan share.
pub(super) struct Shared {
    pub(super) index: Arc<Mutex<Index>>,
    pub(super) counts: Counts,
    pub(super) jobs: Queue<ReadJob>,
    pub(super) changes: Queue<Vec<Change>>,
    pub(super) walked: AtomicBool,
    stopped: AtomicBool,
    reason: Mutex<Option<Reason>>,
    crew: Mutex<Crew>,
    /// Somebody left, or all are to leave.
    ended: Condvar,
}

impl Shared {
    pub(super) fn new(index: Arc<Mutex<Index>>) -> Self {
        Self {
            index,
            counts: Counts::default(),
            jobs: Queue::new(FILES_AHEAD),
            changes: Queue::new(CHANGES_AHEAD),
            walked: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
            reason: Mutex::new(None),
            crew: Mutex::default(),
            ended: Condvar::new(),
        }
    }

    pub(super) fn index(&self) -> MutexGuard<'_, Index> {
        // A panic while it was held rolled its transaction back.
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the scan; the first reason counts.
    pub(super) fn stop(&self, reason: Reason) {
        self.reason.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(reason);
        self.stopped.store(true, Ordering::SeqCst);
        self.jobs.stop();
        self.changes.stop();
        self.ended.notify_all();
    }

    /// Ends the scan if the medium is gone; `true` then.
    pub(super) fn stop_if_gone(&self, presence: &Presence) -> bool {
        let gone = !presence.is_there();
        if gone {
            self.stop(Reason::Gone);
        }
        gone
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    pub(super) fn take_reason(&self) -> Option<Reason> {
        self.reason.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Counts a thread in; it is counted out when the guard is dropped, even by a panic.
    pub(super) fn enter(&self, role: Role) -> Presents<'_> {
        let mut crew = self.crew();
        *crew.of(role) += 1;
        Presents { shared: self, role }
    }

    fn crew(&self) -> MutexGuard<'_, Crew> {
        self.crew.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until all threads left, at most `time`; `true` if they did.
    pub(super) fn wait_end(&self, time: std::time::Duration) -> bool {
        let waited = self.ended.wait_timeout_while(self.crew(), time, |crew| !crew.is_empty());
        waited.unwrap_or_else(PoisonError::into_inner).0.is_empty()
    }
}

/// What a thread does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Walker,
    Reader,
    Writer,
}

/// How many are at work.
#[derive(Debug, Default)]
struct Crew {
    walkers: usize,
    readers: usize,
    writers: usize,
}

impl Crew {
    fn of(&mut self, role: Role) -> &mut usize {
        match role {
            Role::Walker => &mut self.walkers,
            Role::Reader => &mut self.readers,
            Role::Writer => &mut self.writers,
        }
    }

    fn is_empty(&self) -> bool {
        self.walkers + self.readers + self.writers == 0
    }
}

/// A thread at work.
pub(super) struct Presents<'a> {
    shared: &'a Shared,
    role: Role,
}

impl Drop for Presents<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // A mistake of ours: an end that is no finish, and nothing more is written.
            self.shared.stop(Reason::Cancelled);
        }
        let mut crew = self.shared.crew();
        *crew.of(self.role) -= 1;
        // The readers' work ends with the walk; the writer is fed by both.
        if crew.walkers == 0 {
            self.shared.walked.store(true, Ordering::SeqCst);
            self.shared.jobs.close();
            if crew.readers == 0 {
                self.shared.changes.close();
            }
        }
        drop(crew);
        self.shared.ended.notify_all();
    }
}
