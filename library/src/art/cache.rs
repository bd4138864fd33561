//! Scaled cover art on the unit's own disk, so that a known album shows its cover at once.
//!
//! Two parts: `keys` says which picture a file has, or that it has none; `pictures/` holds each picture once,
//! named by its hash, however many tracks share it. Nothing here is precious: what is damaged is a miss.
use std::collections::HashMap;
use std::io;
use std::path::Path;

use super::Art;
use super::cache_keys::{Id, KeyFile, KeyLine, key_of};
use super::cache_pictures::PictureFiles;
use crate::index::MediumId;

/// Most files remembered: pictures of a hundred thousand tracks are not looked at in one season.
const MAX_KEYS: usize = 20_000;

/// Most pictures kept.
const MAX_PICTURES: usize = 10_000;

/// A bounded cache of cover art: the least recently used pictures leave first. One user at a time.
#[derive(Debug)]
pub struct ArtCache {
    keys: HashMap<Id, Known>,
    key_file: KeyFile,
    pictures: HashMap<Id, Kept>,
    picture_files: PictureFiles,
    bytes: u64,
    max_bytes: u64,
    /// Counts uses.
    clock: u64,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    /// `None`: the file has no art.
    picture: Option<Id>,
    used: u64,
}

#[derive(Clone, Copy, Debug)]
struct Kept {
    bytes: u64,
    used: u64,
    /// Whether its use in this session is noted on disk.
    noted: bool,
}

impl ArtCache {
    /// Opens the cache in `folder`, made if it is not there, for at most `max_bytes` of pictures.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn open(folder: &Path, max_bytes: u64) -> io::Result<Self> {
        let (picture_files, found) = PictureFiles::open(&folder.join("pictures"), MAX_PICTURES)?;
        let mut cache = Self {
            keys: HashMap::new(),
            key_file: KeyFile::new(folder.join("keys")),
            pictures: HashMap::new(),
            picture_files,
            bytes: 0,
            max_bytes,
            clock: 0,
        };
        for (id, bytes) in found {
            let used = cache.tick();
            cache.pictures.insert(id, Kept { bytes, used, noted: false });
            cache.bytes += bytes;
        }
        for KeyLine { key, picture } in cache.key_file.load(MAX_KEYS) {
            let used = cache.tick();
            cache.keys.insert(key, Known { picture, used });
        }
        cache.shrink();
        Ok(cache)
    }

    /// What is known of the art of a file: `None`, nothing; `Some(None)`, it has none.
    ///
    /// `relative` is the path below the medium's root. `size` and `mtime_ns` tell a changed file from the
    /// known one; a caller that wants new pictures beside the file noticed gives the later of the file's and
    /// its folder's time.
    #[allow(clippy::option_option)]
    pub fn get(
        &mut self,
        medium: &MediumId,
        relative: &Path,
        size: u64,
        mtime_ns: i64,
    ) -> Option<Option<Art>> {
        let key = key_of(medium, relative, size, mtime_ns);
        let used = self.tick();
        let known = self.keys.get_mut(&key)?;
        known.used = used;
        let Some(id) = known.picture else { return Some(None) };
        let art = self.picture_files.read(&id);
        match (&art, self.pictures.get_mut(&id)) {
            (Some(_), Some(kept)) => {
                kept.used = used;
                if !kept.noted {
                    kept.noted = true;
                    self.picture_files.note_use(&id);
                }
            }
            _ => self.forget(&id),
        }
        art.map(Some)
    }

    /// Remembers the art of a file, or that it has none; arguments as for [`Self::get`].
    ///
    /// A full or failing disk only means that it will be read again.
    pub fn put(&mut self, medium: &MediumId, relative: &Path, size: u64, mtime_ns: i64, art: Option<&Art>) {
        let key = key_of(medium, relative, size, mtime_ns);
        let picture = match art.map(|art| self.keep(art)) {
            None => None,
            Some(Ok(id)) => Some(id),
            Some(Err(error)) => {
                tracing::debug!(%error, "a cover could not be kept");
                return;
            }
        };
        let used = self.tick();
        self.keys.insert(key, Known { picture, used });
        if let Err(error) = self.key_file.append(KeyLine { key, picture }) {
            tracing::debug!(%error, "a cover could not be noted");
        }
        self.shrink();
    }

    /// Bytes of pictures on disk.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    fn keep(&mut self, art: &Art) -> io::Result<Id> {
        let id = Id::of(art);
        let used = self.tick();
        if let Some(kept) = self.pictures.get_mut(&id) {
            kept.used = used;
            return Ok(id);
        }
        let bytes = self.picture_files.write(&id, art)?;
        self.pictures.insert(id, Kept { bytes, used, noted: true });
        self.bytes += bytes;
        Ok(id)
    }

    /// A picture that is gone or damaged, and all that pointed to it.
    fn forget(&mut self, id: &Id) {
        self.picture_files.remove(id);
        if let Some(kept) = self.pictures.remove(id) {
            self.bytes = self.bytes.saturating_sub(kept.bytes);
        }
        self.keys.retain(|_, known| known.picture != Some(*id));
    }

    /// Back within the bounds, the least recently used first.
    fn shrink(&mut self) {
        if self.bytes > self.max_bytes || self.pictures.len() > MAX_PICTURES {
            let mut by_age: Vec<(u64, Id)> =
                self.pictures.iter().map(|(id, kept)| (kept.used, *id)).collect();
            by_age.sort_unstable_by_key(|(used, _)| *used);
            for (_, id) in by_age {
                if self.bytes <= self.max_bytes && self.pictures.len() <= MAX_PICTURES {
                    break;
                }
                self.forget(&id);
            }
        }
        if self.keys.len() > MAX_KEYS {
            // A tenth at once, so that the next ones are quick.
            let mut ages: Vec<u64> = self.keys.values().map(|known| known.used).collect();
            let place = self.keys.len() - MAX_KEYS + MAX_KEYS / 10;
            let (_, limit, _) = ages.select_nth_unstable(place.min(self.keys.len() - 1));
            let limit = *limit;
            self.keys.retain(|_, known| known.used >= limit);
        }
        if self.key_file.lines() > 2 * MAX_KEYS {
            self.rewrite_keys();
        }
    }

    fn rewrite_keys(&mut self) {
        let mut known: Vec<(u64, KeyLine)> = self
            .keys
            .iter()
            .map(|(key, known)| (known.used, KeyLine { key: *key, picture: known.picture }))
            .collect();
        known.sort_unstable_by_key(|(used, _)| *used);
        if let Err(error) = self.key_file.rewrite(known.into_iter().map(|(_, line)| line)) {
            tracing::debug!(%error, "the list of covers could not be written");
        }
    }

    fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }
}

#[cfg(test)]
#[path = "cache_tests.rs"]
mod tests;
