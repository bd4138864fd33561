//! One folder's content, in order.
use std::fs::{self, DirEntry};
use std::path::Path;

use super::hidden::{is_hidden_entry, is_hidden_name};
use super::{Entry, EntryKind};
use crate::display_name::display_name;
use crate::error::LibraryError;
use crate::extensions::is_track;
use crate::medium::Medium;
use crate::natural_order::NaturalKey;
use crate::playlist::PlaylistKind;

/// Most entries listed.
const MAX_ENTRIES: usize = 10_000;

/// Most names read, wanted or not: bounds the time a folder full of other files takes.
const MAX_NAMES: usize = 100_000;

/// Folders first, then playlists, then tracks, each in natural order; hidden files left out; at most 10,000 entries.
///
/// Paths are `folder` joined with the exact name; names are for people only. A link inside the medium
/// counts as what it leads to; one that leads away, or nowhere, is left out. Of a folder with more than
/// 10,000 entries the first ones in the file system's own order are read, then sorted.
///
/// # Errors
/// Missing, unreadable or outside `medium`.
pub fn list_folder(medium: &Path, folder: &Path) -> Result<Vec<Entry>, LibraryError> {
    let medium = Medium::open(medium)?;
    medium.resolve(folder)?;
    read_folder(&medium, folder)
}

/// [`list_folder`] of a folder known to be inside.
pub(super) fn read_folder(medium: &Medium, folder: &Path) -> Result<Vec<Entry>, LibraryError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)?.take(MAX_NAMES) {
        // A directory that fails half-way (a damaged stick) still shows what could be read.
        let Ok(entry) = entry else { break };
        if let Some(listed) = classify(medium, folder, &entry) {
            found.push(listed);
            if found.len() == MAX_ENTRIES {
                break;
            }
        }
    }
    found.sort_by_cached_key(|entry| {
        let name = entry.path.file_name().unwrap_or_default();
        (entry.kind, NaturalKey::new(name))
    });
    Ok(found)
}

fn classify(medium: &Medium, folder: &Path, entry: &DirEntry) -> Option<Entry> {
    let name = entry.file_name();
    if is_hidden_name(&name) || is_hidden_entry(entry) {
        return None;
    }
    let path = folder.join(&name);
    let mut file_type = entry.file_type().ok()?;
    if file_type.is_symlink() {
        file_type = fs::metadata(medium.resolve(&path).ok()?).ok()?.file_type();
    }
    let kind = if file_type.is_dir() {
        EntryKind::Folder
    } else if file_type.is_file() && is_track(&path) {
        EntryKind::Track
    } else if file_type.is_file() && PlaylistKind::of(&path).is_some() {
        EntryKind::Playlist
    } else {
        return None;
    };
    Some(Entry { name: display_name(&name, kind), path, kind })
}
