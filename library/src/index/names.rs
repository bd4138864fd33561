//! Artists, genres and composers: one row a name, found by what makes two spellings one.
use rusqlite::{Connection, OptionalExtension, params};

use super::error::IndexError;
use super::interned::{Interned, MadeName, Name};
use super::keys::MediumKey;
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

/// The row of a name, made if it is new, to be written at the transaction's end. `None` for no text.
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
    let tagged = !sort_tag.is_empty();
    let sort = || name_sort(text, sort_tag, &ident, kind.named());
    let name = if let Some((id, made)) = known.made_name(kind, &ident) {
        if tagged && !made.tagged {
            made.sort = sort();
            made.tagged = true;
        }
        Name { id, tagged: made.tagged }
    } else if let Some(mut name) = find(db, medium.key, kind, &ident)? {
        if tagged && !name.tagged {
            db.prepare_cached("UPDATE name SET sort = ?2, tagged = 1 WHERE id = ?1")?
                .execute(params![name.id, sort()])?;
            name.tagged = true;
        }
        name
    } else {
        let id = medium.next_row()?;
        let sort = sort();
        known.make_name(id, MadeName { kind, ident, text: text.to_owned(), sort, tagged });
        Name { id, tagged }
    };
    known.put_name(kind, text, name);
    Ok(Some(name.id))
}

/// The row of a name that is written.
fn find(db: &Connection, medium: MediumKey, kind: Kind, ident: &str) -> Result<Option<Name>, IndexError> {
    Ok(db
        .prepare_cached("SELECT id, tagged FROM name WHERE medium = ?1 AND kind = ?2 AND ident = ?3")?
        .query_row(params![medium.0, kind.code(), ident], |row| {
            Ok(Name { id: row.get(0)?, tagged: row.get(1)? })
        })
        .optional()?)
}

/// How a name is written.
pub(super) fn name_text(db: &Connection, known: &Interned, id: i64) -> Result<String, IndexError> {
    if let Some(made) = known.made.get(&id) {
        return Ok(made.text.clone());
    }
    Ok(db.prepare_cached("SELECT text FROM name WHERE id = ?1")?.query_row([id], |row| row.get(0))?)
}
