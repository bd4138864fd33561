//! Songs as the servers of other protocols see them: every tag, keys of queue entries, places on media.
//! In-process only; what a remote may ask is `protocol::remote`.

use std::path::{Component, PathBuf};

use library::{Art, TrackInfo};
use protocol::remote::RefusalCode;
use protocol::{RowKey, ViewRef};

use crate::asking::{NoAnswer, PendingReply};
use crate::state::{Item, QueueEdit, QueueEditError, State};
use crate::view;

/// Most rows of one answer.
pub(crate) const MAX_SONGS: usize = 256;

/// A list of songs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SongList {
    /// One of the unit's own lists.
    View(ViewRef),
    /// A folder as the index knows it: subfolders first.
    Folder { medium: String, relative: PathBuf },
}

/// A question.
#[derive(Clone, Debug)]
pub(crate) enum SongQuestion {
    /// All keys of the queue.
    Keys,
    /// Entries of the queue, in playing order; at most [`MAX_SONGS`].
    Queue { from: usize, limit: usize },
    /// Part of a list; with `tags` every song comes with all the index knows of it.
    Page { list: SongList, after: Option<RowKey>, limit: usize, tags: bool },
    /// What matches all words: names, albums, songs; at most 100 of each.
    Search { text: String, tags: bool },
    /// What the index knows of a file.
    File { medium: String, relative: PathBuf },
    /// The picture of a file.
    Art { medium: String, relative: PathBuf },
    /// Numbers of the whole library.
    Totals,
    /// Change an own playlist.
    Edit(PlaylistEdit),
}

/// A change of the owner's playlists.
#[derive(Clone, Debug)]
pub(crate) enum PlaylistEdit {
    /// A new one with these.
    Create { name: String, items: Vec<Item> },
    /// Put these before an entry, or at the end.
    Add { playlist: i64, items: Vec<Item>, before: Option<i64> },
    /// Take entries out.
    Remove { playlist: i64, entries: Vec<i64> },
    /// Put an entry before another, or at the end.
    Move { playlist: i64, entry: i64, before: Option<i64> },
    /// Take everything out.
    Clear { playlist: i64 },
    /// Delete it.
    Delete { playlist: i64 },
    /// Give it another name.
    Rename { playlist: i64, name: String },
}

/// An answer; each kind of question has its own.
#[derive(Debug)]
pub(crate) enum SongAnswer {
    /// To `Keys`.
    Keys(QueueKeys),
    /// To `Queue`.
    Queue(Vec<QueueSong>),
    /// To `Page`.
    Page(SongPage),
    /// To `Search`.
    Found(Vec<SongRow>),
    /// To `File`.
    File(Option<Box<TrackInfo>>),
    /// To `Art`.
    Art(Option<Box<Art>>),
    /// To `Totals`.
    Totals(Totals),
    /// To `Edit`: it is on the disk.
    Edited,
}

/// The queue in keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct QueueKeys {
    /// The snapshot's `queue.revision` they belong to.
    pub revision: u64,
    /// In playing order.
    pub keys: Vec<u64>,
}

/// An entry of the queue.
#[derive(Clone, Debug)]
pub(crate) struct QueueSong {
    pub key: u64,
    pub place: usize,
    pub song: Song,
}

/// A song with what is known of it.
#[derive(Clone, Debug)]
pub(crate) struct Song {
    pub item: Item,
    /// As lists show it; never empty.
    pub title: String,
    pub artist: String,
    pub album: String,
    pub duration_ms: Option<u64>,
    /// All the index knows, where it was asked for and knows anything.
    pub info: Option<Box<TrackInfo>>,
    /// The entry's key in an own playlist.
    pub entry: Option<i64>,
}

/// A row of a list.
#[derive(Clone, Debug)]
pub(crate) enum SongRow {
    Folder { name: String },
    Song(Song),
    Album { key: i64, title: String, artist: String, year: Option<u16> },
    Artist { key: i64, name: String },
    Genre { key: i64, name: String },
    Composer { key: i64, name: String },
    Year,
    Playlist { key: i64, name: String },
}

/// Part of a list.
#[derive(Debug, Default)]
pub(crate) struct SongPage {
    pub rows: Vec<SongRow>,
    /// Where the next part begins; `None` at the end.
    pub next: Option<RowKey>,
}

/// Numbers of the library, of the media that are plugged in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub artists: u64,
    pub albums: u64,
    pub tracks: u64,
    /// End of the last complete scan, Unix time.
    pub scanned_s: Option<i64>,
}

/// A question on its way.
pub struct SongsAsked {
    pub(crate) question: SongQuestion,
    pub(crate) reply: PendingReply<SongAnswer>,
}

impl std::fmt::Debug for SongsAsked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SongsAsked").field("question", &self.question).finish_non_exhaustive()
    }
}

/// Called once an edit is carried out and published, on the loop's thread: it must only wake somebody.
pub(crate) type EditDone = Box<dyn FnOnce(Result<Vec<u64>, QueueEditError>) + Send>;

/// An edit of the queue on its way.
pub struct QueueEditAsked {
    pub(crate) edit: QueueEdit,
    pub(crate) done: EditDone,
}

impl std::fmt::Debug for QueueEditAsked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("QueueEditAsked").field("edit", &self.edit).finish_non_exhaustive()
    }
}

/// Work for the catalog thread.
pub(crate) enum SongTask {
    /// Entries of the queue, as far as the state knows them.
    Queue(Vec<QueueSong>),
    /// As asked.
    Asked(SongQuestion),
}

/// Where a question goes.
pub(crate) enum SongRoute {
    Answered(Result<SongAnswer, NoAnswer>),
    Catalog(SongTask),
    /// To the thread that reads files.
    Art(PathBuf),
}

/// Looks at the state for what the question needs of it.
pub(crate) fn route(state: &State, question: SongQuestion) -> SongRoute {
    match question {
        SongQuestion::Keys => SongRoute::Answered(Ok(SongAnswer::Keys(QueueKeys {
            revision: state.queue.revision(),
            keys: state.queue.keys(),
        }))),
        SongQuestion::Queue { from, limit } => {
            let to = from.saturating_add(limit.min(MAX_SONGS)).min(state.queue.len());
            SongRoute::Catalog(SongTask::Queue((from..to).filter_map(|place| entry(state, place)).collect()))
        }
        SongQuestion::Art { medium, relative } => match path_of(state, &medium, &relative) {
            Some(path) => SongRoute::Art(path),
            None => {
                let gone = NoAnswer::new(RefusalCode::Changed, "This file or its medium is no longer there.");
                SongRoute::Answered(Err(gone))
            }
        },
        other => SongRoute::Catalog(SongTask::Asked(other)),
    }
}

/// Where a file of a medium that is plugged in lies, if nothing leads out of the medium.
fn path_of(state: &State, medium: &str, relative: &std::path::Path) -> Option<PathBuf> {
    let is_inside = relative.components().all(|part| matches!(part, Component::Normal(_)));
    let known = state.media.iter().find(|known| *known.id == *medium)?;
    is_inside.then(|| known.path.join(relative))
}

fn entry(state: &State, place: usize) -> Option<QueueSong> {
    let entry = state.queue.entry(place)?;
    let item = entry.item.clone();
    let info = state.tracks.get(&state.path_of(&item)).cloned().map(Box::new);
    let song = Song {
        title: view::title(state, &item),
        artist: view::artist(state, &item),
        album: info.as_ref().map(|info| info.album.clone()).unwrap_or_default(),
        duration_ms: match item.slice {
            Some(slice) => slice.duration_ms(),
            None => info.as_ref().and_then(|info| info.duration_s).map(|seconds| (seconds * 1000.0) as u64),
        },
        info,
        entry: None,
        item,
    };
    Some(QueueSong { key: entry.key, place, song })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_read_from_media_only() {
        let mut state = State::new();
        let medium = crate::state::Medium { id: "id".into(), name: "Stick".into(), path: "/m".into() };
        state.media.push(medium);
        let art = |medium: &str, relative: &str| {
            route(&state, SongQuestion::Art { medium: medium.into(), relative: relative.into() })
        };
        for (medium, relative) in [("id", "../etc/passwd"), ("id", "/etc/passwd"), ("other", "a.mp3")] {
            assert!(matches!(art(medium, relative), SongRoute::Answered(Err(_))), "{relative}");
        }
        assert!(
            matches!(art("id", "a/b.mp3"), SongRoute::Art(path) if path == std::path::Path::new("/m/a/b.mp3"))
        );
    }
}
