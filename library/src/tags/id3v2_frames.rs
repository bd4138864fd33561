//! The frames of an ID3v2 tag, one by one, without reading what they hold.
use crate::bounded_file::BoundedFile;
use crate::bytes::be32;
use crate::error::LibraryError;

/// Most frames looked at.
const MAX_FRAMES: usize = 4096;

/// Largest unsynchronised tag: it can only be read whole.
const MAX_UNSYNCHRONISED: u64 = 17 << 20;

/// Major version of the tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    V2,
    V3,
    V4,
}

impl Version {
    pub(super) fn major(self) -> u8 {
        match self {
            Self::V2 => 2,
            Self::V3 => 3,
            Self::V4 => 4,
        }
    }
}

/// What a tag's header says of one frame.
pub(super) struct Frame {
    pub(super) id: Vec<u8>,
    /// Bytes after the frame's header.
    pub(super) size: u64,
    /// Zero in version 2.2, which has none.
    pub(super) flags: u16,
    /// Where the frame's header lies in the tag's body.
    at: u64,
    header: u64,
}

/// The bytes after a tag's header: in the file, or in memory where they had to be decoded.
pub(super) struct Body {
    base: u64,
    end: u64,
    decoded: Option<Vec<u8>>,
    first_frame: u64,
}

impl Body {
    /// Opens the `size` bytes at `base`; `None` if they cannot be understood.
    ///
    /// # Errors
    /// Unreadable.
    pub(super) fn open(
        file: &mut BoundedFile,
        base: u64,
        size: u64,
        version: Version,
        flags: u8,
    ) -> Result<Option<Self>, LibraryError> {
        let mut body = Self { base, end: size, decoded: None, first_frame: 0 };
        // From 2.4 on each frame says for itself whether it is unsynchronised.
        if flags & 0x80 != 0 && version != Version::V4 {
            if size > MAX_UNSYNCHRONISED {
                return Ok(None);
            }
            let mut bytes = file.read_at(base, usize::try_from(size).unwrap_or(0))?;
            resynchronise(&mut bytes);
            body.end = bytes.len() as u64;
            body.decoded = Some(bytes);
        }
        // Bit 6 is the extended header, but in version 2.2 a compression nobody ever defined.
        if flags & 0x40 != 0 {
            let Some(length) = body.extended_header(file, version)? else { return Ok(None) };
            body.first_frame = length;
        }
        Ok(Some(body))
    }

    fn extended_header(&self, file: &mut BoundedFile, version: Version) -> Result<Option<u64>, LibraryError> {
        let Some(size) = be32(&self.read(file, 0, 4)?, 0) else { return Ok(None) };
        Ok(match version {
            Version::V2 => None,
            Version::V3 => Some(u64::from(size) + 4),
            Version::V4 => syncsafe(size),
        })
    }

    fn read(&self, file: &mut BoundedFile, at: u64, length: u64) -> Result<Vec<u8>, LibraryError> {
        let length = usize::try_from(length.min(self.end.saturating_sub(at))).unwrap_or(0);
        match &self.decoded {
            None => file.read_at(self.base + at, length),
            Some(bytes) => {
                let start = usize::try_from(at).unwrap_or(usize::MAX);
                Ok(bytes.get(start..start.saturating_add(length)).unwrap_or_default().to_vec())
            }
        }
    }
}

/// Goes through a tag's frames.
pub(super) struct Frames {
    body: Body,
    version: Version,
    at: u64,
    left: usize,
}

impl Frames {
    pub(super) fn new(body: Body, version: Version) -> Self {
        Self { at: body.first_frame, body, version, left: MAX_FRAMES }
    }

    /// The next frame; `None` at the padding, at damage and at the end.
    ///
    /// # Errors
    /// Unreadable.
    pub(super) fn next(&mut self, file: &mut BoundedFile) -> Result<Option<Frame>, LibraryError> {
        let (id_length, header) = if self.version == Version::V2 { (3, 6) } else { (4, 10) };
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return Ok(None);
        }
        let head = self.body.read(file, self.at, header)?;
        let (Some(id), Some(size)) = (head.get(..id_length), self.size(&head)) else { return Ok(None) };
        let valid = id.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if head.len() as u64 != header || !valid || self.at + header + size > self.body.end {
            return Ok(None);
        }
        let flags = head.get(8..10).map_or(0, |flags| u16::from(flags[0]) << 8 | u16::from(flags[1]));
        let frame = Frame { id: id.to_vec(), size, flags, at: self.at, header };
        self.at += header + size;
        Ok(Some(frame))
    }

    fn size(&self, head: &[u8]) -> Option<u64> {
        match self.version {
            Version::V2 => be32(head, 2).map(|word| u64::from(word & 0x00ff_ffff)),
            Version::V3 => be32(head, 4).map(u64::from),
            Version::V4 => be32(head, 4).and_then(syncsafe),
        }
    }

    /// The frame with its header.
    ///
    /// # Errors
    /// Unreadable.
    pub(super) fn whole(&self, file: &mut BoundedFile, frame: &Frame) -> Result<Vec<u8>, LibraryError> {
        self.body.read(file, frame.at, frame.header + frame.size)
    }

    /// The frame without its header.
    ///
    /// # Errors
    /// Unreadable.
    pub(super) fn data(&self, file: &mut BoundedFile, frame: &Frame) -> Result<Vec<u8>, LibraryError> {
        self.body.read(file, frame.at + frame.header, frame.size)
    }
}

/// Seven bits of each byte (ID3v2.4.0 structure, section 6.2).
fn syncsafe(word: u32) -> Option<u64> {
    let bytes = word.to_be_bytes();
    let value = bytes.iter().fold(0_u64, |value, &byte| value << 7 | u64::from(byte & 0x7f));
    bytes.iter().all(|&byte| byte < 0x80).then_some(value)
}

/// Undoes unsynchronisation in place: the zero after each 0xFF goes (section 6.1).
pub(super) fn resynchronise(bytes: &mut Vec<u8>) {
    let mut previous = 0;
    bytes.retain(|&byte| {
        let keep = !(previous == 0xff && byte == 0);
        previous = byte;
        keep
    });
}

#[cfg(test)]
mod tests {
    use super::{resynchronise, syncsafe};

    #[test]
    fn the_zero_after_ff_goes() {
        let mut bytes = vec![1, 0xff, 0, 0xe0, 0xff, 0, 0, 0xff];
        resynchronise(&mut bytes);
        assert_eq!(bytes, [1, 0xff, 0xe0, 0xff, 0, 0xff]);
    }

    #[test]
    fn seven_bits_a_byte() {
        assert_eq!(syncsafe(0x0000_0201), Some(257));
        assert_eq!(syncsafe(0x0000_0080), None);
    }
}
