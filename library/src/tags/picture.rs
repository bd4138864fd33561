//! Pictures inside music files.
use crate::bytes::be32;

/// Largest picture taken from a file, in bytes.
pub(crate) const MAX_PICTURE: usize = 16 << 20;

/// The front cover among the picture types of ID3v2 (`APIC`), which FLAC and Vorbis comments share.
const FRONT_COVER: u32 = 3;

/// Whether pictures are read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Only text: pictures are skipped without reading them.
    No,
    /// The best picture too.
    Yes,
}

/// An encoded picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    /// Whether the file calls it the front cover.
    pub(crate) front: bool,
    /// JPEG, PNG, …, as it lies in the file.
    pub(crate) data: Vec<u8>,
}

impl Picture {
    /// A picture of the given ID3v2 picture type; `None` when empty or too large.
    pub(super) fn new(kind: u32, data: Vec<u8>) -> Option<Self> {
        (!data.is_empty() && data.len() <= MAX_PICTURE).then_some(Self { front: kind == FRONT_COVER, data })
    }
}

/// A FLAC picture block (RFC 9639, section 8.8), also found base64-coded in Vorbis comments.
///
/// The picture is cut out in place: a copy would double the memory of the largest ones.
pub(super) fn from_flac_block(mut block: Vec<u8>) -> Option<Picture> {
    let kind = be32(&block, 0)?;
    let mut at = 4_usize;
    for _ in ["media type", "description"] {
        let length = be32(&block, at)? as usize;
        at = at.checked_add(4)?.checked_add(length)?;
    }
    // Width, height, depth and number of colours: the picture itself knows better.
    at = at.checked_add(16)?;
    let length = be32(&block, at)? as usize;
    let start = at.checked_add(4)?;
    let end = start.checked_add(length).filter(|&end| end <= block.len())?;
    block.truncate(end);
    block.drain(..start);
    Picture::new(kind, block)
}
