//! Tells somebody that messages could not be worked off: by the webhook of the setting `ALERT_WEBHOOK`.

use oauth2::http;
use serde::Deserialize;
use serde_json::json;
use worker::Env;

use crate::auth::outside;
use crate::clock;
use crate::config::Config;
use crate::edge::{Level, Problem, log};
use crate::store::{Db, usage};

/// Tells of what nobody was told of yet. Nothing is marked as told unless the webhook has answered with 2xx.
///
/// # Errors
/// 503 if the database or the webhook is away.
pub async fn alert(env: &Env) -> Result<(), Problem> {
    #[derive(Deserialize)]
    struct Untold {
        messages: u32,
    }
    let config = Config::of(env)?;
    let db = Db::of(env)?;
    let now = clock::now();
    let untold: Option<Untold> = db.first(usage::UNTOLD, &[now.into()]).await?;
    let messages = untold.map_or(0, |untold| untold.messages);
    if messages == 0 {
        return Ok(());
    }
    log(Level::Error, "usage_dead", json!({ "messages": messages }));
    let Some(webhook) = &config.alert_webhook else { return Ok(()) };
    let away = |error: String| Problem::Unavailable(60, format!("ALERT_WEBHOOK: {error}"));
    // `text` is what chat services show. Nobody is named.
    let environment = format!("{:?}", config.environment).to_lowercase();
    let text = format!("{messages} usage messages could not be worked off ({environment}): see usage_dead");
    let body = json!({ "text": text, "environment": environment, "messages": messages }).to_string();
    let request = http::Request::builder()
        .method("POST")
        .uri(webhook)
        .header("content-type", "application/json")
        .body(body.into_bytes())
        .map_err(|error| away(error.to_string()))?;
    let answer = outside::send(request).await.map_err(|error| away(error.to_string()))?;
    if !answer.status().is_success() {
        return Err(away(format!("status {}", answer.status().as_u16())));
    }
    db.run(usage::TOLD, &[now.into()]).await.map(drop)
}
