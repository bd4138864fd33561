//! The music on a medium: folder listings, tags and cover art. Knows no interface.
//!
//! Everything here reads files that strangers wrote. Three rules keep that safe:
//! nothing outside the medium is listed ([`list_folder`]), no declared size is believed (each reader
//! has a byte budget, see `bounded_file`), and a panic in a decoder ends at the public functions.
#![forbid(unsafe_code)]

mod art;
mod beneath;
mod bounded_file;
mod bytes;
mod collection;
mod display_name;
mod entry;
mod error;
mod extensions;
mod guard;
mod index;
pub mod initial;
mod medium;
mod natural_order;
mod playlist;
mod scan;
mod sort_key;
mod tags;
mod worker;

pub use art::{Art, ArtCache, read_art};
pub use beneath::{FileKind, FolderEntry, MediumRoot, OpenFile, OpenFolder};
pub use collection::{
    Collection, CollectionError, CollectionTrack, EntryId, EntryKey, EntryRow, Export, ExportError,
    FavouriteKey, FavouriteRow, ListPage, MAX_PAGE, PlayCount, PlayedRow, PlayedTrack, PlaylistId,
    PlaylistInfo, PlaylistWritten, Seek, SetAside, write_playlist,
};
pub use entry::{Entry, EntryKind, list_folder, tracks_below};
pub use error::LibraryError;
pub use extensions::is_track;
pub use index::{
    AlbumKey, Anchor, ArtistKey, Change, ComposerKey, FileStamp, GenreKey, Index, IndexError, IndexReader,
    Interrupt, Item, KnownFolder, MAX_TRACKS_OF, MediumId, MediumKey, MediumRecord, Opened, Page, PageKey,
    PageRequest, PageRow, Played, SearchResult, TrackKey, TrackPlace, Unread, View,
};
pub use playlist::{
    CueFrames, MAX_PLAYLIST_BYTES, MAX_PLAYLIST_ENTRIES, PlaylistEntry, PlaylistError, PlaylistFile,
    PlaylistKind, ResolvedEntry, ResolvedPlaylist, Slice, TrackRef, parse_playlist, resolve_playlist,
    resolve_playlist_with,
};
pub use scan::{Scan, ScanOptions, ScanOutcome, ScanPhase, ScanProgress, ScanStats};
pub use tags::{TrackInfo, read_track};
pub use worker::{WORKER_WORD, Worker, WorkerCommand, worker_main};
