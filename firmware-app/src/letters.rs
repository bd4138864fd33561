//! Bytes as text that travels: base64url (RFC 4648, section 5, without padding) and hexadecimal.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Bytes in base64url.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Exactly `N` bytes from hexadecimal.
pub(crate) fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()));
    let digits: Vec<u8> = digits.collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    if digits.len() == 2 * N { bytes.try_into().ok() } else { None }
}

/// Numbers nobody else has, from a secret and a counter: whoever has no source of chance can still make them.
#[derive(Clone, Default)]
pub(crate) struct Numbers {
    seed: [u8; 32],
    used: u64,
}

impl Numbers {
    /// From 256 random bits.
    pub fn new(seed: [u8; 32]) -> Self {
        Self { seed, used: 0 }
    }

    /// The next: 22 characters of base64url.
    pub fn take(&mut self) -> String {
        self.used += 1;
        let hash = Sha256::new().chain_update(self.seed).chain_update(self.used.to_le_bytes()).finalize();
        base64url(&hash[..16])
    }
}

impl std::fmt::Debug for Numbers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Numbers").field("used", &self.used).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_and_what_is_none_does_not() {
        assert_eq!(from_hex::<4>("00ffA1b2"), Some([0, 0xff, 0xa1, 0xb2]));
        for text in ["", "00ffa1b", "00ffa1b2c3", "00ffa1bg", "0é0ffa1b2"] {
            assert_eq!(from_hex::<4>(text), None, "{text}");
        }
        assert_eq!(base64url(&[251, 255, 191]), "-_-_");
        assert_eq!(base64url(&[0; 16]).len(), 22);
    }

    #[test]
    fn no_number_comes_twice_and_another_seed_gives_others() {
        let (mut one, mut other) = (Numbers::new([1; 32]), Numbers::new([2; 32]));
        let mut all: Vec<String> = (0..100).flat_map(|_| [one.take(), other.take()]).collect();
        assert!(all.iter().all(|number| number.len() == 22));
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 200);
    }
}
