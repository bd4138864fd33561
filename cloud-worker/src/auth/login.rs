//! Beginning a sign-in: `GET /api/auth/login/{provider}`.

#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;

use super::discovery;
use super::exchange::{Endpoints, Secrets, authorize_address};
use super::provider::{Kind, Provider};
use super::state::LOGIN_SECONDS;
use crate::edge::{Call, Problem, Reply, cookies, is_local_path};
use crate::ids;
use crate::store::people;

/// A provider for the page on which people choose.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ProviderItem {
    /// Its name in our paths.
    pub id: String,
    /// Its name for people.
    pub name: String,
}

/// Who people may sign in with.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ProviderList {
    /// In the order of the configuration.
    pub providers: Vec<ProviderItem>,
}

/// `GET /api/auth/providers`.
///
/// # Errors
/// None in practice.
pub async fn providers(call: Call) -> Result<Reply, Problem> {
    let item = |one: &Provider| ProviderItem { id: one.id.clone(), name: one.name.clone() };
    Reply::json(&ProviderList { providers: call.config.providers.iter().map(item).collect() })
}

/// `GET /api/auth/login/{provider}?return=/…`: sends the person to the provider.
///
/// # Errors
/// 404 for a provider that is not configured; 422 for a `return` that leads elsewhere.
pub async fn login(call: Call) -> Result<Reply, Problem> {
    let (address, cookie) = begin(&call, None).await?;
    Ok(Reply::see_other(address).with_cookie(cookie))
}

/// The provider that the path names.
///
/// # Errors
/// 404 if it is not configured.
pub fn provider_of(call: &Call) -> Result<&Provider, Problem> {
    let id = call.param(0);
    call.config.providers.iter().find(|provider| provider.id == id).ok_or(Problem::NotFound)
}

/// Our own address for a provider's answers: one each, so that an answer cannot be taken for another's.
pub fn redirect_address(call: &Call, provider: &Provider) -> String {
    format!("{}/api/auth/callback/{}", call.config.public_origin, provider.id)
}

/// Where a provider is asked.
///
/// # Errors
/// 503 if its metadata cannot be had.
pub async fn endpoints(
    call: &Call,
    provider: &Provider,
) -> Result<(Endpoints, Option<discovery::Metadata>), Problem> {
    match &provider.kind {
        Kind::Oidc { .. } => {
            let metadata = discovery::metadata(provider, &call.config, &call.env).await?;
            let endpoints = Endpoints {
                authorize: metadata.authorization_endpoint.clone(),
                token: metadata.token_endpoint.clone(),
            };
            Ok((endpoints, Some(metadata)))
        }
        Kind::GitHub { site, .. } => {
            let at = |path: &str| {
                site.join(path).map(String::from).map_err(|error| Problem::internal(error.to_string()))
            };
            let endpoints =
                Endpoints { authorize: at("login/oauth/authorize")?, token: at("login/oauth/access_token")? };
            Ok((endpoints, None))
        }
    }
}

/// Notes a sign-in and says where to send the person, and the cookie that binds it to this browser.
/// `link_session` is set when a further identity is to be linked.
///
/// # Errors
/// As [`login`].
pub async fn begin(call: &Call, link_session: Option<&str>) -> Result<(String, String), Problem> {
    let provider = provider_of(call)?;
    let return_to = call.query("return").unwrap_or_else(|| "/".to_owned());
    if !is_local_path(&return_to) {
        return Err(Problem::field("return", "must be a path of this site"));
    }
    let (endpoints, _) = endpoints(call, provider).await?;
    let (state, nonce, verifier, browser) = (ids::secret()?, ids::secret()?, ids::secret()?, ids::secret()?);
    let (state_hash, browser_hash) = (ids::digest(&state), ids::digest(&browser));
    let values = [
        (&state_hash).into(),
        (&provider.id).into(),
        (&browser_hash).into(),
        (&verifier).into(),
        (&nonce).into(),
        (&return_to).into(),
        link_session.into(),
        call.now.into(),
    ];
    call.db()?.run(people::BEGIN_LOGIN, &values).await?;
    let secrets = Secrets { state: &state, nonce: &nonce, verifier: &verifier };
    let address = authorize_address(provider, &endpoints, redirect_address(call, provider), secrets)?;
    Ok((address, cookies::set(cookies::LOGIN, &browser, LOGIN_SECONDS)))
}
