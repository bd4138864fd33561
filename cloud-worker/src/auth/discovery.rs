//! A provider's metadata (OpenID Connect Discovery 1.0), kept for a day.

use serde::{Deserialize, Serialize};
use url::Url;
use worker::Env;

use super::outside;
use super::provider::Provider;
use crate::config::{Config, is_safe};
use crate::edge::Problem;

/// Seconds that metadata is kept.
const KEPT_SECONDS: u64 = 86_400;

/// What we need of a provider's metadata.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Its issuer.
    pub issuer: String,
    /// Where people sign in.
    pub authorization_endpoint: String,
    /// Where codes are exchanged.
    pub token_endpoint: String,
    /// Where its keys are.
    pub jwks_uri: String,
    /// Whether answers name the issuer (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
    /// PKCE methods it knows; none said by some that know S256.
    pub code_challenge_methods_supported: Option<Vec<String>>,
}

impl Metadata {
    /// Whether it can be trusted with a sign-in.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self, provider: &Provider, config: &Config) -> Result<(), String> {
        if self.issuer != provider.issuer {
            return Err(format!("its metadata is of {:?}", self.issuer));
        }
        for endpoint in [&self.authorization_endpoint, &self.token_endpoint, &self.jwks_uri] {
            if !Url::parse(endpoint).is_ok_and(|url| is_safe(&url, config.environment)) {
                return Err(format!("{endpoint:?} is not an https address"));
            }
        }
        // Without S256 a stolen code could be used (RFC 9700, section 2.1.1).
        if self
            .code_challenge_methods_supported
            .as_ref()
            .is_some_and(|known| !known.iter().any(|one| one == "S256"))
        {
            return Err("it does not know PKCE with S256".to_owned());
        }
        Ok(())
    }
}

/// The metadata of `provider`.
///
/// # Errors
/// 503 if it cannot be had or cannot be trusted.
pub async fn metadata(provider: &Provider, config: &Config, env: &Env) -> Result<Metadata, Problem> {
    let key = format!("metadata:{}", provider.metadata);
    let cache = env.kv("CACHE")?;
    let away = |text: String| Problem::Unavailable(30, format!("{}: {text}", provider.id));
    // A cache that is away costs time only.
    if let Ok(Some(kept)) = cache.get(&key).json::<Metadata>().await
        && kept.check(provider, config).is_ok()
    {
        return Ok(kept);
    }
    let fresh: Metadata =
        outside::get(&provider.metadata, None).await.map_err(|error| away(error.to_string()))?;
    fresh.check(provider, config).map_err(away)?;
    if let Ok(put) = cache.put(&key, serde_json::to_string(&fresh).unwrap_or_default()) {
        put.expiration_ttl(KEPT_SECONDS).execute().await.ok();
    }
    Ok(fresh)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;

    fn provider() -> Provider {
        let list = r#"[{"id":"a","kind":"oidc","issuer":"https://i.example","client_id":"c"}]"#;
        Provider::parse_list(list, Environment::Production, |_| None).unwrap().remove(0)
    }

    fn metadata() -> Metadata {
        Metadata {
            issuer: "https://i.example".into(),
            authorization_endpoint: "https://i.example/a".into(),
            token_endpoint: "https://i.example/t".into(),
            jwks_uri: "https://i.example/k".into(),
            authorization_response_iss_parameter_supported: true,
            code_challenge_methods_supported: Some(vec!["S256".into()]),
        }
    }

    #[test]
    fn metadata_of_somebody_else_or_without_protection_is_refused() {
        let config = Config::for_tests();
        let check = |change: fn(&mut Metadata)| {
            let mut changed = metadata();
            change(&mut changed);
            changed.check(&provider(), &config).is_ok()
        };
        assert!(check(|_| {}));
        assert!(check(|metadata| metadata.code_challenge_methods_supported = None));
        assert!(!check(|metadata| metadata.issuer = "https://i.example/".into()));
        assert!(!check(|metadata| metadata.token_endpoint = "http://i.example/t".into()));
        assert!(!check(|metadata| metadata.jwks_uri = "file:///etc/passwd".into()));
        assert!(!check(|metadata| metadata.code_challenge_methods_supported = Some(vec!["plain".into()])));
    }
}
