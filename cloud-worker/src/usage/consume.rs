//! The queue's consumer: writes events, each of them once.
//!
//! Messages are written together, as many as one query may hold; where that fails each is tried alone, and
//! only what fails alone comes again, later each time. After the queue's last try the runtime moves it to the
//! other queue; what cannot even be read is moved there at once.

use js_sys::{JSON, Reflect};
use serde_json::json;
use wasm_bindgen::{JsCast, JsValue};
use worker::Env;
use worker::worker_sys::{Message as Sent, MessageBatch};

use super::message::Message;
use super::take::send;
use crate::config::Config;
use crate::edge::{Level, Problem, js_error, log};
use crate::store::{Db, usage};

/// Most events of one query.
const MOST_EVENTS: usize = 1000;
/// Most seconds until a message comes again.
const MOST_DELAY: u32 = 3600;

/// A message as the runtime has it, and what it says.
pub struct Delivered {
    sent: Sent,
    /// What it says, as text.
    pub text: String,
}

impl Delivered {
    /// The queue's number of it.
    ///
    /// # Errors
    /// If the runtime does not say.
    pub fn id(&self) -> Result<String, Problem> {
        self.sent.id().map(String::from).map_err(js_error)
    }

    /// It is worked off.
    pub fn done(&self) {
        if let Err(error) = self.sent.ack() {
            log(Level::Error, "queue", json!({ "cause": format!("{error:?}") }));
        }
    }

    /// It comes again, `base` seconds later after the first try and twice as late after each.
    pub fn again(&self, base: u32) {
        let attempts = Reflect::get(&self.sent, &"attempts".into()).ok().and_then(|number| number.as_f64());
        let options = js_sys::Object::new();
        let seconds = delay(base, attempts.map_or(1, |number| number as u32));
        // A plain object takes every property.
        Reflect::set(&options, &"delaySeconds".into(), &seconds.into()).ok();
        if let Err(error) = self.sent.retry(options.into()) {
            log(Level::Error, "queue", json!({ "cause": format!("{error:?}") }));
        }
    }
}

/// Seconds until the next try after so many.
fn delay(base: u32, attempts: u32) -> u32 {
    base.saturating_mul(1 << attempts.saturating_sub(1).min(12)).min(MOST_DELAY)
}

/// The messages of a batch.
///
/// # Errors
/// If the runtime does not hand them over.
pub fn delivered(batch: &MessageBatch) -> Result<Vec<Delivered>, JsValue> {
    let read = |sent: JsValue| {
        let sent: Sent = sent.unchecked_into();
        let body = sent.body()?;
        // What is no text was not sent by us; it is recorded as it is.
        let text = body.as_string().or_else(|| JSON::stringify(&body).ok().map(String::from));
        Ok(Delivered { sent, text: text.unwrap_or_default() })
    };
    batch.messages()?.iter().map(read).collect()
}

/// Works a batch off.
///
/// # Errors
/// If the runtime does not hand it over; it then comes again as a whole.
pub async fn consume(batch: MessageBatch, env: Env) -> Result<(), JsValue> {
    let base = Config::of(&env).map_or(10, |config| config.usage_retry_seconds);
    let mut readable = Vec::new();
    for delivered in delivered(&batch)? {
        match Message::read(&delivered.text) {
            Ok(message) => readable.push((delivered, message)),
            Err(cause) => {
                log(Level::Error, "usage_unreadable", json!({ "cause": cause }));
                match send(&env, "USAGE_DLQ", &delivered.text).await {
                    Ok(()) => delivered.done(),
                    Err(_) => delivered.again(base),
                }
            }
        }
    }
    for group in groups(&readable) {
        let all: Vec<&Message> = group.iter().map(|(_, message)| message).collect();
        if write(&env, &all).await.is_ok() {
            group.iter().for_each(|(delivered, _)| delivered.done());
            continue;
        }
        for (delivered, message) in group {
            match write(&env, &[message]).await {
                Ok(()) => delivered.done(),
                Err(problem) => {
                    log(Level::Warn, "usage_again", json!({ "cause": problem.cause() }));
                    delivered.again(base);
                }
            }
        }
    }
    Ok(())
}

/// Cuts what was delivered into groups of which each fits one query.
fn groups<T>(readable: &[(T, Message)]) -> Vec<&[(T, Message)]> {
    let mut groups = Vec::new();
    let (mut from, mut events) = (0, 0);
    for (index, (_, message)) in readable.iter().enumerate() {
        if index > from && events + message.events.len() > MOST_EVENTS {
            groups.push(&readable[from..index]);
            (from, events) = (index, 0);
        }
        events += message.events.len();
    }
    if from < readable.len() {
        groups.push(&readable[from..]);
    }
    groups
}

async fn write(env: &Env, messages: &[&Message]) -> Result<(), Problem> {
    let rows: Vec<_> = messages.iter().flat_map(|message| message.rows()).collect();
    let rows = serde_json::to_string(&rows).map_err(|error| Problem::internal(error.to_string()))?;
    Db::of(env)?.run(usage::COUNT_EVENTS, &[(&rows).into()]).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::cloud::{UsageEvent, UsageKind};

    fn message(events: usize) -> ((), Message) {
        let event = |number: usize| UsageEvent {
            id: format!("{number:022}"),
            day: 1,
            kind: UsageKind::Starts,
            amount: 1,
        };
        ((), Message { device: "d".into(), user: "u".into(), events: (0..events).map(event).collect() })
    }

    #[test]
    fn groups_hold_every_message_once_and_fit_a_query() {
        let sizes = |counts: &[usize]| {
            let messages: Vec<_> = counts.iter().map(|count| message(*count)).collect();
            groups(&messages).iter().map(|group| group.len()).collect::<Vec<_>>()
        };
        assert_eq!(sizes(&[]), [0; 0]);
        assert_eq!(sizes(&[500, 500, 500]), [2, 1]);
        assert_eq!(sizes(&[1; 1001]), [1000, 1]);
        assert_eq!(sizes(&[500]), [1]);
    }

    #[test]
    fn the_wait_grows_and_ends() {
        assert_eq!([1, 2, 3, 10, 99].map(|attempts| delay(10, attempts)), [10, 20, 40, 3600, 3600]);
        assert_eq!(delay(0, 5), 0);
        assert_eq!(delay(10, 0), 10);
    }
}
