//! What a list shows of a row.
use std::path::PathBuf;

use super::keys::{AlbumKey, ArtistKey, ComposerKey, GenreKey, MediumKey, TrackKey};
use super::view::PageKey;

/// One row of a list. Texts are empty where the files say nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// An artist.
    Artist {
        /// Its key.
        key: ArtistKey,
        /// Name.
        name: String,
        /// Albums of the artist's own.
        albums: u64,
        /// Tracks, those on other albums too.
        tracks: u64,
    },
    /// An album.
    Album {
        /// Its key.
        key: AlbumKey,
        /// Title.
        title: String,
        /// Album artist; `Various Artists` where there are many.
        artist: String,
        /// Year of its latest track.
        year: Option<u16>,
        /// Tracks.
        tracks: u64,
        /// The medium it is on.
        medium: MediumKey,
    },
    /// A track.
    Track {
        /// Its key.
        key: TrackKey,
        /// Title; from the file's name where the tags have none.
        title: String,
        /// Artist.
        artist: String,
        /// Album.
        album: String,
        /// Length.
        duration_ms: Option<u64>,
        /// The medium it is on.
        medium: MediumKey,
        /// Its file, from the medium's root.
        relative: PathBuf,
    },
    /// A genre.
    Genre {
        /// Its key.
        key: GenreKey,
        /// Name.
        name: String,
        /// Albums with tracks of it.
        albums: u64,
        /// Tracks.
        tracks: u64,
    },
    /// A composer.
    Composer {
        /// Its key.
        key: ComposerKey,
        /// Name.
        name: String,
        /// Albums with tracks by the composer.
        albums: u64,
        /// Tracks.
        tracks: u64,
    },
    /// A year.
    Year {
        /// Which.
        year: u16,
        /// Albums.
        albums: u64,
        /// Tracks on them.
        tracks: u64,
    },
    /// A folder with music in it or below.
    Folder {
        /// The medium it is on.
        medium: MediumKey,
        /// From the medium's root.
        relative: PathBuf,
        /// Shown.
        name: String,
        /// Tracks in it and below.
        tracks: u64,
    },
}

/// A row and the key that continues the list beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRow {
    /// For [`Anchor::After`](super::Anchor::After) and [`Anchor::Before`](super::Anchor::Before).
    pub key: PageKey,
    /// What to show.
    pub item: Item,
}

/// A part of a list, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Its rows.
    pub rows: Vec<PageRow>,
    /// Nothing comes before them.
    pub at_start: bool,
    /// Nothing comes after them.
    pub at_end: bool,
}

/// Where a track is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TrackPlace {
    /// Its medium.
    pub medium: MediumKey,
    /// Its file, from the medium's root.
    pub relative: PathBuf,
}
