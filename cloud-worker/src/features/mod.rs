//! `GET /api/features`: what is switched on for somebody.
//!
//! Defaults are here; the KV entry `features` of an environment overrides them, as
//! `{"public_presets": {"on": true, "percent": 20}}`. `docs/cloud.md` tells how it is written. A share of the
//! people is chosen by a hash of the feature and the user, so that it is the same people each time and others
//! for another feature.

use std::cell::RefCell;
use std::collections::BTreeMap;

#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use worker::Env;

use crate::clock::Seconds;
use crate::edge::{Call, Level, Problem, Reply, log};

/// Seconds for which an instance remembers the switches.
const REMEMBERED_SECONDS: Seconds = 60;
/// Their entry in KV.
const KEY: &str = "features";

/// What can be switched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// Presets can be made public.
    PublicPresets,
    /// Pages reach a unit through the cloud.
    CloudRemote,
    /// Pages show what units tell of their use.
    UsagePage,
}

impl Feature {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::PublicPresets, Self::CloudRemote, Self::UsagePage];

    /// Its name in KV and in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PublicPresets => "public_presets",
            Self::CloudRemote => "cloud_remote",
            Self::UsagePage => "usage_page",
        }
    }

    /// How it stands where KV says nothing.
    const fn default(self) -> Switch {
        match self {
            Self::PublicPresets | Self::CloudRemote | Self::UsagePage => Switch { on: true, percent: 100 },
        }
    }
}

/// How a feature stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Switch {
    /// Whether it is on for anybody.
    on: bool,
    /// For how many of a hundred people.
    #[serde(default = "everybody")]
    percent: u8,
}

const fn everybody() -> u8 {
    100
}

/// The switches of an environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Switches(BTreeMap<String, Switch>);

impl Switches {
    fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text).map(Self)
    }

    fn is_on(&self, feature: Feature, user: &str) -> bool {
        let switch = self.0.get(feature.name()).copied().unwrap_or(feature.default());
        switch.on && place(feature, user) < u16::from(switch.percent) * 100
    }
}

/// Where a user stands among ten thousand, for that feature.
fn place(feature: Feature, user: &str) -> u16 {
    let digest = Sha256::digest(format!("{}:{user}", feature.name()).as_bytes());
    let number = digest.iter().take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    u16::try_from(number % 10_000).unwrap_or(0)
}

thread_local! {
    static SEEN: RefCell<Option<(Switches, Seconds)>> = const { RefCell::new(None) };
}

async fn switches(env: &Env, now: Seconds) -> Switches {
    let seen = SEEN.with(|seen| seen.borrow().clone());
    if let Some((switches, _)) = seen.filter(|(_, at)| (0..REMEMBERED_SECONDS).contains(&(now - at))) {
        return switches;
    }
    let switches = match read(env).await {
        Ok(switches) => switches,
        Err(cause) => {
            log(Level::Error, "features", serde_json::json!({ "cause": cause }));
            Switches::default()
        }
    };
    SEEN.with(|seen| *seen.borrow_mut() = Some((switches.clone(), now)));
    switches
}

async fn read(env: &Env) -> Result<Switches, String> {
    let store = env.kv("CACHE").map_err(|error| error.to_string())?;
    match store.get(KEY).text().await.map_err(|error| error.to_string())? {
        Some(text) => Switches::parse(&text).map_err(|error| error.to_string()),
        None => Ok(Switches::default()),
    }
}

/// Whether a feature is on for a user. Where the switches cannot be read the defaults hold.
pub async fn is_on(env: &Env, feature: Feature, user: &str, now: Seconds) -> bool {
    switches(env, now).await.is_on(feature, user)
}

/// What is switched on.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Features {
    /// By name.
    features: BTreeMap<&'static str, bool>,
}

/// What is switched on for who asks.
///
/// # Errors
/// 401 if nobody is signed in.
pub async fn features(call: Call) -> Result<Reply, Problem> {
    let user = &call.who()?.user;
    let switches = switches(&call.env, call.now).await;
    let on = |feature: Feature| (feature.name(), switches.is_on(feature, user));
    Reply::json(&Features { features: Feature::ALL.map(on).into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(text: &str) -> Switches {
        Switches::parse(text).unwrap()
    }

    #[test]
    fn defaults_hold_for_what_is_not_written() {
        let switches = with(r#"{"public_presets":{"on":false}}"#);
        assert!(!switches.is_on(Feature::PublicPresets, "a"));
        assert!(switches.is_on(Feature::CloudRemote, "a"));
    }

    #[test]
    fn what_makes_no_sense_is_no_switch() {
        for bad in ["", "[]", r#"{"a":true}"#, r#"{"a":{"on":1}}"#, r#"{"a":{"on":true,"percent":300}}"#] {
            assert!(Switches::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_share_is_that_share_and_always_the_same_people() {
        let share = |percent: u8, feature| {
            let switches =
                with(&format!(r#"{{"{}":{{"on":true,"percent":{percent}}}}}"#, Feature::name(feature)));
            (0..10_000).filter(|user| switches.is_on(feature, &user.to_string())).collect::<Vec<_>>()
        };
        let twenty = share(20, Feature::CloudRemote);
        assert!((1800..2200).contains(&twenty.len()), "{}", twenty.len());
        let thirty = share(30, Feature::CloudRemote);
        assert!(twenty.iter().all(|user| thirty.contains(user)), "nobody loses it when the share grows");
        assert_ne!(twenty, share(20, Feature::UsagePage));
        assert_eq!(share(0, Feature::UsagePage), [0; 0]);
        assert_eq!(share(100, Feature::UsagePage).len(), 10_000);
    }
}
