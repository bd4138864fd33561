//! Tracks that match.
use std::collections::HashSet;

use rusqlite::{Connection, Row, params};

use super::query::{Query, Rank};
use super::{after_prefix, candidates};
use crate::display_name::display_name;
use crate::entry::EntryKind;
use crate::index::browse::{TRACK, track_item};
use crate::index::error::IndexError;
use crate::index::item::Item;
use crate::index::keys::{MediumKey, rows_of};
use crate::index::place::name_of;
use crate::index::words::fold_words;
use crate::sort_key::{Named, sort_key};

/// At most `limit` tracks, the best first.
pub(super) fn tracks(
    db: &Connection,
    query: &Query,
    expression: &str,
    media: &[MediumKey],
    limit: usize,
) -> Result<Vec<Item>, IndexError> {
    let mut search = Search { db, query, found: Vec::new(), seen: HashSet::new(), folded: String::new() };
    for medium in media {
        search.by_title(*medium, limit)?;
    }
    // Nothing found by words is better than titles that begin with the text.
    if search.found.len() < limit {
        for medium in media {
            search.by_words(*medium, expression, candidates(limit, media.len()))?;
        }
    }
    let mut found = search.found;
    // Stable: equals stay in the order of their titles, then of their rows.
    found.sort_by_key(|(rank, _)| *rank);
    let mut item = db.prepare_cached(&format!("SELECT {TRACK} FROM track AS t WHERE t.id = ?1"))?;
    let items = found.into_iter().take(limit).map(|(_, row)| item.query_row([row], |row| track_item(row, 0)));
    Ok(items.collect::<Result<_, _>>()?)
}

struct Search<'a> {
    db: &'a Connection,
    query: &'a Query,
    /// How well each row matches.
    found: Vec<(Rank, i64)>,
    seen: HashSet<i64>,
    folded: String,
}

impl Search<'_> {
    /// Titles that are the text or begin with it: a range of the list of titles.
    fn by_title(&mut self, medium: MediumKey, limit: usize) -> Result<(), IndexError> {
        let key = sort_key(&self.query.text, Named::Other);
        if key.is_empty() {
            return Ok(());
        }
        let mut statement = self.db.prepare_cached(
            "SELECT t.id, t.title FROM track AS t INDEXED BY track_title
             WHERE t.medium = ?1 AND t.state = 0 AND t.title_sort >= ?2 AND t.title_sort < ?3
             ORDER BY t.title_sort, t.id LIMIT ?4",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = statement.query(params![medium.0, key, after_prefix(&key), limit])?;
        while let Some(row) = rows.next()? {
            let rank = self.title_rank(row)?.unwrap_or(Rank::Prefix);
            self.push(row.get(0)?, rank);
        }
        Ok(())
    }

    /// Tracks by all their words.
    fn by_words(&mut self, medium: MediumKey, expression: &str, most: i64) -> Result<(), IndexError> {
        let (first, last) = rows_of(medium);
        let mut statement = self.db.prepare_cached(
            "SELECT t.id, t.title FROM track_words CROSS JOIN track AS t ON t.id = track_words.rowid
             WHERE track_words MATCH ?1 AND track_words.rowid BETWEEN ?2 AND ?3 LIMIT ?4",
        )?;
        let mut rows = statement.query(params![expression, first, last, most])?;
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            let rank = match self.title_rank(row)? {
                None => self.together(id)?,
                rank => rank,
            };
            if let Some(rank) = rank {
                self.push(id, rank);
            }
        }
        Ok(())
    }

    fn title_rank(&mut self, row: &Row<'_>) -> Result<Option<Rank>, IndexError> {
        self.folded.clear();
        fold_words(row.get_ref(1)?.as_str_or_null()?.unwrap_or_default(), &mut self.folded);
        Ok(self.query.rank(&self.folded))
    }

    /// The index found the trigrams of the words; here it is seen whether they are the words.
    fn together(&mut self, id: i64) -> Result<Option<Rank>, IndexError> {
        let mut texts = self.db.prepare_cached(
            "SELECT (SELECT text FROM name WHERE id = t.artist), (SELECT title FROM album WHERE id = t.album),
                (SELECT text FROM name WHERE id = t.genre), (SELECT text FROM name WHERE id = t.composer), t.tags, t.name
             FROM track AS t WHERE t.id = ?1",
        )?;
        let mut rows = texts.query([id])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        for column in 0..4 {
            self.fold(row.get_ref(column)?.as_str_or_null()?.unwrap_or_default());
        }
        let tags = row.get_ref(4)?.as_str_or_null()?.unwrap_or_default();
        tags.lines().filter_map(|line| line.strip_prefix('A')).for_each(|artist| self.fold(artist));
        if !self.query.all_in(&self.folded) {
            let name = row.get_ref(5)?.as_blob_or_null()?.unwrap_or_default();
            self.fold(&display_name(&name_of(name), EntryKind::Track));
        }
        Ok(self.query.all_in(&self.folded).then_some(Rank::Together))
    }

    /// Adds the words of one more text.
    fn fold(&mut self, text: &str) {
        self.folded.push(' ');
        fold_words(text, &mut self.folded);
    }

    fn push(&mut self, row: i64, rank: Rank) {
        if self.seen.insert(row) {
            self.found.push((rank, row));
        }
    }
}
