//! Everything that can happen to the stereo: one closed enum, one channel, one loop.

use std::path::PathBuf;
use std::sync::mpsc::Sender;

use hal::{AudioEvent, InputEvent, MediaEvent};
use library::{Art, Entry, LibraryError, TrackInfo};
use protocol::Command;

use crate::screen::Touch;
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
        result: Result<Vec<PathBuf>, LibraryError>,
    },
    /// The tags of a file were read.
    TrackRead {
        /// Which.
        path: PathBuf,
        /// What it says.
        result: Result<TrackInfo, LibraryError>,
    },
    /// The art of a file was read.
    ArtRead {
        /// Which.
        path: PathBuf,
        /// The picture, if there is any.
        art: Option<Art>,
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
