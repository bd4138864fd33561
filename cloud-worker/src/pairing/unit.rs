//! The unit's side: to begin, to ask how it stands, and to say what the driver has pressed.

use protocol::cloud::{Asker, PairConfirm, PairPoll, PairStart, PairStarted, PairState, UserCode};
use serde::Deserialize;

use super::{EXPIRES_IN, INTERVAL, LONGEST_NAME, MOST_DEVICES, Stage, already_paired, too_many};
use crate::clock::Seconds;
use crate::devices::Device;
use crate::edge::{Call, Checks, Problem, Reply};
use crate::ids;
use crate::store::{Value, devices, pairings, rows};

/// Codes that are tried until one is free: even with a million shown at a time, all of them are taken once in
/// 10^13 times.
const CODES: usize = 3;

#[derive(Deserialize)]
struct Row {
    stage: Stage,
    interval: Seconds,
    device_id: Option<String>,
    user_id: Option<String>,
}

/// `POST /api/pair/start`: gives out codes. What the same unit began before is over.
///
/// # Errors
/// 409 `already_paired`.
pub async fn start(call: Call) -> Result<Reply, Problem> {
    let key = call.key().await?;
    let wish: PairStart = call.json()?;
    check(&wish)?;
    for _ in 0..CODES {
        let (device_code, user_code) = (ids::secret()?, user_code()?);
        if begin(&call, &key, &wish, &device_code, &user_code).await? {
            return Reply::json(&started(&call.config.public_origin, device_code, &user_code));
        }
        if call.db()?.first::<Device>(devices::DEVICE_BY_KEY, &[(&key).into()]).await?.is_some() {
            return Err(already_paired());
        }
    }
    Err(Problem::internal("no user code was free"))
}

/// `POST /api/pair/poll`: how it stands.
///
/// # Errors
/// 401 without a good proof. A code that is over is a state and no error.
pub async fn poll(call: Call) -> Result<Reply, Problem> {
    let key = call.key().await?;
    let asked: PairPoll = call.json()?;
    let code = ids::digest(&asked.device_code);
    let values = [(&code).into(), (&key).into(), call.now.into(), Seconds::from(INTERVAL).into()];
    let row: Option<Row> = call.db()?.first(pairings::POLL_PAIRING, &values).await?;
    Reply::json(&state(&call, row).await?)
}

/// `POST /api/pair/confirm`: what the driver has pressed. Said twice it counts once.
///
/// # Errors
/// 409 `not_approved` while nobody asks; 409 `too_many_devices`, `already_paired`.
pub async fn confirm(call: Call) -> Result<Reply, Problem> {
    let key = call.key().await?;
    let said: PairConfirm = call.json()?;
    let code = ids::digest(&said.device_code);
    let which: [Value<'_>; 3] = [(&code).into(), (&key).into(), call.now.into()];
    if said.accept {
        accept(&call, &code, &key).await?;
    } else {
        call.db()?.run(pairings::DENY_PAIRING, &which).await?;
    }
    let row: Option<Row> = call.db()?.first(pairings::PAIRING_OF_UNIT, &which).await?;
    match row.as_ref().map(|row| row.stage) {
        Some(Stage::Waiting) => Err(Problem::Conflict("not_approved", "Nobody has typed the code yet.")),
        Some(Stage::Confirm) => Err(why_not(&call, &key).await?),
        _ => Reply::json(&state(&call, row).await?),
    }
}

/// Adds the unit and ends the pairing, both or neither.
async fn accept(call: &Call, code: &str, key: &str) -> Result<(), Problem> {
    let id = ids::id()?;
    let added = [code.into(), key.into(), call.now.into(), (&id).into(), MOST_DEVICES.into()];
    let ended = [code.into(), key.into(), (&id).into()];
    call.db()?.batch(&[(pairings::ADD_DEVICE, &added), (pairings::END_PAIRING, &ended)]).await?;
    Ok(())
}

/// Why a pairing that was confirmed has not come about.
async fn why_not(call: &Call, key: &str) -> Result<Problem, Problem> {
    let device: Option<Device> = call.db()?.first(devices::DEVICE_BY_KEY, &[key.into()]).await?;
    Ok(if device.is_some() { already_paired() } else { too_many() })
}

/// Notes a pairing; false if the key is paired or the user code taken.
async fn begin(
    call: &Call,
    key: &str,
    wish: &PairStart,
    device_code: &str,
    user_code: &UserCode,
) -> Result<bool, Problem> {
    let digest = ids::digest(device_code);
    let values = [
        (&digest).into(),
        user_code.letters().into(),
        key.into(),
        (&wish.name).into(),
        (&wish.model).into(),
        (&wish.version).into(),
        (call.now + Seconds::from(EXPIRES_IN)).into(),
        Seconds::from(INTERVAL).into(),
    ];
    let results = call
        .db()?
        .batch(&[
            (pairings::SWEEP_PAIRINGS, &[call.now.into()]),
            (pairings::DROP_PAIRING, &[key.into()]),
            (pairings::BEGIN_PAIRING, &values),
        ])
        .await?;
    let begun: Vec<serde_json::Value> = match results.get(2) {
        Some(result) => rows(pairings::BEGIN_PAIRING, result)?,
        None => Vec::new(),
    };
    Ok(!begun.is_empty())
}

fn started(origin: &str, device_code: String, user_code: &UserCode) -> PairStarted {
    PairStarted {
        device_code,
        user_code: user_code.to_string(),
        verification_uri: format!("{origin}/pair"),
        verification_uri_complete: format!("{origin}/pair?code={user_code}"),
        expires_in: EXPIRES_IN,
        interval: INTERVAL,
    }
}

fn user_code() -> Result<UserCode, Problem> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| Problem::internal(format!("no randomness: {error}")))?;
    UserCode::from_random(&bytes).ok_or_else(|| Problem::internal("too few random bytes were of use"))
}

fn check(wish: &PairStart) -> Result<(), Problem> {
    let plain = |text: &str| text.chars().count() <= LONGEST_NAME && !text.chars().any(char::is_control);
    Checks::default()
        .text(&wish.name, "name", LONGEST_NAME)
        .that(plain(&wish.model), "model", "must have at most 40 characters, none of them for control")
        .that(plain(&wish.version), "version", "must have at most 40 characters, none of them for control")
        .finish()
}

/// A row as the unit hears it. No row, or one whose person has gone: it is over.
async fn state(call: &Call, row: Option<Row>) -> Result<PairState, Problem> {
    let Some(row) = row else { return Ok(PairState::Expired) };
    let interval = u32::try_from(row.interval).unwrap_or(u32::MAX);
    if row.stage == Stage::Waiting {
        return Ok(PairState::Waiting { interval });
    }
    if row.stage == Stage::Denied {
        return Ok(PairState::Denied);
    }
    let asker: Option<Asker> = call.db()?.first(pairings::ASKER, &[row.user_id.as_deref().into()]).await?;
    Ok(match (asker, row.device_id) {
        (Some(asker), None) => PairState::Confirm { asker, interval },
        (Some(owner), Some(device_id)) => PairState::Paired { device_id, owner },
        (None, _) => PairState::Expired,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(name: &str, model: &str) -> PairStart {
        PairStart { name: name.into(), model: model.into(), version: "1".into() }
    }

    #[test]
    fn what_a_unit_says_of_itself_is_a_line() {
        assert!(check(&wish("Car", "")).is_ok());
        assert!(check(&wish(&"é".repeat(40), &"x".repeat(40))).is_ok());
        for (name, model) in [("", ""), ("a\nb", ""), ("Car", "a\u{1b}[2J")] {
            assert!(check(&wish(name, model)).is_err(), "{name:?} {model:?}");
        }
        assert!(check(&wish(&"x".repeat(41), "")).is_err());
        assert!(check(&wish("Car", &"x".repeat(41))).is_err());
    }

    #[test]
    fn codes_lead_to_our_own_page() {
        let code = UserCode::parse("BCDFGHJK").unwrap();
        let started = started("https://rusty-audio.example", "secret".into(), &code);
        assert_eq!(started.verification_uri, "https://rusty-audio.example/pair");
        assert_eq!(started.verification_uri_complete, "https://rusty-audio.example/pair?code=BCDF-GHJK");
        assert!(!started.verification_uri_complete.contains("secret"));
        assert_eq!((started.expires_in, started.interval), (300, 5));
    }
}
