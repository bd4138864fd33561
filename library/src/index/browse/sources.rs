//! Where the rows of a list come from: one ordered query for each plugged medium.
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::display_name::display_name;
use crate::entry::EntryKind;
use crate::index::error::IndexError;
use crate::index::folders;
use crate::index::item::Item;
use crate::index::keys::{AlbumKey, ArtistKey, ComposerKey, GenreKey, MediumKey, TrackKey, medium_of};
use crate::index::names::Kind;
use crate::index::place::{join, name_of, path_bytes, path_of, split};
use crate::index::view::View;

/// Columns [`album_item`] reads, of `album AS a`.
pub(in crate::index) const ALBUM: &str =
    "a.id, a.title, (SELECT text FROM name WHERE id = a.artist), a.year, a.tracks, a.medium";
/// Columns [`track_item`] reads, of `track AS t`.
pub(in crate::index) const TRACK: &str = "t.id, t.title, (SELECT text FROM name WHERE id = t.artist),
    (SELECT title FROM album WHERE id = t.album), t.duration_ms, t.medium,
    (SELECT path FROM folder WHERE id = t.folder), t.name";
/// Columns [`name_item`] reads for artists, of `name AS n`.
pub(in crate::index) const ARTIST: &str = "n.id, n.text, n.own, n.tracks, n.kind";
/// Columns [`name_item`] reads for genres and composers.
const NAME: &str = "n.id, n.text, n.albums, n.tracks, n.kind";

/// Reads an item from the columns that begin at the given one.
type Read = fn(&Row<'_>, usize) -> rusqlite::Result<Item>;

/// One ordered query.
pub(super) struct Source {
    pub columns: &'static str,
    pub from: &'static str,
    /// Its parameters are ?1, ?2, …
    pub filter: &'static str,
    pub params: Vec<Value>,
    /// The columns that order it; together unique.
    pub order: &'static [&'static str],
    pub read: Read,
    /// Rows of a lower part come first.
    pub part: u8,
}

/// A list: rows of all its sources, merged.
pub(super) struct List {
    pub sources: Vec<Source>,
    pub descending: bool,
    /// Equal places are one row: the same name on several media.
    pub combined: bool,
    /// The first ordering column begins with the shown name's letters.
    pub lettered: bool,
}

/// The list of a view, for the plugged media.
pub(super) fn list(db: &Connection, view: &View, media: &[MediumKey]) -> Result<List, IndexError> {
    use Kind::{Artist, Composer, Genre};
    let each = |source: fn(MediumKey) -> Source| media.iter().copied().map(source).collect::<Vec<_>>();
    let plain = |sources| List { sources, descending: false, combined: false, lettered: true };
    let latest = |sources| List { sources, descending: true, combined: false, lettered: false };
    let names =
        |kind| List { combined: true, ..plain(media.iter().map(|&medium| named(medium, kind)).collect()) };
    let credits = |kind, key, tracks, lettered| {
        credited(db, kind, key, media, tracks).map(|sources| List { lettered, ..plain(sources) })
    };
    Ok(match view {
        View::Artists => names(Artist),
        View::Genres => names(Genre),
        View::Composers => names(Composer),
        View::Albums => plain(each(albums)),
        View::Tracks => plain(each(titles)),
        View::Years => List { combined: true, ..latest(each(years)) },
        View::RecentlyAdded => latest(each(recent)),
        View::MostPlayed => latest(each(most_played)),
        View::RecentlyPlayed => latest(each(last_played)),
        View::ArtistAlbums(ArtistKey(key)) => credits(Artist, *key, false, false)?,
        View::ArtistTracks(ArtistKey(key)) => credits(Artist, *key, true, false)?,
        View::GenreAlbums(GenreKey(key)) => credits(Genre, *key, false, true)?,
        View::GenreTracks(GenreKey(key)) => credits(Genre, *key, true, false)?,
        View::ComposerAlbums(ComposerKey(key)) => credits(Composer, *key, false, true)?,
        View::ComposerTracks(ComposerKey(key)) => credits(Composer, *key, true, false)?,
        View::AlbumTracks(album) => {
            let plugged = media.contains(&medium_of(album.0));
            List { lettered: false, ..plain(plugged.then(|| album_tracks(*album)).into_iter().collect()) }
        }
        View::YearAlbums(year) => plain(media.iter().map(|&medium| year_albums(medium, *year)).collect()),
        View::YearTracks(year) => List {
            lettered: false,
            ..plain(media.iter().map(|&medium| year_tracks(medium, *year)).collect())
        },
        View::Folder(medium, path) => {
            let path = path_bytes(path).filter(|_| media.contains(medium));
            let folder = path.map(|path| folders::find(db, medium.0, &path)).transpose()?.flatten();
            let parts = folder.map(|folder| vec![subfolders(folder), files(folder)]);
            List { lettered: false, ..plain(parts.unwrap_or_default()) }
        }
    })
}

fn source(
    columns: &'static str,
    from: &'static str,
    filter: &'static str,
    order: &'static [&'static str],
    read: Read,
) -> Source {
    Source { columns, from, filter, params: Vec::new(), order, read, part: 0 }
}

fn with(params: &[i64], source: Source) -> Source {
    Source { params: params.iter().copied().map(Value::Integer).collect(), ..source }
}

fn named(medium: MediumKey, kind: Kind) -> Source {
    let columns = if kind == Kind::Artist { ARTIST } else { NAME };
    let filter = "n.medium = ?1 AND n.kind = ?2 AND n.listed = 1";
    with(&[medium.0, kind.code()], source(columns, "name AS n", filter, &["n.sort"], name_item))
}

fn albums(medium: MediumKey) -> Source {
    with(&[medium.0], source(ALBUM, "album AS a", "a.medium = ?1", &["a.sort", "a.id"], album_item))
}

fn titles(medium: MediumKey) -> Source {
    let from = "track AS t INDEXED BY track_title";
    with(
        &[medium.0],
        source(TRACK, from, "t.medium = ?1 AND t.state = 0", &["t.title_sort", "t.id"], track_item),
    )
}

fn years(medium: MediumKey) -> Source {
    with(
        &[medium.0],
        source("y.year, y.albums, y.tracks", "year AS y", "y.medium = ?1", &["y.year"], year_item),
    )
}

fn recent(medium: MediumKey) -> Source {
    with(&[medium.0], source(ALBUM, "album AS a", "a.medium = ?1", &["a.added_s", "a.id"], album_item))
}

fn most_played(medium: MediumKey) -> Source {
    let filter = "t.medium = ?1 AND t.plays > 0 AND t.state = 0";
    let from = "track AS t INDEXED BY track_plays";
    with(&[medium.0], source(TRACK, from, filter, &["t.plays", "t.id"], track_item))
}

fn last_played(medium: MediumKey) -> Source {
    let filter = "t.medium = ?1 AND t.plays > 0 AND t.state = 0";
    let from = "track AS t INDEXED BY track_played";
    with(&[medium.0], source(TRACK, from, filter, &["t.played_s", "t.id"], track_item))
}

fn album_tracks(album: AlbumKey) -> Source {
    let order = &["t.place", "t.title_sort", "t.id"];
    with(&[album.0], source(TRACK, "track AS t", "t.album = ?1 AND t.state = 0", order, track_item))
}

fn year_albums(medium: MediumKey, year: u16) -> Source {
    let filter = "a.medium = ?1 AND a.year = ?2";
    with(&[medium.0, year.into()], source(ALBUM, "album AS a", filter, &["a.sort", "a.id"], album_item))
}

fn year_tracks(medium: MediumKey, year: u16) -> Source {
    let from = "album AS a CROSS JOIN track AS t ON t.album = a.id";
    let filter = "a.medium = ?1 AND a.year = ?2 AND t.state = 0";
    let order = &["a.sort", "a.id", "t.place", "t.title_sort", "t.id"];
    with(&[medium.0, year.into()], source(TRACK, from, filter, order, track_item))
}

fn subfolders(folder: i64) -> Source {
    let columns = "f.medium, f.path, f.below";
    let filter = "f.parent = ?1 AND f.shown = 1";
    with(&[folder], source(columns, "folder AS f", filter, &["f.sort", "f.id"], folder_item))
}

fn files(folder: i64) -> Source {
    let filter = "t.folder = ?1 AND t.state = 0";
    Source {
        part: 1,
        ..with(
            &[folder],
            source(TRACK, "track AS t INDEXED BY track_file", filter, &["t.name_sort", "t.id"], track_item),
        )
    }
}

/// Albums or tracks of a name, on each medium that knows it.
fn credited(
    db: &Connection,
    kind: Kind,
    key: i64,
    media: &[MediumKey],
    tracks: bool,
) -> Result<Vec<Source>, IndexError> {
    let mut sources = Vec::new();
    for name in siblings(db, kind, key, media)? {
        sources.push(if tracks {
            let from = "credit AS c CROSS JOIN track AS t ON t.album = c.album";
            let filter = match kind {
                Kind::Artist => "c.name = ?1 AND (c.own OR t.artist = ?1) AND t.state = 0",
                Kind::Genre => "c.name = ?1 AND t.genre = ?1 AND t.state = 0",
                Kind::Composer => "c.name = ?1 AND t.composer = ?1 AND t.state = 0",
            };
            let order = &["c.sort", "c.album", "t.place", "t.title_sort", "t.id"];
            with(&[name], source(TRACK, from, filter, order, track_item))
        } else {
            let from = "credit AS c CROSS JOIN album AS a ON a.id = c.album";
            with(&[name], source(ALBUM, from, "c.name = ?1", &["c.sort", "c.album"], album_item))
        });
    }
    Ok(sources)
}

/// The rows of one name on the plugged media.
pub(super) fn siblings(
    db: &Connection,
    kind: Kind,
    key: i64,
    media: &[MediumKey],
) -> Result<Vec<i64>, IndexError> {
    let ident: Option<String> = db
        .prepare_cached("SELECT ident FROM name WHERE id = ?1 AND kind = ?2")?
        .query_row([key, kind.code()], |row| row.get(0))
        .optional()?;
    let Some(ident) = ident else { return Ok(Vec::new()) };
    let mut find = db.prepare_cached("SELECT id FROM name WHERE medium = ?1 AND kind = ?2 AND ident = ?3")?;
    let mut rows = Vec::new();
    for medium in media {
        rows.extend(
            find.query_row(params![medium.0, kind.code(), ident], |row| row.get::<_, i64>(0)).optional()?,
        );
    }
    Ok(rows)
}

fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(|number| u64::try_from(number).unwrap_or(0))
}

fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    row.get::<_, Option<String>>(column).map(Option::unwrap_or_default)
}

fn bytes<'a>(row: &'a Row<'_>, column: usize) -> rusqlite::Result<&'a [u8]> {
    Ok(row.get_ref(column)?.as_blob_or_null()?.unwrap_or_default())
}

pub(in crate::index) fn name_item(row: &Row<'_>, at: usize) -> rusqlite::Result<Item> {
    let (id, name, albums, tracks) =
        (row.get(at)?, row.get(at + 1)?, number(row, at + 2)?, number(row, at + 3)?);
    Ok(match row.get::<_, i64>(at + 4)? {
        0 => Item::Artist { key: ArtistKey(id), name, albums, tracks },
        1 => Item::Genre { key: GenreKey(id), name, albums, tracks },
        _ => Item::Composer { key: ComposerKey(id), name, albums, tracks },
    })
}

pub(in crate::index) fn album_item(row: &Row<'_>, at: usize) -> rusqlite::Result<Item> {
    Ok(Item::Album {
        key: AlbumKey(row.get(at)?),
        title: row.get(at + 1)?,
        artist: text(row, at + 2)?,
        year: row.get(at + 3)?,
        tracks: number(row, at + 4)?,
        medium: MediumKey(row.get(at + 5)?),
    })
}

pub(in crate::index) fn track_item(row: &Row<'_>, at: usize) -> rusqlite::Result<Item> {
    let duration: Option<i64> = row.get(at + 4)?;
    Ok(Item::Track {
        key: TrackKey(row.get(at)?),
        title: text(row, at + 1)?,
        artist: text(row, at + 2)?,
        album: text(row, at + 3)?,
        duration_ms: duration.and_then(|ms| u64::try_from(ms).ok()),
        medium: MediumKey(row.get(at + 5)?),
        relative: path_of(&join(bytes(row, at + 6)?, bytes(row, at + 7)?)),
    })
}

fn year_item(row: &Row<'_>, at: usize) -> rusqlite::Result<Item> {
    Ok(Item::Year { year: row.get(at)?, albums: number(row, at + 1)?, tracks: number(row, at + 2)? })
}

fn folder_item(row: &Row<'_>, at: usize) -> rusqlite::Result<Item> {
    let path = bytes(row, at + 1)?;
    let name = split(path).map_or(&[][..], |(_, name)| name);
    Ok(Item::Folder {
        medium: MediumKey(row.get(at)?),
        relative: path_of(path),
        name: display_name(&name_of(name), EntryKind::Folder),
        tracks: number(row, at + 2)?,
    })
}
