//! Tracks that match.
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::query::{Query, Rank};
use super::{after_prefix, candidates};
use crate::display_name::display_name;
use crate::entry::EntryKind;
use crate::index::browse::{TRACK, track_item};
use crate::index::error::IndexError;
use crate::index::item::Item;
use crate::index::keys::MediumKey;
use crate::index::place::name_of;
use crate::index::track_words::{blocks_of, tracks_in};
use crate::index::words::fold_words;
use crate::sort_key::{Named, sort_key};

/// Tracks looked at for each one that may be found.
const LOOKS: usize = 8;

/// At most `limit` tracks, the best first.
pub(super) fn tracks(
    db: &Connection,
    query: &Query,
    expression: &str,
    media: &[MediumKey],
    limit: usize,
) -> Result<Vec<Item>, IndexError> {
    let mut search = Search {
        db,
        query,
        found: Vec::new(),
        seen: HashSet::new(),
        folded: String::new(),
        texts: HashMap::new(),
    };
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

/// Which table a text is in. Rows of both are numbered in one sequence.
#[derive(Clone, Copy)]
enum Of {
    Name,
    Album,
}

struct Search<'a> {
    db: &'a Connection,
    query: &'a Query,
    /// How well each row matches.
    found: Vec<(Rank, i64)>,
    seen: HashSet<i64>,
    folded: String,
    /// Folded texts of names and albums, by row.
    texts: HashMap<i64, String>,
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

    /// Tracks by all their words. Of each row of the search index that has the grams, its tracks are
    /// looked at: until `most` match, or so many were looked at that it must be enough.
    fn by_words(&mut self, medium: MediumKey, expression: &str, most: usize) -> Result<(), IndexError> {
        let (first, last) = blocks_of(medium);
        let mut blocks = self.db.prepare_cached(
            "SELECT rowid FROM track_words WHERE track_words MATCH ?1 AND rowid BETWEEN ?2 AND ?3",
        )?;
        let mut tracks = self.db.prepare_cached(
            "SELECT id, title, artist, album, genre, composer, tags, name FROM track
             WHERE id BETWEEN ?1 AND ?2 AND state = 0",
        )?;
        let enough = self.found.len() + most;
        let mut looked_at = 0;
        let mut found = blocks.query(params![expression, first, last])?;
        while let Some(block) = found.next()? {
            let (first, last) = tracks_in(block.get(0)?);
            let mut rows = tracks.query([first, last])?;
            while let Some(row) = rows.next()? {
                looked_at += 1;
                self.look_at(row)?;
            }
            if self.found.len() >= enough || looked_at >= most * LOOKS {
                break;
            }
        }
        Ok(())
    }

    fn look_at(&mut self, row: &Row<'_>) -> Result<(), IndexError> {
        let id = row.get(0)?;
        if self.seen.contains(&id) {
            return Ok(());
        }
        let rank = match self.title_rank(row)? {
            None => self.together(row)?.then_some(Rank::Together),
            rank => rank,
        };
        if let Some(rank) = rank {
            self.push(id, rank);
        }
        Ok(())
    }

    fn title_rank(&mut self, row: &Row<'_>) -> Result<Option<Rank>, IndexError> {
        self.folded.clear();
        fold_words(row.get_ref(1)?.as_str_or_null()?.unwrap_or_default(), &mut self.folded);
        Ok(self.query.rank(&self.folded))
    }

    /// Whether each word is in some text of the track, whose title is folded already.
    fn together(&mut self, row: &Row<'_>) -> Result<bool, IndexError> {
        let mut missing = self.query.words();
        Query::strike(&mut missing, &self.folded);
        for (column, texts) in [(2, Of::Name), (3, Of::Album), (4, Of::Name), (5, Of::Name)] {
            if let Some(id) = row.get(column)? {
                Query::strike(&mut missing, self.text_of(texts, id)?);
            }
        }
        let tags = row.get_ref(6)?.as_str_or_null()?.unwrap_or_default();
        for artist in tags.lines().filter_map(|line| line.strip_prefix('A')) {
            self.strike(&mut missing, artist);
        }
        if !missing.is_empty() {
            let name = row.get_ref(7)?.as_blob_or_null()?.unwrap_or_default();
            self.strike(&mut missing, &display_name(&name_of(name), EntryKind::Track));
        }
        Ok(missing.is_empty())
    }

    fn strike(&mut self, missing: &mut Vec<&str>, text: &str) {
        if !missing.is_empty() {
            self.folded.clear();
            fold_words(text, &mut self.folded);
            Query::strike(missing, &self.folded);
        }
    }

    /// The folded text of a name or an album: neighbours have the same ones.
    fn text_of(&mut self, of: Of, id: i64) -> Result<&str, IndexError> {
        match self.texts.entry(id) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(new) => {
                let mut text = self.db.prepare_cached(match of {
                    Of::Name => "SELECT text FROM name WHERE id = ?1",
                    Of::Album => "SELECT title FROM album WHERE id = ?1",
                })?;
                let text: Option<String> = text.query_row([id], |row| row.get(0)).optional()?;
                let mut folded = String::new();
                fold_words(&text.unwrap_or_default(), &mut folded);
                Ok(new.insert(folded))
            }
        }
    }

    fn push(&mut self, row: i64, rank: Rank) {
        if self.seen.insert(row) {
            self.found.push((rank, row));
        }
    }
}
