//! The authorization code flow (RFC 6749, section 4.1) with PKCE (RFC 7636), by the `oauth2` crate.

use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken, ExtraTokenFields,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, StandardRevocableToken, StandardTokenResponse,
    TokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};

use super::outside;
use super::provider::{Kind, Provider};
use crate::edge::Problem;

/// Where a provider is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// Where people sign in.
    pub authorize: String,
    /// Where codes are exchanged.
    pub token: String,
}

/// What OpenID Connect adds to a token response.
#[derive(Debug, Serialize, Deserialize)]
struct IdTokenField {
    id_token: Option<String>,
}

impl ExtraTokenFields for IdTokenField {}

type Response = StandardTokenResponse<IdTokenField, BasicTokenType>;
type Plain = Client<
    BasicErrorResponse,
    Response,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
>;

/// What a code was exchanged for.
pub struct Tokens {
    /// For the provider's API.
    pub access: String,
    /// Who it is (OpenID Connect).
    pub id: Option<String>,
}

/// What goes out to the provider with the person and must come back or be shown later.
#[derive(Clone, Copy, Debug)]
pub struct Secrets<'a> {
    /// Comes back in the address.
    pub state: &'a str,
    /// Comes back in the ID token.
    pub nonce: &'a str,
    /// Its digest goes out; itself is shown with the code.
    pub verifier: &'a str,
}

fn client(provider: &Provider) -> Plain {
    let client = Client::new(ClientId::new(provider.client_id.clone()));
    let client = match &provider.client_secret {
        Some(secret) => client.set_client_secret(ClientSecret::new(secret.clone())),
        None => client,
    };
    // GitHub documents the secret in the body only.
    client.set_auth_type(match provider.kind {
        Kind::GitHub { .. } => AuthType::RequestBody,
        Kind::Oidc { .. } => AuthType::BasicAuth,
    })
}

/// The address at the provider to which the person is sent.
///
/// # Errors
/// If an endpoint is no address.
pub fn authorize_address(
    provider: &Provider,
    endpoints: &Endpoints,
    redirect: String,
    secrets: Secrets<'_>,
) -> Result<String, Problem> {
    let wrong = |error: url::ParseError| Problem::internal(format!("{}: {error}", provider.id));
    let client = client(provider)
        .set_auth_uri(AuthUrl::new(endpoints.authorize.clone()).map_err(wrong)?)
        .set_redirect_uri(RedirectUrl::new(redirect).map_err(wrong)?);
    let verifier = PkceCodeVerifier::new(secrets.verifier.to_owned());
    let state = secrets.state.to_owned();
    let mut request = client
        .authorize_url(|| CsrfToken::new(state))
        .add_scopes(provider.scopes.iter().cloned().map(Scope::new))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
    if matches!(provider.kind, Kind::Oidc { .. }) {
        request = request.add_extra_param("nonce", secrets.nonce.to_owned());
    }
    Ok(request.url().0.into())
}

/// Exchanges a code.
///
/// # Errors
/// 400 `code` if the provider does not take it; 503 if it does not answer.
pub async fn exchange(
    provider: &Provider,
    endpoints: &Endpoints,
    redirect: String,
    code: String,
    verifier: String,
) -> Result<Tokens, Problem> {
    let wrong = |error: url::ParseError| Problem::internal(format!("{}: {error}", provider.id));
    let client = client(provider)
        .set_token_uri(TokenUrl::new(endpoints.token.clone()).map_err(wrong)?)
        .set_redirect_uri(RedirectUrl::new(redirect).map_err(wrong)?);
    let request =
        client.exchange_code(AuthorizationCode::new(code)).set_pkce_verifier(PkceCodeVerifier::new(verifier));
    let response = request.request_async(&outside::send).await.map_err(|error| refused(provider, &error))?;
    Ok(Tokens {
        access: response.access_token().secret().clone(),
        id: response.extra_fields().id_token.clone(),
    })
}

/// What went wrong, without what was sent or answered: both may hold secrets.
fn refused(
    provider: &Provider,
    error: &oauth2::RequestTokenError<outside::Failed, BasicErrorResponse>,
) -> Problem {
    use oauth2::RequestTokenError as Error;
    match error {
        Error::ServerResponse(_) => Problem::Bad("code", "The provider did not take its own code.".into()),
        Error::Request(failed) => Problem::Unavailable(10, format!("{}: {failed}", provider.id)),
        Error::Parse(..) | Error::Other(_) => {
            Problem::Unavailable(10, format!("{}: its token answer is of another form", provider.id))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;
    use std::collections::HashMap;

    fn address(kind: &str) -> HashMap<String, String> {
        let list = format!(r#"[{{"id":"a","kind":"{kind}","client_id":"us"}}]"#);
        let provider =
            Provider::parse_list(&list, Environment::Production, |_| Some("hush".into())).unwrap().remove(0);
        let endpoints =
            Endpoints { authorize: "https://i.example/a?x=1".into(), token: "https://i.example/t".into() };
        // RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let secrets = Secrets { state: "S", nonce: "N", verifier };
        let address =
            authorize_address(&provider, &endpoints, "https://o.example/cb".into(), secrets).unwrap();
        assert!(!address.contains(verifier) && !address.contains("hush"));
        url::Url::parse(&address).unwrap().query_pairs().into_owned().collect()
    }

    #[test]
    fn the_address_asks_for_a_code_bound_to_our_secrets() {
        let query = address("google");
        for (name, value) in [
            ("x", "1"),
            ("response_type", "code"),
            ("client_id", "us"),
            ("state", "S"),
            ("nonce", "N"),
            ("redirect_uri", "https://o.example/cb"),
            ("scope", "openid profile email"),
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            ("code_challenge_method", "S256"),
        ] {
            assert_eq!(query.get(name).map(String::as_str), Some(value), "{name}");
        }
    }

    #[test]
    fn github_has_no_nonce_but_pkce() {
        let query = address("github");
        assert!(!query.contains_key("nonce"));
        assert_eq!(query["code_challenge_method"], "S256");
        assert_eq!(query["scope"], "read:user user:email");
    }
}
