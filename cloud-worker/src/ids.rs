//! Random names and secrets, and their digests.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::edge::Problem;

/// Characters of a secret of 256 bits.
pub const SECRET_LENGTH: usize = 43;
/// Characters of an id of 128 bits.
pub const ID_LENGTH: usize = 22;

/// Random bytes in base64url without padding.
///
/// # Errors
/// If the runtime has no randomness to give.
pub fn random<const N: usize>() -> Result<String, Problem> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|error| Problem::internal(format!("no randomness: {error}")))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// A name nobody can guess, of 128 random bits: for users, sessions, devices.
///
/// # Errors
/// As [`random`].
pub fn id() -> Result<String, Problem> {
    random::<16>()
}

/// A secret of 256 random bits.
///
/// # Errors
/// As [`random`].
pub fn secret() -> Result<String, Problem> {
    random::<32>()
}

/// SHA-256 in base64url: what is kept of a secret. Enough for secrets of 256 random bits, which nobody guesses;
/// never for what people choose.
pub fn digest(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret.as_bytes()))
}

/// An id made from a text: always the same from the same. 128 bits of its SHA-256.
pub fn derived(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    URL_SAFE_NO_PAD.encode(&digest[..16])
}

/// Whether both are the same, in a time that does not tell where they differ.
pub fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// Whether `text` has the form of [`random`] with that many characters.
pub fn is_token(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_secrets_have_their_length_and_differ() {
        let (one, other) = (id().unwrap(), id().unwrap());
        assert!(is_token(&one, ID_LENGTH) && is_token(&other, ID_LENGTH));
        assert_ne!(one, other);
        assert!(is_token(&secret().unwrap(), SECRET_LENGTH));
    }

    #[test]
    fn the_digest_is_sha_256() {
        // SHA-256 of "abc" (FIPS 180-4, appendix B.1), in base64url.
        assert_eq!(digest("abc"), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    }

    #[test]
    fn a_derived_id_has_the_form_of_an_id() {
        assert_eq!(derived("abc"), "ungWv48Bz-pBQUDeXa4iIw");
        assert!(is_token(&derived(""), ID_LENGTH));
    }

    #[test]
    fn a_token_of_another_form_is_none() {
        for text in ["", "a", &"=".repeat(22), &"é".repeat(11), &"a".repeat(23)] {
            assert!(!is_token(text, ID_LENGTH), "{text}");
        }
        assert!(same("ab", "ab") && !same("ab", "ac") && !same("ab", "abc"));
    }
}
