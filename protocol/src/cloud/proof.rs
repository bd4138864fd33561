//! How a unit proves that a request is its own: a DPoP proof (RFC 9449) with the hash of the body besides.
//!
//! Every request of a unit carries a JWT of type `dpop+jwt`, signed by the unit's Ed25519 key (EdDSA, RFC 8037),
//! whose header holds the public key. The cloud gives a nonce in the header `DPoP-Nonce` of every answer to a
//! unit; a proof without a fresh one is refused with 401, code `use_dpop_nonce` and such a header, and the unit
//! asks again. No proof counts twice.

use serde::{Deserialize, Serialize};

/// Header of the proof.
pub const PROOF_HEADER: &str = "DPoP";
/// Header of the cloud's nonce.
pub const NONCE_HEADER: &str = "DPoP-Nonce";
/// `typ` of the proof.
pub const PROOF_TYPE: &str = "dpop+jwt";
/// Longest proof that is read, bytes.
pub const MAX_PROOF: usize = 2048;

/// An Ed25519 public key as a JWK (RFC 8037, 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PublicKey {
    /// `OKP`.
    pub kty: String,
    /// `Ed25519`.
    pub crv: String,
    /// The 32 bytes in base64url without padding.
    pub x: String,
}

impl PublicKey {
    /// The key as JWK.
    #[must_use]
    pub fn ed25519(x: String) -> Self {
        Self { kty: "OKP".to_owned(), crv: "Ed25519".to_owned(), x }
    }

    /// What the thumbprint is the SHA-256 of (RFC 7638, with the members of RFC 8037, 2).
    #[must_use]
    pub fn thumbprint_input(&self) -> String {
        // Base64url and the two names need no escapes.
        format!(r#"{{"crv":"{}","kty":"{}","x":"{}"}}"#, self.crv, self.kty, self.x)
    }
}

/// The JWT's header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofHeader {
    /// [`PROOF_TYPE`].
    pub typ: String,
    /// `EdDSA`.
    pub alg: String,
    /// The unit's key.
    pub jwk: PublicKey,
}

impl ProofHeader {
    /// The header of a proof by `jwk`.
    #[must_use]
    pub fn new(jwk: PublicKey) -> Self {
        Self { typ: PROOF_TYPE.to_owned(), alg: "EdDSA".to_owned(), jwk }
    }
}

/// The JWT's claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofClaims {
    /// Never used before: 22 characters from 128 random bits.
    pub jti: String,
    /// The request's method.
    pub htm: String,
    /// The request's address without query and fragment.
    pub htu: String,
    /// When it was made, whole seconds since 1970 by the unit's clock. For people who look at it: a unit may
    /// have no clock, so that the nonce alone tells how fresh a proof is.
    pub iat: i64,
    /// The cloud's last nonce; empty in the very first request.
    pub nonce: String,
    /// SHA-256 of the body in base64url; of nothing, where there is no body.
    pub bh: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thumbprint_is_of_the_members_in_their_order() {
        // RFC 8037, appendix A.3.
        let key = PublicKey::ed25519("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".to_owned());
        assert_eq!(
            key.thumbprint_input(),
            r#"{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#
        );
    }
}
