//! The settings, read from the worker's variables and secrets once an instance.

use std::cell::RefCell;
use std::rc::Rc;

use url::Url;
use worker::Env;

use crate::auth::access_token::Keys;
use crate::auth::provider::Provider;
use crate::edge::Problem;
use crate::edge::report::Dsn;

/// Where this worker runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// On somebody's desk.
    Dev,
    /// For trying what is to be released.
    Staging,
    /// For everybody.
    Production,
}

/// The settings.
#[derive(Debug)]
pub struct Config {
    /// Where this worker runs.
    pub environment: Environment,
    /// Where people reach it: scheme, host and port, no slash at the end.
    pub public_origin: String,
    /// Other origins whose pages may call the API.
    pub cors_origins: Vec<String>,
    /// Who people may sign in with.
    pub providers: Vec<Provider>,
    /// What access tokens are signed with.
    pub access_keys: Keys,
    /// Where failures are reported.
    pub sentry: Option<Dsn>,
    /// Who is told of messages that could not be worked off.
    pub alert_webhook: Option<String>,
    /// Seconds until a message of the queue comes again that could not be worked off; then twice as many.
    pub usage_retry_seconds: u32,
}

thread_local! {
    static CONFIG: RefCell<Option<Rc<Config>>> = const { RefCell::new(None) };
}

impl Config {
    /// The settings of this instance.
    ///
    /// # Errors
    /// 503 if one is missing or wrong; the log names it.
    pub fn of(env: &Env) -> Result<Rc<Self>, Problem> {
        if let Some(config) = CONFIG.with(|slot| slot.borrow().clone()) {
            return Ok(config);
        }
        let read = |name: &str| env.var(name).ok().map(|value| value.to_string());
        let config = Rc::new(Self::parse(read).map_err(|error| Problem::Unavailable(60, error))?);
        CONFIG.with(|slot| *slot.borrow_mut() = Some(config.clone()));
        Ok(config)
    }

    /// Makes sense of the variables; the error names the one that is wrong.
    ///
    /// # Errors
    /// If one is missing or wrong.
    pub fn parse(read: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let environment = match read("ENVIRONMENT").as_deref() {
            Some("dev") => Environment::Dev,
            Some("staging") => Environment::Staging,
            Some("production") => Environment::Production,
            _ => return Err("ENVIRONMENT must be dev, staging or production".to_owned()),
        };
        let public_origin = read("PUBLIC_ORIGIN").unwrap_or_default();
        if !is_origin(&public_origin, environment) {
            return Err("PUBLIC_ORIGIN must be an https origin".to_owned());
        }
        let cors_origins: Vec<String> =
            read("CORS_ORIGINS").unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        if !cors_origins.iter().all(|origin| is_origin(origin, environment)) {
            return Err("CORS_ORIGINS must be https origins with spaces between".to_owned());
        }
        let providers =
            Provider::parse_list(&read("PROVIDERS").unwrap_or_else(|| "[]".to_owned()), environment, &read)?;
        let access_keys = Keys::parse(&read("ACCESS_KEYS").unwrap_or_default(), &public_origin)?;
        let given = |name: &str| read(name).filter(|value| !value.is_empty());
        let sentry = given("SENTRY_DSN").map(|text| Dsn::parse(&text, environment)).transpose()?;
        let alert_webhook = given("ALERT_WEBHOOK");
        let safe = |text: &String| Url::parse(text).is_ok_and(|url| is_safe(&url, environment));
        if !alert_webhook.as_ref().is_none_or(safe) {
            return Err("ALERT_WEBHOOK must be an https address".to_owned());
        }
        let usage_retry_seconds = given("USAGE_RETRY_SECONDS").map_or(Ok(10), |text| text.parse());
        let usage_retry_seconds =
            usage_retry_seconds.map_err(|_| "USAGE_RETRY_SECONDS must be a number".to_owned())?;
        Ok(Self {
            environment,
            public_origin,
            cors_origins,
            providers,
            access_keys,
            sentry,
            alert_webhook,
            usage_retry_seconds,
        })
    }
}

/// Whether `text` is an origin as a browser writes it, over https; for development also http on this machine.
pub fn is_origin(text: &str, environment: Environment) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    url.origin().ascii_serialization() == text && is_safe(&url, environment)
}

/// Whether secrets may travel to `url`: https; for development also http on this machine.
pub fn is_safe(url: &Url, environment: Environment) -> bool {
    let loopback = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    url.scheme() == "https" || (environment == Environment::Dev && url.scheme() == "http" && loopback)
}

#[cfg(test)]
impl Config {
    /// Settings of production with a key of RFC 8032, section 7.1.
    pub fn for_tests() -> Self {
        Self::parse(tests::variables("production", "https://rusty-audio.example", "")).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: &str = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"1",
        "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;

    pub fn variables<'a>(
        environment: &'a str,
        origin: &'a str,
        cors: &'a str,
    ) -> impl Fn(&str) -> Option<String> + use<'a> {
        move |name| {
            Some(match name {
                "ENVIRONMENT" => environment.to_owned(),
                "PUBLIC_ORIGIN" => origin.to_owned(),
                "CORS_ORIGINS" => cors.to_owned(),
                "ACCESS_KEYS" => KEYS.to_owned(),
                _ => return None,
            })
        }
    }

    fn parse(environment: &str, origin: &str, cors: &str) -> Result<Config, String> {
        Config::parse(variables(environment, origin, cors))
    }

    #[test]
    fn plain_http_is_for_development_on_this_machine_only() {
        assert!(parse("dev", "http://127.0.0.1:8787", "").is_ok());
        assert!(parse("dev", "http://example.org", "").is_err());
        assert!(parse("production", "http://127.0.0.1:8787", "").is_err());
        assert!(parse("production", "https://rusty-audio.example", "").is_ok());
    }

    #[test]
    fn an_origin_is_no_address_and_no_pattern() {
        for bad in
            ["", "*", "https://", "https://a.example/", "https://a.example/x", "https://*.example/", "null"]
        {
            assert!(parse("production", bad, "").is_err(), "{bad}");
        }
        assert!(parse("production", "https://a.example", "https://b.example *").is_err());
        let config =
            parse("staging", "https://a.example", "https://b.example  https://c.example:444").unwrap();
        assert_eq!(config.cors_origins, ["https://b.example", "https://c.example:444"]);
    }
}
