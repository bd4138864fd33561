//! The catalog thread: lists of the index and the owner's collection, read and changed where a slow card
//! delays nobody.

mod answer;
mod edits;
mod lists;
mod media;
mod pending;
mod remote;
mod rows;
mod songs;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use library::{Collection, IndexReader, PlayedTrack};

pub use answer::ListAnswer;
pub(crate) use answer::{CatalogError, CountAnswer, FoundAnswer, ListPart, PageAnswer};
use pending::{Next, Pending, RemoteAsk};
pub(crate) use remote::{QueueEntry, QueueQuestion, RemoteQuestion};
#[cfg(test)]
pub(crate) use rows::TrackRow;
pub(crate) use rows::{ListItem, ListRow};

use crate::app::Post;
use crate::asking::PendingReply;
use crate::event::{CatalogAnswer, Event, FavouriteAnswer, TracksAnswer};
use crate::songs::{SongAnswer, SongQuestion, SongTask};
use crate::state::{CatalogRequest, Item, Medium};

/// The index's file in the data folder.
pub(crate) const INDEX_FILE: &str = "library.db";
/// The collection's file in the data folder.
pub(crate) const COLLECTION_FILE: &str = "collection.db";
/// Found of each kind, at most.
const FOUND: usize = 100;

/// The catalog thread's letter box. The thread writes what it still has to write when this is dropped.
pub(crate) struct Catalog {
    pending: Arc<Pending>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Catalog {
    /// Starts the thread; answers are posted from it.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(folder: &Path, post: Post) -> std::io::Result<Self> {
        let pending = Arc::new(Pending::default());
        let own = Arc::clone(&pending);
        let folder = folder.to_path_buf();
        let thread = std::thread::Builder::new().name("catalog".into()).spawn(move || {
            Desk::new(&folder, post).serve(&own);
        })?;
        Ok(Self { pending, thread: Some(thread) })
    }

    /// Asks; the answer comes as an event.
    pub fn ask(&self, request: CatalogRequest) {
        self.pending.put(request);
    }

    /// Asks for a remote.
    pub fn ask_for_remote(&self, question: RemoteQuestion, reply: PendingReply) {
        self.pending.put_remote(RemoteAsk::Rows { question, reply });
    }

    /// Asks for the server of another protocol.
    pub fn ask_for_songs(&self, task: SongTask, reply: PendingReply<SongAnswer>) {
        self.pending.put_remote(RemoteAsk::Songs { task, reply });
    }

    /// These media are plugged in now: rows of others never show.
    pub fn set_media(&self, media: Vec<Medium>) {
        self.pending.set_media(media);
    }

    /// The index has other content: what is known of the media is told again.
    pub fn index_changed(&self) {
        self.pending.index_changed();
    }

    /// Waits until everything is written.
    pub fn finish(&mut self) {
        self.pending.quit();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the catalog's thread has panicked");
        }
    }
}

impl Drop for Catalog {
    fn drop(&mut self) {
        self.pending.quit();
    }
}

/// What the thread works with.
struct Desk {
    index: PathBuf,
    reader: Option<IndexReader>,
    collection: Option<Collection>,
    plugged: Vec<Medium>,
    media: Vec<media::Present>,
    /// Tracks that were heard and are not yet counted.
    played: Vec<PlayedTrack>,
    post: Post,
}

impl Desk {
    fn new(folder: &Path, post: Post) -> Self {
        let opened = Collection::open(&folder.join(COLLECTION_FILE));
        let opened = opened.inspect_err(|error| tracing::error!(%error, "the collection cannot be opened"));
        let collection = match opened {
            Ok((collection, set_aside)) => {
                if let Some(set_aside) = set_aside {
                    tracing::error!(?set_aside, "the collection was damaged");
                    let text = "Favourites and playlists were damaged and are kept aside".to_owned();
                    post(Event::Catalog(CatalogAnswer::Edited(Err(text))));
                }
                Some(collection)
            }
            Err(_) => {
                let text = "Favourites and playlists cannot be stored at the moment".to_owned();
                post(Event::Catalog(CatalogAnswer::Edited(Err(text))));
                Collection::in_memory().ok()
            }
        };
        let index = folder.join(INDEX_FILE);
        Self {
            index,
            reader: None,
            collection,
            plugged: Vec::new(),
            media: Vec::new(),
            played: Vec::new(),
            post,
        }
    }

    fn serve(&mut self, pending: &Pending) {
        loop {
            match pending.next(!self.played.is_empty()) {
                Next::Quit => break,
                Next::Idle => self.count_plays(),
                Next::Media(media) => {
                    self.plugged = media;
                    self.look_at_media();
                }
                Next::IndexChanged => self.look_at_media(),
                Next::Request(request) => self.answer(request),
                Next::Remote(ask) => self.answer_remote(ask),
            }
        }
        self.count_plays();
    }

    fn look_at_media(&mut self) {
        self.open_reader();
        self.media = media::present(&self.plugged, self.reader.as_ref());
        let known = media::known(&self.media, self.reader.as_ref());
        (self.post)(Event::Catalog(CatalogAnswer::Media(known)));
    }

    /// The index may be made, or made anew, after this thread started.
    fn open_reader(&mut self) {
        if self.reader.is_none() && self.index.exists() {
            let opened = IndexReader::open(&self.index);
            self.reader = opened.inspect_err(|error| tracing::debug!(%error, "no index yet")).ok();
        }
    }

    fn answer(&mut self, request: CatalogRequest) {
        self.open_reader();
        let Some(mut collection) = self.collection.take() else { return };
        let answer = self.answered(request, &mut collection);
        self.collection = Some(collection);
        if let Some(answer) = answer {
            (self.post)(Event::Catalog(answer));
        }
    }

    fn answer_remote(&mut self, ask: RemoteAsk) {
        self.open_reader();
        let Some(collection) = &mut self.collection else { return };
        let is_damaged = match ask {
            RemoteAsk::Rows { question, reply } => {
                let sources = lists::Sources { reader: self.reader.as_ref(), collection, media: &self.media };
                let (answer, is_damaged) = remote::answer(question, &sources, &self.plugged);
                reply.answer(answer);
                is_damaged
            }
            RemoteAsk::Songs { task: SongTask::Asked(SongQuestion::Edit(edit)), reply } => {
                let result = songs::edit(collection, edit);
                if result.is_ok() {
                    (self.post)(Event::Catalog(CatalogAnswer::Edited(Ok(String::new()))));
                }
                reply.answer(result.map(|()| SongAnswer::Edited));
                false
            }
            RemoteAsk::Songs { task, reply } => {
                let sources = lists::Sources { reader: self.reader.as_ref(), collection, media: &self.media };
                let (answer, is_damaged) = songs::answer(task, &sources);
                reply.answer(answer);
                is_damaged
            }
        };
        if is_damaged {
            self.reader = None;
        }
    }

    fn answered(&mut self, request: CatalogRequest, collection: &mut Collection) -> Option<CatalogAnswer> {
        match request {
            CatalogRequest::Edit(edit) => {
                let result = edits::Editor {
                    collection,
                    reader: self.reader.as_ref(),
                    media: &self.media,
                    now_s: now_s(),
                }
                .edit(edit);
                return Some(CatalogAnswer::Edited(result.map_err(|error| error.to_string())));
            }
            CatalogRequest::Played { item } => {
                let track = edits::collection_track(&item)?;
                self.played.push(PlayedTrack { track, unix_s: now_s() });
                return None;
            }
            CatalogRequest::IsFavourite { item } => {
                let track = edits::collection_track(&item)?;
                let is_favourite = collection.is_favourite(&track).unwrap_or(false);
                return Some(CatalogAnswer::Favourite(FavouriteAnswer { item, is_favourite }));
            }
            _ => {}
        }
        let sources = lists::Sources { reader: self.reader.as_ref(), collection, media: &self.media };
        let (answer, is_damaged) = self.listed(request, &sources);
        if is_damaged {
            // Whoever writes it begins anew; this one opens the new file.
            self.reader = None;
        }
        answer
    }

    fn listed(&self, request: CatalogRequest, sources: &lists::Sources<'_>) -> (Option<CatalogAnswer>, bool) {
        let mut is_damaged = false;
        let mut seen = |error: CatalogError| {
            is_damaged |= error == CatalogError::Damaged;
            error
        };
        let answer = match request {
            CatalogRequest::Page { request, view, anchor, limit } => {
                let result = sources.page(&view, &anchor, limit).map_err(&mut seen);
                CatalogAnswer::List(ListAnswer::Page(PageAnswer { request, result }))
            }
            CatalogRequest::Count { request, view } => {
                let result = sources.count(&view).map_err(&mut seen);
                CatalogAnswer::List(ListAnswer::Count(CountAnswer { request, result }))
            }
            CatalogRequest::Search { request, text, limit } => {
                let result = sources.search(&text, limit.min(FOUND)).map_err(&mut seen);
                CatalogAnswer::List(ListAnswer::Found(FoundAnswer { request, result }))
            }
            CatalogRequest::Row { request, view, row } => tracks(
                request,
                sources.row(&view, &row).map(|row| lists::tracks_in(row.as_slice()).collect()),
            ),
            CatalogRequest::Tracks { request, view, start: None } => tracks(request, sources.tracks(&view)),
            CatalogRequest::Tracks { request, view, start: Some(start) } => {
                if let Ok(Some(row)) = sources.row(&view, &start) {
                    let result = Ok(lists::tracks_in(&[row]).collect());
                    let first = TracksAnswer { request, is_first: true, result };
                    (self.post)(Event::Catalog(CatalogAnswer::Tracks(first)));
                }
                tracks(request, sources.tracks_around(&view, &start))
            }
            CatalogRequest::Edit(_) | CatalogRequest::Played { .. } | CatalogRequest::IsFavourite { .. } => {
                return (None, false);
            }
        };
        (Some(answer), is_damaged)
    }

    fn count_plays(&mut self) {
        let played = std::mem::take(&mut self.played);
        if let Some(collection) = &mut self.collection
            && !played.is_empty()
            && let Err(error) = collection.note_played(&played)
        {
            tracing::warn!(%error, "plays are not counted");
        }
    }
}

fn tracks(request: u64, result: Result<Vec<Item>, CatalogError>) -> CatalogAnswer {
    let result = result.map_err(|error| error.to_string());
    CatalogAnswer::Tracks(TracksAnswer { request, is_first: false, result })
}

/// What the owner's collection notes as the time; a unit without a clock of its own counts from its start.
fn now_s() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
