//! The browser: media, folders and tracks, one folder at a time, remembering the way.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use library::{Entry, EntryKind, LibraryError};

use super::ListFocus;
use crate::state::{Medium, Request};

/// Folders whose focus is remembered.
const REMEMBERED: usize = 256;

/// Where the browser is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Location {
    /// The list of media.
    #[default]
    Media,
    /// A folder of a medium.
    Folder { medium: PathBuf, folder: PathBuf },
}

/// What is known of the folder.
#[derive(Debug, Default)]
pub(crate) enum Content {
    #[default]
    Loading,
    Entries(Vec<Entry>),
    Failed(LibraryError),
}

/// What a row stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Medium(PathBuf),
    PlayAll(PathBuf),
    Folder(PathBuf),
    Track(PathBuf),
}

/// The browser's place and listing.
#[derive(Debug, Default)]
pub(crate) struct Browser {
    location: Location,
    content: Content,
    pub focus: ListFocus,
    left_at: HashMap<PathBuf, usize>,
}

impl Browser {
    pub fn location(&self) -> &Location {
        &self.location
    }

    pub fn content(&self) -> &Content {
        &self.content
    }

    pub fn is_loading(&self) -> bool {
        self.location != Location::Media && matches!(self.content, Content::Loading)
    }

    /// Rows in the list.
    pub fn total(&self, media: &[Medium]) -> usize {
        match (&self.location, &self.content) {
            (Location::Media, _) => media.len(),
            (_, Content::Entries(entries)) if !entries.is_empty() => entries.len() + 1,
            _ => 0,
        }
    }

    /// What a row stands for.
    pub fn target(&self, media: &[Medium], index: usize) -> Option<Target> {
        match (&self.location, &self.content) {
            (Location::Media, _) => media.get(index).map(|medium| Target::Medium(medium.path.clone())),
            (Location::Folder { folder, .. }, Content::Entries(entries)) => match index.checked_sub(1) {
                None if entries.is_empty() => None,
                None => Some(Target::PlayAll(folder.clone())),
                Some(index) => entries.get(index).map(|entry| match entry.kind {
                    EntryKind::Folder => Target::Folder(entry.path.clone()),
                    EntryKind::Track | EntryKind::Playlist => Target::Track(entry.path.clone()),
                }),
            },
            _ => None,
        }
    }

    /// The browser is opened: where it was left, or at the only medium, or at the media.
    pub fn enter(&mut self, media: &[Medium]) -> Option<Request> {
        match &self.location {
            Location::Folder { medium, .. } if media.iter().any(|known| known.path == *medium) => {
                self.reload()
            }
            _ => self.go_to_top(media),
        }
    }

    fn go_to_top(&mut self, media: &[Medium]) -> Option<Request> {
        if let [only] = media {
            return self.go(only.path.clone(), only.path.clone());
        }
        self.remember();
        self.location = Location::Media;
        self.focus.focus_on(0);
        None
    }

    /// Opens a folder.
    pub fn go(&mut self, medium: PathBuf, folder: PathBuf) -> Option<Request> {
        self.remember();
        let focus = self.left_at.get(&folder).copied().unwrap_or(0);
        self.location = Location::Folder { medium, folder };
        self.content = Content::Loading;
        self.focus.focus_on(focus);
        self.reload()
    }

    /// Opens a folder below the present one.
    pub fn descend(&mut self, folder: PathBuf) -> Option<Request> {
        let Location::Folder { medium, .. } = &self.location else { return None };
        self.go(medium.clone(), folder)
    }

    /// One level up. `None` at the top: the page itself is left.
    pub fn up(&mut self, media: &[Medium]) -> Option<Option<Request>> {
        let Location::Folder { medium, folder } = self.location.clone() else { return None };
        if folder == medium {
            if media.len() <= 1 {
                return None;
            }
            self.remember();
            self.location = Location::Media;
            self.focus.focus_on(media.iter().position(|known| known.path == medium).unwrap_or(0));
            return Some(None);
        }
        let parent = folder.parent().filter(|parent| parent.starts_with(&medium)).unwrap_or(&medium);
        Some(self.go(medium.clone(), parent.to_path_buf()))
    }

    /// Media came or went: a folder of one that is gone is left, and read again if it is back.
    pub fn media_changed(&mut self, media: &[Medium], is_open: bool) -> Option<Request> {
        let is_there = match &self.location {
            Location::Media => media.len() != 1,
            Location::Folder { medium, .. } => media.iter().any(|known| known.path == *medium),
        };
        match (is_there, is_open, &self.location) {
            (true, true, Location::Folder { .. }) => self.reload(),
            (true, ..) => None,
            (false, true, _) => self.go_to_top(media),
            (false, false, _) => {
                self.location = Location::Media;
                None
            }
        }
    }

    /// A folder was read. An answer about another folder is dropped.
    pub fn folder_read(&mut self, folder: &Path, result: Result<Vec<Entry>, LibraryError>) -> bool {
        let is_here = matches!(&self.location, Location::Folder { folder: here, .. } if here == folder);
        if is_here {
            self.content = match result {
                Ok(entries) => Content::Entries(entries),
                Err(error) => Content::Failed(error),
            };
        }
        is_here
    }

    /// What is shown stays until the new listing is there.
    fn reload(&self) -> Option<Request> {
        let Location::Folder { medium, folder } = &self.location else { return None };
        Some(Request::Folder { medium: medium.clone(), folder: folder.clone() })
    }

    fn remember(&mut self) {
        if let Location::Folder { folder, .. } = &self.location {
            if self.left_at.len() >= REMEMBERED {
                self.left_at.clear();
            }
            self.left_at.insert(folder.clone(), self.focus.focus());
        }
    }
}
