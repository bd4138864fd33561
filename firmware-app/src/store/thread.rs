//! The thread that owns the store: it gathers what is to be written, writes it in one transaction,
//! and says so when it is on the disk.

use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;

use super::database::Database;
use super::{Outcome, Save};

/// The store's thread; ends with its last write when joined.
pub(crate) struct StoreThread {
    jobs: Option<Sender<Save>>,
    thread: Option<JoinHandle<()>>,
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
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    pub fn save(&self, save: Save) {
        if let Some(jobs) = &self.jobs {
            // Without a database there is nobody to take it: the driver was told at the start.
            let _ = jobs.send(save);
        }
    }

    /// Waits until everything is written.
    pub fn finish(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the store's thread has panicked");
        }
    }
}

fn serve(mut database: Database, jobs: &Receiver<Save>, mut done: impl FnMut(Outcome)) {
    let mut pending: Vec<Save> = Vec::new();
    while let Ok(first) = jobs.recv() {
        merge(&mut pending, first);
        while let Ok(more) = jobs.try_recv() {
            merge(&mut pending, more);
        }
        match database.write(&pending) {
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
    if let Save::Preset { notice, .. } = save { Some(notice) } else { None }
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
