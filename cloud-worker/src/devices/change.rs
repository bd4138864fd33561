//! What an owner does with a unit: `PATCH` names it, `DELETE` lets it go.

use protocol::cloud::ToUnit;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Deserialize;

use crate::edge::{Call, Checks, Problem, Reply};
use crate::pairing::LONGEST_NAME;
use crate::relay;
use crate::store::{Db, Value, devices};

/// What a unit is to be called.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewName {
    /// 1 to 40 characters.
    name: String,
}

/// `PATCH /api/devices/{id}`: another name. The unit hears of it.
///
/// # Errors
/// 404 if it is not one's own; 422.
pub async fn rename(call: Call) -> Result<Reply, Problem> {
    let wish: NewName = call.json()?;
    Checks::default().text(&wish.name, "name", LONGEST_NAME).finish()?;
    let id = call.param(0);
    let values = [id.into(), (&call.who()?.user).into(), (&wish.name).into()];
    if call.db()?.run(devices::RENAME_DEVICE, &values).await? == 0 {
        return Err(Problem::NotFound);
    }
    relay::tell(&call.env, id, &ToUnit::Renamed { name: wish.name }).await;
    Ok(Reply::empty())
}

/// `DELETE /api/devices/{id}`: the unit is nobody's any more, and every connection to it ends.
///
/// # Errors
/// 404 if it is not one's own.
pub async fn unpair(call: Call) -> Result<Reply, Problem> {
    let id = call.param(0);
    if !remove(&call.db()?, id, &call.who()?.user).await? {
        return Err(Problem::NotFound);
    }
    relay::unpaired(&call.env, id).await;
    Ok(Reply::empty())
}

/// Takes the unit off its user; false if it is not theirs.
///
/// # Errors
/// 503 if the database is away.
pub async fn remove(db: &Db, id: &str, user: &str) -> Result<bool, Problem> {
    let values: [Value<'_>; 2] = [id.into(), user.into()];
    let results = db.batch(&[(devices::FORGET_PAIRING, &values), (devices::REMOVE_DEVICE, &values)]).await?;
    let removed: Vec<serde_json::Value> = match results.get(1) {
        Some(result) => crate::store::rows(devices::REMOVE_DEVICE, result)?,
        None => Vec::new(),
    };
    Ok(!removed.is_empty())
}
