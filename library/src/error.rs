//! Why the medium cannot be read.
use std::io;

/// Why the medium cannot be read; the variant names the reaction.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LibraryError {
    /// Gone: the medium was pulled or the file removed.
    #[error("this is no longer there")]
    Missing,
    /// The system would not let us read it.
    #[error("this cannot be read: {0}")]
    Unreadable(String),
    /// Outside the medium (a link that leads away, or `..`).
    #[error("this lies outside the medium")]
    Outside,
    /// Not music this unit plays, or damaged.
    #[error("this is not music this unit can play")]
    NotMusic,
    /// The file made its reader fail: killed by its limit of memory or time. Not to be tried again.
    #[error("this file made its reader fail")]
    Hostile,
}

/// `ENXIO` and `ENODEV` on Linux: what a mount answers once its stick was pulled.
const DEVICE_GONE: [i32; 2] = [6, 19];

impl From<io::Error> for LibraryError {
    fn from(error: io::Error) -> Self {
        let gone = cfg!(unix) && error.raw_os_error().is_some_and(|code| DEVICE_GONE.contains(&code));
        if gone || error.kind() == io::ErrorKind::NotFound {
            return Self::Missing;
        }
        Self::Unreadable(error.to_string())
    }
}
