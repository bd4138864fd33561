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

struct Found {
    rank: Rank,
    item: Item,
}

/// At most `limit` tracks, the best first.
pub(super) fn tracks(
    db: &Connection,
    query: &Query,
    expression: &str,
    media: &[MediumKey],
    limit: usize,
) -> Result<Vec<Item>, IndexError> {
    let mut search =
        Search { db, query, limit, found: Vec::new(), seen: HashSet::new(), folded: String::new() };
    for medium in media {
        search.by_title(*medium)?;
    }
    for medium in media {
        search.by_words(*medium, expression)?;
    }
    let mut found = search.found;
    // Stable: equals stay in the order of their titles, then of their rows.
    found.sort_by_key(|found| found.rank);
    found.truncate(limit);
    Ok(found.into_iter().map(|found| found.item).collect())
}

struct Search<'a> {
    db: &'a Connection,
    query: &'a Query,
    limit: usize,
    found: Vec<Found>,
    seen: HashSet<i64>,
    folded: String,
}

impl Search<'_> {
    /// Titles that are the text or begin with it: a range of the list of titles.
    fn by_title(&mut self, medium: MediumKey) -> Result<(), IndexError> {
        let key = sort_key(&self.query.text, Named::Other);
        if key.is_empty() {
            return Ok(());
        }
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT {TRACK} FROM track AS t INDEXED BY track_title
             WHERE t.medium = ?1 AND t.state = 0 AND t.title_sort >= ?2 AND t.title_sort < ?3
             ORDER BY t.title_sort, t.id LIMIT ?4"
        ))?;
        let limit = i64::try_from(self.limit).unwrap_or(i64::MAX);
        let mut rows = statement.query(params![medium.0, key, after_prefix(&key), limit])?;
        while let Some(row) = rows.next()? {
            let title = row.get_ref(1)?.as_str_or_null()?.unwrap_or_default();
            self.folded.clear();
            fold_words(title, &mut self.folded);
            let rank = self.query.rank(&self.folded).unwrap_or(Rank::Prefix);
            self.push(row, rank)?;
        }
        Ok(())
    }

    /// Tracks by all their words.
    fn by_words(&mut self, medium: MediumKey, expression: &str) -> Result<(), IndexError> {
        let (first, last) = rows_of(medium);
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT {TRACK} FROM track_words CROSS JOIN track AS t ON t.id = track_words.rowid
             WHERE track_words MATCH ?1 AND track_words.rowid BETWEEN ?2 AND ?3 LIMIT ?4"
        ))?;
        let mut rows = statement.query(params![expression, first, last, candidates(self.limit)])?;
        while let Some(row) = rows.next()? {
            if let Some(rank) = self.rank(row)? {
                self.push(row, rank)?;
            }
        }
        Ok(())
    }

    /// The index found the trigrams; here it is seen whether they are the words.
    fn rank(&mut self, row: &Row<'_>) -> Result<Option<Rank>, IndexError> {
        self.folded.clear();
        fold_words(row.get_ref(1)?.as_str_or_null()?.unwrap_or_default(), &mut self.folded);
        if let Some(rank) = self.query.rank(&self.folded) {
            return Ok(Some(rank));
        }
        for column in [2, 3] {
            self.fold(row.get_ref(column)?.as_str_or_null()?.unwrap_or_default());
        }
        if self.query.all_in(&self.folded) {
            return Ok(Some(Rank::Together));
        }
        let name = row.get_ref(7)?.as_blob_or_null()?.unwrap_or_default();
        self.fold(&display_name(&name_of(name), EntryKind::Track));
        let mut rest = self.db.prepare_cached(
            "SELECT (SELECT text FROM name WHERE id = t.genre), (SELECT text FROM name WHERE id = t.composer),
                (SELECT text FROM name JOIN album ON album.artist = name.id WHERE album.id = t.album), t.tags
             FROM track AS t WHERE t.id = ?1",
        )?;
        rest.query_row([row.get::<_, i64>(0)?], |row| {
            for column in 0..3 {
                self.fold(row.get_ref(column)?.as_str_or_null()?.unwrap_or_default());
            }
            let tags = row.get_ref(3)?.as_str_or_null()?.unwrap_or_default();
            tags.lines().filter_map(|line| line.strip_prefix('A')).for_each(|artist| self.fold(artist));
            Ok(())
        })?;
        Ok(self.query.all_in(&self.folded).then_some(Rank::Together))
    }

    /// Adds the words of one more text.
    fn fold(&mut self, text: &str) {
        self.folded.push(' ');
        fold_words(text, &mut self.folded);
    }

    fn push(&mut self, row: &Row<'_>, rank: Rank) -> Result<(), IndexError> {
        if self.seen.insert(row.get(0)?) {
            self.found.push(Found { rank, item: track_item(row, 0)? });
        }
        Ok(())
    }
}
