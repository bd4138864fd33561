//! Lists by keyset: a page is found by the place of a row, never by counting rows before it.
mod count;
mod merge;
mod rank;
mod sources;
mod tracks_of;

pub(super) use count::{Counted, count};
pub(super) use merge::{combine, page};
pub(super) use rank::rank;
pub(super) use sources::{ALBUM, ARTIST, TRACK, album_item, name_item, track_item};
pub use tracks_of::MAX_TRACKS_OF;
pub(super) use tracks_of::tracks_of;
