//! Opening the store at the start: whatever state it is in, there is sound.

use std::path::{Path, PathBuf};

use super::database::Database;
use super::{Saved, StoreError};

/// The file in the data folder.
const FILE: &str = "state.db";
/// Damaged files kept aside; more than that help nobody and fill the disk.
const DAMAGED_KEPT: u32 = 100;

/// A store ready for use, and what was in it.
pub(crate) struct Opened {
    pub database: Option<Database>,
    pub saved: Saved,
    /// What the driver should know.
    pub warning: Option<&'static str>,
}

/// Opens `state.db` in `folder`. A damaged file is moved aside and a new one begun; where the disk
/// refuses, nothing is kept, but the stereo plays.
pub(crate) fn open(folder: &Path) -> Opened {
    let path = folder.join(FILE);
    let error = match std::fs::create_dir_all(folder).map_err(StoreError::from).and_then(|()| load(&path)) {
        Ok((database, saved)) => return Opened { database: Some(database), saved, warning: None },
        Err(error) => error,
    };
    tracing::error!(%error, path = %path.display(), "the stored settings cannot be used");
    let begun = if is_damage(&error) && path.exists() {
        move_aside(&path).map_err(StoreError::from).and_then(|()| load(&path))
    } else {
        Err(error)
    };
    match begun {
        Ok((database, saved)) => Opened {
            database: Some(database),
            saved,
            warning: Some("The stored settings were damaged: starting with the defaults"),
        },
        Err(error) => {
            tracing::error!(%error, "nothing will be stored");
            Opened {
                database: Database::in_memory().ok(),
                saved: Saved::default(),
                warning: Some("Settings cannot be stored on this unit at the moment"),
            }
        }
    }
}

fn load(path: &Path) -> Result<(Database, Saved), StoreError> {
    let database = Database::open(path)?;
    let saved = database.load()?;
    Ok((database, saved))
}

/// Whether a new file would help: anything but a disk that is full, locked or read-only.
fn is_damage(error: &StoreError) -> bool {
    use rusqlite::ErrorCode;
    match error {
        StoreError::Damaged(_) => true,
        StoreError::Folder(_) => false,
        StoreError::Database(error) => !matches!(
            error.sqlite_error_code(),
            Some(
                ErrorCode::DiskFull
                    | ErrorCode::ReadOnly
                    | ErrorCode::DatabaseBusy
                    | ErrorCode::DatabaseLocked
                    | ErrorCode::PermissionDenied
                    | ErrorCode::OutOfMemory
            )
        ),
    }
}

/// Renames the file and its log to the first free `state.db.damaged-N`.
fn move_aside(path: &Path) -> std::io::Result<()> {
    let with = |suffix: &str| {
        let mut name = path.as_os_str().to_os_string();
        name.push(suffix);
        PathBuf::from(name)
    };
    let free = (1..=DAMAGED_KEPT)
        .map(|n| format!(".damaged-{n}"))
        .find(|suffix| !with(suffix).exists())
        .unwrap_or_else(|| format!(".damaged-{DAMAGED_KEPT}"));
    std::fs::rename(path, with(&free))?;
    for log in ["-wal", "-shm"] {
        if with(log).exists() {
            std::fs::rename(with(log), with(&format!("{free}{log}")))?;
        }
    }
    Ok(())
}
