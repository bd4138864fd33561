//! A folder in the browser: what is known of it, and what its rows stand for.

use std::path::PathBuf;

use library::{Entry, EntryKind, LibraryError};

use super::Act;
use super::browser::Target;
use crate::state::Request;

/// What is known of the folder.
#[derive(Debug, Default)]
pub(crate) enum Content {
    #[default]
    Loading,
    Entries(Vec<Entry>),
    Failed(LibraryError),
}

/// A folder of a medium.
#[derive(Debug)]
pub(crate) struct Folder {
    pub medium: PathBuf,
    pub folder: PathBuf,
    pub content: Content,
}

impl Folder {
    pub fn new(medium: PathBuf, folder: PathBuf) -> Self {
        Self { medium, folder, content: Content::Loading }
    }

    pub fn is_loading(&self) -> bool {
        matches!(self.content, Content::Loading)
    }

    /// Rows: "play all" and the entries.
    pub fn total(&self) -> usize {
        match &self.content {
            Content::Entries(entries) if !entries.is_empty() => entries.len() + 1,
            _ => 0,
        }
    }

    /// The entry behind a row.
    pub fn entry(&self, index: usize) -> Option<&Entry> {
        let Content::Entries(entries) = &self.content else { return None };
        entries.get(index.checked_sub(1)?)
    }

    pub fn target(&self, index: usize) -> Option<Target> {
        if index == 0 {
            return (self.total() > 0).then(|| Target::Play(self.folder.clone()));
        }
        self.entry(index).map(|entry| match entry.kind {
            EntryKind::Folder => Target::Folder(entry.path.clone()),
            EntryKind::Track | EntryKind::Playlist => Target::Play(entry.path.clone()),
        })
    }

    /// Reads it (again); what is shown stays until the new listing is there.
    pub fn read(&self) -> Act {
        Act::Read(Request::Folder { medium: self.medium.clone(), folder: self.folder.clone() })
    }
}
