//! The frames of an ID3v2 tag, one by one, without reading what they hold.
use super::source::Source;
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

/// What a tag's header says of one frame.
pub(super) struct Frame {
    id: [u8; 4],
    id_length: usize,
    /// Bytes after the frame's header.
    pub(super) size: u64,
    /// Zero in version 2.2, which has none.
    flags: u16,
    /// Where the frame's data lie in the tag's body.
    at: u64,
}

impl Frame {
    /// Four characters; three in version 2.2 and where its frames were copied into a later tag.
    pub(super) fn id(&self) -> &[u8] {
        self.id.get(..self.id_length).unwrap_or(&self.id)
    }
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
        file: &mut Source,
        base: u64,
        size: u64,
        version: Version,
        flags: u8,
    ) -> Result<Option<Self>, LibraryError> {
        let mut body = Self { base, end: size, decoded: None, first_frame: 0 };
        // From 2.4 on each frame is unsynchronised by itself.
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

    fn extended_header(&self, file: &mut Source, version: Version) -> Result<Option<u64>, LibraryError> {
        let head = self.peek(file, 0, 4)?;
        let Some(size) = be32(head, 0) else { return Ok(None) };
        // Some programs set the bit and write none.
        if version != Version::V2 && head.iter().all(|&byte| is_id(byte)) {
            return Ok(Some(0));
        }
        Ok(match version {
            Version::V2 => None,
            Version::V3 => Some(u64::from(size) + 4),
            Version::V4 => syncsafe(size),
        })
    }

    fn peek<'a>(&'a self, file: &'a mut Source, at: u64, length: u64) -> Result<&'a [u8], LibraryError> {
        let length = usize::try_from(length.min(self.end.saturating_sub(at))).unwrap_or(0);
        match &self.decoded {
            None => file.peek(self.base.saturating_add(at), length),
            Some(bytes) => {
                let start = usize::try_from(at).unwrap_or(usize::MAX);
                Ok(bytes.get(start..start.saturating_add(length)).unwrap_or_default())
            }
        }
    }

    fn read(&self, file: &mut Source, at: u64, length: u64) -> Result<Vec<u8>, LibraryError> {
        if self.decoded.is_some() {
            return self.peek(file, at, length).map(<[u8]>::to_vec);
        }
        let length = usize::try_from(length.min(self.end.saturating_sub(at))).unwrap_or(0);
        file.read_at(self.base.saturating_add(at), length)
    }
}

/// Goes through a tag's frames.
pub(super) struct Frames {
    body: Body,
    version: Version,
    /// Version 2.4 only: the tag's header says so of all frames.
    unsynchronised: bool,
    at: u64,
    left: usize,
}

impl Frames {
    /// The frames of a tag with these header flags.
    pub(super) fn new(body: Body, version: Version, flags: u8) -> Self {
        let unsynchronised = version == Version::V4 && flags & 0x80 != 0;
        Self { at: body.first_frame, body, version, unsynchronised, left: MAX_FRAMES }
    }

    /// The next frame; `None` at the padding, at damage and at the end.
    ///
    /// # Errors
    /// Unreadable.
    pub(super) fn next(&mut self, file: &mut Source) -> Result<Option<Frame>, LibraryError> {
        let (mut id_length, header) = if self.version == Version::V2 { (3, 6) } else { (4, 10) };
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return Ok(None);
        }
        let head = self.body.peek(file, self.at, header)?;
        let mut id = [0; 4];
        if head.len() as u64 != header {
            return Ok(None);
        }
        id.iter_mut().zip(head).take(id_length).for_each(|(id, &byte)| *id = byte);
        let flags = head.get(8..10).map_or(0, |flags| u16::from(flags[0]) << 8 | u16::from(flags[1]));
        let word = be32(head, if self.version == Version::V2 { 2 } else { 4 }).unwrap_or(0);
        if matches!(id, [_, _, _, 0 | b' ']) {
            id_length = 3;
        }
        let at = self.at + header;
        let Some(size) = self.size(file, word, at)? else { return Ok(None) };
        if !id.iter().take(id_length).all(|&byte| is_id(byte)) || at + size > self.body.end {
            return Ok(None);
        }
        self.at = at + size;
        Ok(Some(Frame { id, id_length, size, flags, at }))
    }

    /// The size of a frame whose data start at `at`.
    fn size(&self, file: &mut Source, word: u32, at: u64) -> Result<Option<u64>, LibraryError> {
        let plain = u64::from(word);
        match self.version {
            Version::V2 => Ok(Some(plain & 0x00ff_ffff)),
            Version::V3 => Ok(Some(plain)),
            Version::V4 if plain < 0x80 => Ok(Some(plain)),
            // iTunes wrote plain numbers here for years. The right reading is the one that leads to a frame.
            Version::V4 => {
                let safe = syncsafe(word);
                if let Some(safe) = safe
                    && (self.leads_to_frame(file, at + safe)? || !self.leads_to_frame(file, at + plain)?)
                {
                    return Ok(Some(safe));
                }
                Ok(Some(plain))
            }
        }
    }

    /// Whether at `at` there is a frame, padding or the tag's end.
    fn leads_to_frame(&self, file: &mut Source, at: u64) -> Result<bool, LibraryError> {
        if at >= self.body.end {
            return Ok(at == self.body.end);
        }
        let head = self.body.peek(file, at, 4)?;
        Ok(head.iter().all(|&byte| is_id(byte)) || head.iter().all(|&byte| byte == 0))
    }

    /// What the frame holds; `None` if that is compressed or encrypted.
    ///
    /// Nothing compressed is to be found in the wild: pictures are already, and text is too short. Inflating
    /// it would only open the door to bombs.
    ///
    /// # Errors
    /// Unreadable.
    pub(super) fn data(&self, file: &mut Source, frame: &Frame) -> Result<Option<Vec<u8>>, LibraryError> {
        let flags = frame.flags;
        let skip = match self.version {
            Version::V2 => 0,
            Version::V3 if flags & 0xc0 != 0 => return Ok(None),
            Version::V3 => u64::from(flags & 0x20 != 0),
            Version::V4 if flags & 0x0c != 0 => return Ok(None),
            // A byte that names a group, and the length before unsynchronisation.
            Version::V4 => u64::from(flags & 0x40 != 0) + if flags & 1 != 0 { 4 } else { 0 },
        };
        let mut data = self.body.read(file, frame.at + skip, frame.size.saturating_sub(skip))?;
        if self.version == Version::V4 && (self.unsynchronised || flags & 2 != 0) {
            resynchronise(&mut data);
        }
        Ok(Some(data))
    }
}

/// What the ids of frames are made of.
fn is_id(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

/// Seven bits of each byte (ID3v2.4.0 structure, section 6.2).
fn syncsafe(word: u32) -> Option<u64> {
    let bytes = word.to_be_bytes();
    let value = bytes.iter().fold(0_u64, |value, &byte| value << 7 | u64::from(byte & 0x7f));
    bytes.iter().all(|&byte| byte < 0x80).then_some(value)
}

/// Undoes unsynchronisation in place: the zero after each 0xFF goes (section 6.1).
///
/// Bytes that hold what unsynchronisation removes were not unsynchronised, whatever their header says.
fn resynchronise(bytes: &mut Vec<u8>) {
    if bytes.windows(2).any(|pair| matches!(pair, [0xff, 0xe0..=0xff])) {
        return;
    }
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
        let mut plain = vec![0xff, 0xfe, 0xff, 0];
        resynchronise(&mut plain);
        assert_eq!(plain, [0xff, 0xfe, 0xff, 0]);
    }

    #[test]
    fn seven_bits_a_byte() {
        assert_eq!(syncsafe(0x0000_0201), Some(257));
        assert_eq!(syncsafe(0x0000_0080), None);
    }
}
