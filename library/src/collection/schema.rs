//! The tables of `collection.db`, and how an older file becomes a newer one.
//!
//! Steps only ever add: an older program still reads a newer file, which is what makes going back to the
//! previous image safe. `user_version` counts the steps taken.
use rusqlite::{Connection, TransactionBehavior};

/// Step n brings a file from version n to n + 1. Never change one that was released: add another.
pub(super) const STEPS: [&str; 1] = ["
    CREATE TABLE medium (
        id   INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE           -- the identity: file system UUID
    ) STRICT;
    -- A track or a part of one, whether its medium is here or not.
    CREATE TABLE place (
        id          INTEGER PRIMARY KEY,
        medium      INTEGER NOT NULL REFERENCES medium,
        path        BLOB NOT NULL,          -- below the root, names joined by /
        start       INTEGER NOT NULL,       -- 1/75 s; -1: the whole file
        stop        INTEGER NOT NULL,       -- 1/75 s; -1: to the end
        title       TEXT NOT NULL,          -- the texts: for when the medium is away
        artist      TEXT NOT NULL,
        duration_ms INTEGER NOT NULL,       -- -1: unknown
        UNIQUE (medium, path, start, stop)
    ) STRICT;
    CREATE TABLE playlist (
        id      INTEGER PRIMARY KEY AUTOINCREMENT,
        name    TEXT NOT NULL UNIQUE,
        entries INTEGER NOT NULL DEFAULT 0  -- their number, kept with every change
    ) STRICT;
    CREATE TABLE entry (
        id       INTEGER PRIMARY KEY AUTOINCREMENT,
        playlist INTEGER NOT NULL REFERENCES playlist,
        rank     INTEGER NOT NULL,          -- order; with gaps, so that a move writes one row
        place    INTEGER NOT NULL REFERENCES place
    ) STRICT;
    CREATE INDEX entry_order ON entry (playlist, rank);
    CREATE INDEX entry_place ON entry (place);
    CREATE TABLE favourite (
        id      INTEGER PRIMARY KEY AUTOINCREMENT, -- larger is newer, whatever the clock said
        place   INTEGER NOT NULL UNIQUE REFERENCES place,
        added_s INTEGER NOT NULL            -- unix seconds
    ) STRICT;
    CREATE TABLE play (
        place  INTEGER PRIMARY KEY REFERENCES place,
        count  INTEGER NOT NULL,
        last_s INTEGER NOT NULL             -- unix seconds
    ) STRICT;
    CREATE INDEX play_count ON play (count, last_s);
    CREATE INDEX play_last ON play (last_s);
"];

/// Names every column this program uses: fails for a file that only looks like ours.
pub(super) const PROBE: &str = "
    SELECT m.id, m.name, p.medium, p.path, p.start, p.stop, p.title, p.artist, p.duration_ms, l.name, l.entries,
        e.playlist, e.rank, e.place, f.place, f.added_s, y.place, y.count, y.last_s
    FROM medium m, place p, playlist l, entry e, favourite f, play y LIMIT 0
";

/// Brings the file up to date; a file from a newer program is left as it is.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let done = usize::try_from(version).unwrap_or(0);
    for (step, sql) in STEPS.iter().enumerate().skip(done) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", i64::try_from(step + 1).unwrap_or(i64::MAX))?;
        transaction.commit()?;
    }
    Ok(())
}
