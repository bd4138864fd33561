//! Linking further identities to an account, and taking them off again.

#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::login::begin;
use crate::edge::{Call, Problem, Reply};
use crate::store::people;

/// Where to go on.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Link {
    /// Address at the provider.
    pub location: String,
}

#[derive(Deserialize)]
struct Id {
    #[allow(dead_code, reason = "read to see that there is one")]
    id: String,
}

/// `POST /api/auth/link/{provider}?return=/…`: begins a sign-in whose identity is added to this account.
///
/// # Errors
/// As `login`.
pub async fn link(call: Call) -> Result<Reply, Problem> {
    let session = call.who()?.session.clone();
    let (location, cookie) = begin(&call, Some(&session)).await?;
    Ok(Reply::json(&Link { location })?.with_cookie(cookie))
}

/// `DELETE /api/auth/identities/{id}`: takes an identity off; never the last one, which would lock the person
/// out.
///
/// # Errors
/// 404 if it is not one's own; 409 `last_identity`.
pub async fn unlink(call: Call) -> Result<Reply, Problem> {
    let who = call.who()?;
    let values = [call.param(0).into(), (&who.user).into()];
    let db = call.db()?;
    if db.first::<Id>(people::REMOVE_IDENTITY, &values).await?.is_some() {
        return Ok(Reply::empty());
    }
    match db.first::<Id>(people::OWN_IDENTITY, &values).await? {
        Some(_) => Err(Problem::Conflict("last_identity", "This is the only way to sign in.")),
        None => Err(Problem::NotFound),
    }
}
