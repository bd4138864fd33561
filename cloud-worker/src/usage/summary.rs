//! `GET /api/usage`: what one's units have told, by day.

use std::collections::BTreeMap;

#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Seconds;
use crate::edge::{Call, Problem, Reply};
use crate::ids;
use crate::store::{rows, usage};

/// Most days of one answer.
const DAYS: i64 = 93;
/// Most sums of one answer.
const MOST: i64 = 10_000;

/// The use of one's units.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Summary {
    /// Sums of each day, kind and unit; nothing where nothing was.
    days: Vec<Day>,
    /// Sums of each kind over all of them.
    totals: BTreeMap<String, u64>,
    /// What came later is not in the sums yet; seconds since 1970.
    counted_until: Seconds,
}

/// One sum.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
struct Day {
    /// Days since 1970.
    day: u32,
    /// The unit.
    device_id: String,
    /// What was counted.
    kind: String,
    /// How much of it.
    amount: u64,
}

/// The days asked for: `from` and `to`, both included; the last month where they are not given.
fn days(from: Option<&str>, to: Option<&str>, now: Seconds) -> Result<(i64, i64), Problem> {
    let number = |text: Option<&str>, name, other: i64| match text {
        None => Ok(other),
        Some(text) => text
            .parse()
            .ok()
            .filter(|day| (0..=1_000_000).contains(day))
            .ok_or_else(|| Problem::field(name, "must be a day, counted since 1970")),
    };
    let to = number(to, "to", now / 86_400)?;
    let from = number(from, "from", (to - 30).max(0))?;
    if from > to || to - from >= DAYS {
        return Err(Problem::field("from", format!("must be at most {DAYS} days before `to`")));
    }
    Ok((from, to))
}

/// The use of the units of who asks.
///
/// # Errors
/// 422 for a query that makes no sense.
pub async fn summary(call: Call) -> Result<Reply, Problem> {
    #[derive(Deserialize)]
    struct Counted {
        until: Seconds,
    }
    let (from, to) = days(call.query("from").as_deref(), call.query("to").as_deref(), call.now)?;
    let device = call.query("device");
    if device.as_ref().is_some_and(|id| !ids::is_token(id, ids::ID_LENGTH)) {
        return Err(Problem::field("device", "must be the number of a unit"));
    }
    let user = &call.who()?.user;
    let values = [user.into(), from.into(), to.into(), device.as_deref().into(), MOST.into()];
    let asked = [(usage::USAGE_DAYS, &values[..]), (usage::COUNTED_UNTIL, &[])];
    let results = call.db()?.batch(&asked).await?;
    let [found, counted] = &*results else { return Err(Problem::internal("not two answers")) };
    let days: Vec<Day> = rows(usage::USAGE_DAYS, found)?;
    let counted: Option<Counted> = rows(usage::COUNTED_UNTIL, counted)?.into_iter().next();
    let mut totals = BTreeMap::new();
    for day in &days {
        *totals.entry(day.kind.clone()).or_default() += day.amount;
    }
    Reply::json(&Summary { days, totals, counted_until: counted.map_or(0, |counted| counted.until) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_bounded() {
        let now = 20_000 * 86_400;
        assert_eq!(days(None, None, now), Ok((19_970, 20_000)));
        assert_eq!(days(Some("19908"), Some("20000"), now), Ok((19_908, 20_000)));
        for (from, to) in [
            (Some("19907"), Some("20000")),
            (Some("5"), Some("4")),
            (Some("-1"), None),
            (Some("x"), None),
            (None, Some("1e9")),
            (None, Some("9999999999")),
        ] {
            assert!(days(from, to, now).is_err(), "{from:?} {to:?}");
        }
    }
}
