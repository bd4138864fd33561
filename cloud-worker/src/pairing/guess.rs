//! How often somebody may be wrong about a code. Counted before the answer is known, so that tries at the same
//! time count one by one; a right code is taken off again.

use worker::Env;

use crate::edge::Problem;
use crate::limits::{self, Limit};

/// Wrong codes of one account. 20^8 codes: with 100 of them shown at a time, a guess in 2.6 million hits.
pub const ACCOUNT: Limit = Limit { tries: 10, seconds: 900 };
/// Wrong codes of everybody: a guesser with many accounts hits once in decades, and then needs a driver's press.
pub const EVERYBODY: Limit = Limit { tries: 1000, seconds: 900 };
const EVERYBODY_KEY: &str = "pair:everybody";

/// Counts a code that `user` has typed.
///
/// # Errors
/// 429 beyond either limit; 503 if it cannot be counted.
pub async fn count(env: &Env, user: &str) -> Result<(), Problem> {
    limits::hit(env, &key(user), ACCOUNT).await?;
    limits::hit(env, EVERYBODY_KEY, EVERYBODY).await?;
    Ok(())
}

/// It was a right one.
///
/// # Errors
/// 503 if it cannot be counted.
pub async fn was_right(env: &Env, user: &str) -> Result<(), Problem> {
    limits::refund(env, &key(user), ACCOUNT).await?;
    limits::refund(env, EVERYBODY_KEY, EVERYBODY).await?;
    Ok(())
}

fn key(user: &str) -> String {
    format!("pair:user:{user}")
}
