//! The index: what is on which medium, in `library.db`, for browsing and searching.
//!
//! One [`Index`] writes (and checkpoints), any number of [`IndexReader`]s read. Rows are the medium's
//! folders and files, and what is derived from them: albums, names (artists, genres, composers), years,
//! counts and search words. A call of [`Index::write`] is one transaction over rows *and* derived rows,
//! so a power cut leaves no half folder and no wrong count. Everything here can be rebuilt from the
//! media: a damaged file, or one of a newer program, is set aside and begun anew.
mod album;
mod batch;
mod browse;
mod change;
mod connection;
mod credits;
mod error;
mod folders;
mod grams;
mod interned;
mod item;
mod keys;
mod known;
mod media;
mod medium_id;
mod name_text;
mod names;
mod numbered;
mod open;
mod place;
mod plays;
mod reader;
mod rebuild;
mod schema;
mod search;
mod track_row;
mod track_words;
mod view;
mod words;
mod writer;

pub use browse::MAX_TRACKS_OF;
pub use change::{Change, FileStamp, KnownFolder, Unread};
pub use error::IndexError;
pub use item::{Item, Page, PageRow, TrackPlace};
pub use keys::{AlbumKey, ArtistKey, ComposerKey, GenreKey, MediumKey, TrackKey};
pub use media::MediumRecord;
pub use medium_id::MediumId;
pub use open::Opened;
pub use plays::Played;
pub use reader::{IndexReader, Interrupt};
pub use search::SearchResult;
pub use view::{Anchor, PageKey, PageRequest, View};
pub use writer::Index;

#[cfg(test)]
#[path = "index_tests.rs"]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;
