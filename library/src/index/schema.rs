//! The tables, and how an older file becomes a newer one.
//!
//! Migrations only ever add. `user_version` counts the steps taken; a file of a newer program is set
//! aside, since everything here can be read from the media again.
use rusqlite::Connection;

use super::error::IndexError;
use super::rebuild;

/// "RAix": tells this file from any other database.
pub(super) const APPLICATION_ID: i64 = 0x5241_6978;

/// Step n brings a file from version n to n + 1. Never change one that was released: add another.
///
/// Keys of rows are `medium << 32 | number`, numbered per medium in one sequence for all tables, so that
/// a medium's rows are one range, ascending as they are written.
const STEPS: [&str; 2] = [
    "
    CREATE TABLE medium (
        id        INTEGER PRIMARY KEY AUTOINCREMENT,   -- never used again: rows of a forgotten one stay lost
        ident     TEXT NOT NULL UNIQUE,
        name      TEXT NOT NULL,
        seen      INTEGER NOT NULL,                    -- counts up at each plugging, of all media
        scanned_s INTEGER,                             -- end of the last complete scan, Unix time
        next      INTEGER NOT NULL DEFAULT 1,          -- next row number
        files     INTEGER NOT NULL DEFAULT 0,          -- exact counts of what its lists show
        artists   INTEGER NOT NULL DEFAULT 0,
        albums    INTEGER NOT NULL DEFAULT 0,
        tracks    INTEGER NOT NULL DEFAULT 0,
        genres    INTEGER NOT NULL DEFAULT 0,
        composers INTEGER NOT NULL DEFAULT 0,
        years     INTEGER NOT NULL DEFAULT 0,
        played    INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    CREATE TABLE folder (
        id      INTEGER PRIMARY KEY,
        medium  INTEGER NOT NULL,
        parent  INTEGER NOT NULL,                      -- 0 for the root
        path    BLOB NOT NULL,                         -- from the root, components joined by /
        sort    BLOB NOT NULL,                         -- of its name
        tracks  INTEGER NOT NULL DEFAULT 0,            -- in it
        below   INTEGER NOT NULL DEFAULT 0,            -- in it and below
        shown   INTEGER NOT NULL DEFAULT 0,            -- 1: there is music below
        folders INTEGER NOT NULL DEFAULT 0             -- subfolders with music below
    ) STRICT;
    CREATE UNIQUE INDEX folder_path ON folder(medium, path);
    CREATE INDEX folder_list ON folder(parent, shown, sort);

    CREATE TABLE track (
        id           INTEGER PRIMARY KEY,
        medium       INTEGER NOT NULL,
        folder       INTEGER NOT NULL,
        state        INTEGER NOT NULL,                 -- 0 a track; 1 not music, 2 unreadable, 3 hostile
        name         BLOB NOT NULL,
        name_sort    BLOB NOT NULL,
        size         INTEGER NOT NULL,
        mtime_ns     INTEGER NOT NULL,
        inode        INTEGER NOT NULL,
        album        INTEGER,
        place        INTEGER,                          -- order in the album: disc << 16 | track
        artist       INTEGER,
        genre        INTEGER,
        composer     INTEGER,
        title        TEXT,
        title_sort   BLOB,
        year         INTEGER,
        duration_ms  INTEGER,
        format       INTEGER,
        gain_db      REAL,
        tags         TEXT,                             -- what only the details of a track show, see track_row
        plays        INTEGER NOT NULL DEFAULT 0,
        played_s     INTEGER                           -- last time, Unix time
    ) STRICT;
    CREATE INDEX track_file ON track(folder, name_sort);
    CREATE INDEX track_title ON track(medium, title_sort) WHERE state = 0;
    CREATE INDEX track_album ON track(album, place, title_sort) WHERE state = 0;
    CREATE INDEX track_plays ON track(medium, plays) WHERE plays > 0;
    CREATE INDEX track_played ON track(medium, played_s) WHERE plays > 0;

    CREATE TABLE name (
        id     INTEGER PRIMARY KEY,
        medium INTEGER NOT NULL,
        kind   INTEGER NOT NULL,                       -- 0 artist, 1 genre, 2 composer
        ident  TEXT NOT NULL,                          -- what makes two spellings one name
        text   TEXT NOT NULL,
        sort   BLOB NOT NULL,                          -- key, 0, ident
        tagged INTEGER NOT NULL,                       -- 1: sorted as a tag says
        listed INTEGER NOT NULL DEFAULT 0,             -- 1: the list of its kind shows it
        own    INTEGER NOT NULL DEFAULT 0,             -- albums it is the album artist of
        albums INTEGER NOT NULL DEFAULT 0,             -- albums it appears on
        tracks INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE UNIQUE INDEX name_ident ON name(medium, kind, ident);
    CREATE INDEX name_list ON name(medium, kind, listed, sort);

    CREATE TABLE album (
        id      INTEGER PRIMARY KEY,
        medium  INTEGER NOT NULL,
        ident   BLOB NOT NULL,                         -- what makes files one album
        title   TEXT NOT NULL,
        sort    BLOB NOT NULL,
        tagged  INTEGER NOT NULL,                      -- 1: the files name the album artist
        artist  INTEGER,
        year    INTEGER,
        added_s INTEGER NOT NULL,
        tracks  INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX album_ident ON album(medium, ident);
    CREATE INDEX album_list ON album(medium, sort);
    CREATE INDEX album_year ON album(medium, year, sort) WHERE year IS NOT NULL;
    CREATE INDEX album_added ON album(medium, added_s);

    CREATE TABLE credit (
        name    INTEGER NOT NULL,
        sort    BLOB NOT NULL,                         -- the album's place among those of the name
        album   INTEGER NOT NULL,
        own     INTEGER NOT NULL,                      -- 1: as album artist, with all tracks of the album
        tracks  INTEGER NOT NULL,                      -- that name it themselves
        counted INTEGER NOT NULL,                      -- what name.tracks holds of this row
        PRIMARY KEY (name, sort, album)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX credit_album ON credit(album, name);

    CREATE TABLE year (
        medium INTEGER NOT NULL,
        year   INTEGER NOT NULL,
        albums INTEGER NOT NULL,
        tracks INTEGER NOT NULL,
        PRIMARY KEY (medium, year)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE format (
        id   INTEGER PRIMARY KEY,
        text TEXT NOT NULL UNIQUE
    ) STRICT;

    CREATE TABLE stale (                               -- rows whose words are still in the search index
        id     INTEGER PRIMARY KEY CHECK (id = 1),
        tracks INTEGER NOT NULL,
        names  INTEGER NOT NULL,
        apart  INTEGER NOT NULL                        -- tracks indexed since all was merged
    ) STRICT;
    INSERT INTO stale VALUES (1, 0, 0, 0);

    CREATE VIRTUAL TABLE track_words USING fts5(
        words, content='', columnsize=0, detail=none, tokenize='trigram case_sensitive 1'
    );
    CREATE VIRTUAL TABLE name_words USING fts5(
        words, content='', columnsize=0, detail=none, tokenize='trigram case_sensitive 1'
    );
    -- While a medium is scanned, segments are merged by sixteen; at its end, all of them once.
    INSERT INTO track_words(track_words, rank) VALUES ('automerge', 0);
    INSERT INTO name_words(name_words, rank) VALUES ('automerge', 0);
",
    // Words as grams of the program's own making, tracks by sixteen: made again from the rows, see `migrate`.
    "
    DROP TABLE track_words;
    DROP TABLE name_words;
    CREATE VIRTUAL TABLE track_words USING fts5(
        words, content='', columnsize=0, detail=none, tokenize='ascii'
    );
    CREATE VIRTUAL TABLE name_words USING fts5(
        words, content='', columnsize=0, detail=none, tokenize='ascii'
    );
    INSERT INTO track_words(track_words, rank) VALUES ('automerge', 0);
    INSERT INTO name_words(name_words, rank) VALUES ('automerge', 0);
    UPDATE medium SET next = ((next + 15) >> 4) << 4;
",
];

/// The step after which all words are indexed again.
const NEW_WORDS: i64 = 2;

/// The version this program writes.
pub(super) const VERSION: i64 = STEPS.len() as i64;

/// Brings the file up to date.
///
/// # Errors
/// `Damaged` if the file is another program's or a newer one's.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), IndexError> {
    let version = check(connection)?;
    for (step, sql) in (1_i64..).zip(STEPS).filter(|(step, _)| *step > version) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(sql)?;
        if step == NEW_WORDS && version > 0 {
            rebuild::all_words(&transaction)?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", step)?;
        transaction.commit()?;
    }
    Ok(())
}

/// The file's version, 0 for a new one.
pub(super) fn check(connection: &Connection) -> Result<i64, IndexError> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (application, version) = (pragma("application_id")?, pragma("user_version")?);
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    match version {
        0 if application == 0 && tables == 0 => Ok(0),
        1..=VERSION if application == APPLICATION_ID => Ok(version),
        _ if application == APPLICATION_ID => Err(IndexError::Damaged(format!("it has version {version}"))),
        _ => Err(IndexError::Damaged("it is not an index of music".to_owned())),
    }
}
