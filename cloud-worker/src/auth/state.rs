//! A sign-in under way, kept by us and not by the browser: what the provider's answer is checked against.

use serde::Deserialize;

use crate::clock::Seconds;
use crate::edge::Problem;
use crate::ids;

/// Seconds that a sign-in may take.
pub const LOGIN_SECONDS: Seconds = 600;

/// One sign-in under way.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Login {
    /// Id of the provider it was begun with.
    pub provider: String,
    /// Digest of the cookie of the browser that began it.
    pub browser_hash: String,
    /// PKCE's secret (RFC 7636).
    pub verifier: String,
    /// What the ID token must repeat.
    pub nonce: String,
    /// Where the person wanted to go.
    pub return_to: String,
    /// The session to whose user a further identity is to be linked.
    pub link_session: Option<String>,
    /// When it was begun.
    pub issued_at: Seconds,
}

impl Login {
    /// Whether an answer of `provider` in a browser with the cookie `browser` may end this sign-in.
    ///
    /// # Errors
    /// 400 `state` in every case, so that nobody learns which check failed.
    pub fn check(&self, provider: &str, browser: Option<&str>, now: Seconds) -> Result<(), Problem> {
        let same_browser =
            browser.is_some_and(|browser| ids::same(&ids::digest(browser), &self.browser_hash));
        let in_time = (0..=LOGIN_SECONDS).contains(&(now - self.issued_at));
        if self.provider == provider && same_browser && in_time { Ok(()) } else { Err(stale()) }
    }
}

/// A state that we do not know, or not any more, or that is somebody else's.
pub fn stale() -> Problem {
    Problem::Bad("state", "This sign-in was not begun here, or is over. Begin again.".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login() -> Login {
        Login {
            provider: "home".into(),
            browser_hash: ids::digest("cookie"),
            verifier: String::new(),
            nonce: String::new(),
            return_to: "/".into(),
            link_session: None,
            issued_at: 1000,
        }
    }

    #[test]
    fn only_the_browser_that_began_may_end_it_in_time_and_with_the_same_provider() {
        assert_eq!(login().check("home", Some("cookie"), 1600), Ok(()));
        for (provider, browser, now) in [
            ("home", Some("other"), 1100),
            ("home", None, 1100),
            ("other", Some("cookie"), 1100),
            ("home", Some("cookie"), 1601),
            ("home", Some("cookie"), 999),
        ] {
            assert_eq!(login().check(provider, browser, now), Err(stale()), "{provider} {browser:?} {now}");
        }
    }
}
