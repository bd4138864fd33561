//! Sessions: a secret of 256 bits in a cookie, of which the database has only the digest.
//!
//! The secret is replaced whenever the access token is renewed. Whoever shows a replaced one has a copy of it,
//! or was copied from: the session ends for both.

#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::access_token::ACCESS_SECONDS;
use crate::clock::Seconds;
use crate::edge::{Call, Level, Problem, Reply, Who, cookies, forget_session, log};
use crate::ids;
use crate::relay;
use crate::store::{people, rows};

/// Seconds after which a session ends in any case: 90 days.
pub const ABSOLUTE_SECONDS: Seconds = 90 * 86_400;
/// Seconds after which one that nobody uses ends: 30 days.
pub const IDLE_SECONDS: Seconds = 30 * 86_400;
/// Seconds in which a replaced secret is taken for that of a second tab that asked at the same time. It gets
/// nothing, but the session goes on.
pub const RACE_SECONDS: Seconds = 10;

/// A session that goes on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Session {
    /// `sessions.id`.
    pub id: String,
    /// Whose it is.
    pub user_id: String,
    /// When it ends in any case.
    pub expires_at: Seconds,
}

#[derive(Deserialize)]
struct Spent {
    session_id: String,
    spent_at: Seconds,
    user_id: String,
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

#[derive(Deserialize)]
struct Ended {
    id: String,
    user_id: String,
}

/// What a renewal says.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Renewed {
    /// Seconds until the next renewal is due.
    pub expires_in: Seconds,
}

/// Begins a session for `user`; returns the cookies. A session this browser had before ends.
///
/// # Errors
/// If the database is away.
pub async fn begin(call: &Call, user: &str) -> Result<Vec<String>, Problem> {
    // Always a new secret: one that was there before the sign-in may be known to others.
    let (id, secret) = (ids::id()?, ids::secret()?);
    let hash = ids::digest(&secret);
    let before = ids::digest(call.cookie(cookies::SESSION).unwrap_or_default());
    let agent: String =
        call.header("user-agent").unwrap_or_default().chars().filter(|c| !c.is_control()).take(120).collect();
    let values = [
        (&id).into(),
        user.into(),
        (&hash).into(),
        call.now.into(),
        (call.now + IDLE_SECONDS).into(),
        (call.now + ABSOLUTE_SECONDS).into(),
        (&agent).into(),
    ];
    let db = call.db()?;
    let results = db
        .batch(&[(people::END_SESSION_BY_SECRET, &[(&before).into()]), (people::BEGIN_SESSION, &values)])
        .await?;
    if let Some(result) = results.first() {
        for ended in rows::<Ended>(people::END_SESSION_BY_SECRET, result)? {
            has_ended(call, &ended.user_id, &ended.id).await;
        }
    }
    cookies_for(call, &Who { user: user.to_owned(), session: id }, &secret, ABSOLUTE_SECONDS)
}

/// The session of a secret, if it goes on.
///
/// # Errors
/// If the database is away.
pub async fn find(call: &Call, secret: &str) -> Result<Option<Session>, Problem> {
    if !ids::is_token(secret, ids::SECRET_LENGTH) {
        return Ok(None);
    }
    call.db()?.first(people::SESSION_BY_SECRET, &[(&ids::digest(secret)).into(), call.now.into()]).await
}

/// `POST /api/auth/refresh`: a new access token and a new secret.
///
/// # Errors
/// 401 `signed_out` without a session; 401 `session_reused` for a replaced secret, which ends the session;
/// 409 `refresh_raced` if another tab was quicker: its cookies are there by now.
pub async fn refresh(call: Call) -> Result<Reply, Problem> {
    let secret = call.cookie(cookies::SESSION).ok_or(Problem::Unauthorized("signed_out"))?;
    let Some(session) = find(&call, secret).await? else { return Err(spent(&call, secret).await?) };
    let (old, fresh) = (ids::digest(secret), ids::secret()?);
    let hash = ids::digest(&fresh);
    let idle_until = (call.now + IDLE_SECONDS).min(session.expires_at);
    let results = call
        .db()?
        .batch(&[
            (people::SPEND_SECRET, &[(&old).into(), call.now.into()]),
            (people::ROTATE_SESSION, &[(&old).into(), (&hash).into(), call.now.into(), idle_until.into()]),
        ])
        .await?;
    let rotated: Vec<Id> = match results.get(1) {
        Some(result) => rows(people::ROTATE_SESSION, result)?,
        None => Vec::new(),
    };
    if rotated.is_empty() {
        return Err(Problem::Conflict("refresh_raced", "Another tab was quicker."));
    }
    let who = Who { user: session.user_id, session: session.id };
    let cookies = cookies_for(&call, &who, &fresh, session.expires_at - call.now)?;
    Ok(cookies.into_iter().fold(Reply::json(&Renewed { expires_in: ACCESS_SECONDS })?, Reply::with_cookie))
}

/// What to say to a secret that opens nothing.
async fn spent(call: &Call, secret: &str) -> Result<Problem, Problem> {
    let found: Option<Spent> = call.db()?.first(people::SPENT, &[(&ids::digest(secret)).into()]).await?;
    let Some(spent) = found else { return Ok(Problem::Unauthorized("signed_out")) };
    if call.now - spent.spent_at <= RACE_SECONDS {
        return Ok(Problem::Conflict("refresh_raced", "Another tab was quicker."));
    }
    call.db()?.run(people::END_SESSION, &[(&spent.session_id).into()]).await?;
    has_ended(call, &spent.user_id, &spent.session_id).await;
    log(Level::Warn, "session_reused", serde_json::json!({ "id": call.id }));
    Ok(Problem::Unauthorized("session_reused"))
}

/// `POST /api/auth/logout`: ends this browser's session, if there is one.
///
/// # Errors
/// If the database is away.
pub async fn logout(call: Call) -> Result<Reply, Problem> {
    if let Some(secret) = call.cookie(cookies::SESSION) {
        let ended: Option<Ended> =
            call.db()?.first(people::END_SESSION_BY_SECRET, &[(&ids::digest(secret)).into()]).await?;
        if let Some(ended) = ended {
            has_ended(&call, &ended.user_id, &ended.id).await;
        }
    }
    Ok(signed_out(Reply::empty()))
}

/// `DELETE /api/auth/sessions/{id}`: ends one of one's own sessions, somewhere else perhaps.
///
/// # Errors
/// 404 if it is not one's own.
pub async fn end(call: Call) -> Result<Reply, Problem> {
    let who = call.who()?;
    let values = [call.param(0).into(), (&who.user).into()];
    let ended: Option<Id> = call.db()?.first(people::END_OWN_SESSION, &values).await?;
    let ended = ended.ok_or(Problem::NotFound)?;
    has_ended(&call, &who.user, &ended.id).await;
    let reply = Reply::empty();
    Ok(if ended.id == who.session { signed_out(reply) } else { reply })
}

/// What follows from the end of a session: its access token is looked at again, its remotes are sent away.
async fn has_ended(call: &Call, user: &str, session: &str) {
    forget_session(session);
    relay::session_ended(call, user, session).await;
}

/// Takes the cookies away.
pub fn signed_out(reply: Reply) -> Reply {
    reply.with_cookie(cookies::clear(cookies::SESSION)).with_cookie(cookies::clear(cookies::ACCESS))
}

fn cookies_for(call: &Call, who: &Who, secret: &str, seconds: Seconds) -> Result<Vec<String>, Problem> {
    let token =
        call.config.access_keys.issue(who, call.now).map_err(|error| Problem::internal(error.to_string()))?;
    Ok(vec![
        cookies::set(cookies::SESSION, secret, seconds),
        cookies::set(cookies::ACCESS, &token, ACCESS_SECONDS),
    ])
}
