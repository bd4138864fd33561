//! What travels in the queue: a unit's batch, with whose it is.

use std::collections::BTreeSet;

use protocol::cloud::{MAX_EVENTS, UsageBatch, UsageEvent};
use serde::{Deserialize, Serialize};

use crate::clock::Seconds;
use crate::edge::{Checks, Problem};
use crate::ids;

/// Days before today that are still counted: units keep what they could not send for 30.
const PAST_DAYS: i64 = 32;
/// Days after today: for clocks that are ahead.
const FUTURE_DAYS: i64 = 2;
/// Most of one event: the seconds of a day.
const MOST: u32 = 86_400;

/// A message of the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// `devices.id`.
    pub device: String,
    /// Whose it was when it told us.
    pub user: String,
    /// What it told.
    pub events: Vec<UsageEvent>,
}

impl Message {
    /// Reads a message and sees that the database will take it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let message: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        check(&message.events).map_err(|problem| problem.to_string())?;
        if message.device.is_empty() || message.user.is_empty() {
            return Err("nobody's message".to_owned());
        }
        Ok(message)
    }

    /// Its events as the query takes them.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &str, &str, u32, &'static str, u32)> {
        let row = |event: &UsageEvent| (event.day, event.kind.name(), event.amount);
        self.events.iter().map(move |event| {
            let (day, kind, amount) = row(event);
            (self.device.as_str(), self.user.as_str(), event.id.as_str(), day, kind, amount)
        })
    }
}

/// Checks a batch.
///
/// # Errors
/// 422 with what is wrong.
pub fn check(events: &[UsageEvent]) -> Result<(), Problem> {
    let mut checks = Checks::default();
    checks.that((1..=MAX_EVENTS).contains(&events.len()), "events", &format!("must be 1 to {MAX_EVENTS}"));
    let mut seen = BTreeSet::new();
    for (index, event) in events.iter().enumerate() {
        let field = |name: &str| format!("events[{index}].{name}");
        if !ids::is_token(&event.id, ids::ID_LENGTH) {
            checks.that(false, &field("id"), "must be 22 characters of base64url");
        }
        if !seen.insert(&event.id) {
            checks.that(false, &field("id"), "must be there once");
        }
        if !(1..=MOST).contains(&event.amount) {
            checks.that(false, &field("amount"), &format!("must be from 1 to {MOST}"));
        }
    }
    checks.finish()
}

/// The events of a batch that still count at `now`: later than that, their raw rows could be swept already and
/// a batch that comes twice would count twice.
pub fn timely(batch: UsageBatch, now: Seconds) -> Vec<UsageEvent> {
    let today = now / 86_400;
    let days = today - PAST_DAYS..=today + FUTURE_DAYS;
    batch.events.into_iter().filter(|event| days.contains(&i64::from(event.day))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::cloud::UsageKind;

    fn event(number: usize, day: u32, amount: u32) -> UsageEvent {
        UsageEvent { id: format!("{number:022}"), day, kind: UsageKind::Starts, amount }
    }

    fn fields(events: &[UsageEvent]) -> Vec<String> {
        match check(events) {
            Err(Problem::Invalid(fields)) => fields.into_iter().map(|field| field.field).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_batch_is_held_to_its_bounds() {
        let many = |count| (0..count).map(|number| event(number, 1, 1)).collect::<Vec<_>>();
        assert!(check(&many(MAX_EVENTS)).is_ok());
        assert_eq!(fields(&many(MAX_EVENTS + 1)), ["events"]);
        assert_eq!(fields(&[]), ["events"]);
        assert!(check(&[event(1, 1, 1), event(2, 1, 86_400)]).is_ok());
        assert_eq!(fields(&[event(1, 1, 0), event(2, 1, 86_401)]), ["events[0].amount", "events[1].amount"]);
        assert_eq!(fields(&[event(1, 1, 1), event(1, 1, 1)]), ["events[1].id"]);
        assert_eq!(fields(&[UsageEvent { id: "'; DROP".into(), ..event(1, 1, 1) }]), ["events[0].id"]);
    }

    #[test]
    fn events_of_far_days_do_not_count() {
        let now = 20_000 * 86_400 + 5;
        let days = [19_967, 19_968, 20_000, 20_002, 20_003];
        let events = days.into_iter().map(|day| event(day as usize, day, 1)).collect();
        let left: Vec<u32> = timely(UsageBatch { events }, now).iter().map(|event| event.day).collect();
        assert_eq!(left, [19_968, 20_000, 20_002]);
    }

    #[test]
    fn what_is_no_message_is_not_read() {
        let good = Message { device: "d".into(), user: "u".into(), events: vec![event(1, 1, 1)] };
        let text = serde_json::to_string(&good).unwrap();
        assert_eq!(Message::read(&text).as_ref(), Ok(&good));
        let nobody = serde_json::to_string(&Message { user: String::new(), ..good }).unwrap();
        for bad in ["", "{}", "null", &text.replace("starts", "songs"), &text.replace(":1}", ":0}"), &nobody]
        {
            assert!(Message::read(bad).is_err(), "{bad}");
        }
    }
}
