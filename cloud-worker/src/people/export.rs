//! `GET /api/auth/export`: everything we keep of somebody, as a file.

use std::collections::BTreeMap;

#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::clock::Seconds;
use crate::edge::{Call, Problem, Reply};
use crate::store::{Query, devices, people, presets, public_presets, rows, usage};

/// What an export holds; each query takes the user as ?1. What keeps something personal adds a line.
const PARTS: [(&str, Query); 8] = [
    ("account", people::USER),
    ("identities", people::IDENTITIES),
    ("sessions", people::SESSIONS),
    ("devices", devices::EXPORT_DEVICES),
    ("presets", presets::EXPORT_PRESETS),
    ("favourites", public_presets::EXPORT_FAVOURITES),
    ("usage", usage::EXPORT_USAGE),
    ("usage_events", usage::EXPORT_EVENTS),
];

/// Everything of somebody.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Export {
    /// When it was made, seconds since 1970.
    exported_at: Seconds,
    /// The rows of each part, as they are kept. Secrets are left out.
    data: BTreeMap<&'static str, Vec<Value>>,
}

/// Everything of who asks.
///
/// # Errors
/// If the database is away.
pub async fn export(call: Call) -> Result<Reply, Problem> {
    let user = [(&call.who()?.user).into()];
    let asked: Vec<_> = PARTS.iter().map(|(_, query)| (*query, &user[..])).collect();
    let results = call.db()?.batch(&asked).await?;
    let mut data = BTreeMap::new();
    for ((name, query), result) in PARTS.iter().zip(&results) {
        data.insert(*name, rows(*query, result)?);
    }
    let reply = Reply::json(&Export { exported_at: call.now, data })?;
    Ok(reply.with_header("content-disposition", "attachment; filename=\"rusty-audio.json\""))
}
