//! A file read block by block, so that a tag of many small parts costs one read and not one per part.
use crate::bounded_file::BoundedFile;
use crate::error::LibraryError;

/// What the system reads at least when asked for anything: a page of its cache.
const PAGE: u64 = 4096;

/// Small reads are rounded up so that the part behind them, mostly the next one asked for, comes along.
const AHEAD: u64 = 256;

/// A [`BoundedFile`] and the block of it that was read last.
pub(super) struct Source {
    file: BoundedFile,
    block: Vec<u8>,
    start: u64,
}

impl Source {
    /// Reads from `file`.
    pub(super) fn new(file: BoundedFile) -> Self {
        Self { file, block: Vec::new(), start: 0 }
    }

    /// Bytes in the file.
    pub(super) fn len(&self) -> u64 {
        self.file.len()
    }

    /// The `len` bytes from `offset` on, or fewer at the end of the file.
    ///
    /// # Errors
    /// Unreadable, or [`LibraryError::NotMusic`] when the byte budget is used up.
    pub(super) fn peek(&mut self, offset: u64, len: usize) -> Result<&[u8], LibraryError> {
        let end = offset.saturating_add(len as u64).min(self.file.len());
        let held = self.start..=self.start + self.block.len() as u64;
        if offset < end && !(held.contains(&offset) && held.contains(&end)) {
            // To the end of the page: what lies before it is in the system's cache anyway.
            let wanted = end.max(offset.saturating_add(AHEAD)).next_multiple_of(PAGE);
            let size = usize::try_from(wanted - offset).unwrap_or(len);
            self.block = self.file.read_at(offset, size)?;
            self.start = offset;
        }
        let from = usize::try_from(offset.saturating_sub(self.start)).unwrap_or(usize::MAX);
        let to = from.saturating_add(usize::try_from(end.saturating_sub(offset)).unwrap_or(0));
        Ok(self.block.get(from..to.min(self.block.len())).unwrap_or_default())
    }

    /// As [`Self::peek`], owned: for what is large, or changed by the caller.
    ///
    /// # Errors
    /// As [`Self::peek`].
    pub(super) fn read_at(&mut self, offset: u64, len: usize) -> Result<Vec<u8>, LibraryError> {
        if len as u64 > PAGE {
            return self.file.read_at(offset, len);
        }
        self.peek(offset, len).map(<[u8]>::to_vec)
    }

    /// Exactly `N` bytes from `offset` on.
    ///
    /// # Errors
    /// As [`Self::peek`]; [`LibraryError::NotMusic`] when the file ends before.
    pub(super) fn read_array<const N: usize>(&mut self, offset: u64) -> Result<[u8; N], LibraryError> {
        self.peek(offset, N)?.try_into().map_err(|_| LibraryError::NotMusic)
    }
}

#[cfg(test)]
mod tests {
    use super::Source;
    use crate::bounded_file::BoundedFile;
    use crate::error::LibraryError;

    fn source(content: &[u8], budget: u64) -> Source {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        Source::new(BoundedFile::open(file.path(), budget).unwrap())
    }

    #[test]
    fn one_page_is_read_once() {
        let content: Vec<u8> = (0..20_000_u32).map(|index| (index % 251) as u8).collect();
        // The budget allows the first page, the rest of the second and nothing more.
        let mut source = source(&content, 4096 + 3192);
        for at in 0..4000 {
            assert_eq!(source.peek(at, 8).unwrap(), &content[at as usize..at as usize + 8]);
        }
        assert_eq!(source.peek(5000, 100).unwrap(), &content[5000..5100]);
        assert_eq!(source.peek(8000, 192).unwrap(), &content[8000..8192]);
        assert_eq!(source.peek(9000, 1), Err(LibraryError::NotMusic));
    }

    #[test]
    fn reads_end_with_the_file() {
        let mut source = source(b"0123456789", 1000);
        assert_eq!(source.peek(4, 2).unwrap(), b"45");
        assert_eq!(source.peek(8, usize::MAX).unwrap(), b"89");
        assert_eq!(source.peek(10, 1).unwrap(), b"");
        assert_eq!(source.peek(u64::MAX, 9).unwrap(), b"");
        assert_eq!(source.read_array::<4>(8), Err(LibraryError::NotMusic));
        assert_eq!(source.read_at(0, 9000).unwrap(), b"0123456789");
    }
}
