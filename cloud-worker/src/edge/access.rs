//! Who asks, and what a route asks of them.
//!
//! An access token is checked without the database. That its session still goes on is looked up at most every
//! [`TRUST_SECONDS`] an instance, so that a session that was ended elsewhere counts no longer than that.

use std::cell::RefCell;
use std::collections::HashMap;

use serde::Deserialize;

use super::{Call, Problem, cookies};
use crate::auth::access_token::Refused;
use crate::clock::Seconds;
use crate::routes::Auth;
use crate::store::people;

/// Seconds for which a look-up holds.
pub const TRUST_SECONDS: Seconds = 3;
/// Sessions that an instance remembers.
const REMEMBERED: usize = 4096;

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// `users.id`.
    pub user: String,
    /// `sessions.id`.
    pub session: String,
}

thread_local! {
    /// When each session was last seen to go on.
    static SEEN: RefCell<HashMap<String, Seconds>> = RefCell::default();
}

/// This instance looks the session up again at its next request: it was ended.
pub fn forget_session(id: &str) {
    SEEN.with(|seen| seen.borrow_mut().remove(id));
}

/// Who asks, where the route wants to know.
///
/// # Errors
/// 401 `access_expired` (renew it), `signed_out` (sign in).
pub async fn identify(call: &Call) -> Result<Option<Who>, Problem> {
    let fresh = match call.route.auth {
        Auth::None | Auth::Device => return Ok(None),
        Auth::Access => false,
        Auth::Session => true,
    };
    let header = call.header("authorization");
    let token = token(header.as_deref(), call.cookie(cookies::ACCESS))?;
    let who = call.config.access_keys.check(token, call.now).map_err(|refused| match refused {
        Refused::Expired => Problem::Unauthorized("access_expired"),
        Refused::Invalid => Problem::Unauthorized("access_invalid"),
    })?;
    if fresh || !trusted(&who.session, call.now) {
        look_up(call, &who).await?;
    }
    Ok(Some(who))
}

/// The token of a request: of the header where there is one, which no foreign page can set.
fn token<'a>(header: Option<&'a str>, cookie: Option<&'a str>) -> Result<&'a str, Problem> {
    match header {
        Some(header) => header.strip_prefix("Bearer ").ok_or(Problem::Unauthorized("access_invalid")),
        // The cookie goes when the token is over; the session's may still be there.
        None => cookie.ok_or(Problem::Unauthorized("access_expired")),
    }
}

fn trusted(session: &str, now: Seconds) -> bool {
    SEEN.with(|seen| seen.borrow().get(session).is_some_and(|at| (0..TRUST_SECONDS).contains(&(now - at))))
}

async fn look_up(call: &Call, who: &Who) -> Result<(), Problem> {
    #[derive(Deserialize)]
    struct Id {
        #[allow(dead_code, reason = "read to see that there is one")]
        id: String,
    }
    let values = [(&who.session).into(), (&who.user).into(), call.now.into()];
    if call.db()?.first::<Id>(people::SESSION_LIVES, &values).await?.is_none() {
        forget_session(&who.session);
        return Err(Problem::Unauthorized("signed_out"));
    }
    SEEN.with(|seen| {
        let mut seen = seen.borrow_mut();
        if seen.len() >= REMEMBERED {
            seen.clear();
        }
        seen.insert(who.session.clone(), call.now);
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_comes_before_the_cookie() {
        assert_eq!(token(Some("Bearer a"), Some("b")), Ok("a"));
        assert_eq!(token(None, Some("b")), Ok("b"));
        assert_eq!(token(Some("Basic a"), Some("b")), Err(Problem::Unauthorized("access_invalid")));
        assert_eq!(token(None, None), Err(Problem::Unauthorized("access_expired")));
    }

    #[test]
    fn a_look_up_holds_for_seconds_only() {
        SEEN.with(|seen| seen.borrow_mut().insert("s".into(), 100));
        assert!(trusted("s", 100) && trusted("s", 102));
        assert!(!trusted("s", 103) && !trusted("s", 99) && !trusted("t", 100));
        forget_session("s");
        assert!(!trusted("s", 100));
    }
}
