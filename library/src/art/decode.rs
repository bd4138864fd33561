//! Encoded pictures to pixels, within bounds.
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};
use std::io::Cursor;

use super::budget::is_affordable;

/// Longest edge decoded, in pixels.
const MAX_EDGE: u32 = 8192;

/// Most memory the decoders may ask for, in bytes.
const MAX_ALLOC: u64 = 60 << 20;

/// A decoded picture as it lies in the file, and how it is meant to be turned.
pub(super) struct Decoded {
    pub(super) image: DynamicImage,
    pub(super) orientation: Orientation,
}

/// Decodes what `bytes` are by their content; `None` for damage and for anything too large.
pub(super) fn decode(bytes: Vec<u8>) -> Option<Decoded> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_EDGE);
    limits.max_image_height = Some(MAX_EDGE);
    limits.max_alloc = Some(MAX_ALLOC);
    let mut reader = ImageReader::new(Cursor::new(&bytes)).with_guessed_format().ok()?;
    let format = reader.format()?;
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0
        || width.max(height) > MAX_EDGE
        || !is_affordable(format, &bytes, pixels, decoder.total_bytes())
    {
        return None;
    }
    decoder.set_limits(limits).ok()?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).ok()?;
    Some(Decoded { image, orientation })
}
