//! Rows looked up again and again while one medium is written: names, albums, folders, formats.
//!
//! Only an aid to speed: everything can be found in the tables again. Forgotten when it grows, when
//! another medium is written, when rows were deleted and when a transaction failed.
use std::collections::{BTreeMap, HashMap, HashSet};

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

/// A name that is not written yet.
#[derive(Debug)]
pub(super) struct MadeName {
    pub kind: Kind,
    pub ident: String,
    pub text: String,
    pub sort: Vec<u8>,
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
    /// Names made by the transaction, by row: written at its end, if something credits them.
    pub(super) made: BTreeMap<i64, MadeName>,
    /// Their rows, by what makes two spellings one name.
    made_idents: [HashMap<String, i64>; 3],
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
        self.made_idents.iter_mut().for_each(HashMap::clear);
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

    /// A name made by the transaction.
    pub(super) fn made_name(&mut self, kind: Kind, ident: &str) -> Option<(i64, &mut MadeName)> {
        let row = *self.made_idents.get(kind as usize)?.get(ident)?;
        Some((row, self.made.get_mut(&row)?))
    }

    pub(super) fn make_name(&mut self, row: i64, name: MadeName) {
        if let Some(idents) = self.made_idents.get_mut(name.kind as usize) {
            idents.insert(name.ident.clone(), row);
        }
        self.made.insert(row, name);
    }

    pub(super) fn put_name(&mut self, kind: Kind, text: &str, name: Name) {
        if let Some(names) = self.names.get_mut(kind as usize) {
            names.insert(text.to_owned(), name);
        }
    }
}
