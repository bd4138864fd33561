//! Pages: the sources' rows, merged in order, from an anchor on.
use std::cmp::Ordering;
use std::fmt::Write as _;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{CachedStatement, Connection, Row, Rows, params_from_iter};

use super::sources::{List, Source, list};
use crate::index::error::IndexError;
use crate::index::item::{Item, Page, PageRow};
use crate::index::view::{Anchor, MAX_PAGE, PageRequest, Place, Position};
use crate::sort_key::letter_key;

/// Which way rows are read from where.
struct Walk {
    /// Backwards through the list's own order.
    back: bool,
    from: From,
}

enum From {
    Edge,
    /// Not the place itself.
    Beyond(Position),
    /// The first name with this key, or after it.
    Key(Vec<u8>),
}

/// One page of a list.
pub(in crate::index) fn page(db: &Connection, request: &PageRequest) -> Result<Page, IndexError> {
    let limit = request.limit.clamp(1, MAX_PAGE);
    let list = list(db, &request.view, &request.media)?;
    let walk = match &request.anchor {
        Anchor::Start => Walk { back: false, from: From::Edge },
        Anchor::End => Walk { back: true, from: From::Edge },
        Anchor::After(key) => Walk { back: false, from: From::Beyond(Position::of(key)?) },
        Anchor::Before(key) => Walk { back: true, from: From::Beyond(Position::of(key)?) },
        Anchor::Letter(letter) if list.lettered && letter.is_alphabetic() => {
            Walk { back: false, from: From::Key(letter_key(*letter)) }
        }
        Anchor::Letter(_) => Walk { back: false, from: From::Edge },
    };
    let mut rows = read(db, &list, &walk, limit + 1)?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    // What lies on the other side of the anchor.
    let opened = match (&walk.from, rows.first()) {
        (From::Edge, _) => false,
        (_, Some((first, _))) => {
            let other = Walk { back: !walk.back, from: From::Beyond(first.clone()) };
            !read(db, &list, &other, 1)?.is_empty()
        }
        (_, None) => !read(db, &list, &Walk { back: !walk.back, from: From::Edge }, 1)?.is_empty(),
    };
    let (at_start, at_end) = if walk.back { (!more, !opened) } else { (!opened, !more) };
    if walk.back {
        rows.reverse();
    }
    let rows = rows.into_iter().map(|(position, item)| PageRow { key: position.key(), item }).collect();
    Ok(Page { rows, at_start, at_end })
}

/// Up to `limit` rows of all sources, in the order they are walked.
fn read(
    db: &Connection,
    list: &List,
    walk: &Walk,
    limit: usize,
) -> Result<Vec<(Position, Item)>, IndexError> {
    let descending = list.descending != walk.back;
    let mut statements: Vec<(&Source, Vec<Value>, CachedStatement<'_>)> =
        Vec::with_capacity(list.sources.len());
    for source in &list.sources {
        if let Some((sql, params)) = query(source, walk, descending)? {
            statements.push((source, params, db.prepare_cached(&sql)?));
        }
    }
    let mut heads = Vec::with_capacity(statements.len());
    for (source, params, statement) in &mut statements {
        let mut rows = statement.query(params_from_iter(params.iter()))?;
        if let Some(head) = next(&mut rows, source)? {
            heads.push((head, rows, *source));
        }
    }
    let first = |a: &Position, b: &Position| {
        // Parts keep their order in descending lists too; no list has both.
        if descending { b.cmp(a) } else { a.cmp(b) }
    };
    let mut out: Vec<(Position, Item)> = Vec::with_capacity(limit.min(MAX_PAGE + 1));
    while let Some(at) = (0..heads.len()).min_by(|&a, &b| match (heads.get(a), heads.get(b)) {
        (Some(a), Some(b)) => first(&a.0.0, &b.0.0),
        _ => Ordering::Equal,
    }) {
        let Some((head, rows, source)) = heads.get_mut(at) else { break };
        let following = next(rows, source)?;
        let row = match following {
            Some(following) => std::mem::replace(head, following),
            None => heads.swap_remove(at).0,
        };
        let full = out.len() == limit;
        match out.last_mut() {
            Some(last) if list.combined && last.0 == row.0 => combine(&mut last.1, row.1),
            _ if full => break,
            _ => out.push(row),
        }
    }
    Ok(out)
}

/// The query of one source; `None` if none of its rows lie that way.
fn query(source: &Source, walk: &Walk, descending: bool) -> Result<Option<(String, Vec<Value>)>, IndexError> {
    let order = source.order;
    let mut params = source.params.clone();
    let mut sql = String::with_capacity(512);
    let columns = order.join(", ");
    let way = if descending { "<" } else { ">" };
    let _ = write!(sql, "SELECT {columns}, {} FROM {} WHERE {}", source.columns, source.from, source.filter);
    match &walk.from {
        From::Edge => {}
        From::Beyond(position) => match position.part.cmp(&source.part) {
            Ordering::Equal => {
                if position.places.len() != order.len() {
                    return Err(IndexError::Question("this is no place in this list".to_owned()));
                }
                let marks: Vec<String> =
                    (0..order.len()).map(|column| format!("?{}", params.len() + column + 1)).collect();
                let _ = write!(sql, " AND ({columns}) {way} ({})", marks.join(", "));
                params.extend(position.places.iter().map(Place::value));
            }
            Ordering::Less if descending => return Ok(None),
            Ordering::Greater if !descending => return Ok(None),
            Ordering::Less | Ordering::Greater => {}
        },
        From::Key(key) => {
            let first = order.first().copied().unwrap_or_default();
            let _ = write!(sql, " AND {first} >= ?{}", params.len() + 1);
            params.push(Value::Blob(key.clone()));
        }
    }
    let turn = if descending { " DESC" } else { "" };
    let sorted: Vec<String> = order.iter().map(|column| format!("{column}{turn}")).collect();
    let _ = write!(sql, " ORDER BY {}", sorted.join(", "));
    Ok(Some((sql, params)))
}

fn next(rows: &mut Rows<'_>, source: &Source) -> Result<Option<(Position, Item)>, IndexError> {
    let Some(row) = rows.next()? else { return Ok(None) };
    let mut places = Vec::with_capacity(source.order.len());
    for column in 0..source.order.len() {
        places.push(place(row, column)?);
    }
    Ok(Some((Position { part: source.part, places }, (source.read)(row, source.order.len())?)))
}

fn place(row: &Row<'_>, column: usize) -> Result<Place, IndexError> {
    match row.get_ref(column)? {
        ValueRef::Integer(number) => Ok(Place::Number(number)),
        ValueRef::Blob(key) => Ok(Place::Key(key.to_vec())),
        other => Err(IndexError::Damaged(format!("a list is ordered by {}", other.data_type()))),
    }
}

/// Adds the counts of the same name on another medium.
pub(in crate::index) fn combine(into: &mut Item, other: Item) {
    let counts = match other {
        Item::Artist { albums, tracks, .. }
        | Item::Genre { albums, tracks, .. }
        | Item::Composer { albums, tracks, .. }
        | Item::Year { albums, tracks, .. } => (albums, tracks),
        Item::Album { .. } | Item::Track { .. } | Item::Folder { .. } => return,
    };
    match into {
        Item::Artist { albums, tracks, .. }
        | Item::Genre { albums, tracks, .. }
        | Item::Composer { albums, tracks, .. }
        | Item::Year { albums, tracks, .. } => {
            *albums += counts.0;
            *tracks += counts.1;
        }
        Item::Album { .. } | Item::Track { .. } | Item::Folder { .. } => {}
    }
}
