//! The API's description (OpenAPI 3.1.1), as it is served.

#[cfg(test)]
mod document;

/// Made from the table of routes; a test holds the two together.
pub const TEXT: &str = include_str!("../openapi.json");
