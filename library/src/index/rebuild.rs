//! The search index made new, when most of it speaks of rows that are gone.
//!
//! Its tables hold words only, so a row cannot be taken out of them; rows are never numbered twice, and
//! what is found of a row that is gone is passed over. That stays cheap as long as most rows are there.
use rusqlite::{Connection, params};

use super::error::IndexError;
use super::grams::Grams;
use super::track_words::{Texts, TrackWords};
use crate::display_name::display_name;
use crate::entry::EntryKind;

/// Fewer stale rows than this never matter.
const WORTH_IT: i64 = 10_000;

/// After this part of all tracks was added, the segments of the index are merged into one.
const MERGE_AFTER: i64 = 8;

/// Rebuilds what holds more stale rows than live ones; merges what is in many parts.
pub(super) fn tidy_words(db: &Connection) -> Result<(), IndexError> {
    tidy_beyond(db, WORTH_IT)
}

fn tidy_beyond(db: &Connection, worth_it: i64) -> Result<(), IndexError> {
    let (tracks, names, apart): (i64, i64, i64) =
        db.query_row("SELECT tracks, names, apart FROM stale", (), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    let (live_tracks, live_names): (i64, i64) = db.query_row(
        "SELECT coalesce(sum(tracks), 0), coalesce(sum(albums + artists), 0) FROM medium",
        (),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if tracks > live_tracks.max(worth_it) {
        track_words(db)?;
    }
    if names > live_names.max(worth_it) {
        name_words(db)?;
    }
    if apart > live_tracks / MERGE_AFTER {
        db.execute_batch(
            "INSERT INTO track_words(track_words) VALUES ('optimize');
             INSERT INTO name_words(name_words) VALUES ('optimize');
             UPDATE stale SET apart = 0;",
        )?;
    }
    Ok(())
}

/// Indexes the words of all rows again.
pub(super) fn all_words(db: &Connection) -> Result<(), IndexError> {
    track_words(db)?;
    name_words(db)
}

fn track_words(db: &Connection) -> Result<(), IndexError> {
    db.execute_batch(
        "INSERT INTO track_words(track_words) VALUES ('delete-all'); UPDATE stale SET tracks = 0;",
    )?;
    let mut words = TrackWords::new(db)?;
    let mut tracks = db.prepare(
        "SELECT id, name, title, tags, (SELECT text FROM name WHERE id = track.artist),
            (SELECT title FROM album WHERE id = track.album), (SELECT text FROM name WHERE id = track.genre),
            (SELECT text FROM name WHERE id = track.composer)
         FROM track WHERE state = 0 ORDER BY id",
    )?;
    let mut rows = tracks.query(())?;
    while let Some(row) = rows.next()? {
        let name = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        let stem = display_name(&super::place::name_of(name), EntryKind::Track);
        let tags: Option<String> = row.get(3)?;
        let album_artist =
            tags.as_deref().unwrap_or_default().lines().find_map(|line| line.strip_prefix('A'));
        let text = |column| row.get::<_, Option<String>>(column).map(Option::unwrap_or_default);
        let (title, artist, album, genre, composer) = (text(2)?, text(4)?, text(5)?, text(6)?, text(7)?);
        let shared = [&artist, &album, album_artist.unwrap_or_default(), &genre, &composer];
        words.add(row.get(0)?, &Texts { own: [&title, &stem], shared })?;
    }
    words.flush()
}

fn name_words(db: &Connection) -> Result<(), IndexError> {
    db.execute_batch(
        "INSERT INTO name_words(name_words) VALUES ('delete-all'); UPDATE stale SET names = 0;",
    )?;
    let mut insert = db.prepare("INSERT INTO name_words(rowid, words) VALUES (?1, ?2)")?;
    let mut names = db.prepare(
        "SELECT id, text, NULL FROM name WHERE kind = 0
         UNION ALL SELECT id, title, (SELECT text FROM name WHERE id = album.artist) FROM album ORDER BY 1",
    )?;
    let mut rows = names.query(())?;
    let mut words = Grams::default();
    while let Some(row) = rows.next()? {
        words.row();
        words.add(&row.get::<_, String>(1)?);
        words.add(&row.get::<_, Option<String>>(2)?.unwrap_or_default());
        insert.execute(params![row.get::<_, i64>(0)?, words.take()])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::tidy_beyond;
    use crate::index::{Change, FileStamp, Index, IndexReader, Item, MediumId};
    use crate::tags::TrackInfo;

    #[test]
    fn a_rebuilt_index_finds_what_is_there_and_nothing_else() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let (mut index, _) = Index::open(&folder.path().join("library.db"))?;
        let medium = index.medium(&MediumId::new("stick").ok_or("an identity")?, "Stick")?;
        for title in ["first", "second", "third"] {
            let info = TrackInfo {
                title: title.into(),
                artist: format!("{title} singer"),
                album: format!("{title} album"),
                album_artist: "Somebody".into(),
                ..TrackInfo::default()
            };
            let stamp = FileStamp { name: "file.mp3".into(), size: 1, mtime_ns: 1, inode: 1 };
            index.write(medium, vec![Change::Track { folder: "a".into(), stamp, result: Ok(info) }])?;
        }
        let stale = |index: &Index| -> rusqlite::Result<(i64, i64, i64)> {
            index.connection().query_row("SELECT tracks, names, apart FROM stale", (), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
        };
        assert_eq!(stale(&index)?, (2, 4, 3));
        tidy_beyond(index.connection(), 1)?;
        assert_eq!(stale(&index)?, (0, 0, 0));
        let reader = IndexReader::open(index.path())?;
        for text in ["third", "third somebody", "file", "hir", "third singer"] {
            let found = reader.search(text, &[medium], 9)?;
            assert!(matches!(&found.tracks[..], [Item::Track { title, .. }] if title == "third"), "{text}");
        }
        let found = reader.search("third", &[medium], 9)?;
        assert_eq!((found.artists.len(), found.albums.len()), (1, 1));
        let words: i64 = index.connection().query_row(
            "SELECT count(*) FROM track_words WHERE track_words MATCH '\"sec\"'",
            (),
            |row| row.get(0),
        )?;
        assert_eq!(words, 0, "words of rows that are gone are gone too");
        Ok(())
    }

    #[test]
    fn an_older_file_is_searched_like_a_new_one() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("library.db");
        let (mut index, _) = Index::open(&path)?;
        let medium = index.medium(&MediumId::new("stick").ok_or("an identity")?, "Stick")?;
        let track = |name: &str| {
            let info = TrackInfo {
                title: name.into(),
                artist: format!("{name} singer"),
                album: "album".into(),
                ..TrackInfo::default()
            };
            let stamp = FileStamp { name: format!("{name}.mp3").into(), size: 1, mtime_ns: 1, inode: 1 };
            Change::Track { folder: "a".into(), stamp, result: Ok(info) }
        };
        index.write(medium, vec![track("before")])?;
        index.connection().execute_batch(
            "DROP TABLE track_words; DROP TABLE name_words;
             CREATE VIRTUAL TABLE track_words USING fts5(words, content='', columnsize=0, detail=none, tokenize='trigram');
             CREATE VIRTUAL TABLE name_words USING fts5(words, content='', columnsize=0, detail=none, tokenize='trigram');
             UPDATE medium SET next = next - next % 16 + 5;
             PRAGMA user_version = 1;",
        )?;
        drop(index);
        let (mut index, opened) = Index::open(&path)?;
        assert_eq!(opened, None);
        index.write(medium, vec![track("after")])?;
        let reader = IndexReader::open(&path)?;
        for text in ["before", "after"] {
            let found = reader.search(text, &[medium], 9)?;
            assert_eq!((found.artists.len(), found.tracks.len()), (1, 1), "{text}");
        }
        assert_eq!(reader.search("singer album", &[medium], 9)?.tracks.len(), 2);
        Ok(())
    }
}
