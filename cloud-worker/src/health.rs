//! `/api/health` and the API's description.

#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;

use crate::edge::{Call, Problem, Reply};
use crate::openapi;

/// Seconds a client may keep the API's description.
const DESCRIPTION_SECONDS: u32 = 300;

/// That the worker answers. Asks nobody else, so that it tells of this worker alone.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Health {
    /// Always `ok`.
    pub status: &'static str,
    /// Version of this worker.
    pub version: &'static str,
}

/// `GET /api/health`.
///
/// # Errors
/// None in practice.
pub async fn health(_call: Call) -> Result<Reply, Problem> {
    Reply::json(&Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// `GET /api/openapi.json`.
///
/// # Errors
/// None in practice.
pub async fn description(_call: Call) -> Result<Reply, Problem> {
    Ok(Reply::written(openapi::TEXT.into()).public(DESCRIPTION_SECONDS))
}
