//! Proof of possession: a unit signs each of its requests (DPoP, RFC 9449, with the hash of the body besides).
//! What is signed is told in `protocol::cloud`.

mod jws;
mod nonce;
pub mod seen;

use jws::{Expected, Proven, Refused};
use protocol::cloud::PROOF_HEADER;

use crate::devices::Device;
use crate::edge::{Call, Problem};
use crate::store::devices;

pub use nonce::Nonces;

/// What is said to a key that belongs to no account.
pub const NOT_PAIRED: &str = "not_paired";
/// Codes of refusals that a unit answers with another proof, or by pairing.
const CODES: [&str; 5] = ["use_dpop_nonce", "proof_missing", "proof_invalid", "proof_replayed", NOT_PAIRED];

/// The `WWW-Authenticate` header of a refusal with that code (RFC 9449, section 7.1).
pub fn challenge(code: &str) -> String {
    if CODES.contains(&code) { format!("DPoP algs=\"EdDSA\", error=\"{code}\"") } else { "Bearer".to_owned() }
}

impl Call {
    /// Thumbprint of the key that has signed this request. Its proof is used up.
    ///
    /// # Errors
    /// 401 with a code of its own for every reaction; 503 if a replay cannot be told.
    pub async fn key(&self) -> Result<String, Problem> {
        let proven = self.proven()?;
        seen::use_up(&self.env, &proven.key, &proven.jti).await?;
        Ok(proven.key)
    }

    /// The unit that has signed this request. Its proof is used up.
    ///
    /// # Errors
    /// As [`Self::key`]; 401 `not_paired` where the key belongs to no account.
    pub async fn device(&self) -> Result<Device, Problem> {
        let proven = self.proven()?;
        // First, so that keys that nobody knows leave nothing behind.
        let device: Option<Device> =
            self.db()?.first(devices::DEVICE_BY_KEY, &[(&proven.key).into()]).await?;
        let device = device.ok_or(Problem::Unauthorized(NOT_PAIRED))?;
        seen::use_up(&self.env, &proven.key, &proven.jti).await?;
        Ok(device)
    }

    fn proven(&self) -> Result<Proven, Problem> {
        let proof = self.header(PROOF_HEADER).ok_or(Problem::Unauthorized("proof_missing"))?;
        let expected = Expected {
            method: &self.request.method(),
            url: &format!("{}{}", self.config.public_origin, self.path),
            body: &self.body,
            now: self.now,
            nonces: self.config.access_keys.nonces(),
        };
        jws::check(&proof, &expected).map_err(|refused| match refused {
            Refused::Invalid => Problem::Unauthorized("proof_invalid"),
            Refused::Nonce => Problem::Unauthorized("use_dpop_nonce"),
        })
    }
}
