//! The connection: how it is opened, checked and written.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::{Save, Saved, StoreError, rows, schema};

/// The one connection.
pub(crate) struct Database {
    connection: Connection,
    is_durable: bool,
}

impl Database {
    /// Opens and checks a file, makes it if it is missing, and brings it up to date.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Self::prepare(Connection::open_with_flags(path, flags)?, true)
    }

    /// A database that is gone with the process, for when the disk refuses.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::prepare(Connection::open_in_memory()?, false)
    }

    /// Whether what is written outlives the process.
    pub fn is_durable(&self) -> bool {
        self.is_durable
    }

    fn prepare(mut connection: Connection, is_durable: bool) -> Result<Self, StoreError> {
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.busy_timeout(std::time::Duration::from_secs(1))?;
        let found: String = connection.query_row("PRAGMA quick_check(1)", (), |row| row.get(0))?;
        if found != "ok" {
            return Err(StoreError::Damaged(found));
        }
        schema::migrate(&mut connection)?;
        Ok(Self { connection, is_durable })
    }

    pub fn load(&self) -> Result<Saved, StoreError> {
        Ok(rows::load(&self.connection)?)
    }

    /// Writes all or nothing; on the disk when it returns.
    pub fn write(&mut self, saves: &[Save]) -> Result<(), StoreError> {
        let transaction = self.connection.transaction()?;
        for save in saves {
            rows::write(&transaction, save)?;
        }
        transaction.commit()?;
        Ok(())
    }
}
