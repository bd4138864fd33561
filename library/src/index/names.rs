//! Artists, genres and composers: one row a name, found by what makes two spellings one.
use rusqlite::{Connection, OptionalExtension, params};

use super::error::IndexError;
use super::interned::{Interned, Name};
use super::media::Numbering;
use super::name_text::{identity, name_sort};
use crate::sort_key::Named;

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Artist = 0,
    Genre = 1,
    Composer = 2,
}

impl Kind {
    /// As stored.
    pub(super) fn code(self) -> i64 {
        self as i64
    }

    fn named(self) -> Named {
        match self {
            Self::Artist => Named::Artist,
            Self::Genre | Self::Composer => Named::Other,
        }
    }
}

/// The row of a name, made if it is new. `None` for no text.
///
/// A sort tag moves a name that had none; the first sort tag stays.
pub(super) fn name_row(
    db: &Connection,
    medium: &mut Numbering,
    known: &mut Interned,
    (kind, text, sort_tag): (Kind, &str, &str),
) -> Result<Option<i64>, IndexError> {
    if text.is_empty() {
        return Ok(None);
    }
    if let Some(name) = known.name(kind, text)
        && (name.tagged || sort_tag.is_empty())
    {
        return Ok(Some(name.id));
    }
    let ident = identity(text);
    let found = db
        .prepare_cached("SELECT id, tagged FROM name WHERE medium = ?1 AND kind = ?2 AND ident = ?3")?
        .query_row(params![medium.key.0, kind.code(), ident], |row| {
            Ok(Name { id: row.get(0)?, tagged: row.get(1)? })
        })
        .optional()?;
    let sort = || name_sort(text, sort_tag, &ident, kind.named());
    let tagged = !sort_tag.is_empty();
    let name = match found {
        Some(Name { id, tagged: false }) if tagged => {
            db.prepare_cached("UPDATE name SET sort = ?2, tagged = 1 WHERE id = ?1")?
                .execute(params![id, sort()])?;
            Name { id, tagged }
        }
        Some(name) => name,
        None => {
            let id = medium.next_row()?;
            db.prepare_cached(
                "INSERT INTO name(id, medium, kind, ident, text, sort, tagged) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![id, medium.key.0, kind.code(), ident, text, sort(), tagged])?;
            known.made.push(id);
            Name { id, tagged }
        }
    };
    known.put_name(kind, text, name);
    Ok(Some(name.id))
}

/// How a name is written.
pub(super) fn name_text(db: &Connection, id: i64) -> Result<String, IndexError> {
    Ok(db.prepare_cached("SELECT text FROM name WHERE id = ?1")?.query_row([id], |row| row.get(0))?)
}
