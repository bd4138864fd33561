//! Secrets: where they come from, how they are recognised, how they are compared.

use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use super::config::RemoteError;

/// The system's random bytes.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], RemoteError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| RemoteError::Random(error.to_string()))?;
    Ok(bytes)
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

/// 256 random bits that a phone shows with every request.
pub(crate) fn token() -> Result<String, RemoteError> {
    Ok(hex(&random::<32>()?))
}

/// 128 random bits behind a QR code.
pub(crate) fn invitation() -> Result<String, RemoteError> {
    Ok(hex(&random::<16>()?))
}

/// Six digits, each equally likely.
pub(crate) fn pin() -> Result<String, RemoteError> {
    // Below the highest multiple of a million there is no digit that comes more often.
    const FAIR: u32 = u32::MAX - u32::MAX % 1_000_000;
    loop {
        let number = u32::from_le_bytes(random()?);
        if number < FAIR {
            return Ok(format!("{:06}", number % 1_000_000));
        }
    }
}

/// What a token is recognised by.
pub(crate) fn fingerprint(token: &str) -> [u8; 32] {
    digest(token.as_bytes())
}

/// SHA-256 (FIPS 180-4).
pub(crate) fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Whether two texts are the same; how long it takes tells nothing but their lengths.
pub(crate) fn same(a: &str, b: &str) -> Choice {
    a.as_bytes().ct_eq(b.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_long_enough_and_differ() {
        let tokens: std::collections::HashSet<String> = (0..100).map(|_| token().unwrap()).collect();
        assert_eq!(tokens.len(), 100);
        assert!(tokens.iter().all(|token| token.len() == 64));
        assert_eq!(invitation().unwrap().len(), 32);
    }

    #[test]
    fn pins_are_six_digits_and_spread() {
        let pins: Vec<u32> = (0..2_000)
            .map(|_| pin().unwrap())
            .map(|pin| {
                assert!(pin.len() == 6 && pin.bytes().all(|byte| byte.is_ascii_digit()), "{pin}");
                pin.parse().unwrap()
            })
            .collect();
        for tenth in 0..10 {
            let among = pins.iter().filter(|pin| **pin / 100_000 == tenth).count();
            assert!((120..280).contains(&among), "{among} of 2000 begin with {tenth}");
        }
    }

    #[test]
    fn a_fingerprint_is_sha256_and_comparing_compares_all() {
        assert!(hex(&fingerprint("abc")).starts_with("ba7816bf8f01cfea"));
        for (a, b, is_same) in [("", "", true), ("ab", "ab", true), ("ab", "ac", false), ("ab", "abc", false)]
        {
            assert_eq!(bool::from(same(a, b)), is_same, "{a} {b}");
        }
    }
}
