//! The unit's key, and the proofs it signs (`protocol::cloud`, proof).

use protocol::cloud::{ProofClaims, ProofHeader, PublicKey};
use ring::signature::{Ed25519KeyPair, KeyPair};
use sha2::{Digest, Sha256};

use super::trouble::Trouble;
use crate::letters::base64url;

/// An Ed25519 key (RFC 8032).
pub(crate) struct Key {
    pair: Ed25519KeyPair,
    public: PublicKey,
}

impl Key {
    /// From the 32 bytes it is kept as.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, Trouble> {
        let pair =
            Ed25519KeyPair::from_seed_unchecked(seed).map_err(|error| Trouble::NoKey(error.to_string()))?;
        let public = PublicKey::ed25519(base64url(pair.public_key().as_ref()));
        Ok(Self { pair, public })
    }

    /// The proof that one request is the unit's own: a JWT (RFC 7515, compact).
    ///
    /// `number` is 128 random bits; `unix_s` is for people only.
    pub fn proof(&self, request: &Request<'_>, number: [u8; 16], unix_s: i64) -> String {
        let header = ProofHeader::new(self.public.clone());
        let claims = ProofClaims {
            jti: base64url(&number),
            htm: request.method.to_owned(),
            htu: request.url.to_owned(),
            iat: unix_s,
            nonce: request.nonce.to_owned(),
            bh: base64url(&Sha256::digest(request.body)),
        };
        // Plain structures: writing them cannot fail.
        let part = |json: serde_json::Result<Vec<u8>>| base64url(&json.unwrap_or_default());
        let signed = format!("{}.{}", part(serde_json::to_vec(&header)), part(serde_json::to_vec(&claims)));
        let signature = self.pair.sign(signed.as_bytes());
        format!("{signed}.{}", base64url(signature.as_ref()))
    }
}

/// What a proof is about.
pub(crate) struct Request<'a> {
    pub method: &'a str,
    /// Without query and fragment.
    pub url: &'a str,
    /// The cloud's last; may be empty.
    pub nonce: &'a str,
    pub body: &'a [u8],
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use protocol::cloud::MAX_PROOF;
    use ring::signature::{ED25519, UnparsedPublicKey};

    use super::*;

    #[test]
    fn a_proof_says_what_is_asked_and_is_signed_by_the_key_in_it() {
        // The key of RFC 8037, appendix A.
        let seed = URL_SAFE_NO_PAD.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
        let key = Key::from_seed(&seed.try_into().unwrap()).unwrap();
        assert_eq!(key.public.x, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        let url = "https://cloud.example/api/pair/start";
        let request = Request { method: "POST", url, nonce: "n-1", body: b"{}" };
        let proof = key.proof(&request, [9; 16], 1_800_000_000);
        assert!(proof.len() <= MAX_PROOF);
        let parts: Vec<&str> = proof.split('.').collect();
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).unwrap();
        let header: ProofHeader = serde_json::from_slice(&bytes(parts[0])).unwrap();
        assert_eq!((header.typ.as_str(), header.alg.as_str()), ("dpop+jwt", "EdDSA"));
        let claims: ProofClaims = serde_json::from_slice(&bytes(parts[1])).unwrap();
        assert_eq!((claims.htm.as_str(), claims.htu.as_str(), claims.nonce.as_str()), ("POST", url, "n-1"));
        assert_eq!(claims.bh, "RBNvo1WzZ4oRRq0W9-hknpT7T8If536DEMBg9hyq_4o", "SHA-256 of {{}}");
        assert_eq!((claims.jti.len(), parts.len()), (22, 3));
        let public = UnparsedPublicKey::new(&ED25519, bytes(&header.jwk.x));
        let signed = proof.rsplit_once('.').unwrap().0;
        public.verify(signed.as_bytes(), &bytes(parts[2])).unwrap();
    }
}
