//! `DELETE /api/auth/account`: the end of an account and of everything in it.

use futures_util::future::join_all;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Deserialize;

use crate::auth::session::signed_out;
use crate::edge::{Call, Checks, Problem, Reply, forget_session};
use crate::relay;
use crate::store::people;

/// What must be said to end an account, so that no slip does it.
const WORDS: &str = "delete my account";

/// The wish to go.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Farewell {
    /// Must be `delete my account`.
    confirm: String,
}

/// Ends the account of who asks. Identities, sessions and all else of it go with it.
///
/// # Errors
/// 422 without the words.
pub async fn delete(call: Call) -> Result<Reply, Problem> {
    let wish: Farewell = call.json()?;
    Checks::default().that(wish.confirm == WORDS, "confirm", "must be \"delete my account\"").finish()?;
    let who = call.who()?;
    let db = call.db()?;
    let devices = relay::devices_of(&db, &who.user).await?;
    db.run(people::DELETE_USER, &[(&who.user).into()]).await?;
    forget_session(&who.session);
    join_all(devices.iter().map(|device| relay::unpaired(&call.env, device))).await;
    Ok(signed_out(Reply::empty()))
}
