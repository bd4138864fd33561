//! What can be done with the music of a row: the page a long press opens.

use std::path::{Path, PathBuf};

use protocol::{Command, MusicRef, ViewRef};

use super::browser::{Browser, Place};
use super::folder::Folder;
use super::home::HomeRow;
use super::paged::Paged;
use super::{Act, ListFocus};
use crate::catalog::{CatalogError, ListItem, ListPart, ListRow};
use crate::screen::Action;
use crate::state::{State, short_name};

/// What the page is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// An entry of the queue, by its place.
    QueueEntry(usize),
    /// A list of tracks: an artist, an album, a genre, …
    List(ViewRef),
    /// One track of the library, by its file.
    Track(PathBuf),
    /// A file, a playlist file or a folder.
    Path(PathBuf),
    /// An own playlist.
    Playlist(i64),
    /// An entry of an own playlist.
    Entry { playlist: i64, entry: i64, path: PathBuf },
    /// A medium.
    Medium { id: String, path: PathBuf },
}

/// The page.
#[derive(Debug, Default)]
pub(crate) struct Actions {
    pub title: String,
    subject: Option<Subject>,
    pub focus: ListFocus,
    /// A playlist is being chosen.
    pub choosing: Option<Choosing>,
    number: u64,
}

/// The owner's playlists, to put music into one of them.
#[derive(Debug)]
pub(crate) struct Choosing {
    pub list: Paged,
    pub focus: ListFocus,
}

/// What a press asks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Chosen {
    /// Do these and leave the page.
    Done(Vec<Act>),
    /// Stay; ask these.
    Stay(Vec<Act>),
    /// Back to the queue, where the knob now moves this entry.
    MoveInQueue(usize),
}

impl Actions {
    /// The page is about this now.
    pub fn open(&mut self, title: String, subject: Subject) {
        self.title = title;
        self.subject = Some(subject);
        self.choosing = None;
        self.focus.focus_on(0);
    }

    /// Whether the page is about what plays.
    pub fn is_about_current(&self, state: &State) -> bool {
        let current = state.current_path();
        match &self.subject {
            Some(Subject::QueueEntry(place)) => *place == state.queue.place(),
            Some(Subject::Track(path) | Subject::Path(path)) => current.as_deref() == Some(path),
            _ => false,
        }
    }

    /// What can be done, in order.
    pub fn rows(&self) -> &'static [(Action, &'static str)] {
        use Action::{
            AddToPlaylist, Clear, Delete, Enqueue, Export, Favourite, Move, Play, PlayNext, Remove, Rescan,
        };
        const NEXT: (Action, &str) = (PlayNext, "Play next");
        const ENQUEUE: (Action, &str) = (Enqueue, "Add to the queue");
        const FAVOURITE: (Action, &str) = (Favourite, "Favourite");
        const ADD: (Action, &str) = (AddToPlaylist, "Add to a playlist");
        match &self.subject {
            None => &[],
            Some(Subject::QueueEntry(_)) => &[
                (Play, "Play"),
                FAVOURITE,
                ADD,
                (Move, "Move in the queue"),
                (Remove, "Remove from the queue"),
                (Clear, "Clear the queue"),
            ],
            Some(Subject::Track(_)) => &[NEXT, ENQUEUE, FAVOURITE, ADD],
            Some(Subject::List(_) | Subject::Path(_)) => &[(Play, "Play"), NEXT, ENQUEUE, ADD],
            Some(Subject::Playlist(_)) => &[
                (Play, "Play"),
                NEXT,
                ENQUEUE,
                (Export, "Write it onto the medium"),
                (Delete, "Delete the playlist"),
            ],
            Some(Subject::Entry { .. }) => {
                &[NEXT, ENQUEUE, FAVOURITE, (Move, "Move to the top"), (Remove, "Remove from the playlist")]
            }
            Some(Subject::Medium { .. }) => &[(Play, "Play"), ENQUEUE, (Rescan, "Look for new music")],
        }
    }

    /// Rows of what is shown: the actions, or the playlists with "new" before them.
    pub fn total(&self) -> usize {
        match &self.choosing {
            Some(choosing) => choosing.list.total() + 1,
            None => self.rows().len(),
        }
    }

    pub fn focus_mut(&mut self) -> &mut ListFocus {
        match &mut self.choosing {
            Some(choosing) => &mut choosing.focus,
            None => &mut self.focus,
        }
    }

    /// Back: from the playlists to the actions; false when the page itself is left.
    pub fn back(&mut self) -> bool {
        self.choosing.take().is_some()
    }

    /// The focused row is pressed.
    pub fn press(&mut self, state: &State) -> Chosen {
        if let Some(choosing) = &self.choosing {
            return self.put_into(state, choosing.focus.focus(), choosing);
        }
        let (Some((action, _)), Some(subject)) =
            (self.rows().get(self.focus.focus()).copied(), self.subject.clone())
        else {
            return Chosen::Stay(Vec::new());
        };
        match (action, &subject) {
            (Action::AddToPlaylist, _) => self.choose(),
            (Action::Move, Subject::QueueEntry(place)) => Chosen::MoveInQueue(*place),
            _ => Chosen::Done(act(state, action, &subject).into_iter().collect()),
        }
    }

    fn choose(&mut self) -> Chosen {
        let list = Paged::new(ViewRef::Playlists, "Playlists", Vec::new());
        self.choosing = Some(Choosing { list, focus: ListFocus::default() });
        Chosen::Stay(self.wants())
    }

    /// Playlists near the focus that are not in memory yet.
    pub fn wants(&mut self) -> Vec<Act> {
        self.number += 1;
        let number = self.number | NUMBERS;
        let Some(Choosing { list, focus }) = &mut self.choosing else { return Vec::new() };
        let request = list.wants(&focus.in_sight(usize::MAX), number);
        request.map(Act::Catalog).into_iter().collect()
    }

    /// Whether this number is of a request made here.
    pub fn is_asking(&self, number: u64) -> bool {
        number & NUMBERS != 0
    }

    /// A page of playlists has come.
    pub fn page_answered(&mut self, number: u64, result: Result<ListPart, CatalogError>) -> bool {
        self.choosing.as_mut().is_some_and(|choosing| choosing.list.answered(number, result).is_some())
    }

    fn put_into(&self, state: &State, index: usize, choosing: &Choosing) -> Chosen {
        let Some(music) = self.subject.as_ref().and_then(|subject| music_at(state, subject)) else {
            return Chosen::Stay(Vec::new());
        };
        let command = match index.checked_sub(1) {
            None => {
                let name = format!("Playlist {}", choosing.list.total() + 1);
                Command::CreatePlaylist { name, music: Some(music) }
            }
            Some(index) => match choosing.list.line(index).map(|row| &row.item) {
                Some(ListItem::Playlist { key, .. }) => Command::AddToPlaylist { playlist: *key, music },
                _ => return Chosen::Stay(Vec::new()),
            },
        };
        Chosen::Done(vec![Act::Do(command)])
    }
}

/// Set in the numbers of requests made by this page.
const NUMBERS: u64 = 1 << 63;

fn act(state: &State, action: Action, subject: &Subject) -> Option<Act> {
    let music = || music_at(state, subject);
    let command = match (action, subject) {
        (Action::Play, Subject::QueueEntry(place)) => Command::PlayQueueEntry { index: *place },
        (Action::Play, Subject::List(view)) => Command::PlayView { view: view.clone(), start: None },
        (Action::Play, Subject::Playlist(playlist)) => {
            Command::PlayView { view: ViewRef::Playlist { playlist: *playlist }, start: None }
        }
        (Action::Play, Subject::Path(path) | Subject::Medium { path, .. }) => {
            return Some(Act::PlayPath(path.clone()));
        }
        (Action::PlayNext, _) => Command::PlayNext { music: music()? },
        (Action::Enqueue, _) => match music()? {
            MusicRef::View { view } => Command::EnqueueView { view },
            MusicRef::Path { path } => Command::Enqueue { path },
            MusicRef::Row { .. } | MusicRef::Current | MusicRef::Queue => return None,
        },
        (Action::Favourite, _) => Command::ToggleFavourite { music: music()? },
        (Action::Remove, Subject::QueueEntry(place)) => Command::RemoveQueueEntry { index: *place },
        (Action::Clear, _) => Command::ClearQueue,
        (Action::Delete, Subject::Playlist(playlist)) => Command::DeletePlaylist { playlist: *playlist },
        (Action::Export, Subject::Playlist(playlist)) => {
            Command::ExportPlaylist { playlist: *playlist, medium: None }
        }
        (Action::Remove, Subject::Entry { playlist, entry, .. }) => {
            Command::RemoveFromPlaylist { playlist: *playlist, entry: *entry }
        }
        (Action::Move, Subject::Entry { playlist, entry, .. }) => {
            Command::MoveInPlaylist { playlist: *playlist, entry: *entry, to: 0 }
        }
        (Action::Rescan, Subject::Medium { id, .. }) => Command::Rescan { medium: Some(id.clone()) },
        _ => return None,
    };
    Some(Act::Do(command))
}

/// The music of a subject as commands name it; an entry of the queue by its file.
fn music_at(state: &State, subject: &Subject) -> Option<MusicRef> {
    match subject {
        Subject::QueueEntry(place) if *place == state.queue.place() => Some(MusicRef::Current),
        Subject::QueueEntry(place) => {
            let entry = state.queue.entry(*place)?;
            Some(path_ref(&state.path_of(&entry.item)))
        }
        subject => music_of(subject),
    }
}

fn music_of(subject: &Subject) -> Option<MusicRef> {
    match subject {
        Subject::QueueEntry(_) => None,
        Subject::List(view) => Some(MusicRef::View { view: view.clone() }),
        // By its file, so that it can be put anywhere a folder can.
        Subject::Track(path) | Subject::Path(path) | Subject::Medium { path, .. } => Some(path_ref(path)),
        Subject::Playlist(playlist) => {
            Some(MusicRef::View { view: ViewRef::Playlist { playlist: *playlist } })
        }
        Subject::Entry { path, .. } => Some(path_ref(path)),
    }
}

fn path_ref(path: &Path) -> MusicRef {
    MusicRef::Path { path: path.to_string_lossy().into_owned() }
}

/// What a row of the browser is about, and what it is called; `None` for rows that only lead on.
pub(super) fn subject_at(browser: &Browser, state: &State, index: usize) -> Option<(String, Subject)> {
    match &browser.here().place {
        Place::Home => match HomeRow::at(state.media.len(), index)? {
            HomeRow::Medium(at) => state.media.get(at).map(|medium| {
                let (id, path) = (medium.id.to_string(), medium.path.clone());
                (medium.name.clone(), Subject::Medium { id, path })
            }),
            HomeRow::Favourites => Some(("Favourites".into(), Subject::List(ViewRef::Favourites))),
            _ => None,
        },
        Place::Folder(folder) => Some(folder_subject(folder, index)),
        Place::List(list) => row_subject(state, list.line(index)?, &list.view),
        Place::Found(found) => row_subject(state, found.rows().get(index)?, &ViewRef::Tracks),
    }
}

fn folder_subject(folder: &Folder, index: usize) -> (String, Subject) {
    match folder.entry(index) {
        Some(entry) => (entry.name.clone(), Subject::Path(entry.path.clone())),
        None => (short_name(&folder.folder), Subject::Path(folder.folder.clone())),
    }
}

fn row_subject(state: &State, row: &ListRow, view: &ViewRef) -> Option<(String, Subject)> {
    Some(match &row.item {
        ListItem::Artist { key, name, .. } => {
            (name.clone(), Subject::List(ViewRef::ArtistTracks { artist: *key }))
        }
        ListItem::Album { key, title, .. } => {
            (title.clone(), Subject::List(ViewRef::AlbumTracks { album: *key }))
        }
        ListItem::Genre { key, name, .. } => {
            (name.clone(), Subject::List(ViewRef::GenreTracks { genre: *key }))
        }
        ListItem::Composer { key, name, .. } => {
            (name.clone(), Subject::List(ViewRef::ComposerTracks { composer: *key }))
        }
        ListItem::Year { year, .. } => (year.to_string(), Subject::List(ViewRef::YearTracks { year: *year })),
        ListItem::Playlist { key, name, .. } => (name.clone(), Subject::Playlist(*key)),
        ListItem::Track(track) => {
            let path = state.path_of(&track.track);
            let subject = match (view, track.entry) {
                (ViewRef::Playlist { playlist }, Some(entry)) => {
                    Subject::Entry { playlist: *playlist, entry, path }
                }
                _ => Subject::Track(path),
            };
            (track.title.clone(), subject)
        }
    })
}
