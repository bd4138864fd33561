//! `DELETE /api/auth/account`: the end of an account and of everything in it.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::auth::session::signed_out;
use crate::edge::{Call, Checks, Problem, Reply, forget_session};
use crate::store::people;

/// What must be said to end an account, so that no slip does it.
const WORDS: &str = "delete my account";

/// The wish to go.
#[derive(Debug, Deserialize, JsonSchema)]
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
    call.db()?.run(people::DELETE_USER, &[(&who.user).into()]).await?;
    forget_session(&who.session);
    Ok(signed_out(Reply::empty()))
}
