//! The search: all words, in any field, the best first. See `docs/decisions/0012-search-by-trigram.md`.
mod entities;
mod query;
mod tracks;

use rusqlite::Connection;

use super::error::IndexError;
use super::item::Item;
use super::keys::MediumKey;
use query::Query;

/// Most results of each kind.
const MAX_RESULTS: usize = 100;

/// What matches, by kind, the best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchResult {
    /// Artists, also those of single tracks.
    pub artists: Vec<Item>,
    /// Albums.
    pub albums: Vec<Item>,
    /// Tracks.
    pub tracks: Vec<Item>,
}

/// At most `limit` results of each kind on the plugged media.
pub(super) fn search(
    db: &Connection,
    text: &str,
    media: &[MediumKey],
    limit: usize,
) -> Result<SearchResult, IndexError> {
    let limit = limit.min(MAX_RESULTS);
    let Some(query) = Query::new(text).filter(|_| limit > 0) else { return Ok(SearchResult::default()) };
    let expression = query.expression();
    Ok(SearchResult {
        artists: entities::artists(db, &query, &expression, media, limit)?,
        albums: entities::albums(db, &query, &expression, media, limit)?,
        tracks: tracks::tracks(db, &query, &expression, media, limit)?,
    })
}

/// How many candidates of the search index are looked at for so many results, on all media together:
/// enough to find better ones among them, never the whole of a huge match. The best kinds of match (the
/// text itself, and what begins with it) are found by the sorted lists, whatever the number.
fn candidates(limit: usize, media: usize) -> usize {
    (limit * 2).max(64).div_ceil(media.max(1))
}

/// A key above every key that begins with `key`.
fn after_prefix(key: &[u8]) -> Vec<u8> {
    let mut after = key.to_vec();
    after.push(u8::MAX);
    after
}
