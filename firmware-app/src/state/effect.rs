//! What the state asks the world to do: data, carried out by the loop.

use std::path::PathBuf;

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
    /// Makes all earlier requests for tracks obsolete.
    pub replaces: bool,
}

/// Which tracks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CollectWhat {
    /// Those in the folder itself, in the order of the browser.
    Beside,
    /// All below the folder. Answered twice: first with the first track alone.
    Below,
}
