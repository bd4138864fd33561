//! Artists and albums that match.
use rusqlite::{Connection, Row, params};

use super::query::{Query, Rank};
use super::{after_prefix, candidates};
use crate::index::browse::{ALBUM, ARTIST, album_item, combine, name_item};
use crate::index::error::IndexError;
use crate::index::item::Item;
use crate::index::keys::{MediumKey, rows_of};
use crate::index::words::fold_words;
use crate::sort_key::{Named, sort_key};

/// A match: the best rank first, then those with most tracks, then by place in their list.
struct Found {
    rank: Rank,
    tracks: std::cmp::Reverse<i64>,
    sort: Vec<u8>,
    row: i64,
    item: Item,
}

/// At most `limit` artists; the same name on several media is one.
pub(super) fn artists(
    db: &Connection,
    query: &Query,
    expression: &str,
    media: &[MediumKey],
    limit: usize,
) -> Result<Vec<Item>, IndexError> {
    let by_words = format!(
        "SELECT {ARTIST}, n.text, '', n.sort, n.tracks FROM name_words CROSS JOIN name AS n ON n.id = name_words.rowid
         WHERE name_words MATCH ?1 AND name_words.rowid BETWEEN ?2 AND ?3 LIMIT ?4"
    );
    // Artists with albums of their own first, each part in its order: the text itself is at its head.
    let by_name = [1, 0].map(|listed| {
        format!(
            "SELECT {ARTIST}, n.text, '', n.sort, n.tracks FROM name AS n INDEXED BY name_list
             WHERE n.medium = ?1 AND n.kind = 0 AND n.listed = {listed} AND n.sort >= ?2 AND n.sort < ?3
             ORDER BY n.sort LIMIT ?4"
        )
    });
    let mut found =
        find(db, (query, expression), media, limit, (&by_name, &by_words, Named::Artist, read_artist))?;
    // The same name on two media stands at the same place.
    found.sort_by(|a, b| (a.rank, &a.sort, a.row).cmp(&(b.rank, &b.sort, b.row)));
    let mut artists: Vec<Found> = Vec::with_capacity(found.len());
    for next in found {
        match artists.last_mut() {
            Some(last) if last.row == next.row => {}
            Some(last) if last.sort == next.sort => {
                combine(&mut last.item, next.item);
                last.tracks.0 += next.tracks.0;
            }
            _ => artists.push(next),
        }
    }
    Ok(best(artists, limit))
}

/// At most `limit` albums.
pub(super) fn albums(
    db: &Connection,
    query: &Query,
    expression: &str,
    media: &[MediumKey],
    limit: usize,
) -> Result<Vec<Item>, IndexError> {
    let extra = "a.title, (SELECT text FROM name WHERE id = a.artist), a.sort, 0";
    let by_words = format!(
        "SELECT {ALBUM}, {extra} FROM name_words CROSS JOIN album AS a ON a.id = name_words.rowid
         WHERE name_words MATCH ?1 AND name_words.rowid BETWEEN ?2 AND ?3 LIMIT ?4"
    );
    let by_title = format!(
        "SELECT {ALBUM}, {extra} FROM album AS a INDEXED BY album_list
         WHERE a.medium = ?1 AND a.sort >= ?2 AND a.sort < ?3 ORDER BY a.sort LIMIT ?4"
    );
    let mut found =
        find(db, (query, expression), media, limit, (&[by_title], &by_words, Named::Album, read_album))?;
    found.sort_by_key(|found| found.row);
    found.dedup_by_key(|found| found.row);
    Ok(best(found, limit))
}

fn best(mut found: Vec<Found>, limit: usize) -> Vec<Item> {
    found.sort_by(|a, b| (a.rank, a.tracks, &a.sort, a.row).cmp(&(b.rank, b.tracks, &b.sort, b.row)));
    found.truncate(limit);
    found.into_iter().map(|found| found.item).collect()
}

type Read = fn(&Row<'_>, Rank) -> rusqlite::Result<Found>;

fn find(
    db: &Connection,
    (query, expression): (&Query, &str),
    media: &[MediumKey],
    limit: usize,
    (by_name, by_words, named, read): (&[String], &str, Named, Read),
) -> Result<Vec<Found>, IndexError> {
    let mut found = Vec::new();
    let key = sort_key(&query.text, named);
    let few = i64::try_from(limit).unwrap_or(i64::MAX);
    if !key.is_empty() {
        for (medium, sql) in media.iter().flat_map(|medium| by_name.iter().map(move |sql| (medium, sql))) {
            let mut statement = db.prepare_cached(sql)?;
            let mut rows = statement.query(params![medium.0, key, after_prefix(&key), few])?;
            while let Some(row) = rows.next()? {
                found.extend(matched(query, row, Some(Rank::Prefix), read)?);
            }
        }
    }
    if found.len() >= limit {
        return Ok(found);
    }
    let most = i64::try_from(candidates(limit, media.len())).unwrap_or(i64::MAX);
    for medium in media {
        let (first, last) = rows_of(*medium);
        let mut statement = db.prepare_cached(by_words)?;
        let mut rows = statement.query(params![expression, first, last, most])?;
        while let Some(row) = rows.next()? {
            found.extend(matched(query, row, None, read)?);
        }
    }
    Ok(found)
}

/// The row as a match; `otherwise` where its words are not all the text's.
fn matched(
    query: &Query,
    row: &Row<'_>,
    otherwise: Option<Rank>,
    read: Read,
) -> Result<Option<Found>, IndexError> {
    Ok(match rank(query, row)?.or(otherwise) {
        Some(rank) => Some(read(row, rank)?),
        None => None,
    })
}

/// Columns after the item's: the text that ranks, one that helps, the place, the tracks.
fn extra(row: &Row<'_>) -> usize {
    row.as_ref().column_count() - 4
}

fn rank(query: &Query, row: &Row<'_>) -> Result<Option<Rank>, IndexError> {
    let at = extra(row);
    let mut folded = String::new();
    fold_words(row.get_ref(at)?.as_str_or_null()?.unwrap_or_default(), &mut folded);
    if let Some(rank) = query.rank(&folded) {
        return Ok(Some(rank));
    }
    folded.push(' ');
    fold_words(row.get_ref(at + 1)?.as_str_or_null()?.unwrap_or_default(), &mut folded);
    Ok(query.all_in(&folded).then_some(Rank::Together))
}

fn read_artist(row: &Row<'_>, rank: Rank) -> rusqlite::Result<Found> {
    read(row, rank, name_item(row, 0)?)
}

fn read_album(row: &Row<'_>, rank: Rank) -> rusqlite::Result<Found> {
    read(row, rank, album_item(row, 0)?)
}

fn read(row: &Row<'_>, rank: Rank, item: Item) -> rusqlite::Result<Found> {
    let at = extra(row);
    Ok(Found {
        rank,
        tracks: std::cmp::Reverse(row.get(at + 3)?),
        sort: row.get(at + 2)?,
        row: row.get(0)?,
        item,
    })
}
