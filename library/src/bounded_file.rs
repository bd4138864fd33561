//! A file of which only so many bytes are ever read, whatever the sizes written in it claim.
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use symphonia::core::io::MediaSource;

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
        self.file.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::with_capacity(usize::try_from(available).unwrap_or(0));
        (&self.file).take(available).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// The part from `start` to `end` as a source of its own for a demuxer, with what is left of the budget.
    pub(crate) fn into_window(self, start: u64, end: u64) -> Window {
        let end = end.min(self.len);
        Window { file: self.file, start: start.min(end), end, position: 0, budget: self.budget }
    }
}

/// A part of a [`BoundedFile`] that looks like a whole file.
pub(crate) struct Window {
    file: File,
    start: u64,
    end: u64,
    position: u64,
    budget: u64,
}

impl Window {
    fn len(&self) -> u64 {
        self.end - self.start
    }
}

impl Read for Window {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let left = self.len().saturating_sub(self.position).min(buf.len() as u64);
        if left > self.budget {
            return Err(io::Error::other("the byte budget of this file is used up"));
        }
        let want = usize::try_from(left).unwrap_or(buf.len()).min(buf.len());
        let Some(part) = buf.get_mut(..want) else { return Ok(0) };
        self.file.seek(SeekFrom::Start(self.start + self.position))?;
        let got = self.file.read(part)?;
        self.position += got as u64;
        self.budget -= got as u64;
        Ok(got)
    }
}

impl Seek for Window {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::Current(delta) => self.position.checked_add_signed(delta),
            SeekFrom::End(delta) => self.len().checked_add_signed(delta),
        };
        self.position = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

impl MediaSource for Window {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::BoundedFile;
    use crate::error::LibraryError;
    use std::io::{Read, Seek, SeekFrom};

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

    #[test]
    fn a_window_is_a_file_of_its_own() {
        let file = file(b"0123456789");
        let mut window = BoundedFile::open(file.path(), 100).unwrap().into_window(3, 7);
        let mut text = String::new();
        window.read_to_string(&mut text).unwrap();
        assert_eq!(text, "3456");
        assert_eq!(window.seek(SeekFrom::End(-1)).unwrap(), 3);
        let mut one = [0; 4];
        assert_eq!(window.read(&mut one).unwrap(), 1);
        assert!(window.seek(SeekFrom::Current(-9)).is_err());
    }
}
