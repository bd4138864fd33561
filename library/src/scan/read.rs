//! Readers: have tags read by a worker of their own, many files at a time.
use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::vec;

use super::diff::{kept_stamp, look_again};
use super::memory::peak_rss;
use super::options::ScanOptions;
use super::presence::Presence;
use super::queue::Popped;
use super::shared::{ReadJob, Reason, Shared, count};
use crate::beneath::{MediumRoot, OpenFile, OpenFolder};
use crate::error::LibraryError;
use crate::index::{Change, FileStamp, Unread};
use crate::tags::TrackInfo;
use crate::worker::Worker;

/// Changes handed to the writer together while there is more to read.
const BATCH: usize = 32;

/// How long an answer is waited for before a stop is noticed.
const PATIENCE: Duration = Duration::from_millis(20);

/// Longest a change waits in here while its reader is busy with a slow file.
const HOLD: Duration = Duration::from_millis(250);

/// A file that lies with the worker.
struct Asked {
    token: u64,
    folder: Arc<Path>,
    stamp: FileStamp,
}

/// Files of one folder on their way to the worker.
struct Opened {
    path: Arc<Path>,
    folder: OpenFolder,
    files: vec::IntoIter<FileStamp>,
}

/// One reader.
pub(super) struct Reader<'a> {
    shared: &'a Shared,
    medium: &'a MediumRoot,
    presence: &'a Presence,
    worker: Worker,
    in_flight: usize,
    opened: Option<Opened>,
    asked: VecDeque<Asked>,
    next_token: u64,
    changes: Vec<Change>,
    handed_on: Instant,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        shared: &'a Shared,
        medium: &'a MediumRoot,
        presence: &'a Presence,
        options: &ScanOptions,
    ) -> Self {
        Self {
            shared,
            medium,
            presence,
            worker: Worker::new(options.command.clone()),
            in_flight: options.in_flight,
            opened: None,
            asked: VecDeque::with_capacity(options.in_flight),
            next_token: 0,
            changes: Vec::with_capacity(BATCH),
            handed_on: Instant::now(),
        }
    }

    /// One reader's life; `None` inside is the end of it.
    pub(super) fn run(mut self) {
        while self.turn().is_some() {}
        if let Some(peak) = self.worker.process_id().and_then(|id| peak_rss(Some(id))) {
            self.shared.counts.worker_peak.fetch_max(peak, Ordering::Relaxed);
            count(&self.shared.counts.workers_peak, peak);
        }
    }

    fn turn(&mut self) -> Option<()> {
        if self.shared.is_stopped() {
            return None;
        }
        while self.asked.len() < self.in_flight {
            match self.next_file() {
                Next::File(folder, stamp, file) => self.submit(folder, stamp, file)?,
                Next::Nothing => break,
                Next::Ended if self.asked.is_empty() => {
                    self.hand_on();
                    return None;
                }
                Next::Ended => break,
            }
        }
        if let Some((token, result)) = self.worker.answer_within(PATIENCE) {
            self.settle(token, result)?;
        }
        if self.changes.len() >= BATCH || self.handed_on.elapsed() >= HOLD {
            self.hand_on();
        }
        Some(())
    }

    /// The next file to be read. Waits for one only when nothing lies with the worker.
    fn next_file(&mut self) -> Next {
        loop {
            if let Some(opened) = &mut self.opened {
                if let Some(stamp) = opened.files.next() {
                    match opened.folder.open_file(&stamp.name) {
                        Ok(file) => return Next::File(Arc::clone(&opened.path), stamp, file),
                        Err(error) => {
                            let folder = Arc::clone(&opened.path);
                            self.not_opened(&folder, stamp, &error);
                            continue;
                        }
                    }
                }
                self.opened = None;
            }
            let deadline = (!self.asked.is_empty() || !self.changes.is_empty()).then(Instant::now);
            match self.shared.jobs.pop(deadline) {
                Popped::Item(job) => self.open(job),
                Popped::Ended => return Next::Ended,
                Popped::Late if self.asked.is_empty() => self.hand_on(),
                Popped::Late => return Next::Nothing,
            }
        }
    }

    fn open(&mut self, job: ReadJob) {
        match self.medium.open_folder(&job.folder) {
            Ok(folder) => {
                self.opened = Some(Opened { path: job.folder, folder, files: job.files.into_iter() })
            }
            Err(error) => {
                // It was there a moment ago: it was removed, or the medium is leaving. Its rows stay.
                tracing::debug!(folder = %job.folder.display(), %error, "left out");
                count(&self.shared.counts.unreadable_folders, 1);
                self.shared.stop_if_gone(self.presence);
            }
        }
    }

    fn submit(&mut self, folder: Arc<Path>, stamp: FileStamp, file: OpenFile) -> Option<()> {
        let token = self.next_token;
        self.next_token += 1;
        self.asked.push_back(Asked { token, folder, stamp });
        count(&self.shared.counts.requests, 1);
        if let Err(error) = self.worker.submit(token, file) {
            self.shared.stop(Reason::Worker(error));
            return None;
        }
        Some(())
    }

    fn settle(&mut self, token: u64, result: Result<TrackInfo, LibraryError>) -> Option<()> {
        let at = self.asked.iter().position(|asked| asked.token == token);
        let Some(Asked { folder, stamp, .. }) = at.and_then(|at| self.asked.remove(at)) else {
            return Some(());
        };
        let result = match result {
            Ok(info) => Ok(info),
            Err(LibraryError::NotMusic) => Err(Unread::NotMusic),
            Err(LibraryError::Hostile) => Err(Unread::Hostile),
            Err(error) if self.worker.is_hopeless() => {
                self.shared.stop(Reason::Worker(error));
                return None;
            }
            Err(_) if self.shared.stop_if_gone(self.presence) => return None,
            Err(_) => Err(Unread::Unreadable),
        };
        self.record(&folder, kept_stamp(stamp, now_ns()), result);
        Some(())
    }

    /// A file that was listed and cannot be opened.
    fn not_opened(&mut self, folder: &Arc<Path>, stamp: FileStamp, error: &LibraryError) {
        match error {
            LibraryError::NotMusic | LibraryError::Outside => {
                self.record(folder, stamp, Err(Unread::NotMusic));
            }
            // Replaced under way; the next scan will see.
            LibraryError::Missing => {
                self.shared.stop_if_gone(self.presence);
            }
            _ if self.shared.stop_if_gone(self.presence) => {}
            // Asking again costs one refusal, and permissions may change.
            _ => self.record(folder, look_again(stamp), Err(Unread::Unreadable)),
        }
    }

    fn record(&mut self, folder: &Arc<Path>, stamp: FileStamp, result: Result<TrackInfo, Unread>) {
        count(&self.shared.counts.read, 1);
        count(&self.shared.counts.unread, u64::from(result.is_err()));
        self.changes.push(Change::Track { folder: folder.to_path_buf(), stamp, result });
    }

    fn hand_on(&mut self) {
        self.handed_on = Instant::now();
        if !self.changes.is_empty() {
            // Stopped: the next turn notices.
            self.shared.changes.push(std::mem::replace(&mut self.changes, Vec::with_capacity(BATCH)));
        }
    }
}

enum Next {
    File(Arc<Path>, FileStamp, OpenFile),
    /// None now.
    Nothing,
    /// None ever.
    Ended,
}

/// Nanoseconds since 1970 by the clock that file systems use.
fn now_ns() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_nanos()).unwrap_or(i64::MAX)
}
