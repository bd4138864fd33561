//! A file of which only so many bytes are ever read, whatever the sizes written in it claim.
use std::fs::File;
use std::io;

use crate::beneath::OpenFile;
use crate::error::LibraryError;

/// A regular file with a byte budget.
pub(crate) struct BoundedFile {
    file: File,
    len: u64,
    budget: u64,
}

impl BoundedFile {
    /// `file`, of which at most `budget` bytes will be read.
    pub(crate) fn new(file: OpenFile, budget: u64) -> Self {
        Self { len: file.size(), file: file.into_file(), budget }
    }

    /// [`Self::new`] of the file at `path`.
    #[cfg(test)]
    pub(crate) fn open(path: &std::path::Path, budget: u64) -> Result<Self, LibraryError> {
        Ok(Self::new(OpenFile::anywhere(path)?, budget))
    }

    /// Bytes in the file.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// The bytes from `offset` on: `len` of them, or fewer at the end of the file.
    ///
    /// # Errors
    /// Unreadable, or [`LibraryError::NotMusic`] when the budget is used up.
    pub(crate) fn read_at(&mut self, offset: u64, len: usize) -> Result<Vec<u8>, LibraryError> {
        let available = self.len.saturating_sub(offset).min(len as u64);
        self.budget = self.budget.checked_sub(available).ok_or(LibraryError::NotMusic)?;
        if available == 0 {
            return Ok(Vec::new());
        }
        let mut bytes = vec![0; usize::try_from(available).unwrap_or(0)];
        let read = fill(&self.file, offset, &mut bytes)?;
        bytes.truncate(read);
        Ok(bytes)
    }
}

/// Reads until `bytes` are full or the file ends; how many were read.
fn fill(file: &File, offset: u64, bytes: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while let Some(rest) = bytes.get_mut(read..).filter(|rest| !rest.is_empty()) {
        match read_some(file, offset + read as u64, rest) {
            Ok(0) => break,
            Ok(more) => read += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

#[cfg(unix)]
fn read_some(file: &File, offset: u64, bytes: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, bytes, offset)
}

#[cfg(not(unix))]
fn read_some(mut file: &File, offset: u64, bytes: &mut [u8]) -> io::Result<usize> {
    use std::io::{Read, Seek, SeekFrom};
    file.seek(SeekFrom::Start(offset))?;
    file.read(bytes)
}

#[cfg(test)]
mod tests {
    use super::BoundedFile;
    use crate::error::LibraryError;

    fn file(content: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        file
    }

    #[test]
    fn reads_end_with_the_file_and_with_the_budget() {
        let file = file(b"0123456789");
        let mut bounded = BoundedFile::open(file.path(), 12).unwrap();
        assert_eq!(bounded.read_at(4, 2).unwrap(), b"45");
        assert_eq!(bounded.read_at(8, usize::MAX).unwrap(), b"89");
        assert_eq!(bounded.read_at(u64::MAX, 9).unwrap(), b"");
        assert_eq!(bounded.read_at(0, 10), Err(LibraryError::NotMusic));
    }
}
