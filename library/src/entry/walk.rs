//! All tracks below a folder: "play this folder".
use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::EntryKind;
use super::list::read_folder;
use crate::error::LibraryError;
use crate::medium::Medium;

/// Folders deeper than this below the first one are not entered.
const MAX_DEPTH: usize = 16;

/// Most folders entered: bounds the time a tree without music takes.
const MAX_FOLDERS: usize = 10_000;

/// All tracks below a folder in playing order (depth first, natural order), at most `limit`, depth 16.
///
/// The order is that of [`list_folder`](super::list_folder): a folder's subfolders before its own
/// tracks. Each folder is entered once, by whichever of its names comes first, so links cannot loop.
///
/// # Errors
/// As [`list_folder`](super::list_folder), for the folder itself; what cannot be read below it is left out.
pub fn tracks_below(medium: &Path, folder: &Path, limit: usize) -> Result<Vec<PathBuf>, LibraryError> {
    let medium = Medium::open(medium)?;
    let mut walk = Walk { entered: HashSet::from([medium.resolve(folder)?]), tracks: Vec::new(), limit };
    walk.enter(&medium, folder, 0)?;
    Ok(walk.tracks)
}

struct Walk {
    /// Resolved paths of the folders entered so far.
    entered: HashSet<PathBuf>,
    tracks: Vec<PathBuf>,
    limit: usize,
}

impl Walk {
    fn enter(&mut self, medium: &Medium, folder: &Path, depth: usize) -> Result<(), LibraryError> {
        for entry in read_folder(medium, folder)? {
            if self.tracks.len() >= self.limit {
                break;
            }
            match entry.kind {
                EntryKind::Track => self.tracks.push(entry.path),
                EntryKind::Folder if depth < MAX_DEPTH && self.is_new(medium, &entry.path) => {
                    if let Err(error) = self.enter(medium, &entry.path, depth + 1) {
                        tracing::debug!(folder = %entry.path.display(), %error, "left out");
                    }
                }
                EntryKind::Folder | EntryKind::Playlist => {}
            }
        }
        Ok(())
    }

    fn is_new(&mut self, medium: &Medium, folder: &Path) -> bool {
        self.entered.len() < MAX_FOLDERS && medium.resolve(folder).is_ok_and(|real| self.entered.insert(real))
    }
}
