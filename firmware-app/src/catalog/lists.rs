//! Questions about lists: of the index, and of the owner's collection.

use library::{
    AlbumKey, Anchor, ArtistKey, Collection, ComposerKey, EntryKey, FavouriteKey, GenreKey, IndexReader,
    MediumKey, PageKey, PageRequest, PlaylistId, PlaylistInfo, Seek, View,
};
use protocol::{RowKey, ViewRef};

use super::answer::{CatalogError, ListPart};
use super::media::Present;
use super::rows::{self, ListItem, ListRow};
use crate::state::{Item, QUEUE_LIMIT, RowAnchor};

/// Rows of one page, at most.
const PAGE: usize = 256;
/// Rows before the one to start with that come into the queue too; the rest is what follows.
const BEFORE: usize = 2_000;

/// What questions are asked of.
pub(super) struct Sources<'a> {
    /// `None` until there is an index.
    pub reader: Option<&'a IndexReader>,
    pub collection: &'a Collection,
    pub media: &'a [Present],
}

/// The index's view; `None` for the lists of the collection.
pub(super) fn view_of(view: &ViewRef) -> Option<View> {
    Some(match view {
        ViewRef::Artists => View::Artists,
        ViewRef::Albums => View::Albums,
        ViewRef::ArtistAlbums { artist } => View::ArtistAlbums(ArtistKey(*artist)),
        ViewRef::Tracks => View::Tracks,
        ViewRef::ArtistTracks { artist } => View::ArtistTracks(ArtistKey(*artist)),
        ViewRef::AlbumTracks { album } => View::AlbumTracks(AlbumKey(*album)),
        ViewRef::Genres => View::Genres,
        ViewRef::GenreAlbums { genre } => View::GenreAlbums(GenreKey(*genre)),
        ViewRef::GenreTracks { genre } => View::GenreTracks(GenreKey(*genre)),
        ViewRef::Composers => View::Composers,
        ViewRef::ComposerAlbums { composer } => View::ComposerAlbums(ComposerKey(*composer)),
        ViewRef::ComposerTracks { composer } => View::ComposerTracks(ComposerKey(*composer)),
        ViewRef::Years => View::Years,
        ViewRef::YearAlbums { year } => View::YearAlbums(*year),
        ViewRef::YearTracks { year } => View::YearTracks(*year),
        ViewRef::RecentlyAdded => View::RecentlyAdded,
        ViewRef::RecentlyPlayed => View::RecentlyPlayed,
        ViewRef::MostPlayed => View::MostPlayed,
        ViewRef::Favourites | ViewRef::Playlists | ViewRef::Playlist { .. } => return None,
    })
}

impl Sources<'_> {
    pub(super) fn keys(&self) -> Vec<MediumKey> {
        self.media.iter().filter_map(|medium| medium.key).collect()
    }

    fn is_present(&self, item: &Item) -> bool {
        self.media.iter().any(|medium| medium.id == item.medium)
    }

    /// A part of a list.
    pub fn page(&self, view: &ViewRef, anchor: &RowAnchor, limit: usize) -> Result<ListPart, CatalogError> {
        let limit = limit.clamp(1, PAGE);
        match (view_of(view), view) {
            (Some(view), _) => self.index_page(view, anchor, limit),
            (None, ViewRef::Favourites) => self.present_rows(anchor, |anchor| {
                let seek = seek(anchor, |key| Some(FavouriteKey(number(key, 0)?)))?;
                let page = self.collection.favourites(seek, limit)?;
                Ok((page.rows.into_iter().map(rows::of_favourite).collect(), page.more))
            }),
            (None, ViewRef::Playlist { playlist }) => self.present_rows(anchor, |anchor| {
                let key = |key: &RowKey| Some(EntryKey { rank: number(key, 0)?, id: number(key, 8)? });
                let page = self.collection.entries(PlaylistId(*playlist), seek(anchor, key)?, limit)?;
                Ok((page.rows.into_iter().map(rows::of_entry).collect(), page.more))
            }),
            (None, _) => self.playlists(anchor, limit),
        }
    }

    fn index_page(&self, view: View, anchor: &RowAnchor, limit: usize) -> Result<ListPart, CatalogError> {
        let reader = self.reader.ok_or(CatalogError::NoIndex)?;
        let key = |key: &RowKey| PageKey::from_bytes(key.as_bytes());
        let anchor = match anchor {
            RowAnchor::Start => Anchor::Start,
            RowAnchor::After(row) => Anchor::After(key(row)),
            RowAnchor::Before(row) => Anchor::Before(key(row)),
            RowAnchor::Letter(letter) => Anchor::Letter(*letter),
        };
        let media = self.keys();
        // The start says its place by itself, and who goes on from a row knows it.
        let is_jump = matches!(anchor, Anchor::Letter(_));
        let page = reader.page(&PageRequest { view: view.clone(), media: media.clone(), anchor, limit })?;
        let first = match page.rows.first().filter(|_| is_jump) {
            Some(row) => usize::try_from(reader.rank(&view, &media, &row.key)?).ok(),
            None => None,
        };
        let rows = page.rows.into_iter();
        let rows =
            rows.filter_map(|row| rows::of_index(RowKey::new(row.key.as_bytes()), row.item, self.media));
        Ok(ListPart { rows: rows.collect(), first, at_start: page.at_start, at_end: page.at_end })
    }

    fn playlists(&self, anchor: &RowAnchor, limit: usize) -> Result<ListPart, CatalogError> {
        let info = |key: &RowKey| {
            let name = String::from_utf8_lossy(key.as_bytes().get(8..)?).into_owned();
            Some(PlaylistInfo { id: PlaylistId(number(key, 0)?), name, entries: 0 })
        };
        let from = match anchor {
            RowAnchor::After(key) | RowAnchor::Before(key) => Some(info(key).ok_or(CatalogError::Changed)?),
            _ => None,
        };
        let seek = match (anchor, &from) {
            (RowAnchor::After(_), Some(row)) => Seek::After(row),
            (RowAnchor::Before(_), Some(row)) => Seek::Before(row),
            _ => Seek::Start,
        };
        let page = self.collection.playlists(seek, limit)?;
        let (at_start, at_end) = ends(anchor, page.more);
        let rows = page.rows.into_iter().map(rows::of_playlist).collect();
        Ok(ListPart { rows, first: None, at_start, at_end })
    }

    /// Tracks on media that are away do not show: reads on until there is one that does.
    fn present_rows(
        &self,
        anchor: &RowAnchor,
        read: impl Fn(&RowAnchor) -> Result<(Vec<ListRow>, bool), CatalogError>,
    ) -> Result<ListPart, CatalogError> {
        let mut from = anchor.clone();
        loop {
            let (mut rows, more) = read(&from)?;
            let beyond = match anchor {
                RowAnchor::Before(_) => rows.first().map(|row| RowAnchor::Before(row.key.clone())),
                _ => rows.last().map(|row| RowAnchor::After(row.key.clone())),
            };
            rows.retain(|row| match &row.item {
                ListItem::Track(track) => self.is_present(&track.track),
                _ => true,
            });
            match beyond {
                Some(beyond) if rows.is_empty() && more => from = beyond,
                _ => {
                    let (at_start, at_end) = ends(anchor, more);
                    return Ok(ListPart { rows, first: None, at_start, at_end });
                }
            }
        }
    }

    /// How many rows a list has.
    pub fn count(&self, view: &ViewRef) -> Result<u64, CatalogError> {
        let count = match (view_of(view), view) {
            (Some(view), _) => {
                return Ok(self.reader.ok_or(CatalogError::NoIndex)?.count(&view, &self.keys())?);
            }
            (None, ViewRef::Playlist { .. } | ViewRef::Favourites) => self.tracks(view)?.len(),
            (None, _) => {
                let mut names = 0;
                self.each_page(view, RowAnchor::Start, usize::MAX, |rows| names += rows.len())?;
                names
            }
        };
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    }

    /// Every track of a list in playing order, at most a queue full.
    pub fn tracks(&self, view: &ViewRef) -> Result<Vec<Item>, CatalogError> {
        if let Some(view) = view_of(view) {
            let reader = self.reader.ok_or(CatalogError::NoIndex)?;
            let places = reader.tracks_of(&view, &self.keys(), QUEUE_LIMIT)?.into_iter();
            let item = |place: library::TrackPlace| {
                let medium = self.media.iter().find(|present| present.key == Some(place.medium))?;
                Some(Item::new(&medium.id, &place.relative))
            };
            return Ok(places.filter_map(item).collect());
        }
        let mut items = Vec::new();
        if *view != ViewRef::Playlists {
            self.each_page(view, RowAnchor::Start, QUEUE_LIMIT, |rows| items.extend(tracks_in(rows)))?;
        }
        Ok(items)
    }

    /// Tracks of a list around a row: some before it, then it, then what follows.
    pub fn tracks_around(&self, view: &ViewRef, row: &RowKey) -> Result<Vec<Item>, CatalogError> {
        let mut before = Vec::new();
        let mut anchor = RowAnchor::Before(row.clone());
        while before.len() < BEFORE {
            let part = self.page(view, &anchor, PAGE)?;
            let Some(first) = part.rows.first() else { break };
            anchor = RowAnchor::Before(first.key.clone());
            let is_last = part.at_start;
            before.splice(0..0, part.rows);
            if is_last {
                break;
            }
        }
        let from = before.last().map_or(RowAnchor::Start, |last| RowAnchor::After(last.key.clone()));
        let mut items: Vec<Item> = tracks_in(&before).collect();
        let room = QUEUE_LIMIT.saturating_sub(items.len());
        self.each_page(view, from, room, |rows| items.extend(tracks_in(rows)))?;
        Ok(items)
    }

    /// One row, if it is still there.
    pub fn row(&self, view: &ViewRef, row: &RowKey) -> Result<Option<ListRow>, CatalogError> {
        let before = self.page(view, &RowAnchor::Before(row.clone()), 1)?;
        let from = before.rows.last().map_or(RowAnchor::Start, |last| RowAnchor::After(last.key.clone()));
        let mut found = self.page(view, &from, 1)?.rows;
        Ok(found.pop().filter(|found| found.key == *row))
    }

    /// What matches all words: artists, albums, tracks.
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<ListRow>, CatalogError> {
        let reader = self.reader.ok_or(CatalogError::NoIndex)?;
        let found = reader.search(text, &self.keys(), limit)?;
        let items = found.artists.into_iter().chain(found.albums).chain(found.tracks);
        Ok(items.filter_map(|item| rows::of_index(RowKey::default(), item, self.media)).collect())
    }

    /// Goes through a list page by page, up to `limit` rows.
    fn each_page(
        &self,
        view: &ViewRef,
        mut anchor: RowAnchor,
        limit: usize,
        mut take: impl FnMut(&[ListRow]),
    ) -> Result<(), CatalogError> {
        let mut left = limit;
        while left > 0 {
            let part = self.page(view, &anchor, PAGE.min(left))?;
            take(&part.rows);
            left = left.saturating_sub(part.rows.len());
            match part.rows.last() {
                Some(last) if !part.at_end => anchor = RowAnchor::After(last.key.clone()),
                _ => break,
            }
        }
        Ok(())
    }
}

/// Whether a page from `anchor` on, with `more` behind it or not, holds the list's first and last row.
fn ends(anchor: &RowAnchor, more: bool) -> (bool, bool) {
    match anchor {
        RowAnchor::Start | RowAnchor::Letter(_) => (true, !more),
        RowAnchor::After(_) => (false, !more),
        RowAnchor::Before(_) => (!more, false),
    }
}

pub(super) fn tracks_in(rows: &[ListRow]) -> impl Iterator<Item = Item> {
    rows.iter().filter_map(|row| match &row.item {
        ListItem::Track(track) => Some(track.track.clone()),
        _ => None,
    })
}

fn number(key: &RowKey, at: usize) -> Option<i64> {
    let bytes = key.as_bytes().get(at..at + 8)?;
    Some(i64::from_be_bytes(bytes.try_into().ok()?))
}

fn seek<K>(anchor: &RowAnchor, key: impl Fn(&RowKey) -> Option<K>) -> Result<Seek<K>, CatalogError> {
    let read = |row: &RowKey| key(row).ok_or(CatalogError::Changed);
    Ok(match anchor {
        RowAnchor::Start | RowAnchor::Letter(_) => Seek::Start,
        RowAnchor::After(row) => Seek::After(read(row)?),
        RowAnchor::Before(row) => Seek::Before(read(row)?),
    })
}
