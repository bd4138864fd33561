//! The medium's root: the one door to its files.
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file::OpenFile;
use super::folder::OpenFolder;
use super::resolve::{self, What};
use crate::error::LibraryError;

/// The root folder of a plugged medium. Clones share one handle.
///
/// On Linux the handle keeps the file system in use: drop all clones when the medium leaves, so that it can
/// be unmounted.
#[derive(Clone, Debug)]
pub struct MediumRoot(Arc<Root>);

#[derive(Debug)]
struct Root {
    /// As the caller spells it.
    spelt: PathBuf,
    /// With every link resolved.
    real: PathBuf,
    #[cfg(target_os = "linux")]
    kernel: Option<super::kernel::Handle>,
}

impl MediumRoot {
    /// # Errors
    /// Missing, unreadable, or no folder.
    pub fn open(root: &Path) -> Result<Self, LibraryError> {
        let real = root.canonicalize()?;
        if !real.is_dir() {
            return Err(LibraryError::Unreadable("this is no folder".into()));
        }
        Ok(Self(Arc::new(Root {
            spelt: root.to_owned(),
            #[cfg(target_os = "linux")]
            kernel: super::kernel::Handle::of(&real)?,
            real,
        })))
    }

    /// The root as it was given to [`Self::open`].
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.0.spelt
    }

    /// Opens a regular file for reading; `path` is relative to the root, or absolute below it.
    ///
    /// Links are followed as long as they stay on the medium. Never blocks on pipes or devices.
    ///
    /// # Errors
    /// Missing or unreadable; [`LibraryError::Outside`] where the path or a link on it leads away, and for
    /// `..` even where it would lead back in; [`LibraryError::NotMusic`] for anything but a regular file.
    pub fn open_file(&self, path: &Path) -> Result<OpenFile, LibraryError> {
        OpenFile::new(self.open_any(path, What::File)?, &self.0.spelt.join(path))
    }

    /// Opens a folder, `path` as in [`Self::open_file`].
    ///
    /// # Errors
    /// Missing, unreadable, no folder, or outside.
    pub fn open_folder(&self, path: &Path) -> Result<OpenFolder, LibraryError> {
        OpenFolder::open(self, path)
    }

    /// The path below the root, relative to it, as the caller spells it.
    ///
    /// # Errors
    /// [`LibraryError::Outside`] for `..` and for a path that does not start with the root.
    pub fn relative<'a>(&self, path: &'a Path) -> Result<&'a Path, LibraryError> {
        resolve::refuse_parents(path)?;
        if path.is_relative() {
            return Ok(path);
        }
        path.strip_prefix(&self.0.spelt)
            .or_else(|_| path.strip_prefix(&self.0.real))
            .map_err(|_| LibraryError::Outside)
    }

    #[cfg(target_os = "linux")]
    pub(super) fn asks_kernel(&self) -> bool {
        self.0.kernel.is_some()
    }

    /// # Errors
    /// Missing, unreadable, no folder, or outside.
    #[cfg(not(unix))]
    pub(super) fn check_folder(&self, path: &Path) -> Result<(), LibraryError> {
        resolve::refuse_parents(path)?;
        let real = self.0.spelt.join(path).canonicalize()?;
        if !real.starts_with(&self.0.real) {
            return Err(LibraryError::Outside);
        }
        std::fs::read_dir(real)?;
        Ok(())
    }

    pub(super) fn open_any(&self, path: &Path, what: What) -> Result<File, LibraryError> {
        resolve::refuse_parents(path)?;
        #[cfg(target_os = "linux")]
        if let (Some(kernel), Ok(relative)) = (&self.0.kernel, self.relative(path))
            && let Some(opened) = kernel.open(relative, what)
        {
            return opened;
        }
        self.open_resolved(path, what)
    }

    /// For links with absolute targets, other spellings of the root, and systems without `openat2`.
    fn open_resolved(&self, path: &Path, what: What) -> Result<File, LibraryError> {
        let real = self.0.spelt.join(path).canonicalize()?;
        let relative = real.strip_prefix(&self.0.real).map_err(|_| LibraryError::Outside)?;
        #[cfg(target_os = "linux")]
        if let Some(kernel) = &self.0.kernel {
            return kernel.open(relative, what).unwrap_or(Err(LibraryError::Outside));
        }
        resolve::open(&self.0.real.join(relative), what)
    }
}
