//! The thread that owns the store: it gathers what is to be written, writes it in one transaction,
//! and says so when it is on the disk.

use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;

use super::database::Database;
use super::{Outcome, Save};

/// Told whether something is on the disk.
pub(crate) type Stored = Box<dyn FnOnce(bool) + Send>;

/// What the thread is told.
enum Job {
    Save(Save),
    /// The same, for somebody who waits.
    Tell(Save, Stored),
    /// End once everything before is written.
    End,
}

/// The store's thread; ends with its last write when joined.
pub(crate) struct StoreThread {
    jobs: Sender<Job>,
    thread: Option<JoinHandle<()>>,
}

/// A way to the store for others than the loop.
#[derive(Clone)]
pub(crate) struct StoreDoor(Sender<Job>);

impl StoreDoor {
    /// Writes; `stored` is called on the store's thread, and dropped where there is no store.
    pub fn save(&self, save: Save, stored: Stored) {
        let _ = self.0.send(Job::Tell(save, stored));
    }
}

impl StoreThread {
    /// Starts the thread. `done` is called on it after each write.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(
        database: Option<Database>,
        done: impl FnMut(Outcome) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (jobs, receiver) = mpsc::channel();
        let work = move || {
            if let Some(database) = database {
                serve(database, &receiver, done);
            }
        };
        let thread = std::thread::Builder::new().name("store".into()).spawn(work)?;
        Ok(Self { jobs, thread: Some(thread) })
    }

    pub fn save(&self, save: Save) {
        // Without a database there is nobody to take it: the driver was told at the start.
        let _ = self.jobs.send(Job::Save(save));
    }

    /// A way to it for others.
    pub fn door(&self) -> StoreDoor {
        StoreDoor(self.jobs.clone())
    }

    /// Waits until everything is written.
    pub fn finish(&mut self) {
        let _ = self.jobs.send(Job::End);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the store's thread has panicked");
        }
    }
}

fn serve(mut database: Database, jobs: &Receiver<Job>, mut done: impl FnMut(Outcome)) {
    let mut pending: Vec<Save> = Vec::new();
    let mut waiting: Vec<Stored> = Vec::new();
    let mut ended = false;
    while !ended {
        let Ok(first) = jobs.recv() else { return };
        for job in std::iter::once(first).chain(jobs.try_iter()) {
            match job {
                Job::Save(save) => merge(&mut pending, save),
                Job::Tell(save, stored) => {
                    merge(&mut pending, save);
                    waiting.push(stored);
                }
                Job::End => {
                    ended = true;
                    break;
                }
            }
        }
        if pending.is_empty() {
            continue;
        }
        let written = database.write(&pending);
        for stored in waiting.drain(..) {
            stored(written.is_ok());
        }
        match written {
            Ok(()) if !database.is_durable() => {
                pending.clear();
                done(Outcome::Failed("there is no disk to write to".into()));
            }
            Ok(()) => {
                let keys = pending.iter().filter_map(key_of).collect();
                let notices = pending.drain(..).filter_map(notice_of).collect();
                done(Outcome::Durable { keys, notices });
            }
            Err(error) => {
                tracing::error!(%error, "cannot write the state");
                done(Outcome::Failed(error.to_string()));
            }
        }
    }
}

fn key_of(save: &Save) -> Option<u8> {
    if let Save::Key { key, .. } = save { Some(*key) } else { None }
}

fn notice_of(save: Save) -> Option<String> {
    match save {
        Save::Preset { notice, .. } => Some(notice).filter(|notice| !notice.is_empty()),
        _ => None,
    }
}

/// Only the newest of each kind matters.
fn merge(pending: &mut Vec<Save>, save: Save) {
    let is_same = |other: &Save| match (other, &save) {
        (Save::Key { key: a, .. }, Save::Key { key: b, .. }) => a == b,
        (Save::Preset { row: a, .. }, Save::Preset { row: b, .. }) => a.id == b.id,
        (Save::Home { medium: a, .. }, Save::Home { medium: b, .. }) => a == b,
        (Save::Left(a), Save::Left(b)) => a.medium == b.medium,
        (Save::Left(a), Save::NotLeft(b)) | (Save::NotLeft(b), Save::Left(a)) => a.medium == *b,
        (Save::NotLeft(a), Save::NotLeft(b)) => a == b,
        _ => std::mem::discriminant(other) == std::mem::discriminant(&save),
    };
    pending.retain(|other| !is_same(other));
    pending.push(save);
}
