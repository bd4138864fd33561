//! A list as tracks in playing order: what the queue takes when the driver plays it.
use std::collections::HashSet;

use rusqlite::Connection;

use super::merge::page;
use crate::index::error::IndexError;
use crate::index::item::{Item, TrackPlace};
use crate::index::keys::MediumKey;
use crate::index::view::{Anchor, MAX_PAGE, PageRequest, View};

/// Most tracks at once.
pub const MAX_TRACKS_OF: usize = 10_000;
/// Folders deeper than this below the first one are not entered.
const MAX_DEPTH: usize = 64;

/// The tracks of a list in playing order; of lists of albums or names, row by row. Each track once.
pub(in crate::index) fn tracks_of(
    db: &Connection,
    view: &View,
    media: &[MediumKey],
    limit: usize,
) -> Result<Vec<TrackPlace>, IndexError> {
    let limit = limit.min(MAX_TRACKS_OF);
    let mut collect = Collect { db, media, limit, tracks: Vec::new(), seen: HashSet::new() };
    collect.list(view, 0)?;
    Ok(collect.tracks)
}

struct Collect<'a> {
    db: &'a Connection,
    media: &'a [MediumKey],
    limit: usize,
    tracks: Vec<TrackPlace>,
    seen: HashSet<i64>,
}

impl Collect<'_> {
    fn list(&mut self, view: &View, depth: usize) -> Result<(), IndexError> {
        let mut anchor = Anchor::Start;
        loop {
            let request =
                PageRequest { view: view.clone(), media: self.media.to_vec(), anchor, limit: MAX_PAGE };
            let page = page(self.db, &request)?;
            let last = page.rows.last().map(|row| row.key.clone());
            for row in page.rows {
                if self.tracks.len() >= self.limit {
                    return Ok(());
                }
                self.item(row.item, depth)?;
            }
            match last {
                Some(key) if !page.at_end => anchor = Anchor::After(key),
                _ => return Ok(()),
            }
        }
    }

    fn item(&mut self, item: Item, depth: usize) -> Result<(), IndexError> {
        let inner = match item {
            Item::Track { key, medium, relative, .. } => {
                if self.seen.insert(key.0) {
                    self.tracks.push(TrackPlace { medium, relative });
                }
                return Ok(());
            }
            Item::Artist { key, .. } => View::ArtistTracks(key),
            Item::Album { key, .. } => View::AlbumTracks(key),
            Item::Genre { key, .. } => View::GenreTracks(key),
            Item::Composer { key, .. } => View::ComposerTracks(key),
            Item::Year { year, .. } => View::YearTracks(year),
            Item::Folder { medium, relative, .. } if depth < MAX_DEPTH => View::Folder(medium, relative),
            Item::Folder { .. } => return Ok(()),
        };
        self.list(&inner, depth + 1)
    }
}
