//! The nonces of device proofs (RFC 9449, section 8): the time they were given out at, and a code over it that
//! only we can make. Nothing is kept of them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use crate::clock::Seconds;

/// Seconds that a nonce is good for.
pub const NONCE_SECONDS: Seconds = 300;
/// Seconds by which the clocks of two of our machines may differ.
const SKEW_SECONDS: Seconds = 5;
/// Bytes of the time, before those of the code.
const TIME: usize = 8;
/// Bytes of the code: half of what SHA-256 gives (RFC 2104, section 5).
const CODE: usize = 16;

/// Gives out nonces and knows its own.
#[derive(Clone)]
pub struct Nonces(Hmac<Sha256>);

impl Nonces {
    /// With a key made from `secret`, which serves other purposes as well.
    ///
    /// # Errors
    /// If the key cannot be used; never with this one.
    pub fn new(secret: &[u8]) -> Result<Self, String> {
        let key = Sha256::new().chain_update(b"rusty-audio device nonce\0").chain_update(secret).finalize();
        Hmac::new_from_slice(&key).map(Self).map_err(|error| error.to_string())
    }

    /// A nonce of `now`.
    pub fn issue(&self, now: Seconds) -> String {
        let time = now.to_be_bytes();
        let code = self.0.clone().chain_update(time).finalize().into_bytes();
        let bytes: Vec<u8> = time.iter().chain(code.iter().take(CODE)).copied().collect();
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Whether we gave `nonce` out, and not too long before `now`.
    pub fn is_fresh(&self, nonce: &str, now: Seconds) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(nonce) else { return false };
        let Some((time, code)) = bytes.split_first_chunk::<TIME>() else { return false };
        let ours = self.0.clone().chain_update(time).verify_truncated_left(code).is_ok();
        let age = now.saturating_sub(Seconds::from_be_bytes(*time));
        code.len() == CODE && ours && (-SKEW_SECONDS..=NONCE_SECONDS).contains(&age)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Seconds = 1_800_000_000;

    #[test]
    fn a_nonce_is_fresh_for_its_time() {
        let nonces = Nonces::new(b"secret").unwrap();
        let nonce = nonces.issue(NOW);
        for (age, fresh) in [(0, true), (300, true), (301, false), (-5, true), (-6, false), (86_400, false)] {
            assert_eq!(nonces.is_fresh(&nonce, NOW + age), fresh, "{age}");
        }
    }

    #[test]
    fn nonces_of_others_and_altered_ones_are_not_ours() {
        let nonces = Nonces::new(b"secret").unwrap();
        let nonce = nonces.issue(NOW);
        assert!(!Nonces::new(b"other").unwrap().is_fresh(&nonce, NOW));
        let bytes = URL_SAFE_NO_PAD.decode(&nonce).unwrap();
        for at in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[at] ^= 1;
            assert!(!nonces.is_fresh(&URL_SAFE_NO_PAD.encode(bytes), NOW), "byte {at}");
        }
        for short in ["", "AAAA", "AAAAAAAAAAA", &nonce[..nonce.len() - 4], &format!("{nonce}AAAA")] {
            assert!(!nonces.is_fresh(short, NOW), "{short}");
        }
    }
}
