//! What the state asks the world to do: data, carried out by the loop.

use std::path::PathBuf;

use protocol::{RowKey, ViewRef};

use super::{Item, Medium};
use crate::cloud_desk::CloudRequest;
use crate::remote_desk::RemoteRequest;
use crate::store::Save;

/// One thing to do outside the state.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// New volume, equaliser or balance. Always carried out before anything else.
    Params,
    /// Drop what plays and play this.
    Play(engine::Track),
    /// What follows.
    SetNext(Option<engine::Track>),
    /// Jump in the current track, seconds.
    Seek(f64),
    /// Pause or go on.
    SetPaused(bool),
    /// Silence; nothing loaded.
    Stop,
    /// Ask the library.
    Read(Request),
    /// Ask the store.
    Save(Save),
    /// Light behind the screen, percent.
    Backlight(u8),
    /// These media are plugged in now: for everybody who reads them.
    Media(Vec<Medium>),
    /// Ask the catalog.
    Catalog(CatalogRequest),
    /// Tell the indexer.
    Index(IndexRequest),
    /// Tell the remotes' server.
    Remote(RemoteRequest),
    /// Tell the link to the cloud.
    Cloud(CloudRequest),
}

/// What the catalog thread is asked: lists of the index and the owner's collection.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum CatalogRequest {
    /// A part of a list, for a page. Few are kept waiting, the newest first.
    Page {
        /// Comes back with the answer.
        request: u64,
        view: ViewRef,
        anchor: RowAnchor,
        /// At most 256.
        limit: usize,
    },
    /// How many rows a list has.
    Count { request: u64, view: ViewRef },
    /// What matches; the newest replaces one not yet begun.
    Search { request: u64, text: String, limit: usize },
    /// Every track of a list in playing order, for the queue. With a start it is answered twice: first
    /// with that track alone.
    Tracks { request: u64, view: ViewRef, start: Option<RowKey> },
    /// One track of a list.
    Row { request: u64, view: ViewRef, row: RowKey },
    /// Whether a track is a favourite.
    IsFavourite { item: Item },
    /// A track was heard; told to the collection in batches.
    Played { item: Item },
    /// Change the collection.
    Edit(Edit),
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RowAnchor {
    Start,
    After(RowKey),
    Before(RowKey),
    /// The first name that begins with the letter or comes after it.
    Letter(char),
}

/// A change of the owner's collection.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Edit {
    /// Make all of these favourites; or, when all of them are, no longer so.
    Favour {
        items: Vec<Item>,
    },
    /// A playlist of these.
    Create {
        name: String,
        items: Vec<Item>,
    },
    Rename {
        playlist: i64,
        name: String,
    },
    Delete {
        playlist: i64,
    },
    Add {
        playlist: i64,
        items: Vec<Item>,
    },
    Remove {
        playlist: i64,
        entry: i64,
    },
    Move {
        playlist: i64,
        entry: i64,
        to: usize,
    },
    /// As an M3U8 file onto a medium.
    Export {
        playlist: i64,
        medium: Medium,
    },
}

/// What the indexer thread is told.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum IndexRequest {
    /// Scan this medium.
    Scan {
        medium: Medium,
        /// Music is heard: the scan keeps out of its way.
        is_playing: bool,
    },
    /// Stop the scan that runs; it is resumed by the next one of that medium.
    Stop,
    /// A track was heard.
    Played(Item),
}

/// What the library thread is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// The listing of a folder, for the browser. A newer one replaces one not yet begun.
    Folder { medium: PathBuf, folder: PathBuf },
    /// Tracks for the queue.
    Collect(Collect),
    /// Tags. The newest is answered first.
    Track(PathBuf),
    /// Cover art. A newer one replaces one not yet begun.
    Art(PathBuf),
}

/// A request for tracks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Collect {
    /// Comes back with the answer.
    pub request: u64,
    pub medium: PathBuf,
    pub folder: PathBuf,
    pub what: CollectWhat,
    /// Makes all earlier requests for the queue obsolete.
    pub replaces: bool,
    /// Is for the queue.
    pub is_for_queue: bool,
}

/// Which tracks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CollectWhat {
    /// Those in the folder itself, in the order of the browser.
    Beside,
    /// All below the folder. Answered twice: first with the first track alone.
    Below,
    /// What a playlist file names.
    Playlist,
}
