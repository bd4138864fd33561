//! `GET /api/auth/user`: who is signed in.

#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Seconds;
use crate::edge::{Call, Problem, Reply};
use crate::store::{people, rows};

/// Somebody and how they sign in.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct User {
    #[serde(flatten)]
    about: About,
    /// The ways to sign in.
    identities: Vec<Identity>,
    /// The browsers that are signed in.
    sessions: Vec<Session>,
}

#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
struct About {
    /// Id of the account.
    id: String,
    /// Name for people.
    name: String,
    /// Address of mail, as the first provider has verified it.
    email: Option<String>,
    /// `free` or `plus`.
    tier: String,
    /// Seconds since 1970.
    created_at: Seconds,
}

#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
struct Identity {
    /// For unlinking.
    id: String,
    /// Id of the provider.
    provider: String,
    /// Name there.
    name: String,
    /// Verified address of mail there.
    email: Option<String>,
    /// Last sign-in, seconds since 1970.
    used_at: Seconds,
}

#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
struct Session {
    /// For ending it.
    id: String,
    /// Sign-in, seconds since 1970.
    created_at: Seconds,
    /// Last renewal, seconds since 1970.
    rotated_at: Seconds,
    /// What the browser calls itself.
    agent: String,
    /// Whether it is this one.
    #[serde(default)]
    current: bool,
}

/// Who is signed in.
///
/// # Errors
/// 401 if the account is gone.
pub async fn user(call: Call) -> Result<Reply, Problem> {
    let who = call.who()?;
    let id = [(&who.user).into()];
    let asked = [(people::USER, &id[..]), (people::IDENTITIES, &id), (people::SESSIONS, &id)];
    let results = call.db()?.batch(&asked).await?;
    let [about, identities, sessions] = &*results else { return Err(Problem::internal("not three answers")) };
    let about: Option<About> = rows(people::USER, about)?.into_iter().next();
    let mut sessions: Vec<Session> = rows(people::SESSIONS, sessions)?;
    for session in &mut sessions {
        session.current = session.id == who.session;
    }
    Reply::json(&User {
        about: about.ok_or(Problem::Unauthorized("signed_out"))?,
        identities: rows(people::IDENTITIES, identities)?,
        sessions,
    })
}
