//! The name of a picture: what it holds.
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The first 128 bits of SHA-256 over size and pixels, as 32 hexadecimal digits.
///
/// The hash is the key of caches, on the screen and on phones. A weaker one would let a file on a borrowed
/// stick take the place of another album's cover, as would one over anything but what is shown: the process
/// that decodes pictures is not believed.
pub(crate) fn content_hash(width: u32, height: u32, rgba: &[u8]) -> String {
    let mut digest = Sha256::new();
    digest.update(width.to_le_bytes());
    digest.update(height.to_le_bytes());
    digest.update(rgba);
    let digest = digest.finalize();
    digest.iter().take(16).fold(String::with_capacity(32), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::content_hash;

    #[test]
    fn size_and_every_pixel_count() {
        let hash = content_hash(2, 1, &[7; 8]);
        // SHA-256 of 02000000 01000000 0707070707070707, by sha256sum.
        assert_eq!(hash, "04b737eed34b942dd3405712ddbec268");
        assert_ne!(hash, content_hash(1, 2, &[7; 8]));
        assert_ne!(hash, content_hash(2, 1, &[7, 7, 7, 7, 7, 7, 7, 6]));
    }
}
