//! One scan from start to end.
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use super::diff::Trust;
use super::memory::peak_rss;
use super::options::{ScanOptions, be_nice};
use super::presence::Presence;
use super::progress::{Rate, ScanOutcome, ScanPhase, ScanProgress, ScanStats, TICK};
use super::read::Reader;
use super::shared::{Counts, Reason, Role, Shared, value};
use super::walk::Walk;
use super::write::Writer;
use crate::beneath::MediumRoot;
use crate::error::LibraryError;
use crate::index::{Index, IndexError, MediumId, MediumKey};

/// A running scan. Dropping it cancels it and waits for its threads.
pub struct Scan {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<ScanOutcome>>,
}

impl Scan {
    /// Starts to bring the index up to date with the medium at `root`.
    ///
    /// `index` is locked for moments only: to look up a folder, and for transactions of some hundred
    /// changes. `on_progress` is called on a thread of the scan, at most four times a second and once at
    /// the end.
    #[must_use]
    pub fn start(
        index: Arc<Mutex<Index>>,
        id: MediumId,
        name: &str,
        root: &Path,
        options: ScanOptions,
        on_progress: impl FnMut(ScanProgress) + Send + 'static,
    ) -> Self {
        let shared = Arc::new(Shared::new(index));
        let job = Run {
            shared: Arc::clone(&shared),
            name: name.to_owned(),
            root: root.to_owned(),
            options: options.bounded(),
            id,
        };
        let started = thread::Builder::new().name("scan".into()).spawn(move || job.run(on_progress));
        let thread = started.map_err(|error| shared.stop(Reason::Worker(error.into()))).ok();
        Self { shared, thread }
    }

    /// Ends the scan within a tenth of a second. What is committed stays.
    pub fn cancel(&self) {
        self.shared.stop(Reason::Cancelled);
    }

    /// Whether [`Self::join`] would return at once.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Waits for the end.
    #[must_use]
    pub fn join(mut self) -> ScanOutcome {
        let outcome = self.thread.take().and_then(|thread| thread.join().ok());
        outcome.or_else(|| self.shared.take_reason().map(ScanOutcome::from)).unwrap_or(ScanOutcome::Cancelled)
    }
}

impl Drop for Scan {
    fn drop(&mut self) {
        if let Some(thread) = self.thread.take() {
            self.cancel();
            // A panic in there was reported when it happened.
            let _ = thread.join();
        }
    }
}

impl From<Reason> for ScanOutcome {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Cancelled => Self::Cancelled,
            Reason::Gone => Self::MediumGone,
            Reason::Index(error) => Self::IndexFailed(error),
            Reason::Worker(error) => Self::WorkerFailed(error),
        }
    }
}

/// What one thread does.
type Work<'a> = Box<dyn FnOnce() + Send + 'a>;

struct Run {
    shared: Arc<Shared>,
    id: MediumId,
    name: String,
    root: PathBuf,
    options: ScanOptions,
}

impl Run {
    fn run(self, mut on_progress: impl FnMut(ScanProgress)) -> ScanOutcome {
        let started = Instant::now();
        be_nice(self.options.nice);
        let presence = Presence::of(&self.root);
        let medium = match MediumRoot::open(&self.root) {
            Ok(medium) => medium,
            Err(error) => {
                tracing::info!(root = %self.root.display(), %error, "the medium cannot be scanned");
                return ScanOutcome::MediumGone;
            }
        };
        let (key, last_count) = match self.announce() {
            Ok(announced) => announced,
            Err(error) => return ScanOutcome::IndexFailed(error),
        };
        let mut ticker = Ticker { last_count, rate: Rate::new(started) };
        let walk = Walk::new(&self.shared, &medium, key, &presence, trust(&medium));
        self.work(&walk, || {
            on_progress(ticker.progress(&self.shared, false));
            self.shared.stop_if_gone(&presence);
        });
        if let Some(reason) = self.shared.take_reason() {
            return reason.into();
        }
        on_progress(ticker.progress(&self.shared, true));
        match self.stats(key, started) {
            Ok(stats) => ScanOutcome::Finished(stats),
            Err(error) => ScanOutcome::IndexFailed(error),
        }
    }

    /// The medium's key, and how many files it had when it was last seen.
    fn announce(&self) -> Result<(MediumKey, Option<u64>), IndexError> {
        let mut index = self.shared.index();
        let key = index.medium(&self.id, &self.name)?;
        let record = index.medium_record(key)?;
        Ok((key, record.scanned_s.map(|_| record.files)))
    }

    /// Runs all threads to their end; `tick` is called while they work.
    fn work(&self, walk: &Walk<'_>, mut tick: impl FnMut()) {
        let shared = &*self.shared;
        // All are counted in before the first one can be counted out.
        let crew = self.crew(walk);
        thread::scope(|scope| {
            for (name, work) in crew {
                if let Err(error) = thread::Builder::new().name(name.into()).spawn_scoped(scope, work) {
                    shared.stop(Reason::Worker(LibraryError::from(error)));
                }
            }
            while !shared.wait_end(TICK) {
                if !shared.is_stopped() {
                    tick();
                }
            }
        });
    }

    /// All threads as what they do, by name.
    fn crew<'a>(&'a self, walk: &'a Walk<'a>) -> Vec<(&'static str, Work<'a>)> {
        let shared = &*self.shared;
        let mut crew: Vec<(&'static str, Work<'a>)> = Vec::new();
        for _ in 0..self.options.walkers {
            let presents = shared.enter(Role::Walker);
            crew.push((
                "scan-walk",
                Box::new(move || {
                    let _presents = presents;
                    walk.run();
                }),
            ));
        }
        for _ in 0..self.options.workers {
            let presents = shared.enter(Role::Reader);
            crew.push((
                "scan-read",
                Box::new(move || {
                    let _presents = presents;
                    Reader::new(shared, walk.medium, walk.presence, &self.options).run();
                }),
            ));
        }
        let presents = shared.enter(Role::Writer);
        crew.push((
            "scan-write",
            Box::new(move || {
                let _presents = presents;
                Writer { shared, key: walk.key, presence: walk.presence }.run();
            }),
        ));
        crew
    }

    fn stats(&self, key: MediumKey, started: Instant) -> Result<ScanStats, IndexError> {
        let record = self.shared.index().medium_record(key)?;
        let counts = &self.shared.counts;
        Ok(ScanStats {
            tracks: record.tracks,
            files: value(&counts.seen),
            read: value(&counts.read),
            unread: value(&counts.unread),
            unchanged: value(&counts.unchanged),
            removed: value(&counts.removed),
            folders: value(&counts.folders),
            unreadable_folders: value(&counts.unreadable_folders),
            cut: value(&counts.cut),
            requests: value(&counts.requests),
            seconds: started.elapsed().as_secs_f64(),
            peak_rss: peak_rss(None),
            worker_peak_rss: Some(value(&counts.worker_peak)).filter(|_| cfg!(target_os = "linux")),
            workers_peak_rss: Some(value(&counts.workers_peak)).filter(|_| cfg!(target_os = "linux")),
        })
    }
}

/// Makes progress of counts.
struct Ticker {
    last_count: Option<u64>,
    rate: Rate,
}

impl Ticker {
    fn progress(&mut self, shared: &Shared, finished: bool) -> ScanProgress {
        let walked = shared.walked.load(Ordering::SeqCst);
        let Counts { folders, seen, read, unchanged, .. } = &shared.counts;
        // Read before what was seen, so that no part is more than the whole.
        let (files_read, files_known) = (value(read), value(unchanged));
        let files_seen = value(seen);
        let phase = match (finished, walked) {
            (true, _) => ScanPhase::Finished,
            (false, true) => ScanPhase::Reading,
            (false, false) => ScanPhase::Walking,
        };
        ScanProgress {
            phase,
            folders: value(folders),
            files_seen,
            files_read,
            files_known,
            total_estimate: if walked {
                Some(files_seen)
            } else {
                self.last_count.map(|last| last.max(files_seen))
            },
            tracks_per_s: self.rate.update(files_read + files_known, Instant::now()),
        }
    }
}

/// What the medium's file system is worth.
#[cfg(target_os = "linux")]
fn trust(medium: &MediumRoot) -> Trust {
    /// `MSDOS_SUPER_MAGIC`, `EXFAT_SUPER_MAGIC` and `FUSE_SUPER_MAGIC`, linux/magic.h.
    const FAT: u32 = 0x4d44;
    const EXFAT: u32 = 0x2011_bab0;
    const FUSE: u32 = 0x6573_5546;
    let folder = medium.open_folder(Path::new(""));
    let magic = folder.ok().and_then(|folder| rustix::fs::fstatfs(folder.handle()).ok());
    // The width of the field differs between architectures, the numbers have 32 bits.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let magic = magic.map_or(0, |stat| stat.f_type as u32);
    Trust { loose_inodes: matches!(magic, FAT | EXFAT | FUSE), coarse_times: matches!(magic, FAT | EXFAT) }
}

/// Elsewhere nothing tells: what FAT keeps is believed, and no more.
#[cfg(not(target_os = "linux"))]
fn trust(_medium: &MediumRoot) -> Trust {
    Trust { loose_inodes: true, coarse_times: true }
}
