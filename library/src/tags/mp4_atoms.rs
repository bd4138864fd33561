//! Boxes of ISO base media files (ISO/IEC 14496-12), one by one, without reading what they hold.
use super::source::Source;
use crate::bytes::{array, be32, be64};
use crate::error::LibraryError;

/// A box: its type and where its content lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Atom {
    pub(super) kind: [u8; 4],
    pub(super) start: u64,
    pub(super) end: u64,
}

impl Atom {
    pub(super) fn len(&self) -> u64 {
        self.end - self.start
    }

    /// At most `max` bytes of the content from `from` on.
    ///
    /// # Errors
    /// Unreadable.
    pub(super) fn read(&self, file: &mut Source, from: u64, max: u64) -> Result<Vec<u8>, LibraryError> {
        let start = self.start.saturating_add(from);
        let length = self.end.saturating_sub(start).min(max);
        file.read_at(start, usize::try_from(length).unwrap_or(0))
    }

    /// The boxes inside, of which the first starts `skip` bytes into the content.
    pub(super) fn children(&self, skip: u64) -> Atoms {
        Atoms { at: self.start.saturating_add(skip), end: self.end }
    }
}

/// Goes through boxes lying one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Atoms {
    at: u64,
    end: u64,
}

impl Atoms {
    /// The boxes from `at` to `end`.
    pub(super) fn new(at: u64, end: u64) -> Self {
        Self { at, end }
    }

    /// The next box; `None` at the end and at damage. `left` counts down over the whole file.
    ///
    /// # Errors
    /// Unreadable.
    pub(super) fn next(&mut self, file: &mut Source, left: &mut u32) -> Result<Option<Atom>, LibraryError> {
        if *left == 0 || self.at.saturating_add(8) > self.end {
            return Ok(None);
        }
        *left -= 1;
        let head = file.peek(self.at, 16)?;
        let (Some(short), Some(kind)) = (be32(head, 0), array::<4>(head, 4)) else { return Ok(None) };
        let (header, size) = match short {
            // To the end of what it lies in.
            0 => (8, self.end - self.at),
            1 => (16, be64(head, 8).unwrap_or(0)),
            size => (8, u64::from(size)),
        };
        let end = self.at.saturating_add(size);
        if size < header || end > self.end {
            return Ok(None);
        }
        let atom = Atom { kind, start: self.at + header, end };
        self.at = end;
        Ok(Some(atom))
    }

    /// The next box of this type.
    ///
    /// # Errors
    /// Unreadable.
    pub(super) fn find(
        &mut self,
        file: &mut Source,
        left: &mut u32,
        kind: &[u8; 4],
    ) -> Result<Option<Atom>, LibraryError> {
        while let Some(atom) = self.next(file, left)? {
            if atom.kind == *kind {
                return Ok(Some(atom));
            }
        }
        Ok(None)
    }
}
