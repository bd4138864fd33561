//! Getting an owner (RFC 8628 in its shape): a code is shown, a person types it, the driver says yes.

use std::sync::Arc;
use std::time::Duration;

use protocol::cloud::{Asker, PairConfirm, PairPoll, PairStart, PairStarted, PairState};
use tokio::sync::mpsc;

use super::caller::Caller;
use super::desk::Desk;
use super::trouble::Trouble;
use crate::cloud_desk::{CloudReport, PairCode, Pairing, Person};

/// Longest name of a unit.
const NAME: usize = 40;
/// What a code may at most be good for, seconds.
const LONGEST: u32 = 900;
/// An answer that does not get through is given so often.
const TELL: u32 = 5;
/// Between two of these.
const TELL_AGAIN: Duration = Duration::from_secs(2);

/// What the driver does meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Driver {
    /// They answer who asks.
    Says(bool),
    /// They have gone away.
    Leaves,
}

/// How it ended, for the driver; nothing where they know.
type Ended = Option<String>;

/// Pairs, from the code to the owner.
pub(crate) async fn run(desk: Arc<Desk>, mut driver: mpsc::UnboundedReceiver<Driver>) {
    let told = match begin(&desk).await {
        Ok((caller, started)) => go_on(&desk, &caller, started, &mut driver).await,
        Err(trouble) => Some(trouble.told()),
    };
    desk.report(CloudReport::Pairing(Pairing::None));
    if let Some(told) = told {
        desk.report(CloudReport::Told(told));
    }
}

async fn begin(desk: &Desk) -> Result<(Arc<Caller>, PairStarted), Trouble> {
    let caller = desk.caller().await?;
    let name: String = desk.name.chars().filter(|c| !c.is_control()).take(NAME).collect();
    let name = if name.trim().is_empty() { crate::remote::DEFAULT_NAME.to_owned() } else { name };
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let start = PairStart { name, model: desk.model.clone(), version };
    if desk.account().leaving {
        desk.leave(&caller).await?;
    }
    let started = match caller.ask("/api/pair/start", &start).await {
        // It was cut off before it heard of its owner, or its data are older than the cloud's: as the unit
        // says it is nobody's, it becomes so there too.
        Err(Trouble::AlreadyPaired) => {
            desk.leave(&caller).await?;
            caller.ask("/api/pair/start", &start).await?
        }
        started => started?,
    };
    Ok((caller, started))
}

async fn go_on(
    desk: &Desk,
    caller: &Caller,
    started: PairStarted,
    driver: &mut mpsc::UnboundedReceiver<Driver>,
) -> Ended {
    let device_code = started.device_code;
    let ends_at = desk.app.now() + Duration::from_secs(u64::from(started.expires_in.min(LONGEST)));
    desk.report(CloudReport::Pairing(Pairing::Code(PairCode {
        code: started.user_code,
        address: started.verification_uri,
        url: started.verification_uri_complete,
        ends_at,
    })));
    let mut interval = started.interval;
    let mut asks = false;
    loop {
        let wait = Duration::from_secs(u64::from(interval.clamp(1, 60)));
        let state = tokio::select! {
            said = driver.recv() => match said {
                Some(Driver::Says(accept)) if asks => answer(caller, &device_code, accept).await,
                // A question the driver walks away from is answered with no.
                Some(Driver::Leaves) | None if asks => answer(caller, &device_code, false).await,
                Some(Driver::Leaves) | None => return None,
                Some(Driver::Says(_)) => continue,
            },
            () = tokio::time::sleep(wait) => {
                if desk.app.now() >= ends_at {
                    return Some("Nobody has used the code in time".into());
                }
                caller.ask("/api/pair/poll", &PairPoll { device_code: device_code.clone() }).await
            }
        };
        match state {
            Ok(PairState::Waiting { interval: least }) => interval = least,
            Ok(PairState::Confirm { asker, interval: least }) => {
                interval = least;
                if !asks {
                    asks = true;
                    let person = Person { name: asker.name, email: asker.email };
                    desk.report(CloudReport::Pairing(Pairing::Asks { person, ends_at }));
                }
            }
            Ok(PairState::Paired { device_id, owner }) => return paired(desk, device_id, owner).await,
            Ok(PairState::Denied) => return Some("This unit stays nobody's".into()),
            Ok(PairState::Expired) => return Some("Nobody has used the code in time".into()),
            // The network may come back before the code ends.
            Err(Trouble::Unreachable(why)) => tracing::debug!(why, "the cloud is not heard"),
            Err(Trouble::Busy(_)) => interval = interval.saturating_add(5),
            Err(trouble) => return Some(trouble.told()),
        }
    }
}

/// Tells the cloud what the driver says; more than once, where it does not get through.
async fn answer(caller: &Caller, device_code: &str, accept: bool) -> Result<PairState, Trouble> {
    let confirm = PairConfirm { device_code: device_code.to_owned(), accept };
    for _ in 1..TELL {
        match caller.ask("/api/pair/confirm", &confirm).await {
            Err(Trouble::Unreachable(_) | Trouble::Busy(_)) => tokio::time::sleep(TELL_AGAIN).await,
            answered => return answered,
        }
    }
    match caller.ask("/api/pair/confirm", &confirm).await {
        // It is not tried for ever: the page must not wait for it.
        Err(Trouble::Unreachable(_) | Trouble::Busy(_)) => Err(Trouble::Refused("it does not answer".into())),
        answered => answered,
    }
}

async fn paired(desk: &Desk, device_id: String, owner: Asker) -> Ended {
    let is_stored = desk.has_owner(device_id, owner).await;
    (!is_stored).then(|| "The account cannot be stored on this unit: it will be forgotten".into())
}
