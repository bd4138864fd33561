//! Presets as pages see them.

use protocol::SoundPreset;
use protocol::cloud::PresetCategory;
#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Seconds;

/// A preset that is to be made, or put in the place of another.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PresetBody {
    /// How it sounds, and its name.
    pub sound: SoundPreset,
    /// What sort of sound it is.
    #[serde(default)]
    pub category: PresetCategory,
    /// At most 8 words of at most 24 characters; capitals do not count.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Whether everybody may see it.
    #[serde(default)]
    pub public: bool,
}

/// A preset of one's own.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// Its number in the account.
    pub id: String,
    /// Rises with every change; `If-Match` names it.
    pub version: u64,
    /// How it sounds, and its name.
    pub sound: SoundPreset,
    /// What sort of sound it is.
    pub category: PresetCategory,
    /// Words it is found by.
    pub tags: Vec<String>,
    /// The number under which everybody sees it, while it is public.
    pub public_id: Option<String>,
    /// How many have it among their favourites.
    pub favourites: u32,
    /// Seconds since 1970.
    pub created_at: Seconds,
    /// Seconds since 1970.
    pub updated_at: Seconds,
}

/// Presets of one's own, the last made first.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PresetList {
    /// A page of them.
    pub presets: Vec<Preset>,
    /// To be given as `before` for the next page; none: that was the last.
    pub next: Option<u64>,
}

/// A preset that everybody sees. Whose it is is not told.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PublicPreset {
    /// Its public number.
    pub id: String,
    /// How it sounds, and its name.
    pub sound: SoundPreset,
    /// What sort of sound it is.
    pub category: PresetCategory,
    /// Words it is found by.
    pub tags: Vec<String>,
    /// How many have it among their favourites.
    pub favourites: u32,
    /// Seconds since 1970.
    pub published_at: Seconds,
}

/// Public presets, the last published first.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PublicPresetList {
    /// A page of them.
    pub presets: Vec<PublicPreset>,
    /// To be given as `after` for the next page; none: that was the last.
    pub next: Option<String>,
}

/// A row that the database has already written as JSON, which is quicker than taking it apart and writing it
/// again.
#[derive(Debug, Deserialize)]
pub struct Written {
    /// The JSON.
    pub json: String,
}

/// `{"presets":[…],"next":…}` of rows that are JSON already.
pub fn page<'a>(rows: impl Iterator<Item = &'a str>, next: &serde_json::Value) -> Vec<u8> {
    let mut body = Vec::with_capacity(4096);
    body.extend_from_slice(br#"{"presets":["#);
    for (index, row) in rows.enumerate() {
        if index > 0 {
            body.push(b',');
        }
        body.extend_from_slice(row.as_bytes());
    }
    body.extend_from_slice(br#"],"next":"#);
    body.extend_from_slice(next.to_string().as_bytes());
    body.push(b'}');
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn a_page_is_json() {
        let read = |rows: &[&str], next: Value| {
            serde_json::from_slice::<Value>(&page(rows.iter().copied(), &next)).unwrap()
        };
        assert_eq!(read(&[], Value::Null), json!({ "presets": [], "next": null }));
        assert_eq!(
            read(&["{\"a\":1}", "{}"], json!("x\"y")),
            json!({ "presets": [{ "a": 1 }, {}], "next": "x\"y" })
        );
    }
}
