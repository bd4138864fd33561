//! Who somebody is at GitHub, by its REST API: `GET /user` and `GET /user/emails` (version 2022-11-28).

use serde::Deserialize;
use url::Url;

use super::outside;
use crate::edge::Problem;

/// What GitHub says of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The number of the account. Names at GitHub can be given up and taken by others; numbers cannot.
    pub subject: String,
    /// Name for people.
    pub name: String,
    /// Primary address of mail, if GitHub has checked it.
    pub email: Option<String>,
}

#[derive(Deserialize)]
struct User {
    id: u64,
    login: String,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Email {
    email: String,
    primary: bool,
    verified: bool,
}

/// Asks GitHub's API, with the token of the person's own sign-in.
///
/// # Errors
/// 503 if it does not say.
pub async fn profile(api: &Url, token: &str) -> Result<Profile, Problem> {
    let away = |error: outside::Failed| Problem::Unavailable(10, format!("github: {error}"));
    let at =
        |path: &str| api.join(path).map(String::from).map_err(|error| Problem::internal(error.to_string()));
    let user: User = outside::get(&at("user")?, Some(token)).await.map_err(away)?;
    // Somebody may keep the addresses from us; that is no reason to turn them away.
    let emails: Vec<Email> = outside::get(&at("user/emails")?, Some(token)).await.unwrap_or_default();
    Ok(make(user, emails))
}

fn make(user: User, emails: Vec<Email>) -> Profile {
    Profile {
        subject: user.id.to_string(),
        name: user.name.filter(|name| !name.trim().is_empty()).unwrap_or(user.login),
        email: emails.into_iter().find(|email| email.primary && email.verified).map(|email| email.email),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_identifies_and_only_a_verified_primary_address_counts() {
        let user = || User { id: 583_231, login: "octocat".into(), name: Some(" ".into()) };
        let email = |primary, verified| Email { email: "o@example.org".into(), primary, verified };
        let profile = make(user(), vec![email(false, true), email(true, true)]);
        assert_eq!((profile.subject.as_str(), profile.name.as_str()), ("583231", "octocat"));
        assert_eq!(profile.email.as_deref(), Some("o@example.org"));
        for emails in [vec![], vec![email(true, false)], vec![email(false, true)]] {
            assert_eq!(make(user(), emails).email, None);
        }
    }
}
