//! A folder that is already open: its names, and the files beneath it.
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::file::OpenFile;
use super::resolve::What;
use super::root::MediumRoot;
use crate::error::LibraryError;

/// What a name in a folder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A folder.
    Folder,
    /// A regular file.
    File,
    /// A link; where it leads only opening it tells.
    Link,
    /// A pipe, a device, a socket.
    Other,
}

/// One name in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderEntry {
    /// Exact name.
    pub name: OsString,
    /// What it is.
    pub kind: FileKind,
}

/// An open folder of a medium.
#[derive(Debug)]
pub struct OpenFolder {
    medium: MediumRoot,
    path: PathBuf,
    #[cfg(unix)]
    handle: std::fs::File,
}

impl OpenFolder {
    pub(super) fn open(medium: &MediumRoot, path: &Path) -> Result<Self, LibraryError> {
        #[cfg(unix)]
        let handle = medium.open_any(path, What::Folder)?;
        #[cfg(not(unix))]
        medium.check_folder(path)?;
        Ok(Self {
            medium: medium.clone(),
            path: path.to_owned(),
            #[cfg(unix)]
            handle,
        })
    }

    /// For calls that take a folder and a name.
    #[cfg(unix)]
    pub(crate) fn handle(&self) -> &std::fs::File {
        &self.handle
    }

    /// Where this folder was when it was opened.
    #[cfg(not(unix))]
    pub(super) fn absolute(&self) -> PathBuf {
        self.medium.root().join(&self.path)
    }

    /// `None` where the whole path must be resolved: a link that leads out of this folder or, for systems
    /// without `openat2`, any link.
    #[cfg(unix)]
    fn open_here(&self, name: &Path) -> Option<Result<std::fs::File, LibraryError>> {
        use rustix::fs::{Mode, OFlags, openat};
        #[cfg(target_os = "linux")]
        if self.medium.asks_kernel() {
            use std::os::fd::AsFd;
            return super::kernel::open_beneath(self.handle.as_fd(), name, What::File);
        }
        let flags = What::File.flags() | OFlags::NOFOLLOW;
        openat(&self.handle, name, flags, Mode::empty()).ok().map(|handle| Ok(handle.into()))
    }

    /// Opens the regular file `name` of this folder.
    ///
    /// # Errors
    /// As [`MediumRoot::open_file`].
    pub fn open_file(&self, name: &OsStr) -> Result<OpenFile, LibraryError> {
        #[cfg(unix)]
        if is_name(name)
            && let Some(opened) = self.open_here(Path::new(name))
        {
            return OpenFile::new(opened?, Path::new(name));
        }
        self.medium.open_file(&self.path.join(name))
    }
}

/// Whether it is one name, neither `.` nor `..` nor a path.
#[cfg(unix)]
fn is_name(name: &OsStr) -> bool {
    let mut components = Path::new(name).components();
    matches!((components.next(), components.next()), (Some(std::path::Component::Normal(_)), None))
}

#[cfg(unix)]
mod unix {
    use super::{FileKind, FolderEntry, OpenFolder};
    use crate::error::LibraryError;
    use rustix::fs::{AtFlags, Dir, FileType, Stat, statat};
    use std::ffi::{OsStr, OsString};
    use std::os::unix::ffi::OsStringExt;

    impl OpenFolder {
        /// Up to `limit` names in the file system's own order, without `.` and `..`.
        ///
        /// A folder that fails half-way (a damaged stick) shows what could be read.
        ///
        /// # Errors
        /// Missing or unreadable.
        pub fn entries(&self, limit: usize) -> Result<Vec<FolderEntry>, LibraryError> {
            let folder = Dir::read_from(&self.handle).map_err(std::io::Error::from)?;
            let mut entries = Vec::new();
            for entry in folder {
                let Ok(entry) = entry else { break };
                let name = entry.file_name().to_bytes();
                if name == b"." || name == b".." {
                    continue;
                }
                if entries.len() == limit {
                    break;
                }
                let name = OsString::from_vec(name.to_vec());
                let kind = match entry.file_type() {
                    FileType::Unknown => self.kind_of(&name),
                    known => kind(known),
                };
                entries.push(FolderEntry { name, kind });
            }
            Ok(entries)
        }

        /// Size in bytes, last change in nanoseconds since 1970 and number of `name`, links not followed.
        ///
        /// # Errors
        /// Missing or unreadable.
        pub fn stat(&self, name: &OsStr) -> Result<(u64, i64, u64), LibraryError> {
            let stat = statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW).map_err(std::io::Error::from)?;
            Ok((u64::try_from(stat.st_size).unwrap_or(0), modified_ns(&stat), stat.st_ino))
        }

        /// Some file systems do not tell in the listing itself.
        fn kind_of(&self, name: &OsStr) -> FileKind {
            statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW)
                .map_or(FileKind::Other, |stat| kind(FileType::from_raw_mode(stat.st_mode)))
        }
    }

    fn kind(file_type: FileType) -> FileKind {
        match file_type {
            FileType::Directory => FileKind::Folder,
            FileType::RegularFile => FileKind::File,
            FileType::Symlink => FileKind::Link,
            _ => FileKind::Other,
        }
    }

    /// Nanoseconds since 1970.
    // The width of the seconds' parts differs between systems.
    #[allow(clippy::unnecessary_cast, clippy::cast_possible_wrap, trivial_numeric_casts)]
    pub(crate) fn modified_ns(stat: &Stat) -> i64 {
        (stat.st_mtime as i64).saturating_mul(1_000_000_000).saturating_add(stat.st_mtime_nsec as i64)
    }
}
#[cfg(unix)]
pub(crate) use unix::modified_ns;

#[cfg(not(unix))]
mod portable {
    use super::{FileKind, FolderEntry, OpenFolder};
    use crate::error::LibraryError;
    use std::ffi::OsStr;
    use std::fs::{self, Metadata};

    impl OpenFolder {
        /// Up to `limit` names in the file system's own order.
        ///
        /// # Errors
        /// Missing or unreadable.
        pub fn entries(&self, limit: usize) -> Result<Vec<FolderEntry>, LibraryError> {
            let entries =
                fs::read_dir(self.medium.root().join(&self.path))?.take(limit).map_while(Result::ok);
            Ok(entries
                .map(|entry| FolderEntry {
                    name: entry.file_name(),
                    kind: entry.file_type().map_or(FileKind::Other, kind),
                })
                .collect())
        }

        /// Size in bytes, last change in nanoseconds since 1970 and number of `name`, links not followed.
        ///
        /// # Errors
        /// Missing or unreadable.
        pub fn stat(&self, name: &OsStr) -> Result<(u64, i64, u64), LibraryError> {
            let metadata = fs::symlink_metadata(self.medium.root().join(&self.path).join(name))?;
            Ok((metadata.len(), modified_ns(&metadata), 0))
        }
    }

    fn kind(file_type: fs::FileType) -> FileKind {
        if file_type.is_dir() {
            FileKind::Folder
        } else if file_type.is_file() {
            FileKind::File
        } else if file_type.is_symlink() {
            FileKind::Link
        } else {
            FileKind::Other
        }
    }

    /// Nanoseconds since 1970.
    pub(in crate::beneath) fn modified_ns(metadata: &Metadata) -> i64 {
        let since = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        since.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or(0)
    }
}
#[cfg(not(unix))]
pub(super) use portable::modified_ns;
