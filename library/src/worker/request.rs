//! What the worker is asked: sixteen bytes and an open file each.
use crate::beneath::Ending;
use crate::bytes::{array, le16, le32};
use crate::playlist::PlaylistKind;

/// Most requests in flight, and most files the worker holds open.
pub(super) const WINDOW: usize = 32;

/// Bytes of a request on the wire.
pub(super) const RECORD: usize = 16;

/// Longest edge of a picture that is asked for, in pixels.
pub(super) const MAX_EDGE: u32 = 1024;

/// What is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Tags and stream parameters.
    Track,
    /// The picture inside a track, with the longest edge.
    Embedded(u16),
    /// A file that is a picture, with the longest edge.
    Picture(u16),
    /// A playlist.
    Playlist(PlaylistKind),
}

/// One question about one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) kind: Kind,
    /// Which answer belongs to it. Never 0.
    pub(super) sequence: u32,
    pub(super) ending: Ending,
}

impl Request {
    pub(super) fn to_bytes(self) -> [u8; RECORD] {
        let (kind, edge) = match self.kind {
            Kind::Track => (0, 0),
            Kind::Embedded(edge) => (1, edge),
            Kind::Picture(edge) => (2, edge),
            Kind::Playlist(kind) => (3, code(kind)),
        };
        let mut record = [0; RECORD];
        let parts: [&[u8]; 4] =
            [&[kind, 0], &edge.to_le_bytes(), &self.sequence.to_le_bytes(), &self.ending.0];
        for (to, from) in record.iter_mut().zip(parts.into_iter().flatten()) {
            *to = *from;
        }
        record
    }

    pub(super) fn from_bytes(record: &[u8]) -> Option<Self> {
        let edge = le16(record, 2)?;
        let kind = match record.first()? {
            0 => Kind::Track,
            1 => Kind::Embedded(edge),
            2 => Kind::Picture(edge),
            3 => Kind::Playlist(*PlaylistKind::ALL.get(usize::from(edge))?),
            _ => return None,
        };
        Some(Self { kind, sequence: le32(record, 4)?, ending: Ending(array(record, 8)?) })
    }
}

/// Place in [`PlaylistKind::ALL`].
fn code(kind: PlaylistKind) -> u16 {
    let place = PlaylistKind::ALL.iter().position(|&known| known == kind);
    place.and_then(|place| u16::try_from(place).ok()).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Kind, PlaylistKind, Request};
    use crate::beneath::Ending;

    #[test]
    fn what_is_asked_is_what_arrives() {
        let playlists = PlaylistKind::ALL.map(Kind::Playlist);
        for kind in [Kind::Track, Kind::Embedded(480), Kind::Picture(1)].into_iter().chain(playlists) {
            let request = Request { kind, sequence: 0xfedc_ba98, ending: Ending(*b"m3u8\0\0\0\0") };
            assert_eq!(Request::from_bytes(&request.to_bytes()), Some(request));
        }
        assert_eq!(Request::from_bytes(&[9; 16]), None);
        assert_eq!(Request::from_bytes(&[0; 15]), None);
    }
}
