//! Exact limits: so many tries in so many seconds, counted one after the other in a Durable Object a key.
//!
//! What these limits guard is refused when it cannot be counted.

pub mod object;
mod window;

use serde::{Deserialize, Serialize};
use url::form_urlencoded;
use worker::Env;

use crate::edge::Problem;

/// So many tries in so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Tries.
    pub tries: u32,
    /// Seconds, from the first try.
    pub seconds: u32,
}

/// What a counter says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether this try is within the limit.
    pub allowed: bool,
    /// Tries that are left.
    pub left: u32,
    /// Seconds until a new window begins; 0 while tries are left.
    pub retry_after: u32,
}

/// Counts a try under `key`.
///
/// # Errors
/// 429 beyond the limit; 503 if it cannot be counted.
pub async fn hit(env: &Env, key: &str, limit: Limit) -> Result<Verdict, Problem> {
    let verdict = ask(env, "hit", key, limit).await?;
    if verdict.allowed { Ok(verdict) } else { Err(Problem::TooMany(verdict.retry_after)) }
}

/// Takes one counted try back: it was a good one.
///
/// # Errors
/// 503 if the counter does not answer.
pub async fn refund(env: &Env, key: &str, limit: Limit) -> Result<Verdict, Problem> {
    ask(env, "refund", key, limit).await
}

async fn ask(env: &Env, what: &str, key: &str, limit: Limit) -> Result<Verdict, Problem> {
    let away = |error: worker::Error| Problem::Unavailable(5, format!("ATTEMPTS: {error}"));
    let stub = env.durable_object("ATTEMPTS").and_then(|objects| objects.get_by_name(key)).map_err(away)?;
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("tries", &limit.tries.to_string())
        .append_pair("seconds", &limit.seconds.to_string())
        .finish();
    let mut response =
        stub.fetch_with_str(&format!("https://attempts/{what}?{query}")).await.map_err(away)?;
    if response.status_code() != 200 {
        return Err(Problem::Unavailable(5, format!("ATTEMPTS: status {}", response.status_code())));
    }
    response.json().await.map_err(away)
}
