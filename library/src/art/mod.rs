//! Cover art of one file, scaled and ready to show.
mod accent;
mod budget;
mod cache;
mod cache_keys;
mod cache_pictures;
mod decode;
mod folder;
mod hash;
mod oklch;
mod scale;

use std::path::Path;

use crate::beneath::OpenFile;
use crate::error::LibraryError;
use crate::guard::contain;
use crate::tags::embedded_picture;
pub use cache::ArtCache;
pub(crate) use folder::pictures_in;
pub(crate) use hash::content_hash;

/// Cover art, scaled and ready to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Art {
    /// Hash of size and pixels, 32 hexadecimal digits.
    pub hash: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// RGBA, 8 bit, row by row.
    pub rgba: Vec<u8>,
    /// A calm colour taken from the picture, RGB, for the page's accent.
    pub accent: [u8; 3],
}

/// The embedded picture, else `cover`/`folder`/`front`.{jpg,jpeg,png,webp} beside it (any case), scaled
/// so that the longer edge is at most `max_edge`.
///
/// Smaller pictures keep their size. A picture that is damaged, larger than 16 MB or 8192 pixels, or
/// that cannot be decoded within 60 MB is passed over for the next one.
///
/// # Errors
/// Missing or unreadable. No picture, or a damaged one, is `Ok(None)`.
pub fn read_art(path: &Path, max_edge: u32) -> Result<Option<Art>, LibraryError> {
    match OpenFile::anywhere(path) {
        Ok(file) => {
            if let Some(art) = embedded_art(file, max_edge)? {
                return Ok(Some(art));
            }
        }
        Err(LibraryError::NotMusic) => {}
        Err(error) => return Err(error),
    }
    for candidate in folder::pictures_beside(path) {
        // One that vanished meanwhile is no reason to fail: the track itself was there.
        if let Some(art) = OpenFile::anywhere(&candidate).ok().and_then(|file| picture_art(file, max_edge)) {
            return Ok(Some(art));
        }
    }
    Ok(None)
}

/// The picture inside a track that is open already; needs no file system.
///
/// # Errors
/// Unreadable. No picture, or a damaged one, is `Ok(None)`.
pub(crate) fn embedded_art(file: OpenFile, max_edge: u32) -> Result<Option<Art>, LibraryError> {
    Ok(embedded_picture(file)?.and_then(|picture| prepare(picture.data, max_edge)))
}

/// A file that is a picture and open already; `None` when it is damaged, too large or gone.
pub(crate) fn picture_art(file: OpenFile, max_edge: u32) -> Option<Art> {
    folder::load(file).and_then(|bytes| prepare(bytes, max_edge))
}

fn prepare(bytes: Vec<u8>, max_edge: u32) -> Option<Art> {
    contain("art", || {
        let picture = decode::decode(bytes)?;
        let scaled = scale::fit(picture.image, picture.orientation, max_edge.max(1));
        let accent = accent::accent(&scaled);
        let (width, height) = scaled.dimensions();
        let rgba = scaled.into_raw();
        Some(Art { hash: content_hash(width, height, &rgba), width, height, rgba, accent })
    })?
}
