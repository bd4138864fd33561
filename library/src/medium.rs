//! Path safety: nothing outside the medium is ever listed or followed.
use std::path::{Component, Path, PathBuf};

use crate::error::LibraryError;

/// A medium's root with every link resolved.
pub(crate) struct Medium {
    root: PathBuf,
}

impl Medium {
    /// # Errors
    /// Missing or unreadable.
    pub(crate) fn open(root: &Path) -> Result<Self, LibraryError> {
        Ok(Self { root: root.canonicalize()? })
    }

    /// `path` with every link resolved, for comparison only: callers keep the spelling they know.
    ///
    /// # Errors
    /// Missing, unreadable, or outside: `..` is refused even where it would lead back in, because what
    /// it means depends on links that may change between this check and the use.
    pub(crate) fn resolve(&self, path: &Path) -> Result<PathBuf, LibraryError> {
        if path.components().any(|component| component == Component::ParentDir) {
            return Err(LibraryError::Outside);
        }
        let real = path.canonicalize()?;
        if real.starts_with(&self.root) { Ok(real) } else { Err(LibraryError::Outside) }
    }
}
