//! Why the index cannot be used.
use rusqlite::ErrorCode;

/// Why the index cannot be used; the variant names the reaction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// The file is damaged: set it aside ([`Index::begin_anew`](super::Index::begin_anew)) and scan again.
    #[error("the index is damaged: {0}")]
    Damaged(String),
    /// The disk refuses: full, read-only or gone. Folders can still be browsed.
    #[error("the index cannot be stored: {0}")]
    Storage(String),
    /// Another connection holds it: ask again.
    #[error("the index is busy")]
    Busy,
    /// The question was withdrawn.
    #[error("the question was withdrawn")]
    Interrupted,
    /// No such medium: it was forgotten; announce it again.
    #[error("the medium is not known")]
    UnknownMedium,
    /// A medium numbered its 2^32nd row: forget it and scan it again.
    #[error("the medium has no row numbers left")]
    OutOfRows,
    /// The question makes no sense: a mistake in the program.
    #[error("the question cannot be answered: {0}")]
    Question(String),
}

impl From<rusqlite::Error> for IndexError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error.to_string()),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::OperationInterrupted) => Self::Interrupted,
            Some(
                ErrorCode::DiskFull
                | ErrorCode::ReadOnly
                | ErrorCode::CannotOpen
                | ErrorCode::SystemIoFailure
                | ErrorCode::PermissionDenied
                | ErrorCode::OutOfMemory
                | ErrorCode::FileLockingProtocolFailed,
            ) => Self::Storage(error.to_string()),
            // A row that is not there, or not of its type, where one must be.
            _ if matches!(
                error,
                rusqlite::Error::QueryReturnedNoRows
                    | rusqlite::Error::InvalidColumnType(..)
                    | rusqlite::Error::FromSqlConversionFailure(..)
                    | rusqlite::Error::IntegralValueOutOfRange(..)
            ) =>
            {
                Self::Damaged(error.to_string())
            }
            Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch) => {
                Self::Damaged(error.to_string())
            }
            _ => Self::Question(error.to_string()),
        }
    }
}

impl From<rusqlite::types::FromSqlError> for IndexError {
    fn from(error: rusqlite::types::FromSqlError) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<std::io::Error> for IndexError {
    fn from(error: std::io::Error) -> Self {
        Self::Storage(error.to_string())
    }
}
