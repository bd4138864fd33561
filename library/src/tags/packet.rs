//! A run of bytes that lies in pieces in a file: the packet of an Ogg stream, or one block of a FLAC file.
use super::ogg_pages::Pages;
use super::source::Source;
use crate::error::LibraryError;

/// How much of a packet is fetched at once: most comments are shorter than what is left of a page.
const CHUNK: usize = 1024;

/// A packet whose pieces are found when something in them is asked for, so that a picture in the middle
/// costs no more than the headers of its pages.
pub(super) struct Packet {
    /// Where each piece starts in the file and how long it is.
    pieces: Vec<(u64, u64)>,
    /// Bytes in `pieces`.
    known: u64,
    /// Where further pieces come from, until the packet ends.
    more: Option<(Pages, u32)>,
    /// Where fetching more than was asked for stops to pay: the end that the packet itself states.
    likely_end: u64,
    chunk: Vec<u8>,
    chunk_at: u64,
}

impl Packet {
    /// The bytes from `start` to `end`, of which the first `likely` are probably all.
    pub(super) fn block(start: u64, end: u64, likely: u64) -> Self {
        let length = end.saturating_sub(start);
        let pieces = vec![(start, length)];
        Self { pieces, known: length, more: None, likely_end: likely, chunk: Vec::new(), chunk_at: 0 }
    }

    /// The next packet of the stream `serial` in `pages`.
    pub(super) fn ogg(pages: Pages, serial: u32) -> Self {
        let more = Some((pages, serial));
        Self { pieces: Vec::new(), known: 0, more, likely_end: u64::MAX, chunk: Vec::new(), chunk_at: 0 }
    }

    /// The `length` bytes from `at` on, or fewer at the packet's end.
    ///
    /// # Errors
    /// Unreadable.
    pub(super) fn peek(&mut self, file: &mut Source, at: u64, length: usize) -> Result<&[u8], LibraryError> {
        let end = at.saturating_add(length as u64);
        let held = self.chunk_at..=self.chunk_at + self.chunk.len() as u64;
        if !(held.contains(&at) && held.contains(&end)) {
            self.find(file, end)?;
            let ahead = usize::try_from(self.likely_end.saturating_sub(at)).unwrap_or(CHUNK).min(CHUNK);
            self.chunk = self.gather(file, at, length.max(ahead))?;
            self.chunk_at = at;
        }
        let from = usize::try_from(at.saturating_sub(self.chunk_at)).unwrap_or(usize::MAX);
        let to = from.saturating_add(length).min(self.chunk.len());
        Ok(self.chunk.get(from..to).unwrap_or_default())
    }

    /// As [`Self::peek`], owned and in one piece of memory.
    ///
    /// # Errors
    /// Unreadable.
    pub(super) fn read(
        &mut self,
        file: &mut Source,
        at: u64,
        length: usize,
    ) -> Result<Vec<u8>, LibraryError> {
        self.find(file, at.saturating_add(length as u64))?;
        self.gather(file, at, length)
    }

    /// Looks for pieces until the first `end` bytes of the packet are known.
    fn find(&mut self, file: &mut Source, end: u64) -> Result<(), LibraryError> {
        while self.known < end
            && let Some((pages, serial)) = &mut self.more
        {
            let Some(page) = pages.next(file)? else {
                self.more = None;
                break;
            };
            if page.serial == *serial {
                self.pieces.push((page.body, page.packet_length));
                self.known += page.packet_length;
                if page.ends_packet {
                    self.more = None;
                }
            }
        }
        Ok(())
    }

    /// What the known pieces hold of `length` bytes from `at` on.
    fn gather(&self, file: &mut Source, at: u64, length: usize) -> Result<Vec<u8>, LibraryError> {
        let end = at.saturating_add(length as u64).min(self.known);
        let mut bytes = Vec::with_capacity(usize::try_from(end.saturating_sub(at)).unwrap_or(0));
        let mut before = 0;
        for &(start, piece) in &self.pieces {
            let from = at.max(before);
            let to = end.min(before + piece);
            if from < to {
                let length = usize::try_from(to - from).unwrap_or(0);
                bytes.extend_from_slice(file.peek(start + (from - before), length)?);
            }
            before += piece;
        }
        Ok(bytes)
    }
}
