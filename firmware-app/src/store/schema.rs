//! The tables, and how an older file becomes a newer one.
//!
//! Migrations only ever add: an older program still reads a newer file, which is what makes going
//! back to the previous image safe. `user_version` counts the steps taken.

use rusqlite::Connection;

/// Step n brings a file from version n to n + 1. Never change one that was released: add another.
pub(super) const STEPS: &[&str] = &[
    "
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
",
    // Music is named by its medium and the place on it; `path` stays what an older program reads.
    "
    ALTER TABLE preset_key ADD COLUMN medium TEXT;       -- identity; NULL: only the path is known
    ALTER TABLE preset_key ADD COLUMN relative BLOB;     -- from the medium's root
    ALTER TABLE preset_key ADD COLUMN slice_start INTEGER; -- 1/75 s; NULL: the whole file
    ALTER TABLE preset_key ADD COLUMN slice_end INTEGER; -- 1/75 s; NULL: to the end
    ALTER TABLE preset_key ADD COLUMN title TEXT;        -- what a playlist or CUE sheet calls it
    ALTER TABLE preset_key ADD COLUMN artist TEXT;
    ALTER TABLE queue ADD COLUMN medium TEXT;
    ALTER TABLE queue ADD COLUMN relative BLOB;
    ALTER TABLE queue ADD COLUMN slice_start INTEGER;
    ALTER TABLE queue ADD COLUMN slice_end INTEGER;
    ALTER TABLE queue ADD COLUMN title TEXT;
    ALTER TABLE queue ADD COLUMN artist TEXT;
    ALTER TABLE resume ADD COLUMN medium TEXT;
    ALTER TABLE resume ADD COLUMN relative BLOB;
    ALTER TABLE resume ADD COLUMN slice_start INTEGER;
    ALTER TABLE resume ADD COLUMN slice_end INTEGER;
    CREATE TABLE home (
        medium TEXT PRIMARY KEY,
        root   BLOB NOT NULL             -- where it was mounted last
    ) STRICT;
    CREATE TABLE left_place (
        medium     TEXT PRIMARY KEY,
        left_order INTEGER NOT NULL,     -- rises; the highest was left last
        place      INTEGER NOT NULL,
        position_s REAL NOT NULL
    ) STRICT;
    CREATE TABLE left_queue (
        left_medium TEXT NOT NULL,
        entry       INTEGER NOT NULL,
        place       INTEGER NOT NULL,
        medium      TEXT NOT NULL,
        relative    BLOB NOT NULL,
        slice_start INTEGER,
        slice_end   INTEGER,
        title       TEXT,
        artist      TEXT,
        PRIMARY KEY (left_medium, entry)
    ) STRICT, WITHOUT ROWID;
",
    // The owner's sounds. They will travel: each has a name of its own in the world, counts its changes, and
    // is remembered when it is deleted.
    "
    CREATE TABLE presets (
        id      INTEGER PRIMARY KEY,
        uuid    TEXT NOT NULL UNIQUE,
        name    TEXT NOT NULL,
        json    TEXT NOT NULL,           -- as SoundPreset
        version INTEGER NOT NULL,        -- rises with every change of this one
        changed INTEGER NOT NULL,        -- rises with every change of any
        deleted INTEGER NOT NULL DEFAULT 0 -- 1: a tombstone
    ) STRICT;
    CREATE UNIQUE INDEX presets_name ON presets (name) WHERE deleted = 0;
",
    // Who may control the unit from afar. A token is never stored, only what it is recognised by.
    "
    CREATE TABLE phones (
        id           INTEGER PRIMARY KEY,
        name         TEXT NOT NULL,
        role         TEXT NOT NULL,       -- owner, guest
        token_sha256 BLOB NOT NULL UNIQUE,
        seen_unix_s  INTEGER NOT NULL     -- connected last
    ) STRICT;
    CREATE TABLE identity (
        id      INTEGER PRIMARY KEY CHECK (id = 1),
        unit_id TEXT NOT NULL,            -- random, made at the first start
        phones  INTEGER NOT NULL          -- the highest number a phone ever had: none is used twice
    ) STRICT;
",
    // The cloud: who the unit is to it, whose it is, what of its use waits to be told, which sounds it has.
    "
    CREATE TABLE cloud (
        id          INTEGER PRIMARY KEY CHECK (id = 1),
        seed        BLOB,                 -- of the unit's Ed25519 key, 32 bytes; it never leaves the unit
        server      TEXT NOT NULL,        -- origin of the cloud that knows the unit
        device_id   TEXT,                 -- its number there; NULL: it is nobody's
        owner_name  TEXT NOT NULL,
        owner_email TEXT,
        name        TEXT NOT NULL,        -- of the unit in the account
        account     TEXT NOT NULL,        -- what the account whose sounds it has is recognised by
        leaving     INTEGER NOT NULL,     -- 1: unlinked here, and the cloud does not know it yet
        wants_usage INTEGER NOT NULL      -- 1: the owner wishes to tell how the unit is used
    ) STRICT;
    CREATE TABLE usage_event (
        id     TEXT PRIMARY KEY,          -- it counts once
        day    INTEGER NOT NULL,          -- since 1970-01-01
        kind   TEXT NOT NULL,             -- as UsageKind
        amount INTEGER NOT NULL,
        sealed INTEGER NOT NULL           -- 1: it may have been sent, and grows no more
    ) STRICT;
    CREATE TABLE preset_sync (
        id       INTEGER PRIMARY KEY CHECK (id = 1),
        revision INTEGER NOT NULL         -- of the account, that the unit has in full
    ) STRICT;
    ALTER TABLE presets ADD COLUMN base INTEGER NOT NULL DEFAULT 0;  -- its version in the account; 0: none
    ALTER TABLE presets ADD COLUMN dirty INTEGER NOT NULL DEFAULT 1; -- 1: changed since the account has it
    UPDATE presets SET dirty = 0 WHERE deleted = 1;
",
];

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
