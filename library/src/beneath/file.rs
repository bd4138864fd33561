//! A file that is already open: all a reader gets to see of the file system.
use std::fs::File;
use std::path::Path;

use super::resolve::{self, What};
use crate::error::LibraryError;

/// An open regular file, with what the folder said of it when it was opened.
#[derive(Debug)]
pub struct OpenFile {
    file: File,
    facts: Facts,
    ending: Ending,
    /// For a worker that cannot be handed the file itself.
    #[cfg(not(unix))]
    path: std::path::PathBuf,
}

/// Size, time and number of a file.
#[derive(Clone, Copy, Debug)]
struct Facts {
    size: u64,
    modified_ns: i64,
    inode: u64,
}

impl OpenFile {
    /// # Errors
    /// Unreadable; [`LibraryError::NotMusic`] for anything but a regular file.
    pub(super) fn new(file: File, path: &Path) -> Result<Self, LibraryError> {
        let facts = facts(&file)?;
        Ok(Self {
            file,
            facts,
            ending: Ending::of(path),
            #[cfg(not(unix))]
            path: path.to_owned(),
        })
    }

    /// A file that was opened by another process, named `ending` there.
    ///
    /// # Errors
    /// As [`Self::new`].
    #[cfg(unix)]
    pub(crate) fn received(file: File, ending: Ending) -> Result<Self, LibraryError> {
        let facts = facts(&file)?;
        Ok(Self { file, facts, ending })
    }

    /// Opens a file wherever it is: for callers that have made sure of the path.
    ///
    /// # Errors
    /// As [`Self::new`], or missing.
    pub(crate) fn anywhere(path: &Path) -> Result<Self, LibraryError> {
        Self::new(resolve::open(path, What::File)?, path)
    }

    /// Bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.facts.size
    }

    /// Last change, nanoseconds since 1970 (UTC); 0 where the file system does not know.
    #[must_use]
    pub fn modified_ns(&self) -> i64 {
        self.facts.modified_ns
    }

    /// The file's number on its file system; 0 where there is none.
    #[must_use]
    pub fn inode(&self) -> u64 {
        self.facts.inode
    }

    /// The name's ending in lower case; empty for none, and for one that is not short ASCII.
    #[must_use]
    pub fn ending(&self) -> &str {
        self.ending.as_str()
    }

    pub(crate) fn ending_bytes(&self) -> Ending {
        self.ending
    }

    #[cfg(not(unix))]
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    #[cfg(unix)]
    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    pub(crate) fn into_file(self) -> File {
        self.file
    }
}

/// Up to eight ASCII letters, lower case, padded with zeros.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ending(pub(crate) [u8; 8]);

impl Ending {
    pub(crate) fn of(path: &Path) -> Self {
        let mut ending = Self::default();
        let text = path.extension().map(std::ffi::OsStr::as_encoded_bytes).unwrap_or_default();
        if text.is_ascii()
            && let Some(part) = ending.0.get_mut(..text.len())
        {
            part.copy_from_slice(text);
            part.make_ascii_lowercase();
        }
        ending
    }

    pub(crate) fn as_str(&self) -> &str {
        let length = self.0.iter().position(|&byte| byte == 0).unwrap_or(self.0.len());
        self.0.get(..length).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
    }
}

/// By `fstat`, the one question about files the worker's sandbox allows.
#[cfg(unix)]
fn facts(file: &File) -> Result<Facts, LibraryError> {
    use rustix::fs::FileType;
    let stat = rustix::fs::fstat(file).map_err(std::io::Error::from)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(LibraryError::NotMusic);
    }
    Ok(Facts {
        size: u64::try_from(stat.st_size).unwrap_or(0),
        modified_ns: super::folder::modified_ns(&stat),
        inode: stat.st_ino,
    })
}

#[cfg(not(unix))]
fn facts(file: &File) -> Result<Facts, LibraryError> {
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(LibraryError::NotMusic);
    }
    Ok(Facts { size: metadata.len(), modified_ns: super::folder::modified_ns(&metadata), inode: 0 })
}

#[cfg(test)]
mod tests {
    use super::{Ending, OpenFile};
    use crate::error::LibraryError;
    use std::path::Path;

    #[test]
    fn folders_are_no_files() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(OpenFile::anywhere(folder.path()).err(), Some(LibraryError::NotMusic));
        assert_eq!(OpenFile::anywhere(&folder.path().join("x")).err(), Some(LibraryError::Missing));
    }

    #[test]
    fn endings_are_short_lower_case_ascii() {
        for (name, ending) in [
            ("a.FLAC", "flac"),
            ("a.b.m3u8", "m3u8"),
            ("a", ""),
            (".a", ""),
            ("a.é", ""),
            ("a.12345678", "12345678"),
        ] {
            assert_eq!(Ending::of(Path::new(name)).as_str(), ending, "{name}");
        }
        assert_eq!(Ending::of(Path::new("a.123456789")).as_str(), "");
        assert_eq!(Ending([0xff; 8]).as_str(), "");
    }
}
