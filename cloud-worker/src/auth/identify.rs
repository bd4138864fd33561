//! From an identity to a user: by (issuer, subject) and by nothing else. An address of mail never leads to an
//! account: at another provider it may be somebody else's.

use serde::Deserialize;

use super::provider::Provider;
use super::session;
use crate::edge::{Call, Problem, cookies};
use crate::ids;
use crate::store::people;

/// Most characters that are kept of a name or an address.
const LENGTH: usize = 120;

/// Somebody as the provider knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    issuer: String,
    subject: String,
    name: String,
    email: Option<String>,
}

impl Person {
    /// Names and addresses are for display: they are cut and cleaned, never compared.
    pub fn new(issuer: String, subject: String, name: Option<String>, email: Option<String>) -> Self {
        let clean = |text: String| -> Option<String> {
            let text: String = text.chars().filter(|c| !c.is_control()).take(LENGTH).collect();
            let text = text.trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        let name = name.and_then(clean).unwrap_or_else(|| "Listener".to_owned());
        Self { issuer, subject, name, email: email.and_then(clean) }
    }
}

#[derive(Deserialize)]
struct Owner {
    user_id: String,
}

/// The user of an identity; a new one where nobody has it.
///
/// # Errors
/// If the database is away.
pub async fn user_for(call: &Call, provider: &Provider, person: &Person) -> Result<String, Problem> {
    if let Some(user) = known(call, person).await? {
        return Ok(user);
    }
    let (user, identity) = (ids::id()?, ids::id()?);
    let new_user = [(&user).into(), (&person.name).into(), person.email.as_ref().into(), call.now.into()];
    let new_identity = identity_values(call, provider, person, &identity, &user);
    let made =
        call.db()?.batch(&[(people::ADD_USER, &new_user), (people::ADD_IDENTITY, &new_identity)]).await;
    match made {
        Ok(_) => Ok(user),
        // Two first sign-ins at once: the other one was quicker, and ours was undone as a whole.
        Err(problem) => known(call, person).await?.ok_or(problem),
    }
}

/// Links an identity to the user of `session`, which must be the session of this very browser, still going on.
///
/// # Errors
/// 401 if it is not; 409 `identity_taken` if the identity is another user's.
pub async fn link(call: &Call, provider: &Provider, person: &Person, session: &str) -> Result<(), Problem> {
    let ended = Problem::Unauthorized("signed_out");
    let secret = call.cookie(cookies::SESSION).ok_or_else(|| ended.clone())?;
    let current = session::find(call, secret).await?.filter(|found| found.id == session).ok_or(ended)?;
    let identity = ids::id()?;
    let values = identity_values(call, provider, person, &identity, &current.user_id);
    if let Err(problem) = call.db()?.run(people::ADD_IDENTITY, &values).await {
        return match known(call, person).await? {
            Some(user) if user == current.user_id => Ok(()),
            Some(_) => Err(Problem::Conflict("identity_taken", "This identity belongs to another account.")),
            None => Err(problem),
        };
    }
    Ok(())
}

async fn known(call: &Call, person: &Person) -> Result<Option<String>, Problem> {
    let values = [(&person.issuer).into(), (&person.subject).into(), call.now.into()];
    let owner: Option<Owner> = call.db()?.first(people::USE_IDENTITY, &values).await?;
    Ok(owner.map(|owner| owner.user_id))
}

fn identity_values<'a>(
    call: &Call,
    provider: &'a Provider,
    person: &'a Person,
    identity: &'a str,
    user: &'a str,
) -> [crate::store::Value<'a>; 8] {
    [
        (&person.issuer).into(),
        (&person.subject).into(),
        identity.into(),
        user.into(),
        (&provider.id).into(),
        (&person.name).into(),
        person.email.as_ref().into(),
        call.now.into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned_and_cut_and_subjects_are_not() {
        let person =
            Person::new("i".into(), " s\n".into(), Some(format!("a\u{0}\n{}", "é".repeat(200))), None);
        assert_eq!(person.subject, " s\n");
        assert_eq!(person.name.chars().count(), LENGTH);
        assert!(!person.name.chars().any(char::is_control));
        assert_eq!(Person::new("i".into(), "s".into(), Some(" \n".into()), None).name, "Listener");
    }
}
