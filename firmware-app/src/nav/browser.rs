//! The music page: the way from the top through folders and lists, each level as it was left.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use library::{Entry, LibraryError};
use protocol::{RowKey, ViewRef};

use super::folder::{Content, Folder};
use super::home::HomeRow;
use super::paged::{Answered, Head, Paged};
use super::{Act, ListFocus};
use crate::catalog::{CatalogError, ListItem, ListPart, ListRow};
use crate::state::{CatalogRequest, Medium, State};

/// Folders whose focus is remembered.
const REMEMBERED: usize = 256;
/// Levels below the top; deeper folders forget the way back to the first ones.
const DEEPEST: usize = 64;
/// Found of each kind when everything is wanted.
const EVERYTHING: usize = 100;

/// What a row stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Medium(PathBuf),
    Folder(PathBuf),
    /// A file, a playlist file, or a folder with all below it.
    Play(PathBuf),
    /// Another list.
    List {
        view: ViewRef,
        title: String,
    },
    /// Every track of a list, from this one on.
    PlayView {
        view: ViewRef,
        start: Option<RowKey>,
    },
    /// The page of letters.
    Search,
}

/// What a search found.
#[derive(Debug, Default)]
pub(crate) struct FoundList {
    pub text: String,
    pub result: Option<Result<Vec<ListRow>, CatalogError>>,
    /// The number of the request that is on its way.
    asked: Option<u64>,
}

impl FoundList {
    /// What is searched for next; what was found stays until the answer is there.
    pub fn ask(&mut self, text: String, number: u64, limit: usize) -> CatalogRequest {
        self.text.clone_from(&text);
        self.asked = Some(number);
        CatalogRequest::Search { request: number, text, limit }
    }

    /// Takes the answer; false if it answers another question than the last.
    pub fn answered(&mut self, number: u64, result: Result<Vec<ListRow>, CatalogError>) -> bool {
        let is_it = self.asked == Some(number);
        if is_it {
            self.asked = None;
            self.result = Some(result);
        }
        is_it
    }

    pub fn rows(&self) -> &[ListRow] {
        match &self.result {
            Some(Ok(found)) => found,
            _ => &[],
        }
    }
}

/// Where one is.
#[derive(Debug)]
pub(crate) enum Place {
    Home,
    Folder(Folder),
    List(Paged),
    Found(FoundList),
}

/// A place and the row one is at.
#[derive(Debug)]
pub(crate) struct Level {
    pub place: Place,
    pub focus: ListFocus,
    /// Opened by the page of letters: back leads there.
    from_search: bool,
}

/// The way.
#[derive(Debug)]
pub(crate) struct Browser {
    /// Never empty: the first is the top.
    levels: Vec<Level>,
    left_at: HashMap<PathBuf, usize>,
    /// The last request.
    number: u64,
    /// Counts of the lists of the top, and the requests for them that are on their way.
    counts: HashMap<ViewRef, u64>,
    counting: Vec<(u64, ViewRef)>,
    /// Of the library, as the lists show it.
    revision: u64,
}

impl Default for Browser {
    fn default() -> Self {
        let home = Level { place: Place::Home, focus: ListFocus::default(), from_search: false };
        Self {
            levels: vec![home],
            left_at: HashMap::new(),
            number: 0,
            counts: HashMap::new(),
            counting: Vec::new(),
            revision: 0,
        }
    }
}

impl Browser {
    pub fn here(&self) -> &Level {
        &self.levels[self.levels.len() - 1]
    }

    pub fn here_mut(&mut self) -> &mut Level {
        let last = self.levels.len() - 1;
        &mut self.levels[last]
    }

    /// Whether the rows are not known yet.
    pub fn is_loading(&self) -> bool {
        match &self.here().place {
            Place::Home => false,
            Place::Folder(folder) => folder.is_loading(),
            Place::List(list) => list.is_loading(),
            Place::Found(found) => found.result.is_none(),
        }
    }

    /// Rows in the list.
    pub fn total(&self, media: &[Medium]) -> usize {
        match &self.here().place {
            Place::Home => HomeRow::total(media.len()),
            Place::Folder(folder) => folder.total(),
            Place::List(list) => list.total(),
            Place::Found(found) => found.rows().len(),
        }
    }

    /// What a row stands for.
    pub fn target(&self, state: &State, index: usize) -> Option<Target> {
        match &self.here().place {
            Place::Home => home_target(state, index),
            Place::Folder(folder) => folder.target(index),
            Place::List(list) => list_target(list, index),
            Place::Found(found) => found.rows().get(index).and_then(|row| found_target(state, row)),
        }
    }

    /// The page is opened: where it was left, read again.
    pub fn enter(&mut self, state: &State) -> Vec<Act> {
        self.drop_what_is_gone(&state.media);
        self.refresh(state)
    }

    /// Opens a medium or a folder of the present one.
    pub fn open_folder(&mut self, medium: PathBuf, folder: PathBuf) -> Vec<Act> {
        let focus = self.left_at.get(&folder).copied().unwrap_or(0);
        let folder = Folder::new(medium, folder);
        let read = folder.read();
        self.push(Place::Folder(folder), focus);
        vec![read]
    }

    /// Opens a folder below the present one.
    pub fn descend(&mut self, folder: PathBuf) -> Vec<Act> {
        let Place::Folder(here) = &self.here().place else { return Vec::new() };
        let medium = here.medium.clone();
        self.open_folder(medium, folder)
    }

    /// Opens a list.
    pub fn open_list(&mut self, view: ViewRef, title: String) -> Vec<Act> {
        let heads = heads_of(&view);
        self.push(Place::List(Paged::new(view, title, heads)), 0);
        self.wants()
    }

    /// Opens everything that was found. It is asked for when the page opens.
    pub fn open_found(&mut self, text: &str) {
        self.levels.truncate(1);
        self.push(Place::Found(FoundList { text: text.to_owned(), ..FoundList::default() }), 0);
        self.here_mut().from_search = true;
    }

    /// Opens a list from a hit of the search: back leads to the letters. It is read when the page opens.
    pub fn open_found_list(&mut self, view: ViewRef, title: String) {
        self.levels.truncate(1);
        let heads = heads_of(&view);
        self.push(Place::List(Paged::new(view, title, heads)), 0);
        self.here_mut().from_search = true;
    }

    /// Reads what is shown again if the library has changed since it was read.
    pub fn refresh_if_changed(&mut self, state: &State) -> Vec<Act> {
        let is_folder = matches!(self.here().place, Place::Folder(_));
        if is_folder || self.revision == state.library_revision() { Vec::new() } else { self.refresh(state) }
    }

    fn push(&mut self, place: Place, focus: usize) {
        self.remember();
        if self.levels.len() > DEEPEST {
            self.levels.remove(1);
        }
        let mut level = Level { place, focus: ListFocus::default(), from_search: false };
        level.focus.focus_on(focus);
        self.levels.push(level);
    }

    /// One level up. `None` at the top: the page itself is left.
    pub fn up(&mut self, state: &State) -> Option<Vec<Act>> {
        if self.levels.len() == 1 {
            return None;
        }
        self.remember();
        let left = self.levels.pop();
        if left.is_some_and(|level| level.from_search) {
            return None;
        }
        Some(self.refresh(state))
    }

    /// Media came or went: what lies on one that is gone is left.
    pub fn media_changed(&mut self, state: &State, is_open: bool) -> Vec<Act> {
        self.drop_what_is_gone(&state.media);
        if is_open { self.refresh(state) } else { Vec::new() }
    }

    fn drop_what_is_gone(&mut self, media: &[Medium]) {
        let is_gone = |level: &Level| match &level.place {
            Place::Folder(folder) => media.iter().all(|known| known.path != folder.medium),
            _ => media.is_empty(),
        };
        if let Some(gone) = self.levels.iter().skip(1).position(is_gone) {
            self.levels.truncate(gone + 1);
        }
    }

    /// Reads what is shown again if the library has changed since, or if it is a folder.
    pub fn refresh(&mut self, state: &State) -> Vec<Act> {
        let revision = state.library_revision();
        let is_same = std::mem::replace(&mut self.revision, revision) == revision;
        match &self.here().place {
            Place::List(list) if is_same && !list.is_loading() => self.wants(),
            Place::Found(found) if is_same && found.result.is_some() => Vec::new(),
            _ => self.refresh_here(&state.media),
        }
    }

    fn refresh_here(&mut self, media: &[Medium]) -> Vec<Act> {
        let (first, second) = (self.next_number(), self.next_number());
        let asked = match &mut self.here_mut().place {
            Place::Home if media.is_empty() => Vec::new(),
            Place::Home => self.count_home(),
            Place::Folder(folder) => return vec![folder.read()],
            Place::List(list) => {
                let rows = list.reload(first);
                rows.into_iter().chain(list.wants_count(second)).collect()
            }
            Place::Found(found) => vec![found.ask(found.text.clone(), first, EVERYTHING)],
        };
        asked.into_iter().map(Act::Catalog).collect()
    }

    fn next_number(&mut self) -> u64 {
        self.number += 1;
        self.number
    }

    /// How many there are of each kind, for the rows of the top.
    fn count_home(&mut self) -> Vec<CatalogRequest> {
        self.counting.clear();
        let mut asked = Vec::new();
        for view in HomeRow::counted() {
            let request = self.next_number();
            self.counting.push((request, view.clone()));
            asked.push(CatalogRequest::Count { request, view });
        }
        asked
    }

    /// How many rows a list of the top has, where that is known.
    pub fn count_of(&self, view: &ViewRef) -> Option<u64> {
        self.counts.get(view).copied()
    }

    /// Rows near the focus that are not in memory yet are asked for.
    pub fn wants(&mut self) -> Vec<Act> {
        let (first, second) = (self.next_number(), self.next_number());
        let Level { place: Place::List(list), focus, .. } = self.here_mut() else { return Vec::new() };
        let total = if list.is_loading() { usize::MAX } else { list.total() };
        let rows = list.wants(&focus.in_sight(total), first);
        rows.into_iter().chain(list.wants_count(second)).map(Act::Catalog).collect()
    }

    /// To the next letter or back; nothing happens where there are none.
    pub fn jump(&mut self, forward: bool) -> Vec<Act> {
        let number = self.next_number();
        let Level { place: Place::List(list), focus, .. } = self.here_mut() else { return Vec::new() };
        list.jump(focus.focus(), forward, number).map(Act::Catalog).into_iter().collect()
    }

    /// A folder was read. An answer about a folder that is not on the way is dropped.
    pub fn folder_read(&mut self, path: &Path, result: Result<Vec<Entry>, LibraryError>) -> bool {
        let Place::Folder(folder) = &mut self.here_mut().place else { return false };
        if folder.folder != path {
            return false;
        }
        folder.content = match result {
            Ok(entries) => Content::Entries(entries),
            Err(error) => Content::Failed(error),
        };
        true
    }

    /// A page has come: whether anything on the screen changed, and what to ask next.
    pub fn page_answered(&mut self, number: u64, result: Result<ListPart, CatalogError>) -> (bool, Vec<Act>) {
        let Level { place: Place::List(list), focus, .. } = self.here_mut() else {
            return (false, Vec::new());
        };
        match list.answered(number, result) {
            None => return (false, Vec::new()),
            Some(Answered::GoTo(index)) => focus.run_to(index),
            Some(Answered::Shifted(by)) => focus.shift(by),
            Some(Answered::Shown) => {}
        }
        let acts = if list.is_stale() { self.refresh_here(&[]) } else { self.wants() };
        (true, acts)
    }

    /// A list was counted; true if the screen changes.
    pub fn counted(&mut self, number: u64, result: &Result<u64, CatalogError>) -> bool {
        if let Some(at) = self.counting.iter().position(|(asked, _)| *asked == number) {
            let (_, view) = self.counting.swap_remove(at);
            let count = result.as_ref().ok().copied().unwrap_or(0);
            return self.counts.insert(view, count) != Some(count);
        }
        match &mut self.here_mut().place {
            Place::List(list) => list.counted(number, result),
            _ => false,
        }
    }

    /// A search was answered.
    pub fn found(&mut self, number: u64, result: Result<Vec<ListRow>, CatalogError>) -> bool {
        match &mut self.here_mut().place {
            Place::Found(found) => found.answered(number, result),
            _ => false,
        }
    }

    fn remember(&mut self) {
        let Level { place: Place::Folder(folder), focus, .. } = self.here() else { return };
        let (path, focus) = (folder.folder.clone(), focus.focus());
        if self.left_at.len() >= REMEMBERED {
            self.left_at.clear();
        }
        self.left_at.insert(path, focus);
    }
}

fn home_target(state: &State, index: usize) -> Option<Target> {
    let row = HomeRow::at(state.media.len(), index)?;
    match row {
        HomeRow::Medium(at) => state.media.get(at).map(|medium| Target::Medium(medium.path.clone())),
        HomeRow::Search => Some(Target::Search),
        row => row.view().map(|view| Target::List { view, title: row.label(state) }),
    }
}

fn list_target(list: &Paged, index: usize) -> Option<Target> {
    match list.head(index) {
        Some(Head::PlayAll) => Some(Target::PlayView { view: tracks_of(&list.view), start: None }),
        Some(Head::AllSongs) => Some(Target::List { view: tracks_of(&list.view), title: list.title.clone() }),
        None => row_target(list.line(index)?, &list.view),
    }
}

fn row_target(row: &ListRow, view: &ViewRef) -> Option<Target> {
    let list = |view, title: &String| Some(Target::List { view, title: title.clone() });
    match &row.item {
        ListItem::Artist { key, name, .. } => list(ViewRef::ArtistAlbums { artist: *key }, name),
        ListItem::Album { key, title, .. } => list(ViewRef::AlbumTracks { album: *key }, title),
        ListItem::Genre { key, name, .. } => list(ViewRef::GenreAlbums { genre: *key }, name),
        ListItem::Composer { key, name, .. } => list(ViewRef::ComposerAlbums { composer: *key }, name),
        ListItem::Year { year, .. } => list(ViewRef::YearAlbums { year: *year }, &year.to_string()),
        ListItem::Playlist { key, name, .. } => list(ViewRef::Playlist { playlist: *key }, name),
        ListItem::Track(_) => Some(Target::PlayView { view: view.clone(), start: Some(row.key.clone()) }),
    }
}

pub(super) fn found_target(state: &State, row: &ListRow) -> Option<Target> {
    match &row.item {
        // At once and with its folder, as from the folder itself.
        ListItem::Track(track) => Some(Target::Play(state.path_of(&track.track))),
        _ => row_target(row, &ViewRef::Tracks),
    }
}

/// What stands before the lines of a list.
fn heads_of(view: &ViewRef) -> Vec<Head> {
    match view {
        ViewRef::Artists
        | ViewRef::Albums
        | ViewRef::Genres
        | ViewRef::Composers
        | ViewRef::Years
        | ViewRef::Playlists => Vec::new(),
        ViewRef::ArtistAlbums { .. }
        | ViewRef::GenreAlbums { .. }
        | ViewRef::ComposerAlbums { .. }
        | ViewRef::YearAlbums { .. } => {
            vec![Head::PlayAll, Head::AllSongs]
        }
        _ => vec![Head::PlayAll],
    }
}

/// The tracks behind a list of albums; a list of tracks is its own.
fn tracks_of(view: &ViewRef) -> ViewRef {
    match view {
        ViewRef::ArtistAlbums { artist } => ViewRef::ArtistTracks { artist: *artist },
        ViewRef::GenreAlbums { genre } => ViewRef::GenreTracks { genre: *genre },
        ViewRef::ComposerAlbums { composer } => ViewRef::ComposerTracks { composer: *composer },
        ViewRef::YearAlbums { year } => ViewRef::YearTracks { year: *year },
        view => view.clone(),
    }
}
