//! Walkers: list a folder, compare it with the index, hand on what is to be done.
use std::collections::HashSet;
use std::ffi::OsString;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::diff::{Diff, Listing, Trust, diff};
use super::list::{FolderId, Lister, identity};
use super::presence::Presence;
use super::shared::{ReadJob, Reason, Shared, count};
use crate::beneath::{MediumRoot, OpenFolder};
use crate::index::{Change, IndexError, KnownFolder, MediumKey, Unread};

/// Folders deeper than this below the root are left out, and counted.
pub(super) const MAX_DEPTH: u16 = 64;

/// Files of a folder that are read in one go: readers share a big folder.
const FILES_PER_JOB: usize = 64;

/// How long a walker waits for another's findings before a stop is noticed.
const PATIENCE: Duration = Duration::from_millis(50);

/// A folder to be listed.
struct Job {
    relative: Arc<Path>,
    depth: u16,
    /// Whether the index has it.
    known: bool,
    /// Whether a link led here.
    linked: bool,
    above: Option<Arc<Above>>,
}

/// The folders above one, as what they are under any name.
struct Above {
    id: FolderId,
    above: Option<Arc<Above>>,
}

impl Above {
    fn holds(mut self: &Arc<Self>, id: FolderId) -> bool {
        loop {
            if self.id == id {
                return true;
            }
            let Some(above) = &self.above else { return false };
            self = above;
        }
    }
}

/// Folders still to be listed: last in, first out, so that few wait at a time.
struct Stack {
    jobs: Vec<Job>,
    /// Walkers at work, who may add jobs.
    busy: usize,
}

/// The walk of one medium.
pub(super) struct Walk<'a> {
    pub(super) shared: &'a Shared,
    pub(super) medium: &'a MediumRoot,
    pub(super) key: MediumKey,
    pub(super) presence: &'a Presence,
    pub(super) trust: Trust,
    stack: Mutex<Stack>,
    changed: Condvar,
    /// Folders entered by links.
    linked: Mutex<HashSet<FolderId>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        shared: &'a Shared,
        medium: &'a MediumRoot,
        key: MediumKey,
        presence: &'a Presence,
        trust: Trust,
    ) -> Self {
        let root = Job { relative: Path::new("").into(), depth: 0, known: true, linked: false, above: None };
        let stack = Mutex::new(Stack { jobs: vec![root], busy: 0 });
        Self {
            shared,
            medium,
            key,
            presence,
            trust,
            stack,
            changed: Condvar::new(),
            linked: Mutex::default(),
        }
    }

    /// One walker's life.
    pub(super) fn run(&self) {
        let mut lister = Lister::default();
        while let Some(job) = self.take() {
            let found = self.visit(&mut lister, &job);
            let mut stack = self.lock();
            stack.jobs.extend(found.into_iter().rev());
            stack.busy -= 1;
            drop(stack);
            self.changed.notify_all();
        }
    }

    fn take(&self) -> Option<Job> {
        let mut stack = self.lock();
        loop {
            if self.shared.is_stopped() {
                return None;
            }
            if let Some(job) = stack.jobs.pop() {
                stack.busy += 1;
                return Some(job);
            }
            if stack.busy == 0 {
                return None;
            }
            stack = self.changed.wait_timeout(stack, PATIENCE).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Stack> {
        self.stack.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lists one folder; returns its subfolders.
    fn visit(&self, lister: &mut Lister, job: &Job) -> Vec<Job> {
        let counts = &self.shared.counts;
        let folder = match self.medium.open_folder(&job.relative) {
            Ok(folder) => folder,
            Err(error) => {
                tracing::debug!(folder = %job.relative.display(), %error, "left out");
                self.unreadable();
                return Vec::new();
            }
        };
        let Some(above) = self.enter(job, &folder) else { return Vec::new() };
        let mut listing = lister.list(self.medium, &folder, &job.relative);
        drop(folder);
        count(&counts.folders, 1);
        count(&counts.cut, listing.cut);
        count(&counts.seen, listing.files.len() as u64);
        if !listing.complete && listing.cut == 0 {
            self.unreadable();
        }
        let known = match self.known(job) {
            Ok(known) => known,
            Err(error) => {
                self.shared.stop(Reason::Index(error));
                return Vec::new();
            }
        };
        let mut diff = diff(&mut listing, known, self.trust);
        count(&counts.unchanged, diff.unchanged);
        let known = std::mem::take(&mut diff.known_folders);
        if !self.hand_on(&job.relative, diff) {
            return Vec::new();
        }
        self.below(job, listing, &known, above)
    }

    /// The chain of folders down to this one; `None` if it is to be left out: it holds itself, or links
    /// led to it before.
    fn enter(&self, job: &Job, folder: &OpenFolder) -> Option<Option<Arc<Above>>> {
        let Some(id) = identity(folder) else { return Some(None) };
        if job.above.as_ref().is_some_and(|above| above.holds(id)) {
            count(&self.shared.counts.cut, 1);
            return None;
        }
        if job.linked && !self.linked.lock().unwrap_or_else(PoisonError::into_inner).insert(id) {
            return None;
        }
        Some(Some(Arc::new(Above { id, above: job.above.clone() })))
    }

    fn known(&self, job: &Job) -> Result<KnownFolder, IndexError> {
        if !job.known {
            return Ok(KnownFolder::default());
        }
        self.shared.index().known_folder(self.key, &job.relative)
    }

    /// A folder that cannot be read, or not to its end: it keeps its rows. It may be the first sign of a
    /// medium that leaves.
    fn unreadable(&self) {
        count(&self.shared.counts.unreadable_folders, 1);
        self.shared.stop_if_gone(self.presence);
    }

    /// Gives readers and writer their work; `false` after a stop.
    fn hand_on(&self, folder: &Arc<Path>, diff: Diff) -> bool {
        let mut changes = Vec::new();
        changes.extend(
            diff.removed_folders.iter().map(|name| Change::RemoveFolder { relative: folder.join(name) }),
        );
        let removed = diff.removed_files.into_iter();
        changes.extend(removed.map(|name| Change::RemoveFile { folder: folder.to_path_buf(), name }));
        let (empty, files): (Vec<_>, Vec<_>) = diff.read.into_iter().partition(|stamp| stamp.size == 0);
        count(&self.shared.counts.read, empty.len() as u64);
        count(&self.shared.counts.unread, empty.len() as u64);
        // No reader need open a file to see that it is empty.
        changes.extend(empty.into_iter().map(|stamp| Change::Track {
            folder: folder.to_path_buf(),
            stamp,
            result: Err(Unread::NotMusic),
        }));
        let mut changes = changes.into_iter().peekable();
        while changes.peek().is_some() {
            if !self.shared.changes.push(changes.by_ref().take(FILES_PER_JOB).collect()) {
                return false;
            }
        }
        let mut files = files.into_iter().peekable();
        while files.peek().is_some() {
            let files = files.by_ref().take(FILES_PER_JOB).collect();
            if !self.shared.jobs.push(ReadJob { folder: Arc::clone(folder), files }) {
                return false;
            }
        }
        !self.shared.is_stopped()
    }

    /// The subfolders as jobs; `known` are those the index has, in order.
    fn below(&self, job: &Job, listing: Listing, known: &[OsString], above: Option<Arc<Above>>) -> Vec<Job> {
        let depth = job.depth + 1;
        if depth > MAX_DEPTH {
            count(&self.shared.counts.cut, (listing.folders.len() + listing.links.len()) as u64);
            return Vec::new();
        }
        let folders = listing.folders.into_iter().map(|name| (name, false));
        let links = listing.links.into_iter().map(|name| (name, true));
        let job = |(name, linked): (OsString, bool)| Job {
            relative: job.relative.join(&name).into(),
            depth,
            known: known.binary_search(&name).is_ok(),
            linked,
            above: above.clone(),
        };
        folders.chain(links).map(job).collect()
    }
}
