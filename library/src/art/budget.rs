//! What decoding a picture will take, reckoned from its header, before it is tried.
//!
//! The decoders' own limits count the finished picture only, or nothing at all.
use image::ImageFormat;

/// Most memory decoding may take, in bytes, the encoded picture included.
const MAX_MEMORY: u64 = 60 << 20;

/// Most scans of a progressive JPEG. Encoders write ten or so; each one, however short it is in the
/// file, goes over the whole picture.
const MAX_SCANS: usize = 64;

/// Whether a picture can be decoded within the budget.
///
/// `encoded` is the file, `pixels` what its header announces and `decoded` the finished picture in bytes.
pub(super) fn is_affordable(format: ImageFormat, encoded: &[u8], pixels: u64, decoded: u64) -> bool {
    let working = match format {
        // The decoder copies its input. Progressive ones hold all coefficients, two bytes each.
        ImageFormat::Jpeg => match jpeg_scans(encoded) {
            Some(scans) if scans > MAX_SCANS => return false,
            Some(_) => encoded.len() as u64 + 6 * pixels,
            None => encoded.len() as u64,
        },
        // A second canvas: planes of the lossy kind, the frame in front of the background.
        ImageFormat::WebP | ImageFormat::Gif => 4 * pixels,
        _ => 0,
    };
    encoded.len() as u64 + working + decoded <= MAX_MEMORY
}

/// Number of scans if the JPEG is progressive, else `None`.
fn jpeg_scans(bytes: &[u8]) -> Option<usize> {
    let markers =
        || bytes.windows(2).filter(|pair| pair.first() == Some(&0xff)).filter_map(|pair| pair.get(1));
    markers().any(|&marker| marker == 0xc2).then(|| markers().filter(|&&marker| marker == 0xda).count())
}

#[cfg(test)]
mod tests {
    use super::is_affordable;
    use image::ImageFormat;

    #[test]
    fn covers_fit_and_bombs_do_not() {
        let pixels = |edge: u64| edge * edge;
        assert!(is_affordable(ImageFormat::Jpeg, &[0; 4096], pixels(4000), 3 * pixels(4000)));
        assert!(is_affordable(ImageFormat::Png, &[0; 4096], pixels(3000), 4 * pixels(3000)));
        assert!(!is_affordable(ImageFormat::Png, &[0; 4096], pixels(8192), 3 * pixels(8192)));
        assert!(!is_affordable(ImageFormat::WebP, &[0; 4096], pixels(4000), 3 * pixels(4000)));
        let progressive = [0xff, 0xc2, 0xff, 0xda];
        assert!(is_affordable(ImageFormat::Jpeg, &progressive, pixels(2000), 3 * pixels(2000)));
        assert!(!is_affordable(ImageFormat::Jpeg, &progressive, pixels(3000), 3 * pixels(3000)));
        let scans = [vec![0xff, 0xc2], [0xff, 0xda].repeat(65)].concat();
        assert!(!is_affordable(ImageFormat::Jpeg, &scans, 64, 192));
    }
}
