//! Finding names in folders of a medium, each folder listed once.
use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::spelling::{folded, folded_text, stem};
use crate::beneath::{FileKind, MediumRoot};
use crate::extensions::is_track;

/// Most names read of one folder.
const MAX_NAMES: usize = 100_000;

/// Most names kept; beyond, the listings are dropped and made again on demand.
const MAX_CACHED: usize = 300_000;

/// Most names and folders read for one playlist: bounds the time a list made to thrash can take.
const MAX_READ: usize = 1_500_000;
const FOLDER_COST: usize = 50;

/// The folders of one medium, as far as they were looked into.
pub(super) struct Folders<'a> {
    medium: &'a MediumRoot,
    listings: HashMap<PathBuf, Listing>,
    cached: usize,
    budget: usize,
}

#[derive(Default)]
struct Listing {
    names: HashMap<OsString, FileKind>,
    /// Made when a name is not there as it is spelt.
    folded: Option<HashMap<String, Vec<OsString>>>,
    /// Tracks by folded name without ending; made when one is not there at all.
    stems: Option<HashMap<String, Vec<OsString>>>,
}

impl<'a> Folders<'a> {
    pub(super) fn new(medium: &'a MediumRoot) -> Self {
        Self { medium, listings: HashMap::new(), cached: 0, budget: MAX_READ }
    }

    /// Whether more was read than any honest playlist needs: nothing new is looked for.
    pub(super) fn exhausted(&self) -> bool {
        self.budget == 0
    }

    /// The file the names lead to from the root, in the medium's own spelling.
    pub(super) fn file(&mut self, names: &[String]) -> Option<PathBuf> {
        let (name, folders) = names.split_last()?;
        let folder = self.folder(folders)?;
        let listing = self.listing(&folder);
        let found = listing.exact(name).or_else(|| listing.other_spelling(name));
        if let Some(found) = found
            && self.is_file(&folder.join(&found))
        {
            return Some(folder.join(found));
        }
        None
    }

    /// As [`Self::file`], for a track that is there in another format only: cue sheets name the WAV that
    /// was encoded since.
    pub(super) fn other_format(&mut self, names: &[String]) -> Option<PathBuf> {
        let (name, folders) = names.split_last()?;
        let folder = self.folder(folders)?;
        let found = self.listing(&folder).other_format(stem(&folded_text(name)))?;
        let path = folder.join(found);
        self.is_file(&path).then_some(path)
    }

    fn folder(&mut self, names: &[String]) -> Option<PathBuf> {
        let mut folder = PathBuf::new();
        for name in names {
            let listing = self.listing(&folder);
            let found = listing.exact(name).or_else(|| listing.other_spelling(name))?;
            let kind = listing.names.get(&found).copied()?;
            folder.push(found);
            let is_folder = match kind {
                FileKind::Folder => true,
                // Where a link leads, and whether it stays on the medium, only opening it tells.
                FileKind::Link => self.medium.open_folder(&folder).is_ok(),
                FileKind::File | FileKind::Other => false,
            };
            if !is_folder {
                return None;
            }
        }
        Some(folder)
    }

    fn is_file(&self, path: &Path) -> bool {
        let (folder, name) = (path.parent().unwrap_or(Path::new("")), path.file_name().unwrap_or_default());
        match self.listings.get(folder).and_then(|listing| listing.names.get(name)) {
            Some(FileKind::File) => true,
            Some(FileKind::Link) => self.medium.open_file(path).is_ok(),
            _ => false,
        }
    }

    fn listing(&mut self, folder: &Path) -> &mut Listing {
        if !self.listings.contains_key(folder) {
            let listing = self.read(folder);
            if self.cached + listing.names.len() > MAX_CACHED {
                self.listings.clear();
                self.cached = 0;
            }
            self.cached += listing.names.len();
            self.listings.insert(folder.to_owned(), listing);
        }
        self.listings.entry(folder.to_owned()).or_default()
    }

    fn read(&mut self, folder: &Path) -> Listing {
        if self.exhausted() {
            return Listing::default();
        }
        let entries = self.medium.open_folder(folder).and_then(|folder| folder.entries(MAX_NAMES));
        let names: HashMap<OsString, FileKind> =
            entries.unwrap_or_default().into_iter().map(|entry| (entry.name, entry.kind)).collect();
        self.budget = self.budget.saturating_sub(names.len() + FOLDER_COST);
        Listing { names, ..Listing::default() }
    }
}

impl Listing {
    fn exact(&self, name: &str) -> Option<OsString> {
        self.names.contains_key(OsStr::new(name)).then(|| name.into())
    }

    /// The first of the names that fold alike, by the exact spelling: the same one every time.
    fn other_spelling(&mut self, name: &str) -> Option<OsString> {
        let folds = self.folded.get_or_insert_with(|| grouped(self.names.keys(), |name| Some(folded(name))));
        folds.get(&folded_text(name))?.first().cloned()
    }

    fn other_format(&mut self, wanted: &str) -> Option<OsString> {
        let stems = self.stems.get_or_insert_with(|| {
            grouped(self.names.keys(), |name| {
                is_track(Path::new(name)).then(|| stem(&folded(name)).to_owned())
            })
        });
        stems.get(wanted)?.first().cloned()
    }
}

fn grouped<'a>(
    names: impl Iterator<Item = &'a OsString>,
    key: impl Fn(&OsStr) -> Option<String>,
) -> HashMap<String, Vec<OsString>> {
    let mut groups: HashMap<String, Vec<OsString>> = HashMap::new();
    for name in names {
        if let Some(key) = key(name) {
            groups.entry(key).or_default().push(name.clone());
        }
    }
    for group in groups.values_mut() {
        group.sort_unstable();
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::{FOLDER_COST, Folders, MAX_CACHED, MAX_READ};
    use crate::beneath::MediumRoot;
    use std::fs;
    use std::path::PathBuf;

    fn names(path: &str) -> Vec<String> {
        path.split('/').map(str::to_owned).collect()
    }

    #[test]
    fn folders_are_read_once_and_paid_for() {
        let tree = tempfile::tempdir().unwrap();
        fs::create_dir(tree.path().join("a")).unwrap();
        fs::write(tree.path().join("a/1.mp3"), "").unwrap();
        let medium = MediumRoot::open(tree.path()).unwrap();
        let mut folders = Folders::new(&medium);
        assert_eq!(folders.file(&names("a/1.mp3")), Some(PathBuf::from("a/1.mp3")));
        let spent = MAX_READ - folders.budget;
        assert_eq!(spent, 2 * FOLDER_COST + 2);
        assert_eq!(folders.file(&names("A/2.mp3")), None);
        assert_eq!(folders.other_format(&names("A/1.ogg")), Some(PathBuf::from("a/1.mp3")));
        assert_eq!(MAX_READ - folders.budget, spent);
    }

    #[test]
    fn nothing_is_read_once_the_budget_is_spent() {
        let tree = tempfile::tempdir().unwrap();
        fs::write(tree.path().join("1.mp3"), "").unwrap();
        let medium = MediumRoot::open(tree.path()).unwrap();
        let mut folders = Folders { budget: 0, ..Folders::new(&medium) };
        assert!(folders.exhausted());
        assert_eq!(folders.file(&names("1.mp3")), None);
    }

    #[test]
    fn listings_are_dropped_when_they_grow_too_many() {
        let tree = tempfile::tempdir().unwrap();
        for folder in ["a", "b"] {
            fs::create_dir(tree.path().join(folder)).unwrap();
            fs::write(tree.path().join(folder).join("1.mp3"), "").unwrap();
        }
        let medium = MediumRoot::open(tree.path()).unwrap();
        let mut folders = Folders::new(&medium);
        folders.file(&names("a/1.mp3"));
        assert_eq!((folders.listings.len(), folders.cached), (2, 3));
        folders.cached = MAX_CACHED;
        assert_eq!(folders.file(&names("b/1.mp3")), Some(PathBuf::from("b/1.mp3")));
        assert_eq!((folders.listings.len(), folders.cached), (1, 1));
    }
}
