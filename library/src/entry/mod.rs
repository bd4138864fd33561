//! What lies in a folder of the medium.
mod hidden;
mod list;
mod walk;

use std::path::PathBuf;

pub(crate) use hidden::is_hidden_name;
pub use list::list_folder;
pub use walk::tracks_below;

/// What an entry of a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// A folder that may hold music.
    Folder,
    /// A playlist file or CUE sheet.
    Playlist,
    /// A file whose ending is one this unit plays.
    Track,
}

/// One entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Shown to the driver: control characters replaced, the ending of tracks removed.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// What it is.
    pub kind: EntryKind,
}
