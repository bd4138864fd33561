//! The clock's part: sums of a day, a kind and a unit.
//!
//! A day's sum is made anew from all its events whenever one has come, so that it is right however often this
//! runs and wherever it breaks off. Events are kept longer than late ones may come ([`super::message`]).

use serde::Deserialize;
use serde_json::json;
use worker::Env;

use crate::clock::Seconds;
use crate::edge::{Level, Problem, log};
use crate::store::{Db, usage};

/// Seconds of receiving that are summed up in one transaction.
const SLICE: Seconds = 600;
/// Most slices of one run; the next run goes on.
const SLICES: usize = 200;

/// Sums up what has come since the last time.
///
/// # Errors
/// 503 if the database is away; what was summed up till then holds.
pub async fn sum_up(env: &Env) -> Result<(), Problem> {
    #[derive(Deserialize)]
    struct Counted {
        until: Seconds,
        now: Seconds,
    }
    #[derive(Deserialize)]
    struct Next {
        at: Option<Seconds>,
    }
    let db = Db::of(env)?;
    let counted: Option<Counted> = db.first(usage::COUNTED_UNTIL, &[]).await?;
    let Counted { mut until, now } = counted.ok_or_else(|| Problem::internal("usage_counted is empty"))?;
    let mut slices = 0;
    while slices < SLICES {
        let next: Option<Next> = db.first(usage::NEXT_EVENT, &[until.into()]).await?;
        let Some((from, to)) = slice(next.and_then(|next| next.at), now) else {
            db.run(usage::NOTE_COUNTED, &[now.into()]).await?;
            break;
        };
        let (bounds, end) = ([from.into(), to.into()], [to.into()]);
        db.batch(&[(usage::SUM_DAYS, &bounds), (usage::NOTE_COUNTED, &end)]).await?;
        until = to;
        slices += 1;
    }
    log(Level::Info, "usage_sums", json!({ "slices": slices }));
    Ok(())
}

/// The next slice from the first event on; none when all are summed up.
fn slice(first: Option<Seconds>, now: Seconds) -> Option<(Seconds, Seconds)> {
    first.filter(|first| *first < now).map(|first| (first, now.min(first + SLICE)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_end_before_now() {
        assert_eq!(slice(Some(100), 1000), Some((100, 700)));
        assert_eq!(slice(Some(700), 1000), Some((700, 1000)));
        assert_eq!(slice(Some(1000), 1000), None);
        assert_eq!(slice(None, 1000), None);
    }
}
