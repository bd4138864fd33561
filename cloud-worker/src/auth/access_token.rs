//! Access tokens: short JWTs (RFC 7519, in the manner of RFC 9068) that need no database to be checked.
//!
//! One algorithm, Ed25519, fixed here and not by the token. Keys change by `kid`: the first key of the secret
//! `ACCESS_KEYS` signs, all of them check.

use std::cell::RefCell;
use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};

use crate::clock::Seconds;
use crate::edge::Who;
use crate::proof::Nonces;

/// Seconds that a token is good for.
pub const ACCESS_SECONDS: Seconds = 600;
/// The `typ` that tells it from every other JWT (RFC 9068, section 2.1).
const TYPE: &str = "at+jwt";
/// What comes before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410, section 7).
const PKCS8: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
/// Checked tokens that an instance remembers.
const REMEMBERED: usize = 1024;

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    iat: Seconds,
    exp: Seconds,
}

/// Why a token is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It was ours and is over.
    Expired,
    /// It is not ours.
    Invalid,
}

/// The keys of this worker.
pub struct Keys {
    issuer: String,
    keys: Vec<(String, EncodingKey, DecodingKey)>,
    nonces: Nonces,
    checked: RefCell<HashMap<String, (Who, Seconds)>>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys")
            .field("kids", &self.keys.iter().map(|(kid, ..)| kid).collect::<Vec<_>>())
            .finish()
    }
}

#[derive(Deserialize)]
struct Written {
    keys: Vec<WrittenKey>,
}

#[derive(Deserialize)]
struct WrittenKey {
    kty: String,
    crv: String,
    kid: String,
    x: String,
    d: String,
}

impl Keys {
    /// Reads a JWK set of private Ed25519 keys (RFC 8037). `issuer` is our public origin.
    ///
    /// # Errors
    /// What is wrong; never a key.
    pub fn parse(text: &str, issuer: &str) -> Result<Self, String> {
        let written: Written = serde_json::from_str(text)
            .map_err(|_| "ACCESS_KEYS must be a JWK set of private Ed25519 keys")?;
        let keys = written.keys.iter().map(key).collect::<Result<Vec<_>, _>>()?;
        let first = written.keys.first().ok_or("ACCESS_KEYS has no key")?;
        let nonces = Nonces::new(first.d.as_bytes())?;
        Ok(Self { issuer: issuer.to_owned(), keys, nonces, checked: RefCell::default() })
    }

    /// The nonces of units' proofs, by a key made from the first one.
    pub fn nonces(&self) -> &Nonces {
        &self.nonces
    }

    /// A token for `who`.
    ///
    /// # Errors
    /// If it cannot be signed; never with keys that were read.
    pub fn issue(&self, who: &Who, now: Seconds) -> Result<String, jsonwebtoken::errors::Error> {
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.issuer.clone(),
            sub: who.user.clone(),
            sid: who.session.clone(),
            iat: now,
            exp: now + ACCESS_SECONDS,
        };
        let Some((kid, signing, _)) = self.keys.first() else {
            return Err(jsonwebtoken::errors::ErrorKind::InvalidKeyFormat.into());
        };
        let header =
            Header { typ: Some(TYPE.to_owned()), kid: Some(kid.clone()), ..Header::new(Algorithm::EdDSA) };
        encode(&header, &claims, signing)
    }

    /// Who a token is for.
    ///
    /// # Errors
    /// If it is not ours, or over.
    pub fn check(&self, token: &str, now: Seconds) -> Result<Who, Refused> {
        if let Some((who, until)) = self.checked.borrow().get(token) {
            return if now < *until { Ok(who.clone()) } else { Err(Refused::Expired) };
        }
        let claims = self.claims(token).ok_or(Refused::Invalid)?;
        if claims.iat > now || claims.exp - claims.iat > ACCESS_SECONDS {
            return Err(Refused::Invalid);
        }
        if now >= claims.exp {
            return Err(Refused::Expired);
        }
        let who = Who { user: claims.sub, session: claims.sid };
        let mut checked = self.checked.borrow_mut();
        if checked.len() >= REMEMBERED {
            checked.clear();
        }
        checked.insert(token.to_owned(), (who.clone(), claims.exp));
        Ok(who)
    }

    /// The claims of a token that is signed by one of our keys for this purpose.
    fn claims(&self, token: &str) -> Option<Claims> {
        let header = decode_header(token).ok()?;
        if header.typ.as_deref() != Some(TYPE) || header.crit.is_some() {
            return None;
        }
        let wanted = header.kid?;
        let (_, _, checking) = self.keys.iter().find(|(kid, ..)| *kid == wanted)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.issuer]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        // Time is checked by the caller, who is told what time it is.
        validation.validate_exp = false;
        decode::<Claims>(token, checking, &validation).ok().map(|token| token.claims)
    }
}

fn key(written: &WrittenKey) -> Result<(String, EncodingKey, DecodingKey), String> {
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() == 32);
    let wrong = || format!("ACCESS_KEYS: {:?} is not a private Ed25519 key", written.kid);
    if written.kty != "OKP" || written.crv != "Ed25519" || written.kid.is_empty() {
        return Err(wrong());
    }
    let secret = bytes(&written.d).ok_or_else(wrong)?;
    bytes(&written.x).ok_or_else(wrong)?;
    let checking = DecodingKey::from_ed_components(&written.x).map_err(|_| wrong())?;
    Ok((written.kid.clone(), EncodingKey::from_ed_der(&[&PKCS8[..], &secret].concat()), checking))
}

#[cfg(test)]
mod tests;
