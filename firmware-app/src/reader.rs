//! The library thread: folders, tracks, tags and art, read where a slow or damaged medium delays
//! nobody. What nobody waits for any more is not read.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use library::{LibraryError, WorkerCommand};
use protocol::remote::RefusalCode;

use crate::app::Post;
use crate::asking::{FolderQuestion, NoAnswer, PendingReply};
use crate::event::{Event, Found};
use crate::files::Files;
use crate::songs::SongAnswer;
use crate::state::{Collect, CollectWhat, Medium, QUEUE_LIMIT, Request};

/// Requests for tags kept; the oldest are the ones that scrolled away.
const TAGS_KEPT: usize = 64;

/// Requests not yet begun.
#[derive(Default)]
struct Pending {
    collects: VecDeque<Collect>,
    folder: Option<(PathBuf, PathBuf)>,
    tags: VecDeque<PathBuf>,
    art: Option<PathBuf>,
    /// Of remotes; how many is bounded where they are admitted.
    folders: VecDeque<(FolderQuestion, PendingReply)>,
    pictures: VecDeque<(PathBuf, PendingReply<SongAnswer>)>,
    media: Option<Vec<Medium>>,
    quit: bool,
}

/// The library thread's letter box. The thread ends when this is dropped.
pub(crate) struct Reader {
    shared: Arc<(Mutex<Pending>, Condvar)>,
}

impl Reader {
    /// Starts the thread; answers are posted from it.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(worker: WorkerCommand, data: &Path, post: Post) -> std::io::Result<Self> {
        let shared = Arc::new((Mutex::new(Pending::default()), Condvar::new()));
        let own = Arc::clone(&shared);
        let mut files = Files::new(worker, data);
        std::thread::Builder::new().name("library".into()).spawn(move || {
            while let Some(next) = next(&own) {
                match next {
                    Next::Media(media) => files.set_media(&media),
                    Next::Request(request) => answer(request, &mut files, &post),
                    Next::Remote(question, reply) => reply.answer(listed(question)),
                    Next::Picture(path, reply) => reply.answer(picture(&path, &mut files)),
                }
            }
        })?;
        Ok(Self { shared })
    }

    /// These media are plugged in now: files are only read beneath them.
    pub fn set_media(&self, media: Vec<Medium>) {
        let (pending, wake) = &*self.shared;
        lock(pending).media = Some(media);
        wake.notify_one();
    }

    /// Lists a folder for a remote.
    pub fn list_for_remote(&self, question: FolderQuestion, reply: PendingReply) {
        let (pending, wake) = &*self.shared;
        lock(pending).folders.push_back((question, reply));
        wake.notify_one();
    }

    /// Reads a file's picture for the server of another protocol.
    pub fn art_for_songs(&self, path: PathBuf, reply: PendingReply<SongAnswer>) {
        let (pending, wake) = &*self.shared;
        lock(pending).pictures.push_back((path, reply));
        wake.notify_one();
    }

    /// Asks; the answer comes as an event.
    pub fn ask(&self, request: Request) {
        let (pending, wake) = &*self.shared;
        lock(pending).put(request);
        wake.notify_one();
    }
}

impl Drop for Reader {
    /// Does not wait: a medium that hangs must not keep the unit from ending.
    fn drop(&mut self) {
        let (pending, wake) = &*self.shared;
        lock(pending).quit = true;
        wake.notify_one();
    }
}

impl Pending {
    fn put(&mut self, request: Request) {
        match request {
            Request::Folder { medium, folder } => self.folder = Some((medium, folder)),
            Request::Collect(collect) => {
                if collect.replaces {
                    self.collects.retain(|waiting| !waiting.is_for_queue);
                }
                self.collects.push_back(collect);
            }
            Request::Track(path) => {
                self.tags.push_front(path);
                self.tags.truncate(TAGS_KEPT);
            }
            Request::Art(path) => self.art = Some(path),
        }
    }

    /// Music first, then what the driver looks at, then what decorates it.
    fn take(&mut self) -> Option<Request> {
        if let Some(collect) = self.collects.pop_front() {
            return Some(Request::Collect(collect));
        }
        if let Some((medium, folder)) = self.folder.take() {
            return Some(Request::Folder { medium, folder });
        }
        let tags = self.tags.pop_front().map(Request::Track);
        tags.or_else(|| self.art.take().map(Request::Art))
    }
}

fn lock(pending: &Mutex<Pending>) -> MutexGuard<'_, Pending> {
    pending.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is next.
enum Next {
    Media(Vec<Medium>),
    Request(Request),
    Remote(FolderQuestion, PendingReply),
    Picture(PathBuf, PendingReply<SongAnswer>),
}

fn next(shared: &(Mutex<Pending>, Condvar)) -> Option<Next> {
    let (pending, wake) = shared;
    let mut pending = lock(pending);
    loop {
        if pending.quit {
            return None;
        }
        if let Some(media) = pending.media.take() {
            return Some(Next::Media(media));
        }
        if let Some(request) = pending.take() {
            return Some(Next::Request(request));
        }
        if let Some((question, reply)) = pending.folders.pop_front() {
            return Some(Next::Remote(question, reply));
        }
        if let Some((path, reply)) = pending.pictures.pop_front() {
            return Some(Next::Picture(path, reply));
        }
        pending = wake.wait(pending).unwrap_or_else(PoisonError::into_inner);
    }
}

fn answer(request: Request, files: &mut Files, post: &Post) {
    match request {
        Request::Folder { medium, folder } => {
            let result = contained(|| library::list_folder(&medium, &folder));
            post(Event::FolderRead { folder, result });
        }
        Request::Collect(collect) => answer_collect(&collect, files, post),
        Request::Track(path) => {
            let result = contained(|| files.read_track(&path)).map(Box::new);
            post(Event::TrackRead { path, result });
        }
        Request::Art(path) => {
            let art = contained(|| files.read_art(&path)).ok().flatten();
            post(Event::ArtRead { path, art });
        }
    }
}

fn listed(question: FolderQuestion) -> Result<protocol::remote::Answer, NoAnswer> {
    catch_unwind(AssertUnwindSafe(|| question.answer())).unwrap_or_else(|_| {
        tracing::error!("listing a folder has panicked");
        let text = "This folder confuses the unit.";
        Err(NoAnswer::new(RefusalCode::Changed, text))
    })
}

fn picture(path: &Path, files: &mut Files) -> Result<SongAnswer, NoAnswer> {
    let read = contained(|| files.read_art(path));
    let gone = |error: LibraryError| NoAnswer::new(RefusalCode::Changed, error.to_string());
    read.map(|art| SongAnswer::Art(art.map(Box::new))).map_err(gone)
}

fn answer_collect(collect: &Collect, files: &mut Files, post: &Post) {
    let Collect { request, medium, folder, what, .. } = collect;
    if *what == CollectWhat::Below {
        let result = contained(|| library::tracks_below(medium, folder, 1)).map(found);
        if result.as_ref().is_ok_and(|tracks| !tracks.is_empty()) {
            post(Event::TracksCollected { request: *request, first: true, result });
        }
    }
    let result = contained(|| match what {
        CollectWhat::Below => library::tracks_below(medium, folder, QUEUE_LIMIT).map(found),
        CollectWhat::Beside => tracks_beside(medium, folder).map(found),
        CollectWhat::Playlist => files.resolve_playlist(folder),
    });
    post(Event::TracksCollected { request: *request, first: false, result });
}

fn found(paths: Vec<PathBuf>) -> Vec<Found> {
    paths.into_iter().map(Found::from).collect()
}

fn tracks_beside(medium: &Path, folder: &Path) -> Result<Vec<PathBuf>, LibraryError> {
    let entries = library::list_folder(medium, folder)?;
    let tracks = entries.into_iter().filter(|entry| entry.kind == library::EntryKind::Track);
    Ok(tracks.map(|entry| entry.path).collect())
}

/// A file that makes the reader panic is a file that cannot be read.
fn contained<T>(read: impl FnOnce() -> Result<T, LibraryError>) -> Result<T, LibraryError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        tracing::error!("reading a file has panicked");
        Err(LibraryError::Unreadable("it confuses this unit".into()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn a_panic_is_an_answer() {
        let result: Result<(), _> = contained(|| panic!("a test"));
        assert!(matches!(result, Err(LibraryError::Unreadable(_))));
        assert_eq!(contained(|| Ok(3)), Ok(3));
    }

    #[test]
    fn what_is_obsolete_is_not_read() {
        let mut pending = Pending::default();
        let collect = |request, replaces| {
            let (medium, folder) = (PathBuf::from("/m"), PathBuf::from("/m/a"));
            let what = CollectWhat::Below;
            Request::Collect(Collect { request, medium, folder, what, replaces, is_for_queue: true })
        };
        pending.put(Request::Art("/m/1".into()));
        pending.put(Request::Art("/m/2".into()));
        pending.put(Request::Track("/m/1".into()));
        pending.put(Request::Track("/m/2".into()));
        for name in ["a", "b"] {
            pending.put(Request::Folder { medium: "/m".into(), folder: PathBuf::from("/m").join(name) });
        }
        pending.put(collect(1, true));
        pending.put(collect(2, true));
        pending.put(collect(3, false));
        let order: Vec<Request> = std::iter::from_fn(|| pending.take()).collect();
        let folder = Request::Folder { medium: "/m".into(), folder: "/m/b".into() };
        let (two, one) = (Request::Track("/m/2".into()), Request::Track("/m/1".into()));
        assert_eq!(
            order,
            [collect(2, true), collect(3, false), folder, two, one, Request::Art("/m/2".into())]
        );
    }

    #[test]
    fn a_missing_folder_is_answered() {
        let (sender, answers) = mpsc::channel();
        let (worker, data) = (WorkerCommand::this_program().unwrap(), PathBuf::from("/nowhere"));
        let reader = Reader::start(worker, &data, Arc::new(move |event| drop(sender.send(event)))).unwrap();
        let gone = PathBuf::from("/nowhere/at/all");
        reader.ask(Request::Folder { medium: gone.clone(), folder: gone.clone() });
        let event = answers.recv_timeout(std::time::Duration::from_secs(10)).unwrap();
        assert!(matches!(event, Event::FolderRead { folder, result: Err(_) } if folder == gone));
    }
}
