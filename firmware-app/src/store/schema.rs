//! The tables, and how an older file becomes a newer one.
//!
//! Migrations only ever add: an older program still reads a newer file, which is what makes going
//! back to the previous image safe. `user_version` counts the steps taken.

use rusqlite::Connection;

/// Step n brings a file from version n to n + 1. Never change one that was released: add another.
const STEPS: [&str; 1] = ["
    CREATE TABLE setting (
        name  TEXT PRIMARY KEY,
        value TEXT NOT NULL              -- JSON
    ) STRICT;
    CREATE TABLE preset_key (
        key  INTEGER PRIMARY KEY CHECK (key BETWEEN 1 AND 6),
        path BLOB NOT NULL               -- bytes of the file's path
    ) STRICT;
    CREATE TABLE queue (
        entry INTEGER PRIMARY KEY,       -- in the folder's own order, from 0
        place INTEGER NOT NULL,          -- in playing order, from 0
        path  BLOB NOT NULL
    ) STRICT;
    CREATE TABLE resume (
        id         INTEGER PRIMARY KEY CHECK (id = 1),
        place      INTEGER NOT NULL,
        path       BLOB NOT NULL,
        position_s REAL NOT NULL,
        played     TEXT NOT NULL         -- playing, paused, stopped
    ) STRICT;
"];

/// Brings the file up to date; a file from a newer program is left as it is.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let done = usize::try_from(version).unwrap_or(0);
    for (step, sql) in STEPS.iter().enumerate().skip(done) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", i64::try_from(step + 1).unwrap_or(i64::MAX))?;
        transaction.commit()?;
    }
    Ok(())
}
