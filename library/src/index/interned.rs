//! Rows looked up again and again while one medium is written: names, albums, folders, formats.
//!
//! Only an aid to speed: everything can be found in the tables again. Forgotten when it grows, when
//! another medium is written, when rows were deleted and when a transaction failed.
use std::collections::{HashMap, HashSet};

use super::keys::MediumKey;
use super::names::Kind;

/// Entries of each kind kept.
const MAX_ENTRIES: usize = 8192;

/// A name's row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name {
    pub id: i64,
    /// Its place in the list is what a tag said.
    pub tagged: bool,
}

/// What is known of the medium being written.
#[derive(Debug, Default)]
pub(super) struct Interned {
    medium: Option<MediumKey>,
    names: [HashMap<String, Name>; 3],
    /// By identity.
    pub(super) albums: HashMap<Vec<u8>, i64>,
    /// By path.
    pub(super) folders: HashMap<Vec<u8>, i64>,
    pub(super) formats: HashMap<String, i64>,
    /// Names made by the transaction: those that nothing credits in the end are deleted again.
    pub(super) made: Vec<i64>,
    /// Folders made by the transaction, with the names of the files it put there: no other is there.
    pub(super) fresh: HashMap<i64, HashSet<Vec<u8>>>,
}

impl Interned {
    /// Makes it ready to write `medium`.
    pub(super) fn begin(&mut self, medium: MediumKey) {
        if self.medium != Some(medium) {
            self.forget();
            self.medium = Some(medium);
        }
        self.made.clear();
        self.fresh.clear();
        self.names.iter_mut().filter(|names| names.len() > MAX_ENTRIES).for_each(HashMap::clear);
        if self.albums.len() > MAX_ENTRIES {
            self.albums.clear();
        }
        if self.folders.len() > MAX_ENTRIES {
            self.folders.clear();
        }
        if self.formats.len() > MAX_ENTRIES {
            self.formats.clear();
        }
    }

    /// Forgets everything.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    pub(super) fn name(&self, kind: Kind, text: &str) -> Option<Name> {
        self.names.get(kind as usize)?.get(text).copied()
    }

    pub(super) fn put_name(&mut self, kind: Kind, text: &str, name: Name) {
        if let Some(names) = self.names.get_mut(kind as usize) {
            names.insert(text.to_owned(), name);
        }
    }
}
