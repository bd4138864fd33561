//! The stereo as connections use it: questions, commands and edits that can be waited for.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use library::{Art, TrackInfo};
use protocol::remote::{Answer, FolderPart, Question};
use protocol::{Command, RowKey};
use tokio::sync::{oneshot, watch};

use super::ack::{Ack, Code};
use super::art::Pictures;
use super::login::Gate;
use super::mirror::Mirror;
use super::uri::{Media, Place};
use crate::app::AppHandle;
use crate::asking::NoAnswer;
use crate::frame::Frame;
use crate::songs::{
    MAX_SONGS, PlaylistEdit, QueueSong, SongAnswer, SongList, SongPage, SongQuestion, SongRow, Totals,
};
use crate::state::QueueEdit;

/// Longest wait for the stereo; it answers within milliseconds unless a medium hangs.
const PATIENCE: Duration = Duration::from_secs(10);

/// What all connections share.
pub(super) struct Unit {
    app: AppHandle,
    pub frames: watch::Receiver<Arc<Frame>>,
    mirror: Mutex<Mirror>,
    pub pictures: Mutex<Pictures>,
    pub gate: Gate,
    pub started: Instant,
}

/// The queue and the frame that belong together.
pub(super) struct Now {
    pub frame: Arc<Frame>,
    pub keys: Vec<u64>,
    pub version: u32,
}

impl Now {
    /// The current entry's place; `None` when the queue is empty.
    pub fn place(&self) -> Option<usize> {
        let last = self.keys.len().checked_sub(1)?;
        Some(self.frame.snapshot.queue.index.min(last))
    }

    pub fn key(&self) -> Option<u64> {
        self.keys.get(self.place()?).copied()
    }

    pub fn key_at(&self, place: usize) -> Result<u64, Ack> {
        self.keys.get(place).copied().ok_or_else(|| Ack::arg("Bad song index"))
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn silent() -> Ack {
    Ack::new(Code::System, "The unit does not answer")
}

async fn patiently<T>(receiver: oneshot::Receiver<T>) -> Result<T, Ack> {
    match tokio::time::timeout(PATIENCE, receiver).await {
        Ok(Ok(answer)) => Ok(answer),
        _ => Err(silent()),
    }
}

impl Unit {
    pub fn new(app: AppHandle, gate: Gate) -> Self {
        Self {
            frames: app.frames(),
            app,
            mirror: Mutex::default(),
            pictures: Mutex::default(),
            gate,
            started: Instant::now(),
        }
    }

    pub fn frame(&self) -> Arc<Frame> {
        Arc::clone(&self.frames.borrow())
    }

    pub fn media(&self) -> Media {
        Media::of(&self.frame().snapshot)
    }

    async fn songs(&self, question: SongQuestion) -> Result<SongAnswer, NoAnswer> {
        let (sender, receiver) = oneshot::channel();
        let reply = move |answer| drop(sender.send(answer));
        self.app.ask_songs(question, Box::new(reply));
        patiently(receiver)
            .await
            .unwrap_or_else(|ack| Err(NoAnswer::new(protocol::remote::RefusalCode::Busy, ack.message)))
    }

    /// The queue as it is, with a frame that is not older.
    pub async fn now(&self) -> Result<Now, Ack> {
        let mut frames = self.frames.clone();
        let deadline = Instant::now() + PATIENCE;
        loop {
            let frame = Arc::clone(&frames.borrow_and_update());
            let revision = frame.snapshot.queue.revision;
            if lock(&self.mirror).revision() != Some(revision) {
                let SongAnswer::Keys(keys) = self.songs(SongQuestion::Keys).await? else {
                    return Err(silent());
                };
                lock(&self.mirror).update(keys);
            }
            {
                let mirror = lock(&self.mirror);
                // The loop changes first and publishes then.
                let is_settled = mirror.revision().is_none_or(|known| known <= revision);
                if is_settled || Instant::now() >= deadline {
                    return Ok(Now { frame, version: mirror.version(), keys: mirror.keys().to_vec() });
                }
            }
            let _ = tokio::time::timeout(Duration::from_millis(100), frames.changed()).await;
        }
    }

    /// Places whose entries changed since a version.
    pub fn changed_since(&self, version: u32) -> Vec<usize> {
        lock(&self.mirror).changed_since(version)
    }

    /// Carries out a command; returns when the frame that shows it is published.
    pub async fn request(&self, command: Command) -> Result<(), Ack> {
        let (sender, receiver) = oneshot::channel();
        // Who asked may be gone by then.
        let done = move |_| {
            let _ = sender.send(());
        };
        self.app.request(command, done);
        patiently(receiver).await
    }

    /// Edits the queue; keys of new entries.
    pub async fn edit(&self, edit: QueueEdit) -> Result<Vec<u64>, Ack> {
        let (sender, receiver) = oneshot::channel();
        self.app.edit_queue(edit, Box::new(move |result| drop(sender.send(result))));
        Ok(patiently(receiver).await??)
    }

    pub async fn queue(&self, from: usize, limit: usize) -> Result<Vec<QueueSong>, Ack> {
        match self.songs(SongQuestion::Queue { from, limit }).await? {
            SongAnswer::Queue(songs) => Ok(songs),
            _ => Err(silent()),
        }
    }

    /// Part of a list. A library that is not there yet is an empty one.
    pub async fn page(&self, list: &SongList, after: Option<RowKey>, tags: bool) -> Result<SongPage, Ack> {
        let question = SongQuestion::Page { list: list.clone(), after, limit: MAX_SONGS, tags };
        match self.songs(question).await {
            Ok(SongAnswer::Page(page)) => Ok(page),
            Ok(_) => Err(silent()),
            Err(refusal) if refusal.code == protocol::remote::RefusalCode::NotReady => {
                Ok(SongPage::default())
            }
            Err(refusal) => Err(refusal.into()),
        }
    }

    pub async fn search(&self, text: &str, tags: bool) -> Result<Vec<SongRow>, Ack> {
        match self.songs(SongQuestion::Search { text: text.to_owned(), tags }).await {
            Ok(SongAnswer::Found(rows)) => Ok(rows),
            Ok(_) => Err(silent()),
            Err(refusal) if refusal.code == protocol::remote::RefusalCode::NotReady => Ok(Vec::new()),
            Err(refusal) => Err(refusal.into()),
        }
    }

    pub async fn file(&self, place: &Place) -> Result<Option<Box<TrackInfo>>, Ack> {
        let question = SongQuestion::File { medium: place.medium.clone(), relative: place.relative.clone() };
        match self.songs(question).await? {
            SongAnswer::File(info) => Ok(info),
            _ => Err(silent()),
        }
    }

    pub async fn art(&self, place: &Place) -> Result<Option<Box<Art>>, Ack> {
        let question = SongQuestion::Art { medium: place.medium.clone(), relative: place.relative.clone() };
        match self.songs(question).await? {
            SongAnswer::Art(art) => Ok(art),
            _ => Err(silent()),
        }
    }

    pub async fn totals(&self) -> Result<Totals, Ack> {
        match self.songs(SongQuestion::Totals).await? {
            SongAnswer::Totals(totals) => Ok(totals),
            _ => Err(silent()),
        }
    }

    pub async fn edit_playlist(&self, edit: PlaylistEdit) -> Result<(), Ack> {
        self.songs(SongQuestion::Edit(edit)).await?;
        Ok(())
    }

    /// What lies in a folder of a medium, read from the medium itself.
    pub async fn listing(&self, place: &Place, from: usize) -> Result<FolderPart, Ack> {
        let path = place.relative.to_string_lossy().into_owned();
        let limit = protocol::remote::MAX_ROWS;
        let question = Question::Folder { medium: place.medium.clone(), path, from, limit };
        let (sender, receiver) = oneshot::channel();
        self.app.ask(question, Box::new(move |answer| drop(sender.send(answer))));
        match patiently(receiver).await? {
            Ok(Answer::Folder(part)) => Ok(part),
            Ok(_) => Err(silent()),
            Err(refusal) => Err(refusal.into()),
        }
    }
}
