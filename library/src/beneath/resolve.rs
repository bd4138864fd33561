//! What does not need the kernel's help: refusing `..`, and opening without ever blocking.
use std::fs::File;
use std::path::{Component, Path};

use crate::error::LibraryError;

/// What is to be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    File,
    Folder,
}

/// # Errors
/// [`LibraryError::Outside`] for `..`, even where it would lead back in: what it means depends on links.
pub(super) fn refuse_parents(path: &Path) -> Result<(), LibraryError> {
    if path.components().any(|component| component == Component::ParentDir) {
        return Err(LibraryError::Outside);
    }
    Ok(())
}

#[cfg(unix)]
impl What {
    /// `O_NONBLOCK`: a pipe without a writer would hold its reader for ever; files do not care.
    pub(super) fn flags(self) -> rustix::fs::OFlags {
        use rustix::fs::OFlags;
        let common = OFlags::RDONLY | OFlags::CLOEXEC;
        match self {
            Self::File => common | OFlags::NONBLOCK | OFlags::NOCTTY,
            Self::Folder => common | OFlags::DIRECTORY,
        }
    }
}

/// Opens `path` wherever it is.
///
/// # Errors
/// Missing or unreadable.
#[cfg(unix)]
pub(super) fn open(path: &Path, what: What) -> Result<File, LibraryError> {
    use rustix::fs::Mode;
    use rustix::io::Errno;
    match rustix::fs::open(path, what.flags(), Mode::empty()) {
        Ok(handle) => Ok(handle.into()),
        // A socket, not a stick that was pulled.
        Err(Errno::NXIO) if path.symlink_metadata().is_ok_and(|metadata| !metadata.is_file()) => {
            Err(LibraryError::NotMusic)
        }
        Err(error) => Err(std::io::Error::from(error).into()),
    }
}

/// Opens the file at `path` wherever it is. Folders cannot be opened here and need not: see `folder`.
///
/// # Errors
/// Missing or unreadable.
#[cfg(not(unix))]
pub(super) fn open(path: &Path, what: What) -> Result<File, LibraryError> {
    let is_file = std::fs::metadata(path)?.is_file();
    if what == What::File && !is_file {
        return Err(LibraryError::NotMusic);
    }
    Ok(File::open(path)?)
}
