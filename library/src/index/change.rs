//! What a scan tells the index, and what it asks.
use std::ffi::OsString;
use std::path::PathBuf;

use crate::tags::TrackInfo;

/// What a file looked like when it was read; if nothing of it changed, neither did the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileStamp {
    /// Its name in its folder.
    pub name: OsString,
    /// Bytes.
    pub size: u64,
    /// Last change, nanoseconds since 1970.
    pub mtime_ns: i64,
    /// Inode, 0 where the file system has none.
    pub inode: u64,
}

/// Why a file is no track. Stored too, so that an unchanged bad file is not tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unread {
    /// Not music this unit plays, or damaged.
    NotMusic,
    /// The system refused.
    Unreadable,
    /// It made its reader fail.
    Hostile,
}

/// One thing a scan found. Paths are relative to the medium's root; the root is the empty path.
// Nearly all changes are tracks: a box for each would cost more than the room it saves.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug)]
pub enum Change {
    /// A file was read, for the first time or again.
    Track {
        /// The file's folder.
        folder: PathBuf,
        /// What it looked like.
        stamp: FileStamp,
        /// What it says, or why it says nothing.
        result: Result<TrackInfo, Unread>,
    },
    /// A folder is there (with or without files).
    Folder {
        /// Which.
        relative: PathBuf,
    },
    /// A file is gone.
    RemoveFile {
        /// The file's folder.
        folder: PathBuf,
        /// Its name.
        name: OsString,
    },
    /// A folder is gone, with all below it.
    RemoveFolder {
        /// Which.
        relative: PathBuf,
    },
}

/// What the index knows of a folder. Empty if the folder is new.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownFolder {
    /// Its files in no order, the unread ones too.
    pub files: Vec<FileStamp>,
    /// Names of its subfolders.
    pub folders: Vec<OsString>,
}
