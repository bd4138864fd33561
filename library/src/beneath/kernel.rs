//! Linux resolves the path beneath a handle: `openat2(2)`, since 5.6.
use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};
use rustix::io::Errno;
use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use super::resolve::What;
use crate::error::LibraryError;

/// Times a resolution is tried that something renamed under way (`EAGAIN`).
const TRIES: usize = 8;

/// An open root folder.
#[derive(Debug)]
pub(super) struct Handle(OwnedFd);

impl Handle {
    /// The folder at `root`; `None` where the kernel, or a sandbox around this program, lacks `openat2`.
    ///
    /// # Errors
    /// Missing or unreadable.
    pub(super) fn of(root: &Path) -> Result<Option<Self>, LibraryError> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let handle = rustix::fs::open(root, flags, Mode::empty()).map_err(std::io::Error::from)?;
        match beneath(handle.as_fd(), Path::new("."), flags) {
            Err(Errno::NOSYS | Errno::PERM | Errno::INVAL) => Ok(None),
            _ => Ok(Some(Self(handle))),
        }
    }

    /// Opens `relative` beneath the root; `None` where a link on the way has an absolute target or leads
    /// away, which this call cannot tell apart.
    pub(super) fn open(&self, relative: &Path, what: What) -> Option<Result<File, LibraryError>> {
        open_beneath(self.0.as_fd(), relative, what)
    }
}

/// As [`Handle::open`], beneath any open folder.
pub(super) fn open_beneath(
    folder: BorrowedFd<'_>,
    relative: &Path,
    what: What,
) -> Option<Result<File, LibraryError>> {
    let relative = if relative.as_os_str().is_empty() { Path::new(".") } else { relative };
    match beneath(folder, relative, what.flags()) {
        Ok(handle) => Some(Ok(handle.into())),
        Err(Errno::XDEV) => None,
        // A socket answers as a pulled stick does; only the latter has no entry any more.
        Err(Errno::NXIO) if beneath(folder, relative, OFlags::PATH | OFlags::CLOEXEC).is_ok() => {
            Some(Err(LibraryError::NotMusic))
        }
        Err(error) => Some(Err(std::io::Error::from(error).into())),
    }
}

fn beneath(folder: BorrowedFd<'_>, relative: &Path, flags: OFlags) -> Result<OwnedFd, Errno> {
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
    for _ in 0..TRIES {
        match openat2(folder, relative, flags, Mode::empty(), resolve) {
            Err(Errno::AGAIN | Errno::INTR) => {}
            result => return result,
        }
    }
    Err(Errno::AGAIN)
}
