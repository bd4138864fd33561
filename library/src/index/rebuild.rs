//! The search index made new, when most of it speaks of rows that are gone.
//!
//! Its tables hold words only, so a row cannot be taken out of them; rows are never numbered twice, and
//! what is found of a row that is gone is passed over. That stays cheap as long as most rows are there.
use rusqlite::{Connection, params};

use super::error::IndexError;
use super::words::IndexedWords;
use crate::display_name::display_name;
use crate::entry::EntryKind;

/// Fewer stale rows than this never matter.
const WORTH_IT: i64 = 10_000;

/// Rebuilds what holds more stale rows than live ones.
pub(super) fn rebuild_words(db: &Connection) -> Result<(), IndexError> {
    rebuild_beyond(db, WORTH_IT)
}

fn rebuild_beyond(db: &Connection, worth_it: i64) -> Result<(), IndexError> {
    let (tracks, names): (i64, i64) =
        db.query_row("SELECT tracks, names FROM stale", (), |row| Ok((row.get(0)?, row.get(1)?)))?;
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
    Ok(())
}

fn track_words(db: &Connection) -> Result<(), IndexError> {
    db.execute_batch(
        "INSERT INTO track_words(track_words) VALUES ('delete-all'); UPDATE stale SET tracks = 0;",
    )?;
    let mut insert = db.prepare("INSERT INTO track_words(rowid, words) VALUES (?1, ?2)")?;
    let mut tracks = db.prepare(
        "SELECT id, name, title, tags, (SELECT text FROM name WHERE id = track.artist),
            (SELECT title FROM album WHERE id = track.album), (SELECT text FROM name WHERE id = track.genre),
            (SELECT text FROM name WHERE id = track.composer)
         FROM track WHERE state = 0 ORDER BY id",
    )?;
    let mut rows = tracks.query(())?;
    let mut words = IndexedWords::default();
    while let Some(row) = rows.next()? {
        words.clear();
        let name: Vec<u8> = row.get(1)?;
        let tags: Option<String> = row.get(3)?;
        let album_artist =
            tags.as_deref().unwrap_or_default().lines().find_map(|line| line.strip_prefix('A'));
        let text = |column| row.get::<_, Option<String>>(column).map(Option::unwrap_or_default);
        words.add(&text(2)?);
        words.add(&display_name(&super::place::name_of(&name), EntryKind::Track));
        words.add(&text(4)?);
        words.add(&text(5)?);
        words.add(album_artist.unwrap_or_default());
        words.add(&text(6)?);
        words.add(&text(7)?);
        insert.execute(params![row.get::<_, i64>(0)?, words.text()])?;
    }
    Ok(())
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
    let mut words = IndexedWords::default();
    while let Some(row) = rows.next()? {
        words.clear();
        words.add(&row.get::<_, String>(1)?);
        words.add(&row.get::<_, Option<String>>(2)?.unwrap_or_default());
        insert.execute(params![row.get::<_, i64>(0)?, words.text()])?;
    }
    Ok(())
}
