//! Ogg pages and the packets in them (RFC 3533).
use crate::bounded_file::BoundedFile;
use crate::bytes::{le32, le64};
use crate::error::LibraryError;

/// Length of a page header without its segment table.
const HEADER: u64 = 27;

/// One page: its header, and where its body lies.
pub(super) struct Page {
    pub(super) serial: u32,
    pub(super) first: bool,
    /// Position in the stream at the page's end; all ones where no packet ends in the page.
    pub(super) granule: u64,
    /// Lengths of the body's segments; one below 255 ends a packet.
    segments: Vec<u8>,
    body: u64,
}

impl Page {
    /// The page that starts at `at`; `None` where there is none.
    ///
    /// # Errors
    /// Unreadable.
    pub(super) fn read(file: &mut BoundedFile, at: u64) -> Result<Option<Self>, LibraryError> {
        let head = file.read_at(at, 27 + 255)?;
        Ok(Self::parse(&head, at))
    }

    /// The page header at the start of `head`, which lies at `at` in the file.
    pub(super) fn parse(head: &[u8], at: u64) -> Option<Self> {
        if !head.starts_with(b"OggS") || *head.get(4)? != 0 {
            return None;
        }
        let count = usize::from(*head.get(26)?);
        let segments = head.get(27..27 + count)?.to_vec();
        Some(Self {
            serial: le32(head, 14)?,
            first: head.get(5)? & 2 != 0,
            granule: le64(head, 6)?,
            body: at + HEADER + count as u64,
            segments,
        })
    }

    /// Where the next page starts.
    pub(super) fn end(&self) -> u64 {
        self.body + self.segments.iter().map(|&length| u64::from(length)).sum::<u64>()
    }

    /// Appends the body's part of the packet under way to `packet`; true when that packet ends here.
    ///
    /// # Errors
    /// Unreadable.
    pub(super) fn collect(&self, file: &mut BoundedFile, packet: &mut Vec<u8>) -> Result<bool, LibraryError> {
        let ends = self.segments.iter().position(|&length| length < 255);
        let count = ends.map_or(self.segments.len(), |last| last + 1);
        let length: usize = self.segments.iter().take(count).map(|&length| usize::from(length)).sum();
        packet.extend(file.read_at(self.body, length)?);
        Ok(ends.is_some())
    }
}
