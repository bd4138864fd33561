//! Rows of the library's lists, as the pages show them.

use library::{CollectionTrack, EntryRow, FavouriteRow, PlaylistInfo};
use protocol::RowKey;

use super::media::Present;
use crate::state::{Item, Label};

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ListRow {
    /// For the next page, and to play from here; empty in search results.
    pub key: RowKey,
    pub item: ListItem,
}

/// What a row stands for. Texts are empty where nothing is known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ListItem {
    Artist { key: i64, name: String, albums: u64, tracks: u64 },
    Album { key: i64, title: String, artist: String, year: Option<u16>, tracks: u64 },
    Track(TrackRow),
    Genre { key: i64, name: String, albums: u64, tracks: u64 },
    Composer { key: i64, name: String, albums: u64, tracks: u64 },
    Year { year: u16, albums: u64, tracks: u64 },
    Playlist { key: i64, name: String, tracks: u64 },
}

/// A track in a list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TrackRow {
    pub title: String,
    pub artist: String,
    pub album: String,
    pub duration_ms: Option<u64>,
    /// What it plays.
    pub track: Item,
    /// The entry's key in an own playlist.
    pub entry: Option<i64>,
}

/// A row of the index.
pub(super) fn of_index(key: RowKey, item: library::Item, media: &[Present]) -> Option<ListRow> {
    let item = match item {
        library::Item::Artist { key, name, albums, tracks } => {
            ListItem::Artist { key: key.0, name, albums, tracks }
        }
        library::Item::Album { key, title, artist, year, tracks, .. } => {
            ListItem::Album { key: key.0, title, artist, year, tracks }
        }
        library::Item::Track { title, artist, album, duration_ms, medium, relative, .. } => {
            let medium = media.iter().find(|present| present.key == Some(medium))?;
            let track = Item::new(&medium.id, &relative);
            ListItem::Track(TrackRow { title, artist, album, duration_ms, track, entry: None })
        }
        library::Item::Genre { key, name, albums, tracks } => {
            ListItem::Genre { key: key.0, name, albums, tracks }
        }
        library::Item::Composer { key, name, albums, tracks } => {
            ListItem::Composer { key: key.0, name, albums, tracks }
        }
        library::Item::Year { year, albums, tracks } => ListItem::Year { year, albums, tracks },
        library::Item::Folder { .. } => return None,
    };
    Some(ListRow { key, item })
}

/// A track of the collection.
pub(super) fn item_of(track: &CollectionTrack) -> Item {
    let has_label = !(track.title.is_empty() && track.artist.is_empty());
    let label = Label { title: track.title.clone(), artist: track.artist.clone() };
    Item {
        medium: track.medium.as_str().into(),
        relative: track.relative.as_path().into(),
        slice: track.slice,
        label: has_label.then(|| label.into()),
    }
}

fn track_row(track: CollectionTrack, entry: Option<i64>) -> ListItem {
    let item = item_of(&track);
    let CollectionTrack { title, artist, duration_ms, .. } = track;
    let title = if title.is_empty() { crate::state::title_from_name(&item.relative) } else { title };
    ListItem::Track(TrackRow { title, artist, album: String::new(), duration_ms, track: item, entry })
}

pub(super) fn of_playlist(info: PlaylistInfo) -> ListRow {
    let mut key = info.id.0.to_be_bytes().to_vec();
    key.extend_from_slice(info.name.as_bytes());
    let item = ListItem::Playlist { key: info.id.0, name: info.name, tracks: info.entries.into() };
    ListRow { key: RowKey::new(&key), item }
}

pub(super) fn of_entry(row: EntryRow) -> ListRow {
    let key = [row.key.rank.to_be_bytes(), row.key.id.to_be_bytes()].concat();
    ListRow { key: RowKey::new(&key), item: track_row(row.track, Some(row.id.0)) }
}

pub(super) fn of_favourite(row: FavouriteRow) -> ListRow {
    ListRow { key: RowKey::new(&row.key.0.to_be_bytes()), item: track_row(row.track, None) }
}
