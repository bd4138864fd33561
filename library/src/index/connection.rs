//! How the file is opened: by the one writer, and by readers.
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::error::IndexError;
use super::schema;

/// How long a connection waits for another one.
const BUSY: Duration = Duration::from_secs(2);
/// Page cache of the writer, KiB.
const WRITER_CACHE_KIB: i64 = 12 * 1024;
/// Page cache of a reader, KiB.
const READER_CACHE_KIB: i64 = 6 * 1024;
/// The log is cut down to this after a checkpoint, bytes.
const LOG_LIMIT: i64 = 16 << 20;
/// Pages in the log before it is written back: as many as fit [`LOG_LIMIT`], because a page that changes
/// again and again is then written back once.
const LOG_PAGES: i64 = LOG_LIMIT / 4096;
/// Statements kept ready.
const STATEMENTS: usize = 96;

/// Opens for writing; makes the file if it is missing and brings it up to date.
pub(super) fn writer(path: &Path) -> Result<Connection, IndexError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    common(&connection, WRITER_CACHE_KIB)?;
    schema::check(&connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "journal_size_limit", LOG_LIMIT)?;
    connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
    connection.pragma_update(None, "foreign_keys", false)?;
    schema::migrate(&mut connection)?;
    Ok(connection)
}

/// Opens for reading a file that a writer made.
pub(super) fn reader(path: &Path) -> Result<Connection, IndexError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    common(&connection, READER_CACHE_KIB)?;
    connection.pragma_update(None, "query_only", true)?;
    match schema::check(&connection)? {
        schema::VERSION => Ok(connection),
        other => Err(IndexError::Damaged(format!("it has version {other}"))),
    }
}

fn common(connection: &Connection, cache_kib: i64) -> Result<(), IndexError> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(())
}
