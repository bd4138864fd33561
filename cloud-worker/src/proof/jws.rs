//! Reading a device proof: a JWT (RFC 7519) signed with the Ed25519 key that stands in its own header.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, VerifyingKey};
use protocol::cloud::{MAX_PROOF, PROOF_TYPE, ProofClaims, ProofHeader, PublicKey};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::nonce::Nonces;
use crate::clock::Seconds;
use crate::ids;

/// What a proof must be for.
pub struct Expected<'a> {
    /// Method of the request.
    pub method: &'a str,
    /// Its address without the query.
    pub url: &'a str,
    /// Its body.
    pub body: &'a [u8],
    /// When it came.
    pub now: Seconds,
    /// Who knows our nonces.
    pub nonces: &'a Nonces,
}

/// What a good proof says. Whether it was used before is not checked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// Thumbprint of the key (RFC 7638).
    pub key: String,
    /// The proof's own number.
    pub jti: String,
}

/// Why a proof is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is not a proof for this request.
    Invalid,
    /// It would be one with a fresh nonce.
    Nonce,
}

/// Checks a proof against the request it came with.
///
/// # Errors
/// [`Refused`]; in what way it is not valid is told nobody.
pub fn check(proof: &str, expected: &Expected<'_>) -> Result<Proven, Refused> {
    let (key, claims) = read(proof).ok_or(Refused::Invalid)?;
    let body = URL_SAFE_NO_PAD.encode(Sha256::digest(expected.body));
    let fits = claims.htm == expected.method && claims.htu == expected.url && claims.bh == body;
    if !fits || !ids::is_token(&claims.jti, ids::ID_LENGTH) {
        return Err(Refused::Invalid);
    }
    if !expected.nonces.is_fresh(&claims.nonce, expected.now) {
        return Err(Refused::Nonce);
    }
    Ok(Proven { key: ids::digest(&key.thumbprint_input()), jti: claims.jti })
}

/// The key of a proof, and what it has signed.
fn read(proof: &str) -> Option<(PublicKey, ProofClaims)> {
    if proof.len() > MAX_PROOF {
        return None;
    }
    let (message, signature) = proof.rsplit_once('.')?;
    let (header, claims) = message.split_once('.')?;
    let header: ProofHeader = part(header)?;
    // One algorithm, whatever the header may wish for; and by its type no other JWT counts as a proof.
    if header.typ != PROOF_TYPE || header.alg != "EdDSA" {
        return None;
    }
    let signature = Signature::from_bytes(&exactly::<64>(signature)?);
    key(&header.jwk)?.verify_strict(message.as_bytes(), &signature).ok()?;
    Some((header.jwk, part(claims)?))
}

/// The key of a JWK: exactly 32 bytes, a point of the curve. What the thumbprint is made of has one spelling.
fn key(jwk: &PublicKey) -> Option<VerifyingKey> {
    if jwk.kty != "OKP" || jwk.crv != "Ed25519" {
        return None;
    }
    VerifyingKey::from_bytes(&exactly::<32>(&jwk.x)?).ok().filter(|key| !key.is_weak())
}

fn exactly<const N: usize>(text: &str) -> Option<[u8; N]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}

fn part<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

#[cfg(test)]
mod tests;
