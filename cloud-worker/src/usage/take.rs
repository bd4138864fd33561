//! `POST /api/usage`: a unit's batch goes into the queue.

use protocol::cloud::{UsageBatch, UsageTaken};
use worker::{QueueContentType, RawMessageBuilder};

use super::message::{Message, check, timely};
use crate::edge::{Call, Problem, Reply};
use crate::limits::{self, Limit};

/// Batches of one unit: a day's use is one.
const BATCHES: Limit = Limit { tries: 240, seconds: 3600 };

/// Takes a batch. It counts once, however often it comes.
///
/// # Errors
/// 422 if it is not valid; 429 beyond 240 an hour; 503 if the queue is away.
pub async fn take(call: Call) -> Result<Reply, Problem> {
    let unit = call.device().await?;
    let batch: UsageBatch = call.json()?;
    check(&batch.events)?;
    limits::hit(&call.env, &format!("usage:{}", unit.id), BATCHES).await?;
    let events = timely(batch, call.now);
    let taken = u32::try_from(events.len()).unwrap_or(u32::MAX);
    if taken > 0 {
        let message = Message { device: unit.id, user: unit.user, events };
        let text = serde_json::to_string(&message).map_err(|error| Problem::internal(error.to_string()))?;
        send(&call.env, "USAGE", &text).await?;
    }
    Reply::json(&UsageTaken { taken })
}

/// Puts a text into a queue.
///
/// # Errors
/// 503 if it is away.
pub async fn send(env: &worker::Env, queue: &str, text: &str) -> Result<(), Problem> {
    let away = |error: worker::Error| Problem::Unavailable(30, format!("{queue}: {error}"));
    let message = RawMessageBuilder::new(text.into()).build_with_content_type(QueueContentType::Text);
    env.queue(queue).map_err(away)?.send_raw(message).await.map_err(away)
}
