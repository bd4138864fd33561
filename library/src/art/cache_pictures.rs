//! The pictures of the cache, one file each, named by what they show.
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::Art;
use super::cache_keys::Id;
use crate::bytes::{array, le32};

/// First bytes of every picture: the format and its version.
const MAGIC: [u8; 4] = *b"RAA1";

/// Bytes before the pixels: magic, width, height, accent and a zero.
const HEAD: usize = 16;

/// Longest edge of a picture in the cache, in pixels.
const MAX_EDGE: u32 = 2048;

/// The name a picture has until it is whole.
const UNFINISHED: &str = "unfinished";

/// The folder of pictures.
#[derive(Debug)]
pub(super) struct PictureFiles {
    folder: PathBuf,
}

impl PictureFiles {
    /// Opens `folder`, made if it is not there, and the pictures in it with their sizes, the oldest first.
    /// Beyond `limit` names the rest is left alone.
    ///
    /// # Errors
    /// When it cannot be made or read.
    pub(super) fn open(folder: &Path, limit: usize) -> io::Result<(Self, Vec<(Id, u64)>)> {
        fs::create_dir_all(folder)?;
        let mut found: Vec<(SystemTime, Id, u64)> = fs::read_dir(folder)?
            .flatten()
            .filter_map(|entry| {
                let id = Id::parse(entry.file_name().to_str()?)?;
                let metadata = entry.metadata().ok().filter(fs::Metadata::is_file)?;
                Some((metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH), id, metadata.len()))
            })
            .take(2 * limit)
            .collect();
        found.sort_unstable_by_key(|(modified, _, _)| *modified);
        let found = found.into_iter().map(|(_, id, bytes)| (id, bytes)).collect();
        Ok((Self { folder: folder.to_owned() }, found))
    }

    /// The picture, if it is there and what its name says.
    pub(super) fn read(&self, id: &Id) -> Option<Art> {
        let path = self.path(id);
        let largest = HEAD as u64 + u64::from(MAX_EDGE) * u64::from(MAX_EDGE) * 4;
        if fs::metadata(&path).ok()?.len() > largest {
            return None;
        }
        let mut bytes = fs::read(path).ok()?;
        let (width, height) = (le32(&bytes, 4)?, le32(&bytes, 8)?);
        let accent = array(&bytes, 12)?;
        let is_plausible = bytes.starts_with(&MAGIC) && (1..=MAX_EDGE).contains(&width.max(height));
        if !is_plausible || bytes.len() != HEAD + width as usize * height as usize * 4 {
            return None;
        }
        bytes.drain(..HEAD);
        let art = Art { hash: id.text(), width, height, rgba: bytes, accent };
        (Id::of(&art) == *id).then_some(art)
    }

    /// Writes the picture, whole or not at all; its size on disk in bytes.
    ///
    /// # Errors
    /// When the disk is full or failing, and for a picture that is not what it says.
    pub(super) fn write(&self, id: &Id, art: &Art) -> io::Result<u64> {
        if art.width.max(art.height) > MAX_EDGE
            || art.rgba.len() as u64 != u64::from(art.width) * u64::from(art.height) * 4
        {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let mut bytes = Vec::with_capacity(HEAD + art.rgba.len());
        bytes.extend(MAGIC);
        bytes.extend(art.width.to_le_bytes());
        bytes.extend(art.height.to_le_bytes());
        bytes.extend(art.accent);
        bytes.push(0);
        bytes.extend(&art.rgba);
        let unfinished = self.folder.join(UNFINISHED);
        fs::write(&unfinished, &bytes)?;
        fs::rename(&unfinished, self.path(id))?;
        Ok(bytes.len() as u64)
    }

    /// The order of use survives as the files' times; once a session is often enough, for the card's sake.
    pub(super) fn note_use(&self, id: &Id) {
        let file = fs::File::options().append(true).open(self.path(id));
        if let Err(error) = file.and_then(|file| file.set_modified(SystemTime::now())) {
            tracing::debug!(%error, "a cover's use could not be noted");
        }
    }

    pub(super) fn remove(&self, id: &Id) {
        // Gone already is as good.
        let _ = fs::remove_file(self.path(id));
    }

    fn path(&self, id: &Id) -> PathBuf {
        self.folder.join(id.text())
    }
}
