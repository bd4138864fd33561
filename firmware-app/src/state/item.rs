//! Music as the queue, the keys and the store name it: by the medium's identity and the place on it, so
//! that a stick that comes back under another mount point is the same stick.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use library::Slice;

use super::State;

/// A medium's identity, cheap to clone; empty where it is not known (stored by an older program).
pub(crate) type MediumRef = Arc<str>;

/// What a playlist or a CUE sheet calls a track.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Label {
    /// May be empty.
    pub title: String,
    /// May be empty.
    pub artist: String,
}

/// A track: a file, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Item {
    pub medium: MediumRef,
    /// From the medium's root; absolute where the medium is not known.
    pub relative: Arc<Path>,
    /// The part that plays; `None`: all of it.
    pub slice: Option<Slice>,
    pub label: Option<Arc<Label>>,
}

impl Item {
    /// A whole file.
    pub fn new(medium: &MediumRef, relative: &Path) -> Self {
        Self { medium: Arc::clone(medium), relative: relative.into(), slice: None, label: None }
    }

    /// Whether both are the same sound, whatever they are called.
    pub fn is_same(&self, other: &Self) -> bool {
        self.relative == other.relative && self.slice == other.slice && self.medium == other.medium
    }

    /// Whether nothing in the place leads out of the medium.
    pub fn is_inside(&self) -> bool {
        let is_normal = |part| matches!(part, Component::Normal(_));
        !self.medium.is_empty() && self.relative.components().all(is_normal)
    }
}

impl State {
    /// Where the file is, or was when its medium was there last.
    pub fn path_of(&self, item: &Item) -> PathBuf {
        match self.root_of(&item.medium) {
            Some(root) => root.join(&item.relative),
            None => item.relative.to_path_buf(),
        }
    }

    /// Where a medium is mounted, or was last.
    fn root_of(&self, medium: &MediumRef) -> Option<&Path> {
        let present = self.media.iter().find(|known| known.id == *medium).map(|known| &*known.path);
        present.or_else(|| self.homes.get(medium).map(PathBuf::as_path))
    }

    /// Whether the medium of this track is plugged in.
    pub fn is_present(&self, item: &Item) -> bool {
        self.media.iter().any(|known| known.id == item.medium)
    }

    /// The track at a path, if the path lies on a medium that is plugged in.
    pub fn item_at(&self, path: &Path) -> Option<Item> {
        let medium = self.medium_of(path)?;
        Some(Item::new(&medium.id, path.strip_prefix(&medium.path).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_never_leads_out_of_its_medium() {
        let medium: MediumRef = "A1B2".into();
        assert!(Item::new(&medium, Path::new("a/b.mp3")).is_inside());
        for path in ["/etc/passwd", "../b.mp3", "a/../../b.mp3"] {
            assert!(!Item::new(&medium, Path::new(path)).is_inside(), "{path}");
        }
        assert!(!Item::new(&"".into(), Path::new("/m/a.mp3")).is_inside());
    }
}
