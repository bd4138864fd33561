//! The person's side: which unit shows this code, and yes, it is mine.

use protocol::cloud::{PairApproved, PairFound, PairLookup, PairStage, UserCode};
use serde::Deserialize;

use super::{MOST_DEVICES, Stage, guess, too_many};
use crate::clock::Seconds;
use crate::edge::{Call, Problem, Reply};
use crate::store::{Query, pairings};

#[derive(Deserialize)]
struct Row {
    name: String,
    model: String,
    version: String,
    stage: Stage,
    device_id: Option<String>,
    expires_at: Seconds,
}

/// `POST /api/pair/lookup`: the unit that shows a code.
///
/// # Errors
/// 404 for a code that no unit shows; 429 after too many of those.
pub async fn lookup(call: Call) -> Result<Reply, Problem> {
    let code = code(&call)?;
    let row = find(&call, &code).await?;
    let expires_in = u32::try_from(row.expires_at - call.now).unwrap_or(0);
    Reply::json(&PairFound {
        name: row.name,
        model: row.model,
        version: row.version,
        stage: row.stage.into(),
        device_id: row.device_id,
        expires_in,
    })
}

/// `POST /api/pair/approve`: asks the unit for a press. Asking again changes nothing.
///
/// # Errors
/// As [`lookup`]; 409 `too_many_devices`.
pub async fn approve(call: Call) -> Result<Reply, Problem> {
    #[derive(Deserialize)]
    struct Number {
        number: i64,
    }
    let code = code(&call)?;
    let row = find(&call, &code).await?;
    if row.stage != Stage::Waiting {
        return Reply::json(&PairApproved { stage: row.stage.into() });
    }
    let user = &call.who()?.user;
    let db = call.db()?;
    let count: Option<Number> = db.first(pairings::DEVICE_COUNT, &[user.into()]).await?;
    if count.is_none_or(|count| count.number >= MOST_DEVICES) {
        return Err(too_many());
    }
    // Of two people who approve at once, one does.
    match db.run(pairings::APPROVE_PAIRING, &[code.letters().into(), call.now.into(), user.into()]).await? {
        0 => Err(Problem::NotFound),
        _ => Reply::json(&PairApproved { stage: PairStage::Confirm }),
    }
}

/// The code as it was typed. What cannot be one is no guess.
fn code(call: &Call) -> Result<UserCode, Problem> {
    let typed: PairLookup = call.json()?;
    UserCode::parse(&typed.user_code)
        .ok_or_else(|| Problem::field("user_code", "must be eight letters, as the unit shows them"))
}

async fn find(call: &Call, code: &UserCode) -> Result<Row, Problem> {
    let user = &call.who()?.user;
    let db = call.db()?;
    let first = async |query: Query, values: &[_]| db.first::<Row>(query, values).await;
    let (letters, now) = (code.letters().into(), call.now.into());
    if let Some(own) = first(pairings::OWN_PAIRING, &[letters, now, user.into()]).await? {
        return Ok(own);
    }
    guess::count(&call.env, user).await?;
    let found = first(pairings::WAITING_PAIRING, &[letters, now]).await?.ok_or(Problem::NotFound)?;
    guess::was_right(&call.env, user).await?;
    Ok(found)
}

impl From<Stage> for PairStage {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Waiting => Self::Waiting,
            Stage::Confirm => Self::Confirm,
            Stage::Paired => Self::Paired,
            Stage::Denied => Self::Denied,
        }
    }
}
