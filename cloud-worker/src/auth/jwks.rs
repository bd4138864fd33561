//! A provider's keys, kept for an hour. A token with a key that we do not know makes us look again, but not
//! more often than every half minute.

use jsonwebtoken::jwk::Jwk;
use serde::{Deserialize, Serialize};
use worker::Env;

use super::id_token::{self, Claims, Expected, Refused};
use super::outside;
use super::provider::Provider;
use crate::clock::Seconds;
use crate::edge::Problem;

/// Seconds that keys are kept.
const KEPT_SECONDS: u64 = 3600;
/// Seconds before we look for new keys again.
const AGAIN_SECONDS: Seconds = 30;

#[derive(Debug, Deserialize)]
struct Published {
    // Keys of sorts that we do not know are passed over.
    keys: Vec<serde_json::Value>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    fetched_at: Seconds,
    keys: Vec<Jwk>,
}

/// Checks a token against the keys that are kept, or else against fresh ones.
///
/// # Errors
/// 503 if the keys cannot be had; `Ok(Err(…))` if the token is not taken.
pub async fn check(
    provider: &Provider,
    uri: &str,
    token: &str,
    expected: Expected<'_>,
    env: &Env,
) -> Result<Result<Claims, Refused>, Problem> {
    let cache = env.kv("CACHE")?;
    let key = format!("jwks:{uri}");
    if let Ok(Some(kept)) = cache.get(&key).json::<Kept>().await {
        match verdict(token, expected, &kept.keys) {
            Err(Refused::UnknownKey) if expected.now - kept.fetched_at >= AGAIN_SECONDS => {}
            verdict => return Ok(verdict),
        }
    }
    let away = |error: outside::Failed| Problem::Unavailable(30, format!("{}: keys: {error}", provider.id));
    let published: Published = outside::get(uri, None).await.map_err(away)?;
    let keys = published.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect();
    let kept = Kept { fetched_at: expected.now, keys };
    if let Ok(put) = cache.put(&key, serde_json::to_string(&kept).unwrap_or_default()) {
        put.expiration_ttl(KEPT_SECONDS).execute().await.ok();
    }
    Ok(verdict(token, expected, &kept.keys))
}

fn verdict(token: &str, expected: Expected<'_>, keys: &[Jwk]) -> Result<Claims, Refused> {
    let key = id_token::find_key(token, expected.algorithm, keys)?;
    id_token::check(token, key, expected)
}
