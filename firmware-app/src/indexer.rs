//! The indexer thread: it owns the index, and scans one medium at a time, when it is told to.
//!
//! An index that cannot be opened costs the lists, never the music: folders play without it.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use library::{
    Collection, Index, IndexError, MediumId, Played, Scan, ScanOptions, ScanOutcome, ScanProgress,
    WorkerCommand,
};
use protocol::Scanning;

use crate::app::Post;
use crate::catalog::{COLLECTION_FILE, INDEX_FILE};
use crate::event::{Event, ScanEnd};
use crate::state::{IndexRequest, Item, Medium};

/// How often it is looked whether a scan has ended.
const LOOK: Duration = Duration::from_millis(100);

/// The indexer thread's letter box. The thread ends when this is dropped.
pub(crate) struct Indexer {
    requests: Option<Sender<IndexRequest>>,
}

impl Indexer {
    /// Starts the thread; it opens the index and reports scans.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(worker: WorkerCommand, folder: &Path, post: Post) -> std::io::Result<Self> {
        let (requests, receiver) = mpsc::channel();
        let path = folder.join(INDEX_FILE);
        std::thread::Builder::new().name("indexer".into()).spawn(move || {
            let mut desk = Desk { path, worker, index: None, scan: None, is_first: false, post };
            desk.open();
            desk.serve(&receiver);
        })?;
        Ok(Self { requests: Some(requests) })
    }

    pub fn tell(&self, request: IndexRequest) {
        if let Some(requests) = &self.requests {
            // Without a receiver the thread has ended: the log says why.
            let _ = requests.send(request);
        }
    }

    /// Ends the scan. Does not wait: what is committed stays, and a medium that hangs keeps nobody.
    pub fn stop(&mut self) {
        self.requests = None;
    }
}

/// What the thread works with.
struct Desk {
    path: PathBuf,
    worker: WorkerCommand,
    index: Option<Arc<Mutex<Index>>>,
    /// The scan that runs and the identity of its medium.
    scan: Option<(String, Scan)>,
    /// No scan of that medium has ended before.
    is_first: bool,
    post: Post,
}

impl Desk {
    fn open(&mut self) {
        match Index::open(&self.path) {
            Ok((index, opened)) => {
                if let Some(opened) = opened {
                    tracing::warn!(?opened, "the index was begun anew");
                }
                self.index = Some(Arc::new(Mutex::new(index)));
            }
            Err(error) => tracing::error!(%error, "there is no index"),
        }
    }

    fn serve(&mut self, requests: &Receiver<IndexRequest>) {
        loop {
            let request = if self.scan.is_some() {
                requests.recv_timeout(LOOK)
            } else {
                requests.recv().map_err(|_| RecvTimeoutError::Disconnected)
            };
            match request {
                Ok(request) => self.carry_out(request),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.look_at_scan();
        }
    }

    fn carry_out(&mut self, request: IndexRequest) {
        match request {
            IndexRequest::Scan { medium, is_playing } => self.begin(&medium, is_playing),
            IndexRequest::Stop => {
                if let Some((_, scan)) = &self.scan {
                    scan.cancel();
                }
            }
            IndexRequest::Played(item) => self.count_play(&item),
        }
    }

    fn begin(&mut self, medium: &Medium, is_playing: bool) {
        if let Some((running, scan)) = self.scan.take() {
            scan.cancel();
            self.ended(running, &scan.join());
        }
        if self.index.is_none() {
            self.open();
        }
        let name = medium.id.to_string();
        let (Some(index), Some(id)) = (&self.index, MediumId::new(&medium.id)) else {
            return (self.post)(Event::ScanEnded { medium: name, end: ScanEnd::Failed });
        };
        self.is_first = {
            let mut index = lock(index);
            index.set_clock(now_s());
            let known = index.media().unwrap_or_default().into_iter().find(|record| record.id == id);
            known.is_none_or(|record| record.scanned_s.is_none())
        };
        let options = ScanOptions::new(self.worker.clone());
        let options = if is_playing { options.while_playing() } else { options };
        let (post, of) = (Arc::clone(&self.post), name.clone());
        let on_progress = move |progress| post(Event::ScanProgress(told(of.clone(), progress)));
        let scan = Scan::start(Arc::clone(index), id, &medium.name, &medium.path, options, on_progress);
        self.scan = Some((name, scan));
    }

    fn look_at_scan(&mut self) {
        if let Some((medium, scan)) = self.scan.take_if(|(_, scan)| scan.is_finished()) {
            let outcome = scan.join();
            self.ended(medium, &outcome);
        }
    }

    fn ended(&mut self, medium: String, outcome: &ScanOutcome) {
        let end = match outcome {
            ScanOutcome::Finished(stats) => {
                if self.is_first
                    && let Err(error) = self.bring_plays(&medium)
                {
                    tracing::warn!(%error, "how often its tracks were played is not brought over");
                }
                tracing::info!(tracks = stats.tracks, read = stats.read, seconds = stats.seconds, "scanned");
                ScanEnd::Finished { read: stats.read }
            }
            ScanOutcome::Cancelled => ScanEnd::Stopped,
            ScanOutcome::MediumGone => ScanEnd::Gone,
            ScanOutcome::IndexFailed(error) => {
                tracing::error!(%error, "the index cannot be written");
                if matches!(error, IndexError::Damaged(_)) {
                    self.begin_anew();
                }
                ScanEnd::Failed
            }
            ScanOutcome::WorkerFailed(error) => {
                tracing::error!(%error, "files cannot be read");
                ScanEnd::Failed
            }
        };
        (self.post)(Event::ScanEnded { medium, end });
    }

    /// A damaged index is set aside; everything in it can be read from the media again.
    fn begin_anew(&mut self) {
        let index = self.index.take().and_then(Arc::into_inner).map(Mutex::into_inner);
        match index.map(|index| index.unwrap_or_else(PoisonError::into_inner).begin_anew()) {
            Some(Ok((index, aside))) => {
                tracing::warn!(aside = %aside.display(), "the index was damaged and is begun anew");
                self.index = Some(Arc::new(Mutex::new(index)));
            }
            Some(Err(error)) => tracing::error!(%error, "there is no index"),
            None => tracing::error!("the damaged index is still in use"),
        }
    }

    /// The collection outlives the index: what was played of a medium before its rows were lost is in there.
    fn bring_plays(&self, medium: &str) -> anyhow::Result<()> {
        let id = MediumId::new(medium).context("the medium has no identity")?;
        let index = self.index.as_ref().context("there is no index")?;
        let (collection, _) = Collection::open(&self.path.with_file_name(COLLECTION_FILE))?;
        let files = collection.played_on(&id)?;
        let mut index = lock(index);
        let record = index.media()?.into_iter().find(|record| record.id == id);
        let key = record.context("the medium is not in the index")?.key;
        let played = files.into_iter().map(|(relative, plays)| Played {
            medium: key,
            relative,
            plays: plays.count.into(),
            last_s: plays.last_s.unwrap_or_default(),
        });
        let known = index.import_played(&played.collect::<Vec<_>>())?;
        tracing::info!(known, "plays are brought over from the collection");
        Ok(())
    }

    fn count_play(&self, item: &Item) {
        let (Some(index), Some(id)) = (&self.index, MediumId::new(&item.medium)) else { return };
        let mut index = lock(index);
        let known = index.media().ok().and_then(|media| media.into_iter().find(|record| record.id == id));
        if let Some(record) = known
            && let Err(error) = index.note_played(record.key, &item.relative, now_s())
        {
            tracing::warn!(%error, "a play is not counted");
        }
    }
}

fn told(medium: String, progress: ScanProgress) -> Scanning {
    Scanning {
        medium,
        name: String::new(),
        seen: progress.files_seen,
        read: progress.files_read,
        done: progress.files_read + progress.files_known,
        total: progress.total_estimate,
        per_s: if progress.tracks_per_s.is_finite() { progress.tracks_per_s } else { 0.0 },
    }
}

fn lock(index: &Mutex<Index>) -> MutexGuard<'_, Index> {
    index.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Unix time, for "added lately" and "played lately".
fn now_s() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
