//! Opening the index at the start: whatever state the file is in, there is one afterwards.
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::connection;
use super::error::IndexError;

/// What opening did besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// The file could not be used: it is kept under another name, and a new one was begun. Scan again.
    Anew {
        /// Where the old file is now.
        kept: PathBuf,
        /// Why it could not be used.
        why: String,
    },
}

/// Opens for writing. What is damaged, newer or not ours is set aside.
pub(super) fn open(path: &Path) -> Result<(Connection, Option<Opened>), IndexError> {
    match connection::writer(path) {
        Ok(connection) => Ok((connection, None)),
        Err(IndexError::Damaged(why)) => {
            let kept = set_aside(path)?;
            tracing::error!(%why, kept = %kept.display(), "the index cannot be used: beginning anew");
            Ok((connection::writer(path)?, Some(Opened::Anew { kept, why })))
        }
        Err(error) => Err(error),
    }
}

/// Renames the file and removes its log. One set-aside file is kept: everything in it can be read from
/// the media again, and a disk full of copies would help nobody.
pub(super) fn set_aside(path: &Path) -> Result<PathBuf, IndexError> {
    let kept = with_suffix(path, ".set-aside");
    if path.is_dir() {
        return Err(IndexError::Storage(format!("{} is a folder", path.display())));
    }
    std::fs::rename(path, &kept)?;
    for log in ["-wal", "-shm"] {
        match std::fs::remove_file(with_suffix(path, log)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(kept)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(suffix);
    PathBuf::from(name)
}
