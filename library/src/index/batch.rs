//! One transaction: changes to files and folders, and at its end everything derived from them.
use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::album::{Album, AlbumState, LastAlbum, album_folder};
use super::change::{Change, FileStamp, Unread};
use super::credits::Derived;
use super::error::IndexError;
use super::folders::{self, FolderCounts, folder_row};
use super::interned::Interned;
use super::keys::MediumKey;
use super::media::{Numbering, add_stale};
use super::names::{Kind, name_row};
use super::numbered::numbered;
use super::place::{name_bytes, path_bytes};
use super::track_row::{self, TRACK};
use super::track_words::{Texts, TrackWords};
use crate::display_name::display_name;
use crate::entry::EntryKind;
use crate::sort_key::{Named, sort_key};
use crate::tags::TrackInfo;

/// A transaction being made.
pub(super) struct Batch<'a> {
    db: &'a Connection,
    known: &'a mut Interned,
    medium: Numbering,
    /// The clock, where it was told.
    now_s: Option<i64>,
    /// Albums touched, by row: flushed in ascending order.
    albums: BTreeMap<i64, AlbumState>,
    /// That of the file before: mostly the next one's, too.
    last_album: Option<(LastAlbum, i64)>,
    folders: FolderCounts,
    files: i64,
    tracks: i64,
    played: i64,
    /// Tracks deleted whose words are still indexed.
    stale: i64,
    /// Tracks whose words were indexed.
    indexed: i64,
    words: TrackWords<'a>,
}

/// How often and when a track was played: kept when its file is read again.
#[derive(Clone, Copy, Default)]
struct Plays {
    plays: i64,
    played_s: Option<i64>,
}

/// A file's row as far as its removal needs it.
struct OldRow {
    id: i64,
    state: i64,
    folder: i64,
    album: Option<i64>,
    names: [(Kind, Option<i64>); 3],
    plays: Plays,
}

/// The columns [`old_row`] reads.
macro_rules! old_row {
    ($from:literal) => {
        concat!(
            "SELECT id, state, folder, album, artist, genre, composer, plays, played_s FROM track WHERE ",
            $from
        )
    };
}

fn old_row(row: &Row<'_>) -> rusqlite::Result<OldRow> {
    Ok(OldRow {
        id: row.get(0)?,
        state: row.get(1)?,
        folder: row.get(2)?,
        album: row.get(3)?,
        names: [(Kind::Artist, row.get(4)?), (Kind::Genre, row.get(5)?), (Kind::Composer, row.get(6)?)],
        plays: Plays { plays: row.get(7)?, played_s: row.get(8)? },
    })
}

/// A path that leads out of the medium is a mistake of the caller.
pub(super) fn inside(relative: &Path) -> Result<Vec<u8>, IndexError> {
    path_bytes(relative).ok_or_else(|| IndexError::Question(format!("{} is not a place", relative.display())))
}

impl<'a> Batch<'a> {
    /// Begins changes to one medium.
    pub(super) fn begin(
        db: &'a Connection,
        known: &'a mut Interned,
        medium: MediumKey,
        now_s: Option<i64>,
    ) -> Result<Self, IndexError> {
        known.begin(medium);
        Ok(Self {
            db,
            known,
            medium: Numbering::load(db, medium)?,
            now_s,
            albums: BTreeMap::new(),
            last_album: None,
            folders: FolderCounts::default(),
            files: 0,
            tracks: 0,
            played: 0,
            stale: 0,
            indexed: 0,
            words: TrackWords::new(db)?,
        })
    }

    /// Makes one change.
    pub(super) fn apply(&mut self, change: Change) -> Result<(), IndexError> {
        match change {
            Change::Track { folder, stamp, result } => self.put_file(&inside(&folder)?, &stamp, result),
            Change::Folder { relative } => {
                folder_row(self.db, &mut self.medium, self.known, &inside(&relative)?).map(drop)
            }
            Change::RemoveFile { folder, name } => {
                let Some(folder) = folders::find(self.db, self.medium.key.0, &inside(&folder)?)? else {
                    return Ok(());
                };
                let name = name_bytes(&name);
                self.remove_named(folder, &name, &folders::name_sort(&name)).map(drop)
            }
            Change::RemoveFolder { relative } => self.remove_folder(&inside(&relative)?),
        }
    }

    fn put_file(
        &mut self,
        folder_path: &[u8],
        stamp: &FileStamp,
        result: Result<TrackInfo, Unread>,
    ) -> Result<(), IndexError> {
        let folder = folder_row(self.db, &mut self.medium, self.known, folder_path)?;
        let name = name_bytes(&stamp.name);
        let name_sort = folders::name_sort(&name);
        let new = self.known.fresh.get_mut(&folder).is_some_and(|names| names.insert(name.to_vec()));
        let plays = if new { Plays::default() } else { self.remove_named(folder, &name, &name_sort)? };
        let file = File { folder, folder_path, stamp, name: &name, name_sort: &name_sort, plays };
        self.files += 1;
        match result {
            Ok(info) => self.put_track(&file, &info),
            Err(unread) => self.put_unread(&file, unread),
        }
    }

    fn put_unread(&mut self, file: &File<'_>, unread: Unread) -> Result<(), IndexError> {
        let state = match unread {
            Unread::NotMusic => 1,
            Unread::Unreadable => 2,
            Unread::Hostile => 3,
        };
        self.db
            .prepare_cached(
                "INSERT INTO track(id, medium, folder, state, name, name_sort, size, mtime_ns, inode, plays, played_s)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                self.medium.next_row()?,
                self.medium.key.0,
                file.folder,
                state,
                file.name,
                file.name_sort,
                i64::try_from(file.stamp.size).unwrap_or(i64::MAX),
                file.stamp.mtime_ns,
                file.stamp.inode.cast_signed(),
                file.plays.plays,
                file.plays.played_s,
            ])?;
        Ok(())
    }

    fn put_track(&mut self, file: &File<'_>, info: &TrackInfo) -> Result<(), IndexError> {
        let home = album_folder(file.folder_path);
        let stem = display_name(&file.stamp.name, EntryKind::Track);
        let by_name = numbered(&stem);
        let title = if info.title.is_empty() { by_name.title } else { info.title.as_str() };
        let disc = info.disc.or(by_name.disc).or(home.disc);
        let track = info.track.or(by_name.track);
        let album = self.album(info, home.path)?;
        let names = self.names(info)?;
        let id = self.medium.next_row()?;
        self.count_track(file, info, album, names)?;
        let sort = if info.title_sort.is_empty() { title } else { &info.title_sort };
        let duration_ms =
            info.duration_s.filter(|s| s.is_finite() && *s >= 0.0).map(|s| (s * 1000.0).round() as i64);
        let format = self.format(&info.format)?;
        self.db
            .prepare_cached(
                "INSERT INTO track(id, medium, folder, state, name, name_sort, size, mtime_ns, inode, album, place,
                     artist, genre, composer, title, title_sort, year, duration_ms, format, gain_db, tags, plays, played_s)
                 VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
                     ?20, ?21, ?22)",
            )?
            .execute(params![
                id,
                self.medium.key.0,
                file.folder,
                file.name,
                file.name_sort,
                i64::try_from(file.stamp.size).unwrap_or(i64::MAX),
                file.stamp.mtime_ns,
                file.stamp.inode.cast_signed(),
                album,
                track_row::place(disc, track),
                names[0].1,
                names[1].1,
                names[2].1,
                title,
                sort_key(sort, Named::Other),
                info.year,
                duration_ms,
                format,
                info.replaygain_db,
                track_row::pack(info, (title, disc, track)),
                file.plays.plays,
                file.plays.played_s,
            ])?;
        self.index_words(id, album, info, title, &stem)
    }

    /// The album of a file, made if it is new.
    fn album(&mut self, info: &TrackInfo, home: &[u8]) -> Result<i64, IndexError> {
        if let Some((last, row)) = &self.last_album
            && last.is_of(info, home)
        {
            return Ok(*row);
        }
        let album = Album::of(info, home, &self.medium.name);
        let row = match album.find(self.db, &self.medium, self.known)? {
            Some(row) => {
                if !self.albums.contains_key(&row) {
                    self.albums.insert(row, AlbumState::load(self.db, row)?);
                    album.known_as(row, self.known);
                }
                row
            }
            None => {
                let sort_tags = (info.album_artist_sort.as_str(), info.album_sort.as_str());
                let state = album.make(self.db, &mut self.medium, self.known, sort_tags)?;
                let row = state.id;
                self.albums.insert(row, state);
                row
            }
        };
        self.last_album = Some((LastAlbum::of(info, home), row));
        Ok(row)
    }

    fn names(&mut self, info: &TrackInfo) -> Result<[(Kind, Option<i64>); 3], IndexError> {
        let wanted = [
            (Kind::Artist, info.artist.as_str(), info.artist_sort.as_str()),
            (Kind::Genre, info.genre.as_str(), ""),
            (Kind::Composer, info.composer.as_str(), ""),
        ];
        let mut names = [(Kind::Artist, None), (Kind::Genre, None), (Kind::Composer, None)];
        for (slot, wanted) in names.iter_mut().zip(wanted) {
            *slot = (wanted.0, name_row(self.db, &mut self.medium, self.known, wanted)?);
        }
        Ok(names)
    }

    fn format(&mut self, text: &str) -> Result<Option<i64>, IndexError> {
        if text.is_empty() {
            return Ok(None);
        }
        if let Some(row) = self.known.formats.get(text) {
            return Ok(Some(*row));
        }
        self.db
            .prepare_cached("INSERT INTO format(text) VALUES (?1) ON CONFLICT DO NOTHING")?
            .execute([text])?;
        let row = self
            .db
            .prepare_cached("SELECT id FROM format WHERE text = ?1")?
            .query_row([text], |row| row.get(0))?;
        self.known.formats.insert(text.to_owned(), row);
        Ok(Some(row))
    }

    fn count_track(
        &mut self,
        file: &File<'_>,
        info: &TrackInfo,
        album: i64,
        names: [(Kind, Option<i64>); 3],
    ) -> Result<(), IndexError> {
        let added_s = self.added_s(file.stamp.mtime_ns);
        let year = info.year.map(i64::from);
        if let Some(album) = self.albums.get_mut(&album) {
            let rows = (self.db, &mut self.medium, &mut *self.known);
            album.add_track(rows, names, (&info.artist, year, added_s))?;
        }
        self.folders.add(file.folder, 1);
        self.tracks += 1;
        self.indexed += 1;
        self.played += i64::from(file.plays.plays > 0);
        Ok(())
    }

    /// When a track came. What the first scan of a medium finds came when the file was written; what a
    /// later one finds came now.
    fn added_s(&self, mtime_ns: i64) -> i64 {
        let written = mtime_ns.div_euclid(1_000_000_000);
        match (self.now_s, self.medium.scanned_s) {
            (Some(now), Some(_)) => now,
            (Some(now), None) => written.min(now),
            (None, _) => written,
        }
    }

    fn index_words(
        &mut self,
        id: i64,
        album: i64,
        info: &TrackInfo,
        title: &str,
        stem: &str,
    ) -> Result<(), IndexError> {
        let album = self.albums.get(&album).map_or("", |album| album.title.as_str());
        let shared = [&info.artist, album, &info.album_artist, &info.genre, &info.composer];
        self.words.add(id, &Texts { own: [title, stem], shared })
    }

    /// Removes a file's row, if there is one. What it was played is returned.
    fn remove_named(&mut self, folder: i64, name: &[u8], name_sort: &[u8]) -> Result<Plays, IndexError> {
        let old = self
            .db
            .prepare_cached(old_row!("folder = ?1 AND name_sort = ?2 AND name = ?3"))?
            .query_row(params![folder, name_sort, name], old_row)
            .optional()?;
        let Some(old) = old else { return Ok(Plays::default()) };
        let plays = old.plays;
        self.uncount(&old)?;
        self.db.prepare_cached("DELETE FROM track WHERE id = ?1")?.execute([old.id])?;
        Ok(plays)
    }

    fn uncount(&mut self, old: &OldRow) -> Result<(), IndexError> {
        self.files -= 1;
        if old.state != TRACK {
            return Ok(());
        }
        self.tracks -= 1;
        self.stale += 1;
        self.played -= i64::from(old.plays.plays > 0);
        self.folders.add(old.folder, -1);
        if let Some(album) = old.album {
            if !self.albums.contains_key(&album) {
                self.albums.insert(album, AlbumState::load(self.db, album)?);
            }
            if let Some(album) = self.albums.get_mut(&album) {
                album.remove_track(old.names);
            }
        }
        Ok(())
    }

    fn remove_folder(&mut self, path: &[u8]) -> Result<(), IndexError> {
        let folders = folders::subtree(self.db, self.medium.key.0, path)?;
        for &folder in &folders {
            let db = self.db;
            let mut files = db.prepare_cached(old_row!("folder = ?1"))?;
            let mut rows = files.query([folder])?;
            while let Some(row) = rows.next()? {
                self.uncount(&old_row(row)?)?;
            }
            db.prepare_cached("DELETE FROM track WHERE folder = ?1")?.execute([folder])?;
        }
        // Counts first: the folders above are found by the rows that go.
        std::mem::take(&mut self.folders).flush(self.db)?;
        for folder in folders {
            self.db.prepare_cached("DELETE FROM folder WHERE id = ?1")?.execute([folder])?;
        }
        self.known.folders.clear();
        Ok(())
    }

    /// Writes everything derived from the changes.
    pub(super) fn finish(mut self) -> Result<(), IndexError> {
        let mut derived = Derived::new(self.db, self.medium.key);
        for album in self.albums.values_mut() {
            album.settle(self.db, &mut self.medium, self.known)?;
            derived.album(album, self.known)?;
        }
        derived.new_names(&self.known.made)?;
        derived.names()?;
        let counts = derived.finish()?;
        self.folders.flush(self.db)?;
        add_stale(self.db, self.stale, counts.stale)?;
        self.words.flush()?;
        if self.indexed > 0 {
            self.medium.begin_block();
            self.db.prepare_cached("UPDATE stale SET apart = apart + ?1")?.execute([self.indexed])?;
        }
        self.db
            .prepare_cached(
                "UPDATE medium SET next = ?2, files = files + ?3, tracks = tracks + ?4, played = played + ?5,
                     albums = albums + ?6, artists = artists + ?7, genres = genres + ?8, composers = composers + ?9,
                     years = years + ?10 WHERE id = ?1",
            )?
            .execute(params![
                self.medium.key.0,
                self.medium.next(),
                self.files,
                self.tracks,
                self.played,
                counts.albums,
                counts.names[0],
                counts.names[1],
                counts.names[2],
                counts.years,
            ])?;
        if counts.deleted {
            self.known.forget();
        }
        Ok(())
    }
}

/// A file on its way into the table.
struct File<'a> {
    folder: i64,
    folder_path: &'a [u8],
    stamp: &'a FileStamp,
    name: &'a [u8],
    name_sort: &'a [u8],
    plays: Plays,
}
