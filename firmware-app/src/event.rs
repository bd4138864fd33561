//! Everything that can happen to the stereo: one closed enum, one channel, one loop.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use hal::{AudioEvent, InputEvent, MediaEvent};
use library::{Art, Entry, LibraryError, TrackInfo, TrackRef};
use protocol::{Command, Scanning};

use crate::asking::Asked;
pub use crate::catalog::ListAnswer;
use crate::cloud_desk::{CloudReport, PresetOffer};
use crate::frame::Frame;
use crate::remote_desk::RemoteReport;
use crate::screen::Touch;
use crate::songs::{QueueEditAsked, SongsAsked};
use crate::state::{Item, MediumRef};
pub use crate::store::Outcome;

/// One event of the loop.
#[derive(Debug)]
pub enum Event {
    /// A knob or a key.
    Input(InputEvent),
    /// A finger.
    Touch(Touch),
    /// A command from a script, a remote or the desktop.
    Command(Command),
    /// A command of somebody who wants to know when it has been carried out.
    Request(Command, Done),
    /// A remote's question.
    Ask(Asked),
    /// A question of another protocol's server about songs.
    AskSongs(SongsAsked),
    /// An edit of the queue by keys, of another protocol's server.
    EditQueue(QueueEditAsked),
    /// From the remotes' server.
    Remote(RemoteReport),
    /// From the link to the cloud.
    Cloud(CloudReport),
    /// The link to the cloud asks which sounds the account does not have.
    OfferPresets(Offered),
    /// The ignition line: true is on.
    Ignition(bool),
    /// A medium came or went.
    Media(MediaEvent),
    /// From the engine's decoder thread. The first number names the engine it came from: events of an
    /// engine that was replaced after a device was lost are dropped.
    Engine(u64, engine::Event),
    /// From the sink. The number as above.
    Audio(u64, AudioEvent),
    /// A folder was read for the browser.
    FolderRead {
        /// Which.
        folder: PathBuf,
        /// What is in it.
        result: Result<Vec<Entry>, LibraryError>,
    },
    /// The tracks below a file's folder or a folder were collected for the queue.
    TracksCollected {
        /// The request's number; an older answer is dropped.
        request: u64,
        /// Only the first track, so that it can play; the rest follows under the same number.
        first: bool,
        /// The tracks in playing order.
        result: Result<Vec<Found>, LibraryError>,
    },
    /// The tags of a file were read.
    TrackRead {
        /// Which.
        path: PathBuf,
        /// What it says.
        result: Result<Box<TrackInfo>, LibraryError>,
    },
    /// The art of a file was read.
    ArtRead {
        /// Which.
        path: PathBuf,
        /// The picture, if there is any.
        art: Option<Art>,
    },
    /// The catalog answers.
    Catalog(CatalogAnswer),
    /// How far the scan is.
    ScanProgress(Scanning),
    /// The scan of a medium has ended.
    ScanEnded {
        /// The medium's identity.
        medium: String,
        /// How.
        end: ScanEnd,
    },
    /// What became of things to be stored.
    Stored(Outcome),
    /// Time has passed (sent by a virtual clock; with a real one the loop wakes by itself).
    Tick,
    /// Answer when everything before this has been handled and published.
    Sync(Sender<()>),
    /// End the loop after saving.
    Quit,
}

/// Called with the frame that shows what came of a command, on the loop's thread: it must only wake
/// somebody.
pub struct Done(pub(crate) Box<dyn FnOnce(Arc<Frame>) + Send>);

impl std::fmt::Debug for Done {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Done")
    }
}

/// Takes what is offered, on the loop's thread: it must only wake somebody.
pub struct Offered(pub(crate) Box<dyn FnOnce(PresetOffer) + Send>);

impl std::fmt::Debug for Offered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Offered")
    }
}

/// A track that was found, with what a playlist calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it is.
    pub track: TrackRef,
    /// From the playlist or CUE sheet; may be empty.
    pub title: String,
    /// From the playlist or CUE sheet; may be empty.
    pub artist: String,
}

impl From<PathBuf> for Found {
    fn from(path: PathBuf) -> Self {
        Self { track: TrackRef { path, slice: None }, title: String::new(), artist: String::new() }
    }
}

/// How a scan ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanEnd {
    /// Everything on the medium is in the index.
    Finished {
        /// Files that were read, because they were new or changed.
        read: u64,
    },
    /// It was told to.
    Stopped,
    /// The medium was pulled.
    Gone,
    /// The index cannot be written.
    Failed,
}

/// What the index holds of a medium that is plugged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediumKnown {
    /// Its identity.
    pub(crate) id: MediumRef,
    /// Tracks.
    pub(crate) tracks: u64,
    /// It was scanned to its end once.
    pub(crate) is_complete: bool,
}

/// An answer of the catalog.
#[derive(Debug)]
pub enum CatalogAnswer {
    /// For the pages: part of a list, its length, what was found.
    List(ListAnswer),
    /// Tracks for the queue or a playlist.
    Tracks(TracksAnswer),
    /// Whether a track is a favourite.
    Favourite(FavouriteAnswer),
    /// An edit is on the disk (and what the driver is told), or was refused (and why).
    Edited(Result<String, String>),
    /// What the index holds.
    Media(Vec<MediumKnown>),
}

/// Tracks of a list.
#[derive(Debug)]
pub struct TracksAnswer {
    /// The request's number.
    pub(crate) request: u64,
    /// Only the track to start with; the whole list follows under the same number.
    pub(crate) is_first: bool,
    /// The tracks in playing order; or why they cannot be had.
    pub(crate) result: Result<Vec<Item>, String>,
}

/// Whether a track is a favourite.
#[derive(Debug)]
pub struct FavouriteAnswer {
    pub(crate) item: Item,
    pub(crate) is_favourite: bool,
}
