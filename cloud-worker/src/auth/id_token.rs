//! Checking ID tokens (OpenID Connect Core 1.0, section 3.1.3.7).

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use serde::Deserialize;

use crate::clock::Seconds;

/// Seconds that a provider's clock may differ from ours.
const LEEWAY: Seconds = 60;
/// Seconds since a token was made that we take it for fresh.
const FRESH: Seconds = 600;
/// Bytes of the smallest RSA modulus: 2048 bits.
const RSA_BYTES: usize = 256;
/// Most characters of a subject (Core, section 2).
const SUBJECT_LENGTH: usize = 255;

/// What an ID token says of somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Claims {
    /// Who vouches.
    pub iss: String,
    /// Who somebody is to the issuer; never used again for somebody else.
    pub sub: String,
    /// For whom it was made.
    aud: Audience,
    /// For whom it was issued, where that is not plain from `aud`.
    azp: Option<String>,
    exp: Seconds,
    iat: Seconds,
    nonce: Option<String>,
    /// Microsoft's tenant.
    pub tid: Option<String>,
    /// Name for people.
    pub name: Option<String>,
    /// Address of mail.
    pub email: Option<String>,
    /// Whether the issuer has checked the address. Some write it as text.
    #[serde(default)]
    email_verified: serde_json::Value,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Default for Audience {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}

impl Claims {
    /// The address of mail, if the issuer has checked it.
    pub fn verified_email(&self) -> Option<&str> {
        self.email.as_deref().filter(|_| self.email_verified == true || self.email_verified == "true")
    }
}

/// What a token is checked against.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The provider's one algorithm.
    pub algorithm: Algorithm,
    /// We, as the provider calls us.
    pub client_id: &'a str,
    /// What we gave along.
    pub nonce: &'a str,
    /// Now.
    pub now: Seconds,
}

/// Why a token is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No key of that name: the provider may have new ones.
    #[error("its key is not among the provider's")]
    UnknownKey,
    /// Not signed, or not in the one way.
    #[error("its header is not what was agreed on")]
    Header,
    /// The key is of the wrong sort or too weak.
    #[error("its key will not do")]
    Key,
    /// The signature is wrong, or a claim is missing.
    #[error("its signature or form is wrong")]
    Signature,
    /// It is by or for somebody else.
    #[error("it is by or for somebody else")]
    Party,
    /// It is over or of the future.
    #[error("it is not of this time")]
    Time,
    /// It answers another sign-in.
    #[error("it answers another sign-in")]
    Nonce,
}

/// The key that `token` says it is signed with.
///
/// # Errors
/// If its header is not as agreed, or none of `keys` will do.
pub fn find_key<'a>(token: &str, algorithm: Algorithm, keys: &'a [Jwk]) -> Result<&'a Jwk, Refused> {
    let header = header(token, algorithm)?;
    let key = match header.kid {
        Some(kid) => keys.iter().find(|key| key.common.key_id.as_deref() == Some(&kid)),
        // Without a name only where there is no choice (Core, section 10.1).
        None => Some(keys).filter(|keys| keys.len() == 1).and_then(|keys| keys.first()),
    };
    let key = key.ok_or(Refused::UnknownKey)?;
    if fits(key, algorithm) { Ok(key) } else { Err(Refused::Key) }
}

fn header(token: &str, algorithm: Algorithm) -> Result<Header, Refused> {
    let header = decode_header(token).map_err(|_| Refused::Header)?;
    // The algorithm is the provider's as configured, never the token's choice.
    if header.alg != algorithm || header.crit.is_some() {
        return Err(Refused::Header);
    }
    Ok(header)
}

/// Whether a key is of the algorithm's sort, strong enough, and meant for signatures.
fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    use base64::Engine;
    let length =
        |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).map_or(0, |b| b.len());
    let sort = match (&key.algorithm, algorithm) {
        (AlgorithmParameters::RSA(rsa), Algorithm::RS256 | Algorithm::PS256) => length(&rsa.n) >= RSA_BYTES,
        (AlgorithmParameters::EllipticCurve(curve), Algorithm::ES256) => {
            curve.curve == EllipticCurve::P256 && length(&curve.x) == 32 && length(&curve.y) == 32
        }
        (AlgorithmParameters::OctetKeyPair(pair), Algorithm::EdDSA) => {
            pair.curve == EllipticCurve::Ed25519 && length(&pair.x) == 32
        }
        _ => false,
    };
    let named =
        key.common.key_algorithm.as_ref().is_none_or(|name| name.to_string() == format!("{algorithm:?}"));
    let used = key.common.public_key_use.as_ref().is_none_or(|used| *used == PublicKeyUse::Signature);
    let may = key.common.key_operations.as_ref().is_none_or(|may| may.contains(&KeyOperations::Verify));
    sort && named && used && may
}

/// Checks everything but the issuer's name, which depends on the tenant: see [`check_issuer`].
///
/// # Errors
/// The first thing that is wrong.
pub fn check(token: &str, key: &Jwk, expected: Expected<'_>) -> Result<Claims, Refused> {
    header(token, expected.algorithm)?;
    let key = DecodingKey::from_jwk(key).map_err(|_| Refused::Key)?;
    let mut validation = Validation::new(expected.algorithm);
    // Time, audience and issuer are checked below, where it can be seen how.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
    let claims: Claims = decode(token, &key, &validation).map_err(|_| Refused::Signature)?.claims;
    let for_us = match &claims.aud {
        Audience::One(one) => one == expected.client_id,
        // Further audiences only if it was issued to us.
        Audience::Several(several) => {
            several.iter().any(|one| one == expected.client_id)
                && (several.len() == 1 || claims.azp.as_deref() == Some(expected.client_id))
        }
    };
    let issued_to_us = claims.azp.as_deref().is_none_or(|azp| azp == expected.client_id);
    let subject = !claims.sub.is_empty() && claims.sub.len() <= SUBJECT_LENGTH;
    if !for_us || !issued_to_us || !subject {
        return Err(Refused::Party);
    }
    let now = expected.now;
    let issued = claims.iat.saturating_sub(LEEWAY) <= now && now <= claims.iat.saturating_add(FRESH + LEEWAY);
    if now >= claims.exp.saturating_add(LEEWAY) || !issued {
        return Err(Refused::Time);
    }
    if claims.nonce.as_deref() != Some(expected.nonce) {
        return Err(Refused::Nonce);
    }
    Ok(claims)
}

/// Checks who vouches.
///
/// # Errors
/// If it is not `issuer`.
pub fn check_issuer(claims: &Claims, issuer: &str) -> Result<(), Refused> {
    if claims.iss == issuer { Ok(()) } else { Err(Refused::Party) }
}

#[cfg(test)]
mod tests;
