//! A unit changes hands: its owner offers it by a code, another account takes it. Both are signed in, and the
//! unit need not be there. What the owner keeps of it (presets, usage) stays with the owner.

use protocol::cloud::Asker;
#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Owner;
use crate::clock::Seconds;
use crate::edge::{Call, Checks, Problem, Reply};
use crate::ids;
use crate::pairing::MOST_DEVICES;
use crate::relay;
use crate::store::{devices, rows};

/// Seconds that an offer stands.
const OFFER_SECONDS: u32 = 600;

/// An offer.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Offer {
    /// For the other person, who takes the unit with it. Nobody guesses it; it is best sent as a link.
    code: String,
    /// Seconds that it stands.
    expires_in: u32,
}

/// The code of an offer.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OfferCode {
    /// As it was given to the owner.
    code: String,
}

/// What is offered.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Offered {
    /// The unit's name.
    name: String,
    /// What it is.
    model: String,
    /// Of its program.
    version: String,
    /// Who offers it.
    from: Asker,
}

/// The unit that was taken.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Taken {
    /// Its number.
    #[serde(rename(deserialize = "id"))]
    device_id: String,
}

#[derive(Deserialize)]
struct Row {
    name: String,
    model: String,
    version: String,
    #[serde(flatten)]
    owner: Owner,
}

/// `POST /api/devices/{id}/transfer`: offers it. An offer before this one ends.
///
/// # Errors
/// 404 if it is not one's own.
pub async fn offer(call: Call) -> Result<Reply, Problem> {
    let code = ids::secret()?;
    let digest = ids::digest(&code);
    let ends = call.now + Seconds::from(OFFER_SECONDS);
    let values = [call.param(0).into(), (&call.who()?.user).into(), (&digest).into(), ends.into()];
    match call.db()?.run(devices::OFFER_DEVICE, &values).await? {
        0 => Err(Problem::NotFound),
        _ => Reply::json(&Offer { code, expires_in: OFFER_SECONDS }),
    }
}

/// `DELETE /api/devices/{id}/transfer`: takes the offer back.
///
/// # Errors
/// 404 if there is none of one's own.
pub async fn withdraw(call: Call) -> Result<Reply, Problem> {
    let values = [call.param(0).into(), (&call.who()?.user).into()];
    match call.db()?.run(devices::WITHDRAW_DEVICE, &values).await? {
        0 => Err(Problem::NotFound),
        _ => Ok(Reply::empty()),
    }
}

/// `POST /api/devices/transfer/lookup`: what is offered, before it is taken.
///
/// # Errors
/// 404 for a code that offers nothing, or one's own unit.
pub async fn lookup(call: Call) -> Result<Reply, Problem> {
    let digest = digest(&call)?;
    let values = [(&digest).into(), call.now.into(), (&call.who()?.user).into()];
    let row: Option<Row> = call.db()?.first(devices::OFFERED_DEVICE, &values).await?;
    let row = row.ok_or(Problem::NotFound)?;
    Reply::json(&Offered { name: row.name, model: row.model, version: row.version, from: row.owner.into() })
}

/// `POST /api/devices/transfer/accept`: takes it. The owner's remotes are sent away, and the unit hears whose
/// it is now.
///
/// # Errors
/// 404 as [`lookup`], or if the account has as many units as it may have.
pub async fn accept(call: Call) -> Result<Reply, Problem> {
    let digest = digest(&call)?;
    let user = &call.who()?.user;
    let take = [(&digest).into(), call.now.into(), user.into(), MOST_DEVICES.into()];
    let used = [(&digest).into(), user.into()];
    let results = call.db()?.batch(&[(devices::TAKE_DEVICE, &take), (devices::USE_OFFER, &used)]).await?;
    let taken: Vec<Taken> = match results.first() {
        Some(result) => rows(devices::TAKE_DEVICE, result)?,
        None => Vec::new(),
    };
    let taken = taken.into_iter().next().ok_or(Problem::NotFound)?;
    relay::owner_changed(&call.env, &taken.device_id).await;
    Reply::json(&taken)
}

fn digest(call: &Call) -> Result<String, Problem> {
    let given: OfferCode = call.json()?;
    let good = ids::is_token(&given.code, ids::SECRET_LENGTH);
    Checks::default().that(good, "code", "must be the code of an offer").finish()?;
    Ok(ids::digest(&given.code))
}
