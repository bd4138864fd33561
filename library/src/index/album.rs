//! What makes files one album, and who it is by. See `docs/decisions/0011-what-an-album-is.md`.
use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::error::IndexError;
use super::interned::Interned;
use super::media::Numbering;
use super::name_text::{VARIOUS, identity, primary};
use super::names::{Kind, name_row, name_text};
use super::numbered::disc_folder;
use super::place::split;
use crate::display_name::display_name;
use crate::entry::EntryKind;
use crate::sort_key::{Named, sort_key};
use crate::tags::TrackInfo;

/// The folder that stands for an album: discs in subfolders belong to the folder above.
pub(super) struct AlbumFolder<'a> {
    pub path: &'a [u8],
    /// What the subfolder's name says.
    pub disc: Option<u32>,
}

/// `Album/CD2` → `Album`, disc 2.
pub(super) fn album_folder(path: &[u8]) -> AlbumFolder<'_> {
    if let Some((above, name)) = split(path)
        && !above.is_empty()
        && let Some(disc) = disc_folder(&String::from_utf8_lossy(name))
    {
        return AlbumFolder { path: above, disc: Some(disc) };
    }
    AlbumFolder { path, disc: None }
}

/// Title, identity and artist of the album a file belongs to.
pub(super) struct Album {
    ident: Vec<u8>,
    title: String,
    /// The file names it.
    is_tagged: bool,
    /// The album artist the file names; `None` leaves it to the album's tracks.
    artist: Option<String>,
}

impl Album {
    /// The album of a file in `folder` (its album folder) of a medium.
    pub(super) fn of(info: &TrackInfo, folder: &[u8], medium_name: &str) -> Self {
        let various = || info.compilation.then(|| VARIOUS.to_owned());
        let tagged = Some(info.album_artist.as_str()).filter(|artist| !artist.is_empty());
        let artist = tagged.map(str::to_owned).or_else(various).filter(|_| !info.album.is_empty());
        let mut ident = Vec::with_capacity(64);
        let title = if info.album.is_empty() {
            ident.push(b'n');
            ident.extend_from_slice(folder);
            split(folder).map_or_else(
                || medium_name.to_owned(),
                |(_, name)| display_name(&super::place::name_of(name), EntryKind::Folder),
            )
        } else {
            ident.push(if artist.is_some() { b't' } else { b'f' });
            ident.extend_from_slice(identity(&info.album).as_bytes());
            ident.push(0);
            match &artist {
                Some(artist) => ident.extend_from_slice(identity(artist).as_bytes()),
                None => ident.extend_from_slice(folder),
            }
            info.album.clone()
        };
        Self { ident, title, is_tagged: !info.album.is_empty(), artist }
    }

    /// The row of the album, if it is known.
    pub(super) fn find(
        &self,
        db: &Connection,
        medium: &Numbering,
        known: &Interned,
    ) -> Result<Option<i64>, IndexError> {
        if let Some(row) = known.albums.get(&self.ident) {
            return Ok(Some(*row));
        }
        Ok(db
            .prepare_cached("SELECT id FROM album WHERE medium = ?1 AND ident = ?2")?
            .query_row(params![medium.key.0, self.ident], |row| row.get(0))
            .optional()?)
    }

    /// Makes an album, to be written at the transaction's end. `sort_tags`: the artist's and the title's.
    pub(super) fn make(
        self,
        db: &Connection,
        medium: &mut Numbering,
        known: &mut Interned,
        sort_tags: (&str, &str),
    ) -> Result<AlbumState, IndexError> {
        let id = medium.next_row()?;
        let artist = self.artist.as_deref().unwrap_or_default();
        let artist = name_row(db, medium, known, (Kind::Artist, artist, sort_tags.0))?;
        known.albums.insert(self.ident.clone(), id);
        let by_tag = Some(sort_tags.1).filter(|sort| !sort.is_empty() && self.is_tagged);
        let sort = by_tag
            .map_or_else(|| sort_key(&self.title, Named::Album), |by_tag| sort_key(by_tag, Named::Other));
        let mut state = AlbumState::new(id, self.title, sort, artist.is_some());
        state.now.artist = artist;
        state.made = Some(self.ident);
        Ok(state)
    }

    /// Notes the row that was found.
    pub(super) fn known_as(self, row: i64, known: &mut Interned) {
        known.albums.insert(self.ident, row);
    }
}

/// What a file says that decides its album.
pub(super) struct LastAlbum {
    album: String,
    album_artist: String,
    compilation: bool,
    home: Vec<u8>,
}

impl LastAlbum {
    pub(super) fn of(info: &TrackInfo, home: &[u8]) -> Self {
        let (album, album_artist) = (info.album.clone(), info.album_artist.clone());
        Self { album, album_artist, compilation: info.compilation, home: home.to_vec() }
    }

    /// Whether a file belongs to the same album.
    pub(super) fn is_of(&self, info: &TrackInfo, home: &[u8]) -> bool {
        self.home == home
            && self.album == info.album
            && self.album_artist == info.album_artist
            && self.compilation == info.compilation
    }
}

/// What changes about an album as its tracks come and go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Facts {
    pub artist: Option<i64>,
    pub year: Option<i64>,
    pub added_s: i64,
    pub tracks: i64,
}

/// An album touched by the transaction.
#[derive(Debug)]
pub(super) struct AlbumState {
    pub id: i64,
    pub title: String,
    pub sort: Vec<u8>,
    /// Its files name the album artist.
    pub tagged: bool,
    /// As stored.
    pub before: Facts,
    /// As it will be.
    pub now: Facts,
    /// Tracks came or went: by name, how many.
    pub credits: HashMap<(Kind, i64), i64>,
    /// Tracks went: year and artist must be found again.
    recheck: bool,
    /// What makes files this album, if it is to be written by the transaction.
    pub made: Option<Vec<u8>>,
}

impl AlbumState {
    fn new(id: i64, title: String, sort: Vec<u8>, tagged: bool) -> Self {
        let (before, now) = (Facts::default(), Facts::default());
        Self { id, title, sort, tagged, before, now, credits: HashMap::new(), recheck: false, made: None }
    }

    /// As stored.
    pub(super) fn load(db: &Connection, id: i64) -> Result<Self, IndexError> {
        let mut statement = db.prepare_cached(
            "SELECT title, sort, tagged, artist, year, added_s, tracks FROM album WHERE id = ?1",
        )?;
        Ok(statement.query_row([id], |row| {
            let mut state = Self::new(id, row.get(0)?, row.get(1)?, row.get(2)?);
            state.before =
                Facts { artist: row.get(3)?, year: row.get(4)?, added_s: row.get(5)?, tracks: row.get(6)? };
            state.now = state.before;
            Ok(state)
        })?)
    }

    fn credit(&mut self, names: [(Kind, Option<i64>); 3], count: i64) {
        for (kind, name) in names {
            if let Some(name) = name {
                *self.credits.entry((kind, name)).or_default() += count;
            }
        }
        self.now.tracks += count;
    }

    /// A track came. `artist` is the track's own, its guests included.
    pub(super) fn add_track(
        &mut self,
        (db, medium, known): (&Connection, &mut Numbering, &mut Interned),
        names: [(Kind, Option<i64>); 3],
        (artist, year, added_s): (&str, Option<i64>, i64),
    ) -> Result<(), IndexError> {
        self.credit(names, 1);
        self.now.year = self.now.year.max(year);
        self.now.added_s = self.now.added_s.max(added_s);
        if !self.tagged {
            self.now.artist = with_artist(db, medium, known, self.now.artist, artist)?;
        }
        Ok(())
    }

    /// A track went.
    pub(super) fn remove_track(&mut self, names: [(Kind, Option<i64>); 3]) {
        self.credit(names, -1);
        self.recheck = true;
    }

    /// Finds again what a track that went may have decided.
    pub(super) fn settle(
        &mut self,
        db: &Connection,
        medium: &mut Numbering,
        known: &mut Interned,
    ) -> Result<(), IndexError> {
        if !self.recheck || self.now.tracks == 0 {
            return Ok(());
        }
        self.now.year = db
            .prepare_cached("SELECT max(year) FROM track WHERE album = ?1 AND state = 0")?
            .query_row([self.id], |row| row.get(0))?;
        if self.tagged {
            return Ok(());
        }
        self.now.artist = None;
        let mut artists = db.prepare_cached(
            "SELECT DISTINCT artist FROM track WHERE album = ?1 AND state = 0 AND artist IS NOT NULL",
        )?;
        let artists: Vec<i64> = artists.query_map([self.id], |row| row.get(0))?.collect::<Result<_, _>>()?;
        for artist in artists {
            let text = name_text(db, known, artist)?;
            self.now.artist = with_artist(db, medium, known, self.now.artist, &text)?;
        }
        Ok(())
    }
}

/// Who an album is by once a track by `artist` is on it: its artist, or many.
fn with_artist(
    db: &Connection,
    medium: &mut Numbering,
    known: &mut Interned,
    so_far: Option<i64>,
    artist: &str,
) -> Result<Option<i64>, IndexError> {
    let first = name_row(db, medium, known, (Kind::Artist, primary(artist), ""))?;
    match (so_far, first) {
        (Some(one), Some(other)) if one != other => name_row(db, medium, known, (Kind::Artist, VARIOUS, "")),
        (so_far, first) => Ok(so_far.or(first)),
    }
}
