//! Cover art of one file, scaled and ready to show.
mod accent;
mod budget;
mod decode;
mod folder;
mod hash;
mod oklch;
mod scale;

use std::path::Path;

use crate::error::LibraryError;
use crate::guard::contain;
use crate::tags::embedded_picture;

/// Cover art, scaled and ready to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Art {
    /// Hash of the picture's bytes, hexadecimal.
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
    if let Some(picture) = embedded_picture(path)?
        && let Some(art) = prepare(picture.data, max_edge)
    {
        return Ok(Some(art));
    }
    for candidate in folder::pictures_beside(path) {
        // One that vanished meanwhile is no reason to fail: the track itself was there.
        if let Some(art) = folder::load(&candidate).and_then(|bytes| prepare(bytes, max_edge)) {
            return Ok(Some(art));
        }
    }
    Ok(None)
}

fn prepare(bytes: Vec<u8>, max_edge: u32) -> Option<Art> {
    contain("art", || {
        let hash = hash::content_hash(&bytes);
        let picture = decode::decode(bytes)?;
        let scaled = scale::fit(picture.image, picture.orientation, max_edge.max(1));
        let accent = accent::accent(&scaled);
        let (width, height) = scaled.dimensions();
        Some(Art { hash, width, height, rgba: scaled.into_raw(), accent })
    })?
}
