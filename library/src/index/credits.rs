//! What is derived from tracks: whose albums they are, counts of names and years, their search words.
use std::collections::{BTreeMap, HashSet};

use rusqlite::{Connection, OptionalExtension, params};

use super::album::{AlbumState, Facts};
use super::error::IndexError;
use super::grams::Grams;
use super::interned::{Interned, MadeName};
use super::keys::MediumKey;
use super::names::{Kind, name_text};

/// A year that is not known stands after all others.
const NO_YEAR: u16 = u16::MAX;

/// What changes about a name.
#[derive(Clone, Copy, Debug, Default)]
struct NameChange {
    own: i64,
    albums: i64,
    tracks: i64,
}

/// Place, whether as album artist, tracks, and what the name counts of it.
type OldCredit = (Vec<u8>, bool, i64, i64);

/// How the medium's counts change.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub albums: i64,
    /// Artists, genres, composers.
    pub names: [i64; 3],
    pub years: i64,
    /// Names and albums whose old words are still indexed.
    pub stale: i64,
    /// Rows were deleted that a cache may know.
    pub deleted: bool,
}

/// Derived rows being written.
pub(super) struct Derived<'a> {
    db: &'a Connection,
    medium: MediumKey,
    names: BTreeMap<i64, NameChange>,
    /// Albums and tracks by year.
    years: BTreeMap<i64, (i64, i64)>,
    /// Search words of names and albums, by row: the index wants ascending rows.
    words: BTreeMap<i64, String>,
    grams: Grams,
    counts: Counts,
}

/// An album's place among those of a name: by year for artists, by title for others.
fn credit_sort(kind: Kind, album: &AlbumState) -> Vec<u8> {
    if kind != Kind::Artist {
        return album.sort.clone();
    }
    let year = album.now.year.and_then(|year| u16::try_from(year).ok()).unwrap_or(NO_YEAR);
    let mut sort = year.to_be_bytes().to_vec();
    sort.extend_from_slice(&album.sort);
    sort
}

impl<'a> Derived<'a> {
    pub(super) fn new(db: &'a Connection, medium: MediumKey) -> Self {
        Self {
            db,
            medium,
            names: BTreeMap::new(),
            years: BTreeMap::new(),
            words: BTreeMap::new(),
            grams: Grams::default(),
            counts: Counts::default(),
        }
    }

    /// Writes what changed about an album.
    pub(super) fn album(&mut self, album: &mut AlbumState, known: &Interned) -> Result<(), IndexError> {
        let (was, is) = (album.before.tracks > 0, album.now.tracks > 0);
        if !is {
            album.now.artist = None;
        }
        if was && album.before.year != album.now.year {
            self.db
                .prepare_cached(
                    "UPDATE credit SET sort = ?2 WHERE album = ?1
                     AND (SELECT kind FROM name WHERE id = credit.name) = 0",
                )?
                .execute(params![album.id, credit_sort(Kind::Artist, album)])?;
        }
        let mut names: HashSet<(Kind, i64)> = album.credits.keys().copied().collect();
        names.extend(
            [album.before.artist, album.now.artist].into_iter().flatten().map(|name| (Kind::Artist, name)),
        );
        for (kind, name) in names {
            self.credit(album, kind, name)?;
        }
        self.count_year(album.before.year, was, -album.before.tracks);
        self.count_year(album.now.year, is, album.now.tracks);
        self.counts.albums += i64::from(is) - i64::from(was);
        self.album_row(album, known, (was, is))
    }

    fn count_year(&mut self, year: Option<i64>, counts: bool, tracks: i64) {
        if let Some(year) = year.filter(|_| counts) {
            let entry = self.years.entry(year).or_default();
            entry.0 += tracks.signum();
            entry.1 += tracks;
        }
    }

    fn album_row(
        &mut self,
        album: &mut AlbumState,
        known: &Interned,
        (was, is): (bool, bool),
    ) -> Result<(), IndexError> {
        let made = album.made.take();
        if !is {
            if made.is_none() {
                self.db.prepare_cached("DELETE FROM album WHERE id = ?1")?.execute([album.id])?;
            }
            self.counts.deleted = true;
            self.counts.stale += i64::from(was);
            return Ok(());
        }
        let Facts { artist, year, added_s, tracks } = album.now;
        if let Some(ident) = made {
            self.db
                .prepare_cached(
                    "INSERT INTO album(id, medium, ident, title, sort, tagged, artist, year, added_s, tracks)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                )?
                .execute(params![
                    album.id,
                    self.medium.0,
                    ident,
                    album.title,
                    album.sort,
                    album.tagged,
                    artist,
                    year,
                    added_s,
                    tracks
                ])?;
        } else if album.before != album.now {
            self.db
                .prepare_cached(
                    "UPDATE album SET artist = ?2, year = ?3, added_s = ?4, tracks = ?5 WHERE id = ?1",
                )?
                .execute(params![album.id, artist, year, added_s, tracks])?;
        }
        if !was || album.before.artist != album.now.artist {
            self.grams.row();
            self.grams.add(&album.title);
            if let Some(artist) = album.now.artist {
                self.grams.add(&name_text(self.db, known, artist)?);
            }
            self.words.insert(album.id, self.grams.take().to_owned());
            self.counts.stale += i64::from(was);
        }
        Ok(())
    }

    /// Writes the row that says a name appears on an album, and notes what that changes about the name.
    fn credit(&mut self, album: &AlbumState, kind: Kind, name: i64) -> Result<(), IndexError> {
        let more = album.credits.get(&(kind, name)).copied().unwrap_or(0);
        let own = kind == Kind::Artist && album.now.artist == Some(name);
        let old = if album.made.is_some() { None } else { self.old_credit(album.id, name)? };
        let (had, was_own, before, counted_before) =
            old.as_ref().map_or((0, false, 0, 0), |(_, own, tracks, counted)| (1, *own, *tracks, *counted));
        let tracks = before + more;
        let counted = if own { album.now.tracks } else { tracks };
        let has = i64::from(own || tracks > 0);
        match (old, has) {
            (None, 0) => {}
            (None, _) => {
                self.db
                    .prepare_cached("INSERT INTO credit(name, sort, album, own, tracks, counted) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
                    .execute(params![name, credit_sort(kind, album), album.id, own, tracks, counted])?;
            }
            (Some((sort, ..)), 0) => {
                self.db
                    .prepare_cached("DELETE FROM credit WHERE name = ?1 AND sort = ?2 AND album = ?3")?
                    .execute(params![name, sort, album.id])?;
            }
            (Some((sort, ..)), _) => {
                self.db
                    .prepare_cached("UPDATE credit SET own = ?4, tracks = ?5, counted = ?6 WHERE name = ?1 AND sort = ?2 AND album = ?3")?
                    .execute(params![name, sort, album.id, own, tracks, counted])?;
            }
        }
        let change = self.names.entry(name).or_default();
        change.own += i64::from(own) - i64::from(was_own);
        change.albums += has - had;
        change.tracks += counted - counted_before;
        Ok(())
    }

    fn old_credit(&self, album: i64, name: i64) -> Result<Option<OldCredit>, IndexError> {
        Ok(self
            .db
            .prepare_cached("SELECT sort, own, tracks, counted FROM credit WHERE album = ?1 AND name = ?2")?
            .query_row([album, name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .optional()?)
    }

    /// Writes the names that the transaction made, those that something credits.
    pub(super) fn new_names(&mut self, made: &BTreeMap<i64, MadeName>) -> Result<(), IndexError> {
        let db = self.db;
        let mut insert = db.prepare_cached(
            "INSERT INTO name(id, medium, kind, ident, text, sort, tagged, listed, own, albums, tracks)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?;
        for (row, name) in made {
            let change = self.names.remove(row).unwrap_or_default();
            if change.albums == 0 {
                self.counts.deleted = true;
                continue;
            }
            let is_artist = name.kind == Kind::Artist;
            let listed = !is_artist || change.own > 0;
            if let Some(count) = self.counts.names.get_mut(name.kind as usize) {
                *count += i64::from(listed);
            }
            insert.execute(params![
                row,
                self.medium.0,
                name.kind.code(),
                name.ident,
                name.text,
                name.sort,
                name.tagged,
                listed,
                change.own,
                change.albums,
                change.tracks
            ])?;
            if is_artist {
                self.name_words(*row, &name.text);
            }
        }
        Ok(())
    }

    fn name_words(&mut self, row: i64, text: &str) {
        self.grams.row();
        self.grams.add(text);
        self.words.insert(row, self.grams.take().to_owned());
    }

    /// Writes what changed about names that were there.
    pub(super) fn names(&mut self) -> Result<(), IndexError> {
        let db = self.db;
        let mut select =
            db.prepare_cached("SELECT kind, listed, own, albums, tracks, text FROM name WHERE id = ?1")?;
        let mut update = db.prepare_cached(
            "UPDATE name SET listed = ?2, own = ?3, albums = ?4, tracks = ?5 WHERE id = ?1",
        )?;
        let mut delete = db.prepare_cached("DELETE FROM name WHERE id = ?1")?;
        for (name, change) in std::mem::take(&mut self.names) {
            let row: (i64, bool, i64, i64, i64, String) = select.query_row([name], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
            })?;
            let (kind, was_listed, own, albums, tracks, text) = row;
            let (own, now_albums, tracks) =
                (own + change.own, albums + change.albums, tracks + change.tracks);
            let artist = kind == Kind::Artist.code();
            let listed = if artist { own > 0 } else { now_albums > 0 };
            if let Some(count) = usize::try_from(kind).ok().and_then(|kind| self.counts.names.get_mut(kind)) {
                *count += i64::from(listed) - i64::from(was_listed);
            }
            if now_albums == 0 {
                delete.execute([name])?;
                self.counts.deleted = true;
                self.counts.stale += i64::from(artist && albums > 0);
                continue;
            }
            update.execute(params![name, listed, own, now_albums, tracks])?;
            if artist && albums == 0 {
                self.name_words(name, &text);
            }
        }
        Ok(())
    }

    /// Writes years and words, and tells how the medium's counts change.
    pub(super) fn finish(mut self) -> Result<Counts, IndexError> {
        let mut upsert = self.db.prepare_cached(
            "INSERT INTO year(medium, year, albums, tracks) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET albums = albums + ?3, tracks = tracks + ?4 RETURNING albums",
        )?;
        for (year, (albums, tracks)) in self.years.into_iter().filter(|(_, change)| *change != (0, 0)) {
            let now: i64 = upsert.query_row([self.medium.0, year, albums, tracks], |row| row.get(0))?;
            if now == 0 {
                self.db
                    .prepare_cached("DELETE FROM year WHERE medium = ?1 AND year = ?2")?
                    .execute([self.medium.0, year])?;
            }
            self.counts.years += i64::from(now > 0) - i64::from(now - albums > 0);
        }
        let mut insert = self.db.prepare_cached("INSERT INTO name_words(rowid, words) VALUES (?1, ?2)")?;
        for (row, words) in &self.words {
            insert.execute(params![row, words])?;
        }
        Ok(self.counts)
    }
}
