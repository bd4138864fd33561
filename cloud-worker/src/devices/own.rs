//! What a unit asks for itself, signed: whose it is, to be let go, and its link to the relay.

use protocol::cloud::Asker;
#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Device, Owner, change};
use crate::clock::Seconds;
use crate::edge::{Call, Problem, Reply};
use crate::presets;
use crate::proof::NOT_PAIRED;
use crate::relay::{self, Ask};
use crate::store::devices;

/// Whose a unit is.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Itself {
    /// Its number.
    device_id: String,
    /// Its name in the account.
    name: String,
    /// Whose it is.
    owner: Asker,
    /// Since when, seconds since 1970.
    paired_at: Seconds,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    paired_at: Seconds,
    #[serde(flatten)]
    owner: Owner,
}

/// `GET /api/devices/self`: whose it is.
///
/// # Errors
/// 401 `not_paired`.
pub async fn show(call: Call) -> Result<Reply, Problem> {
    let row = row(&call, &call.device().await?).await?;
    let owner = row.owner.into();
    Reply::json(&Itself { device_id: row.id, name: row.name, owner, paired_at: row.paired_at })
}

/// `DELETE /api/devices/self`: unlinks it, from the unit.
///
/// # Errors
/// 401 `not_paired`.
pub async fn unpair(call: Call) -> Result<Reply, Problem> {
    let device = call.device().await?;
    change::remove(&call.db()?, &device.id, &device.user).await?;
    relay::unpaired(&call.env, &device.id).await;
    Ok(Reply::empty())
}

/// `GET /api/devices/link`: the WebSocket over which the owner's remotes reach it. A link it had before ends.
///
/// # Errors
/// 401 `not_paired`; 400 `upgrade` without a WebSocket.
pub async fn link(call: Call) -> Result<Reply, Problem> {
    relay::wants_socket(&call)?;
    let device = call.device().await?;
    let row = row(&call, &device).await?;
    let presets = presets::revision(&call.db()?, &device.user).await?;
    let nonce = call.config.access_keys.nonces().issue(call.now);
    let owner = row.owner.owner_name;
    let ask = Ask::Link { device: row.id.clone(), owner, name: row.name, presets, nonce };
    relay::open(&call.env, &row.id, &ask).await
}

async fn row(call: &Call, device: &Device) -> Result<Row, Problem> {
    let values = [(&device.id).into(), (&device.user).into()];
    let row = call.db()?.first(devices::DEVICE_AND_OWNER, &values).await?;
    row.ok_or(Problem::Unauthorized(NOT_PAIRED))
}
