//! The JSON Schema of all frames, for whoever writes a remote of their own.

use super::{ClientFrame, UnitFrame};

/// Both directions of the exchange as one JSON Schema (draft 2020-12) with `client_frame` and `unit_frame`.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    #[derive(schemars::JsonSchema)]
    #[expect(dead_code, reason = "only its schema is of interest")]
    struct Frames {
        client_frame: ClientFrame,
        unit_frame: UnitFrame,
    }
    schemars::schema_for!(Frames).to_value()
}
