//! The name of a picture: what it holds.
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The first 128 bits of SHA-256, as 32 hexadecimal digits.
///
/// The hash is the key of caches, on the screen and on phones. A weaker one would let a file on a borrowed
/// stick take the place of another album's cover; SHA-256 costs 16 ms for the largest picture at worst.
pub(super) fn content_hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
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
    fn sha_256_of_the_standard() {
        // FIPS 180-4, example "abc".
        assert_eq!(content_hash(b"abc"), "ba7816bf8f01cfea414140de5dae2223");
    }
}
