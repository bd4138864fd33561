//! Foreign files, read beneath their medium in a process of its own: tags, pictures, playlists.

use std::path::{Path, PathBuf};

use library::{
    Art, ArtCache, IndexReader, LibraryError, MediumId, MediumRoot, TrackInfo, Worker, WorkerCommand,
    resolve_playlist_with,
};

use crate::catalog::INDEX_FILE;
use crate::event::Found;
use crate::state::Medium;

/// Longer edge of cover art, pixels.
const ART_EDGE: u32 = 512;
/// Folder of scaled pictures in the data folder, and its bound: some hundreds of albums.
const ART_FOLDER: &str = "art";
const ART_BYTES: u64 = 256 << 20;

/// A medium that is plugged in.
struct Plugged {
    id: Option<MediumId>,
    path: PathBuf,
    /// Opened at the first use.
    root: Option<MediumRoot>,
}

/// Reads files of the media that are plugged in.
pub(crate) struct Files {
    worker: Worker,
    media: Vec<Plugged>,
    index: PathBuf,
    reader: Option<IndexReader>,
    art_folder: PathBuf,
    art: Option<ArtCache>,
}

impl Files {
    pub fn new(worker: WorkerCommand, data: &Path) -> Self {
        Self {
            worker: Worker::new(worker),
            media: Vec::new(),
            index: data.join(INDEX_FILE),
            reader: None,
            art_folder: data.join(ART_FOLDER),
            art: None,
        }
    }

    /// Roots of media that are gone are let go, so that they can be unmounted.
    pub fn set_media(&mut self, media: &[Medium]) {
        let same = |medium: &Medium, known: &Plugged| {
            known.path == medium.path && known.id.as_ref().is_some_and(|id| *id.as_str() == *medium.id)
        };
        self.media.retain(|known| media.iter().any(|medium| same(medium, known)));
        for medium in media {
            if !self.media.iter().any(|known| same(medium, known)) {
                let (id, path) = (MediumId::new(&medium.id), medium.path.clone());
                self.media.push(Plugged { id, path, root: None });
            }
        }
    }

    /// The medium of a path, opened.
    fn medium(&mut self, path: &Path) -> Result<(MediumRoot, Option<MediumId>), LibraryError> {
        let on = self.media.iter_mut().filter(|medium| path.starts_with(&medium.path));
        let medium = on.max_by_key(|medium| medium.path.as_os_str().len()).ok_or(LibraryError::Missing)?;
        let root = match &medium.root {
            Some(root) => root.clone(),
            None => medium.root.insert(MediumRoot::open(&medium.path)?).clone(),
        };
        Ok((root, medium.id.clone()))
    }

    /// What the index knows of a file; what was changed since, the next scan puts right.
    fn indexed(&mut self, root: &MediumRoot, id: Option<&MediumId>, path: &Path) -> Option<TrackInfo> {
        if self.reader.is_none() && self.index.exists() {
            self.reader = IndexReader::open(&self.index).ok();
        }
        let (reader, id) = (self.reader.as_ref()?, id?);
        let relative = root.relative(path).ok()?;
        let found = reader.medium(id).and_then(|key| match key {
            Some(key) => reader.info(key, relative),
            None => Ok(None),
        });
        match found {
            Ok(info) => info,
            Err(error) => {
                tracing::debug!(%error, "the index says nothing");
                self.reader = None;
                None
            }
        }
    }

    /// Tags: what the index knows at once, else read.
    ///
    /// # Errors
    /// As [`Worker::read_track`].
    pub fn read_track(&mut self, path: &Path) -> Result<TrackInfo, LibraryError> {
        let (root, id) = self.medium(path)?;
        match self.indexed(&root, id.as_ref(), path) {
            Some(info) => Ok(info),
            None => self.worker.read_track(&root, path),
        }
    }

    /// The cover, scaled; from the cache where it was scaled before.
    ///
    /// # Errors
    /// As [`Worker::read_art`].
    pub fn read_art(&mut self, path: &Path) -> Result<Option<Art>, LibraryError> {
        let (root, id) = self.medium(path)?;
        if self.art.is_none() {
            let opened = ArtCache::open(&self.art_folder, ART_BYTES);
            self.art = opened.inspect_err(|error| tracing::warn!(%error, "no cache for pictures")).ok();
        }
        let file = root.open_file(path)?;
        let (size, modified_ns) = (file.size(), file.modified_ns());
        let relative = root.relative(path)?.to_path_buf();
        if let (Some(cache), Some(id)) = (&mut self.art, &id)
            && let Some(art) = cache.get(id, &relative, size, modified_ns)
        {
            return Ok(art);
        }
        let art = self.worker.read_art(&root, path, ART_EDGE)?;
        if let (Some(cache), Some(id)) = (&mut self.art, &id) {
            cache.put(id, &relative, size, modified_ns, art.as_ref());
        }
        Ok(art)
    }

    /// What a playlist file names, as far as it is on the medium.
    ///
    /// # Errors
    /// The playlist cannot be read, or nothing of it is there.
    pub fn resolve_playlist(&mut self, path: &Path) -> Result<Vec<Found>, LibraryError> {
        let (root, _) = self.medium(path)?;
        let worker = &mut self.worker;
        let resolved = resolve_playlist_with(&mut |list| worker.read_playlist(&root, list), &root, path)?;
        let entries = resolved.entries.into_iter();
        Ok(entries
            .map(|entry| Found {
                track: entry.track,
                title: entry.title.unwrap_or_default(),
                artist: entry.artist.or_else(|| resolved.artist.clone()).unwrap_or_default(),
            })
            .collect())
    }
}
