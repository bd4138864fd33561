//! Writing a file into a folder of a medium: whole or not at all, and never through a link.
use std::ffi::OsStr;
use std::io::Read as _;

use super::folder::OpenFolder;
use crate::error::LibraryError;

/// The file being written; one that a cut left behind is written over.
const UNFINISHED: &str = "rusty-audio-unfinished.tmp";

impl OpenFolder {
    /// Whether the file `name` begins with `start`.
    pub(crate) fn starts_with(&self, name: &OsStr, start: &[u8]) -> bool {
        let Ok(file) = self.open_file(name) else { return false };
        let mut found = Vec::with_capacity(start.len());
        let read = file.file().take(start.len() as u64).read_to_end(&mut found);
        read.is_ok() && found == start
    }

    /// Writes `bytes` as `name`, a single name: whole and on the disk when it returns. `false`: something
    /// of that name is there, and it was not to be replaced.
    ///
    /// # Errors
    /// The medium is gone, full or read-only.
    pub(crate) fn write_file(&self, name: &OsStr, bytes: &[u8], replace: bool) -> Result<bool, LibraryError> {
        if std::path::Path::new(name).file_name() != Some(name) {
            return Err(LibraryError::Outside);
        }
        self.place(name, bytes, replace).map_err(LibraryError::from)
    }
}

#[cfg(unix)]
mod unix {
    use super::{OpenFolder, UNFINISHED};
    use rustix::fs::{AtFlags, Mode, OFlags, openat, renameat, statat, unlinkat};
    use std::ffi::OsStr;
    use std::fs::File;
    use std::io::{self, Write as _};

    impl OpenFolder {
        pub(super) fn place(&self, name: &OsStr, bytes: &[u8], replace: bool) -> io::Result<bool> {
            let folder = self.handle();
            if !replace && self.holds(name)? {
                return Ok(false);
            }
            // Whatever a cut left there, or somebody put there: the file is made anew, no link followed.
            let _ = unlinkat(folder, UNFINISHED, AtFlags::empty());
            let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let mut file = File::from(openat(folder, UNFINISHED, flags, Mode::from_raw_mode(0o644))?);
            let placed = file
                .write_all(bytes)
                .and_then(|()| file.sync_all())
                .and_then(|()| self.rename(name, replace));
            if !matches!(placed, Ok(true)) {
                let _ = unlinkat(folder, UNFINISHED, AtFlags::empty());
            }
            if placed? {
                // Some drivers cannot flush a folder; the file itself is on the disk.
                return match folder.sync_all() {
                    Err(error) if error.kind() != io::ErrorKind::InvalidInput => Err(error),
                    _ => Ok(true),
                };
            }
            Ok(false)
        }

        fn holds(&self, name: &OsStr) -> io::Result<bool> {
            match statat(self.handle(), name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(_) => Ok(true),
                Err(rustix::io::Errno::NOENT) => Ok(false),
                Err(error) => Err(error.into()),
            }
        }

        /// The new file takes its name; a folder of that name is never replaced (the system refuses).
        fn rename(&self, name: &OsStr, replace: bool) -> io::Result<bool> {
            let folder = self.handle();
            #[cfg(target_os = "linux")]
            if !replace {
                use rustix::fs::{RenameFlags, renameat_with};
                use rustix::io::Errno;
                match renameat_with(folder, UNFINISHED, folder, name, RenameFlags::NOREPLACE) {
                    Ok(()) => return Ok(true),
                    Err(Errno::EXIST) => return Ok(false),
                    // Not every driver of a file system knows the flag.
                    Err(Errno::INVAL | Errno::NOSYS) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            if !replace && self.holds(name)? {
                return Ok(false);
            }
            renameat(folder, UNFINISHED, folder, name)?;
            Ok(true)
        }
    }
}

#[cfg(not(unix))]
mod portable {
    use super::{OpenFolder, UNFINISHED};
    use std::ffi::OsStr;
    use std::fs::{self, File};
    use std::io::{self, Write as _};

    impl OpenFolder {
        pub(super) fn place(&self, name: &OsStr, bytes: &[u8], replace: bool) -> io::Result<bool> {
            let (unfinished, path) = (self.absolute().join(UNFINISHED), self.absolute().join(name));
            if !replace && path.symlink_metadata().is_ok() {
                return Ok(false);
            }
            let _ = fs::remove_file(&unfinished);
            let mut file = File::options().write(true).create_new(true).open(&unfinished)?;
            let placed = file.write_all(bytes).and_then(|()| file.sync_all());
            drop(file);
            let placed = placed.and_then(|()| fs::rename(&unfinished, &path));
            if placed.is_err() {
                let _ = fs::remove_file(&unfinished);
            }
            placed.map(|()| true)
        }
    }
}
