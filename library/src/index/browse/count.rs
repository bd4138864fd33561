//! How long lists are: from counts kept with the rows; only what several media share is counted.
use std::cell::RefCell;
use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::sources::siblings;
use crate::index::error::IndexError;
use crate::index::folders;
use crate::index::keys::{AlbumKey, ArtistKey, ComposerKey, GenreKey, MediumKey, medium_of};
use crate::index::names::Kind;
use crate::index::place::path_bytes;
use crate::index::view::View;

/// Counts remembered at most.
const MAX_COUNTS: usize = 256;

/// Counts of lists that several media share, until the index changes.
#[derive(Debug, Default)]
pub(in crate::index) struct Counted {
    version: RefCell<i64>,
    counts: RefCell<HashMap<(View, Vec<MediumKey>), u64>>,
}

impl Counted {
    /// What is remembered, else what `count` finds.
    fn get(
        &self,
        db: &Connection,
        key: (View, Vec<MediumKey>),
        count: impl FnOnce() -> Result<u64, IndexError>,
    ) -> Result<u64, IndexError> {
        let version: i64 = db.prepare_cached("PRAGMA data_version")?.query_row((), |row| row.get(0))?;
        let mut counts = self.counts.borrow_mut();
        if self.version.replace(version) != version || counts.len() >= MAX_COUNTS {
            counts.clear();
        }
        if let Some(count) = counts.get(&key) {
            return Ok(*count);
        }
        let count = count()?;
        counts.insert(key, count);
        Ok(count)
    }
}

/// The number of rows of a list.
pub(in crate::index) fn count(
    db: &Connection,
    counted: &Counted,
    view: &View,
    media: &[MediumKey],
) -> Result<u64, IndexError> {
    let of_media = |column: &str| {
        let sql = format!("SELECT {column} FROM medium WHERE id = ?1");
        media.iter().map(|medium| one(db, &sql, &[medium.0])).sum::<Result<u64, _>>()
    };
    let of_name = |kind, key, column: &str| {
        let sql = format!("SELECT {column} FROM name WHERE id = ?1");
        siblings(db, kind, key, media)?
            .iter()
            .map(|name| one(db, &sql, &[*name]))
            .sum::<Result<u64, IndexError>>()
    };
    let of_year = |year: u16, column: &str| {
        let sql = format!("SELECT {column} FROM year WHERE medium = ?1 AND year = ?2");
        media.iter().map(|medium| one(db, &sql, &[medium.0, year.into()])).sum::<Result<u64, _>>()
    };
    let shared = |column: &str, distinct: &dyn Fn() -> Result<u64, IndexError>| {
        if media.len() > 1 {
            counted.get(db, (view.clone(), media.to_vec()), distinct)
        } else {
            of_media(column)
        }
    };
    match view {
        View::Artists => shared("artists", &|| distinct_names(db, Kind::Artist, media)),
        View::Genres => shared("genres", &|| distinct_names(db, Kind::Genre, media)),
        View::Composers => shared("composers", &|| distinct_names(db, Kind::Composer, media)),
        View::Years => shared("years", &|| {
            one(db, &format!("SELECT count(DISTINCT year) FROM year WHERE medium IN ({})", marks(media)), &[])
        }),
        View::Albums | View::RecentlyAdded => of_media("albums"),
        View::Tracks => of_media("tracks"),
        View::MostPlayed | View::RecentlyPlayed => of_media("played"),
        View::ArtistAlbums(ArtistKey(key)) => of_name(Kind::Artist, *key, "albums"),
        View::ArtistTracks(ArtistKey(key)) => of_name(Kind::Artist, *key, "tracks"),
        View::GenreAlbums(GenreKey(key)) => of_name(Kind::Genre, *key, "albums"),
        View::GenreTracks(GenreKey(key)) => of_name(Kind::Genre, *key, "tracks"),
        View::ComposerAlbums(ComposerKey(key)) => of_name(Kind::Composer, *key, "albums"),
        View::ComposerTracks(ComposerKey(key)) => of_name(Kind::Composer, *key, "tracks"),
        View::AlbumTracks(AlbumKey(album)) if media.contains(&medium_of(*album)) => {
            one(db, "SELECT tracks FROM album WHERE id = ?1", &[*album])
        }
        View::YearAlbums(year) => of_year(*year, "albums"),
        View::YearTracks(year) => of_year(*year, "tracks"),
        View::Folder(medium, path) if media.contains(medium) => {
            let folder =
                path_bytes(path).map(|path| folders::find(db, medium.0, &path)).transpose()?.flatten();
            folder.map_or(Ok(0), |folder| {
                one(db, "SELECT tracks + folders FROM folder WHERE id = ?1", &[folder])
            })
        }
        View::AlbumTracks(_) | View::Folder(..) => Ok(0),
    }
}

/// Keys of rows as SQL: numbers of our own, nothing foreign.
fn marks(media: &[MediumKey]) -> String {
    media.iter().map(|medium| medium.0.to_string()).collect::<Vec<_>>().join(", ")
}

fn distinct_names(db: &Connection, kind: Kind, media: &[MediumKey]) -> Result<u64, IndexError> {
    let sql = format!(
        "SELECT count(*) FROM (SELECT DISTINCT sort FROM name WHERE medium IN ({}) AND kind = ?1 AND listed = 1)",
        marks(media)
    );
    one(db, &sql, &[kind.code()])
}

/// A number, 0 where there is no row.
fn one(db: &Connection, sql: &str, params: &[i64]) -> Result<u64, IndexError> {
    let found: Option<i64> = match params {
        [] => db.prepare(sql)?.query_row((), |row| row.get(0)).optional()?,
        [one] => db.prepare_cached(sql)?.query_row([one], |row| row.get(0)).optional()?,
        [one, two, ..] => {
            db.prepare_cached(sql)?.query_row(params![one, two], |row| row.get(0)).optional()?
        }
    };
    Ok(found.and_then(|count| u64::try_from(count).ok()).unwrap_or(0))
}
