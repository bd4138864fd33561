//! Why the collection did not do what it was asked.

/// Why nothing was changed; the variant names the reaction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CollectionError {
    /// A bound is reached: say so, the driver may delete something.
    #[error("there is no room for more")]
    Full,
    /// Another playlist has this name: ask for another one.
    #[error("another playlist has this name")]
    NameTaken,
    /// Nothing of the name is left once it is fit for a screen.
    #[error("a playlist needs a name")]
    BadName,
    /// The playlist or entry is gone: show the list anew.
    #[error("this is no longer in the collection")]
    Gone,
    /// No relative path below a medium's root.
    #[error("this is no place on a medium")]
    BadPlace,
    /// The file is damaged: open the collection anew, which sets it aside.
    #[error("the collection is damaged: {0}")]
    Damaged(String),
    /// The disk refuses (full, read-only, failing): what was stored is still there.
    #[error("the collection cannot be stored: {0}")]
    Storage(String),
}

impl From<rusqlite::Error> for CollectionError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(
                ErrorCode::DiskFull
                | ErrorCode::ReadOnly
                | ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::PermissionDenied
                | ErrorCode::CannotOpen
                | ErrorCode::SystemIoFailure
                | ErrorCode::OutOfMemory,
            ) => Self::Storage(error.to_string()),
            _ => Self::Damaged(error.to_string()),
        }
    }
}

impl From<std::io::Error> for CollectionError {
    fn from(error: std::io::Error) -> Self {
        Self::Storage(error.to_string())
    }
}
