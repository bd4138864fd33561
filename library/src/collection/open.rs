//! Opening `collection.db`: a damaged file is set aside, never deleted.
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::error::CollectionError;
use super::schema;

/// Damaged files kept under names of their own; the last name is used again after that.
const KEPT: u32 = 100;

/// A collection that could not be used; a new one was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Where the old file is now.
    pub kept: PathBuf,
    /// What was wrong with it.
    pub why: String,
}

pub(super) fn open(path: &Path) -> Result<(Connection, Option<SetAside>), CollectionError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    match load(path) {
        Err(CollectionError::Damaged(why)) if path.is_file() => {
            let kept = set_aside(path)?;
            tracing::error!(%why, kept = %kept.display(), "the collection cannot be used");
            Ok((load(path)?, Some(SetAside { kept, why })))
        }
        result => Ok((result?, None)),
    }
}

/// A collection that is gone with the process, for when the disk refuses.
pub(super) fn in_memory() -> Result<Connection, CollectionError> {
    prepare(Connection::open_in_memory()?)
}

fn load(path: &Path) -> Result<Connection, CollectionError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    prepare(Connection::open_with_flags(path, flags)?)
}

fn prepare(mut connection: Connection) -> Result<Connection, CollectionError> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.busy_timeout(std::time::Duration::from_secs(1))?;
    schema::migrate(&mut connection)?;
    connection.prepare(schema::PROBE)?;
    check(&connection, "quick_check(1)")?;
    Ok(connection)
}

/// # Errors
/// Damage, in words.
pub(super) fn check(connection: &Connection, pragma: &str) -> Result<(), CollectionError> {
    let found: String = connection.query_row(&format!("PRAGMA {pragma}"), (), |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(CollectionError::Damaged(found)) }
}

/// Renames the file and its log to the first free `collection.damaged-N.db`.
fn set_aside(path: &Path) -> std::io::Result<PathBuf> {
    let stem = path.file_stem().unwrap_or_default();
    let name = |n: u32| {
        let mut name = stem.to_os_string();
        name.push(format!(".damaged-{n}.db"));
        path.with_file_name(name)
    };
    let kept = (1..=KEPT).map(name).find(|kept| !kept.exists()).unwrap_or_else(|| name(KEPT));
    std::fs::rename(path, &kept)?;
    for log in ["-wal", "-shm"] {
        match std::fs::rename(with(path, log), with(&kept, log)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(kept)
}

fn with(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(suffix);
    PathBuf::from(name)
}
