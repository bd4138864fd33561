//! Who people may sign in with: the variable `PROVIDERS`, a JSON list.
//!
//! ```json
//! [{ "id": "google", "kind": "google", "client_id": "…" },
//!  { "id": "home", "kind": "oidc", "name": "Home", "issuer": "https://id.example", "client_id": "…" }]
//! ```
//! The client's secret is in the secret `<ID>_CLIENT_SECRET`; a public client has none.

use jsonwebtoken::Algorithm;
use serde::Deserialize;
use url::Url;

use crate::config::{Environment, is_safe};

/// What Microsoft writes in place of the tenant.
pub const TENANT: &str = "{tenantid}";

/// How a provider says who somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// By an ID token (OpenID Connect).
    Oidc {
        /// The one algorithm its tokens are signed with.
        algorithm: Algorithm,
    },
    /// By GitHub's REST API: GitHub is no OpenID provider for people.
    GitHub {
        /// Address of its pages.
        site: Url,
        /// Address of its API.
        api: Url,
    },
}

/// One provider.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Its name in our paths.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// How it says who somebody is.
    pub kind: Kind,
    /// Its issuer, as ID tokens name it.
    pub issuer: String,
    /// Where its metadata is.
    pub metadata: String,
    /// Who we are to it.
    pub client_id: String,
    /// The secret that goes with it; none for a public client.
    pub client_secret: Option<String>,
    /// What we ask for.
    pub scopes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    kind: String,
    client_id: String,
    name: Option<String>,
    issuer: Option<String>,
    tenant: Option<String>,
    algorithm: Option<String>,
    scopes: Option<Vec<String>>,
    site: Option<String>,
    api: Option<String>,
}

impl Provider {
    /// The providers of a list; `secret` gives the value of a secret by its name.
    ///
    /// # Errors
    /// What is wrong, naming the provider.
    pub fn parse_list(
        text: &str,
        environment: Environment,
        secret: impl Fn(&str) -> Option<String>,
    ) -> Result<Vec<Self>, String> {
        let written: Vec<Written> =
            serde_json::from_str(text).map_err(|error| format!("PROVIDERS: {error}"))?;
        let mut providers: Vec<Self> = Vec::new();
        for one in written {
            let id = one.id.clone();
            if id.is_empty() || !id.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()) {
                return Err(format!("PROVIDERS: the id {id:?} must be of a-z and 0-9"));
            }
            if providers.iter().any(|other| other.id == id) {
                return Err(format!("PROVIDERS: {id} is there twice"));
            }
            let secret = secret(&format!("{}_CLIENT_SECRET", id.to_uppercase()));
            let provider =
                one.make(environment, secret).map_err(|error| format!("PROVIDERS: {id}: {error}"))?;
            if providers.iter().any(|other| other.issuer == provider.issuer) {
                return Err(format!("PROVIDERS: {id} has another's issuer"));
            }
            providers.push(provider);
        }
        Ok(providers)
    }

    /// The issuer of a token of tenant `tenant`: Microsoft has one for each.
    pub fn issuer_for(&self, tenant: Option<&str>) -> String {
        match tenant {
            Some(tenant) if is_tenant(tenant) => self.issuer.replace(TENANT, tenant),
            _ => self.issuer.clone(),
        }
    }
}

/// Tenants are UUIDs; anything else could make another issuer of the pattern.
fn is_tenant(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|c| c.is_ascii_hexdigit() || c == b'-')
}

impl Written {
    fn make(self, environment: Environment, client_secret: Option<String>) -> Result<Provider, String> {
        let oidc = |written: &Self| -> Result<Kind, String> {
            Ok(Kind::Oidc { algorithm: algorithm(written.algorithm.as_deref().unwrap_or("RS256"))? })
        };
        let (kind, issuer, name, scopes): (_, _, _, &[&str]) = match self.kind.as_str() {
            "google" => (oidc(&self)?, "https://accounts.google.com".to_owned(), "Google", OPENID),
            "microsoft" => {
                let tenant = self.tenant.as_deref().unwrap_or("common");
                // A tenant of one's own is its own issuer; the shared ones stand for any.
                let place = if is_tenant(tenant) { tenant } else { TENANT };
                let issuer = format!("https://login.microsoftonline.com/{place}/v2.0");
                (oidc(&self)?, issuer, "Microsoft", OPENID)
            }
            "oidc" => {
                let issuer = self.issuer.clone().ok_or("an issuer is missing")?;
                (oidc(&self)?, issuer, "OpenID", OPENID)
            }
            "github" => {
                let site = address(self.site.as_deref().unwrap_or("https://github.com/"), environment)?;
                let api = address(self.api.as_deref().unwrap_or("https://api.github.com/"), environment)?;
                let issuer = site.origin().ascii_serialization();
                (Kind::GitHub { site, api }, issuer, "GitHub", &["read:user", "user:email"])
            }
            other => return Err(format!("there is no kind {other:?}")),
        };
        address(&issuer.replace(TENANT, "common"), environment)?;
        let tenant = self.tenant.as_deref().unwrap_or("common");
        let metadata = format!(
            "{}/.well-known/openid-configuration",
            issuer.replace(TENANT, tenant).trim_end_matches('/')
        );
        let scopes = self.scopes.unwrap_or_else(|| scopes.iter().map(|scope| (*scope).to_owned()).collect());
        let name = self.name.unwrap_or_else(|| name.to_owned());
        let (id, client_id) = (self.id, self.client_id);
        Ok(Provider { id, name, kind, issuer, metadata, client_id, client_secret, scopes })
    }
}

const OPENID: &[&str] = &["openid", "profile", "email"];

/// An algorithm that a provider's public key checks. HMAC is none: whoever checks could also sign.
fn algorithm(name: &str) -> Result<Algorithm, String> {
    Ok(match name {
        "RS256" => Algorithm::RS256,
        "PS256" => Algorithm::PS256,
        "ES256" => Algorithm::ES256,
        "EdDSA" => Algorithm::EdDSA,
        other => return Err(format!("the algorithm {other:?} is not among RS256, PS256, ES256, EdDSA")),
    })
}

fn address(text: &str, environment: Environment) -> Result<Url, String> {
    Url::parse(text)
        .ok()
        .filter(|url| is_safe(url, environment))
        .ok_or_else(|| format!("{text:?} is not an https address"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<Provider>, String> {
        Provider::parse_list(text, Environment::Production, |name| {
            (name == "GOOGLE_CLIENT_SECRET").then(|| "s".to_owned())
        })
    }

    #[test]
    fn the_known_providers_need_only_a_client() {
        let list = parse(
            r#"[{"id":"google","kind":"google","client_id":"a"},{"id":"github","kind":"github","client_id":"b"},
                {"id":"microsoft","kind":"microsoft","client_id":"c"}]"#,
        )
        .unwrap();
        assert_eq!(list[0].metadata, "https://accounts.google.com/.well-known/openid-configuration");
        assert_eq!(list[0].client_secret.as_deref(), Some("s"));
        assert_eq!(list[1].issuer, "https://github.com");
        assert_eq!(
            list[2].metadata,
            "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration"
        );
        assert_eq!(list[2].client_secret, None);
    }

    #[test]
    fn microsofts_issuer_takes_a_tenant_and_nothing_else() {
        let list = parse(r#"[{"id":"microsoft","kind":"microsoft","client_id":"c"}]"#).unwrap();
        let tenant = "9122040d-6c67-4c5b-b112-36a304b66dad";
        assert_eq!(
            list[0].issuer_for(Some(tenant)),
            format!("https://login.microsoftonline.com/{tenant}/v2.0")
        );
        for bad in [None, Some("x/../evil"), Some("")] {
            assert!(list[0].issuer_for(bad).contains(TENANT), "{bad:?}");
        }
    }

    #[test]
    fn what_would_weaken_the_check_is_refused() {
        for (what, text) in [
            (
                "HMAC",
                r#"[{"id":"a","kind":"oidc","issuer":"https://i.example","client_id":"c","algorithm":"HS256"}]"#,
            ),
            (
                "none",
                r#"[{"id":"a","kind":"oidc","issuer":"https://i.example","client_id":"c","algorithm":"none"}]"#,
            ),
            ("http", r#"[{"id":"a","kind":"oidc","issuer":"http://i.example","client_id":"c"}]"#),
            ("loopback", r#"[{"id":"a","kind":"oidc","issuer":"http://127.0.0.1:9","client_id":"c"}]"#),
            ("no issuer", r#"[{"id":"a","kind":"oidc","client_id":"c"}]"#),
            ("kind", r#"[{"id":"a","kind":"saml","client_id":"c"}]"#),
            ("id", r#"[{"id":"a/b","kind":"google","client_id":"c"}]"#),
            (
                "twice",
                r#"[{"id":"a","kind":"google","client_id":"c"},{"id":"a","kind":"github","client_id":"c"}]"#,
            ),
            (
                "one issuer for two",
                r#"[{"id":"a","kind":"google","client_id":"c"},
                    {"id":"b","kind":"oidc","issuer":"https://accounts.google.com","client_id":"c"}]"#,
            ),
        ] {
            assert!(parse(text).is_err(), "{what}");
        }
    }
}
