//! `/api/presets/{id}/favourite`: public presets that somebody likes. The number is the public one.

use serde::Deserialize;
use serde_json::Value as Json;

use super::wire::page;
use crate::clock::Seconds;
use crate::edge::{Call, Problem, Reply};
use crate::store::public_presets;

/// Most favourites of an account.
const MOST: i64 = 200;

/// Adds one. It may be there already.
///
/// # Errors
/// 404 if nobody has published such a preset; 409 `too_many_favourites`.
pub async fn add(call: Call) -> Result<Reply, Problem> {
    #[derive(Deserialize)]
    struct State {
        mine: u32,
    }
    let user = &call.who()?.user;
    let id = call.param(0);
    let db = call.db()?;
    let values = [user.into(), id.into(), call.now.into(), MOST.into()];
    if db.run(public_presets::ADD_FAVOURITE, &values).await? > 0 {
        return Ok(Reply::empty());
    }
    match db.first::<State>(public_presets::FAVOURITE, &values[..2]).await? {
        None => Err(Problem::NotFound),
        Some(State { mine: 0 }) => {
            Err(Problem::Conflict("too_many_favourites", "An account holds 200 favourites."))
        }
        Some(_) => Ok(Reply::empty()),
    }
}

/// Takes one off. It may be gone already.
///
/// # Errors
/// If the database is away.
pub async fn remove(call: Call) -> Result<Reply, Problem> {
    let values = [(&call.who()?.user).into(), call.param(0).into()];
    call.db()?.run(public_presets::REMOVE_FAVOURITE, &values).await?;
    Ok(Reply::empty())
}

/// One's favourites, the last added first.
///
/// # Errors
/// If the database is away.
pub async fn list(call: Call) -> Result<Reply, Problem> {
    #[derive(Deserialize)]
    struct Added {
        added_at: Seconds,
        json: String,
    }
    let user = [(&call.who()?.user).into()];
    let mut rows: Vec<Added> = call.db()?.all(public_presets::FAVOURITES, &user).await?;
    rows.sort_by_key(|row| std::cmp::Reverse(row.added_at));
    Ok(Reply::written(page(rows.iter().map(|row| &*row.json), &Json::Null)))
}
