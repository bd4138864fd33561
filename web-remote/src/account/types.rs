//! What the cloud's answers hold, as far as the pages show it. Unknown fields are passed over.

use std::collections::BTreeMap;

use protocol::SoundPreset;
use protocol::cloud::PresetCategory;
use serde::Deserialize;

/// `GET /api/auth/providers`.
#[derive(Debug, Deserialize)]
pub struct Providers {
    pub providers: Vec<Provider>,
}

/// Who one may sign in with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Provider {
    pub id: String,
    pub name: String,
}

/// `GET /api/auth/user`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct User {
    pub name: String,
    pub email: Option<String>,
    pub tier: String,
    /// Seconds since 1970, as every time here.
    pub created_at: u64,
    pub identities: Vec<Identity>,
    pub sessions: Vec<Session>,
}

/// A way to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Identity {
    pub id: String,
    pub provider: String,
    pub name: String,
    pub email: Option<String>,
    pub used_at: u64,
}

/// A browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Session {
    pub id: String,
    pub created_at: u64,
    pub rotated_at: u64,
    pub agent: String,
    pub current: bool,
}

/// `POST /api/auth/link/{provider}`.
#[derive(Debug, Deserialize)]
pub struct Link {
    pub location: String,
}

/// `GET /api/devices`.
#[derive(Debug, Deserialize)]
pub struct Devices {
    pub devices: Vec<Device>,
    #[serde(default)]
    pub next: Option<String>,
}

/// A stereo.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Device {
    pub id: String,
    pub name: String,
    pub model: String,
    pub version: String,
    /// Not known now where it is not given.
    #[serde(default)]
    pub online: Option<bool>,
    #[serde(default)]
    pub seen_at: Option<u64>,
    pub paired_at: u64,
}

/// `POST /api/devices/{id}/transfer`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Transfer {
    pub code: String,
    pub expires_in: u32,
}

/// `POST /api/devices/transfer/lookup`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Offer {
    pub name: String,
    pub model: String,
    pub version: String,
    pub from: Person,
}

/// Somebody else, as they may be known.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Person {
    pub name: String,
    #[serde(default)]
    pub email: Option<String>,
}

/// `GET /api/presets`.
#[derive(Debug, Deserialize)]
pub struct OwnPage {
    pub presets: Vec<Own>,
    pub next: Option<u64>,
    #[serde(default)]
    pub limit: u32,
}

/// A sound of one's own.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Own {
    pub id: String,
    pub version: u64,
    pub sound: SoundPreset,
    pub category: PresetCategory,
    pub tags: Vec<String>,
    /// Its number where everybody sees it; none where nobody does.
    pub public_id: Option<String>,
    pub favourites: u32,
}

/// `GET /api/presets/public` and `GET /api/presets/favourites`.
#[derive(Debug, Deserialize)]
pub struct PublicPage {
    pub presets: Vec<Public>,
    #[serde(default)]
    pub next: Option<String>,
}

/// A sound that everybody sees.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Public {
    pub id: String,
    pub sound: SoundPreset,
    pub category: PresetCategory,
    pub tags: Vec<String>,
    pub favourites: u32,
}

/// `GET /api/usage`.
#[derive(Debug, Deserialize)]
pub struct Usage {
    /// By the name of what is counted.
    pub totals: BTreeMap<String, u64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::json::read;

    #[test]
    fn answers_are_read_and_new_fields_are_passed_over() {
        let devices = r#"{"devices":[{"id":"a","name":"Golf","model":"Pi 4","version":"0.1.0","online":true,
            "seen_at":null,"paired_at":5,"colour":"red"}],"next":null}"#;
        assert_eq!(read::<Devices>(devices).unwrap().devices[0].name, "Golf");
        let own = r#"{"presets":[{"id":"a","version":3,"sound":{"name":"Warm","preamp":-3.0,"bands":
            [{"kind":"low_shelf","frequency":80.0,"gain":2.5,"q":0.7}]},"category":"car","tags":["x"],
            "public_id":null,"favourites":0,"created_at":1,"updated_at":2}],"next":7,"revision":9,"limit":10}"#;
        let own = read::<OwnPage>(own).unwrap();
        assert_eq!((own.next, own.limit, own.presets[0].category), (Some(7), 10, PresetCategory::Car));
        let usage = r#"{"days":[],"totals":{"played_seconds":60},"counted_until":0}"#;
        assert_eq!(read::<Usage>(usage).unwrap().totals["played_seconds"], 60);
    }
}
