//! The provider's answer: `GET /api/auth/callback/{provider}`.

use super::exchange::{Tokens, exchange};
use super::id_token::{self, Expected};
use super::identify::{self, Person};
use super::login::{endpoints, provider_of, redirect_address};
use super::provider::{Kind, Provider};
use super::state::{Login, stale};
use super::{discovery, github, jwks, session};
use crate::edge::{Call, Level, Problem, Reply, cookies, log};
use crate::ids;
use crate::store::people;

/// Ends a sign-in: checks the answer, finds or makes the user, and begins a new session.
///
/// A person, unlike a program, is sent back to the page that says what went wrong.
///
/// # Errors
/// 400 `state`, `issuer`, `declined`, `code` or `id_token`; 409 `identity_taken` when linking.
pub async fn callback(call: Call) -> Result<Reply, Problem> {
    let outcome = finish(&call).await;
    let by_a_person = call.header("accept").is_some_and(|accept| accept.contains("text/html"));
    match outcome {
        Err(problem) if by_a_person => {
            log(Level::Warn, "sign_in", serde_json::json!({ "id": call.id, "code": problem.code() }));
            let page = format!("/?sign_in_error={}", problem.code());
            Ok(Reply::see_other(page).with_cookie(cookies::clear(cookies::LOGIN)))
        }
        outcome => outcome,
    }
}

async fn finish(call: &Call) -> Result<Reply, Problem> {
    let provider = provider_of(call)?;
    let login = take_login(call, provider).await?;
    let (endpoints, metadata) = endpoints(call, provider).await?;
    check_issuer(call, provider, metadata.as_ref())?;
    if call.query("error").is_some() {
        return Err(Problem::Bad("declined", "The provider did not sign you in.".into()));
    }
    let code = call.query("code").filter(|code| !code.is_empty()).ok_or_else(stale)?;
    let redirect = redirect_address(call, provider);
    let tokens = exchange(provider, &endpoints, redirect, code, login.verifier.clone()).await?;
    let person = person(call, provider, metadata.as_ref(), &login, tokens).await?;
    let reply = match &login.link_session {
        Some(session) => {
            identify::link(call, provider, &person, session).await?;
            Reply::see_other(login.return_to)
        }
        None => {
            let user = identify::user_for(call, provider, &person).await?;
            let cookies = session::begin(call, &user).await?;
            cookies.into_iter().fold(Reply::see_other(login.return_to), Reply::with_cookie)
        }
    };
    Ok(reply.with_cookie(cookies::clear(cookies::LOGIN)))
}

/// Finds the sign-in of this answer and takes it away, so that no second answer can use it.
async fn take_login(call: &Call, provider: &Provider) -> Result<Login, Problem> {
    let state =
        call.query("state").filter(|state| ids::is_token(state, ids::SECRET_LENGTH)).ok_or_else(stale)?;
    let login: Login =
        call.db()?.first(people::TAKE_LOGIN, &[(&ids::digest(&state)).into()]).await?.ok_or_else(stale)?;
    login.check(&provider.id, call.cookie(cookies::LOGIN), call.now)?;
    Ok(login)
}

/// That the answer is of the provider we asked (RFC 9207, section 2.4).
fn check_issuer(
    call: &Call,
    provider: &Provider,
    metadata: Option<&discovery::Metadata>,
) -> Result<(), Problem> {
    let promised = metadata.is_some_and(|metadata| metadata.authorization_response_iss_parameter_supported);
    // Twice is as bad as wrong.
    let said = call.query.split('&').any(|pair| pair.starts_with("iss="));
    match call.query("iss") {
        Some(issuer) if issuer == provider.issuer => Ok(()),
        None if !promised && !said => Ok(()),
        _ => Err(Problem::Bad("issuer", "This is not the answer of the provider that was asked.".into())),
    }
}

async fn person(
    call: &Call,
    provider: &Provider,
    metadata: Option<&discovery::Metadata>,
    login: &Login,
    tokens: Tokens,
) -> Result<Person, Problem> {
    match (&provider.kind, metadata) {
        (Kind::Oidc { algorithm }, Some(metadata)) => {
            let token = tokens.id.ok_or_else(|| refused("there is none"))?;
            let expected = Expected {
                algorithm: *algorithm,
                client_id: &provider.client_id,
                nonce: &login.nonce,
                now: call.now,
            };
            let claims = jwks::check(provider, &metadata.jwks_uri, &token, expected, &call.env)
                .await?
                .map_err(|why| refused(&why.to_string()))?;
            let issuer = provider.issuer_for(claims.tid.as_deref());
            id_token::check_issuer(&claims, &issuer).map_err(|why| refused(&why.to_string()))?;
            let email = claims.verified_email().map(str::to_owned);
            Ok(Person::new(issuer, claims.sub, claims.name, email))
        }
        (Kind::GitHub { api, .. }, _) => {
            let profile = github::profile(api, &tokens.access).await?;
            Ok(Person::new(provider.issuer.clone(), profile.subject, Some(profile.name), profile.email))
        }
        (Kind::Oidc { .. }, None) => Err(Problem::internal("no metadata")),
    }
}

fn refused(why: &str) -> Problem {
    Problem::Bad("id_token", format!("The provider's ID token is not taken: {why}.").into())
}
