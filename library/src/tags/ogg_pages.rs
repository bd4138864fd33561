//! Ogg pages and the packets in them (RFC 3533).
use super::source::Source;
use crate::bytes::{array, le32, le64};
use crate::error::LibraryError;

/// Length of a page header without its segment table.
pub(super) const HEADER: usize = 27;

/// Most pages looked at for the header packets of one stream among others: 24 MB of full pages.
const MAX_PAGES: usize = 400;

/// One page: its header, and where its body lies.
pub(super) struct Page {
    pub(super) serial: u32,
    pub(super) first: bool,
    /// Where the body starts in the file.
    pub(super) body: u64,
    /// Bytes of the body that belong to the packet under way.
    pub(super) packet_length: u64,
    /// Whether that packet ends in this page.
    pub(super) ends_packet: bool,
    end: u64,
}

impl Page {
    /// The page header at the start of `head`, which lies at `at` in the file.
    fn parse(head: &[u8], at: u64) -> Option<Self> {
        if !head.starts_with(b"OggS") || *head.get(4)? != 0 {
            return None;
        }
        let count = usize::from(*head.get(26)?);
        let segments = head.get(HEADER..HEADER + count)?;
        let body = at + (HEADER + count) as u64;
        let sum = |segments: &[u8]| segments.iter().map(|&length| u64::from(length)).sum::<u64>();
        // A segment below 255 ends a packet.
        let last = segments.iter().position(|&length| length < 255);
        Some(Self {
            serial: le32(head, 14)?,
            first: head.get(5)? & 2 != 0,
            body,
            packet_length: sum(last.and_then(|last| segments.get(..=last)).unwrap_or(segments)),
            ends_packet: last.is_some(),
            end: body + sum(segments),
        })
    }
}

/// Goes from page to page.
pub(super) struct Pages {
    at: u64,
    left: usize,
}

impl Pages {
    /// The pages from `at` on.
    pub(super) fn new(at: u64) -> Self {
        Self { at, left: MAX_PAGES }
    }

    /// The next page; `None` at the end and at damage.
    ///
    /// # Errors
    /// Unreadable.
    pub(super) fn next(&mut self, file: &mut Source) -> Result<Option<Page>, LibraryError> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let page = Page::parse(file.peek(self.at, HEADER + 255)?, self.at);
        if let Some(page) = &page {
            self.at = page.end;
        }
        Ok(page)
    }
}

/// The position at the end of the last page of the stream `serial` that starts in `bytes`.
///
/// All ones stands for a page in which no packet ends; such pages are passed over.
pub(super) fn last_granule(bytes: &[u8], serial: u32) -> Option<u64> {
    let mut end = bytes.len();
    while end > 0 {
        let start = end.saturating_sub(64);
        let chunk = bytes.get(start..end.saturating_add(1).min(bytes.len())).unwrap_or_default();
        // Looked at all at once, which takes a handful of vector instructions; a hit is rare.
        let pairs = chunk.iter().zip(chunk.iter().skip(1));
        let is_hit = pairs.fold(0, |hit, (&a, &b)| hit | (u8::from(a == b'O') & u8::from(b == b'g')));
        if is_hit != 0 {
            let granule = (start..end).rev().find_map(|at| granule(bytes.get(at..)?, serial));
            if granule.is_some() {
                return granule;
            }
        }
        end = start;
    }
    None
}

fn granule(page: &[u8], serial: u32) -> Option<u64> {
    let is_ours =
        page.starts_with(b"OggS\0") && le32(page, 14)? == serial && array::<HEADER>(page, 0).is_some();
    le64(page, 6).filter(|&granule| is_ours && granule != u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Page, last_granule};

    fn page(serial: u32, granule: u64, segments: &[u8]) -> Vec<u8> {
        let mut page = b"OggS\0\x02".to_vec();
        page.extend(granule.to_le_bytes());
        page.extend(serial.to_le_bytes());
        page.extend([0; 8]);
        page.push(u8::try_from(segments.len()).unwrap());
        page.extend(segments);
        page
    }

    #[test]
    fn the_last_page_of_the_stream_counts() {
        let mut bytes = Vec::new();
        for (serial, granule) in [(7, 100), (7, 200), (7, u64::MAX), (8, 300)] {
            bytes.extend([b'O'; 70]);
            bytes.extend(page(serial, granule, &[3]));
        }
        assert_eq!(last_granule(&bytes, 7), Some(200));
        assert_eq!(last_granule(&bytes, 8), Some(300));
        assert_eq!(last_granule(&bytes, 9), None);
        assert_eq!(last_granule(&bytes[..bytes.len() - 4], 8), None);
        assert_eq!(last_granule(b"OggS\0", 0), None);
    }

    #[test]
    fn a_packet_ends_with_a_short_segment() {
        let page = |segments: &[u8]| Page::parse(&page(1, 0, segments), 1000).unwrap();
        let short = page(&[255, 255, 3, 9]);
        assert_eq!((short.body, short.packet_length, short.ends_packet, short.end), (1031, 513, true, 1553));
        let long = page(&[255, 255]);
        assert_eq!((long.packet_length, long.ends_packet, long.first), (510, false, true));
        assert!(Page::parse(b"OggS\x01", 0).is_none());
    }
}
