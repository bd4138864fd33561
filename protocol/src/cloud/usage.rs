//! What a unit tells about its use, if its owner wishes: counts of a day, nothing of the music.

use serde::{Deserialize, Serialize};

/// Most events of a batch.
pub const MAX_EVENTS: usize = 500;

/// `POST /api/usage`, signed. Sent again until it is taken; it counts once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UsageBatch {
    /// 1 to [`MAX_EVENTS`] events.
    pub events: Vec<UsageEvent>,
}

/// One count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UsageEvent {
    /// Never used before: 22 characters of base64url. An event with the same number counts once.
    pub id: String,
    /// The day, as days since 1970-01-01 by the unit's clock.
    pub day: u32,
    /// What is counted.
    pub kind: UsageKind,
    /// How much of it, 1 to 86 400.
    pub amount: u32,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum UsageKind {
    /// Seconds of music.
    PlayedSeconds,
    /// Tracks heard to their end.
    TracksFinished,
    /// Starts of the stereo.
    Starts,
    /// Commands by remotes.
    RemoteCommands,
    /// Moments without sound that were the unit's own fault.
    Underruns,
}

impl UsageKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::PlayedSeconds, Self::TracksFinished, Self::Starts, Self::RemoteCommands, Self::Underruns];

    /// Its name where it travels.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PlayedSeconds => "played_seconds",
            Self::TracksFinished => "tracks_finished",
            Self::Starts => "starts",
            Self::RemoteCommands => "remote_commands",
            Self::Underruns => "underruns",
        }
    }
}

/// The answer: the batch will be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UsageTaken {
    /// Events taken.
    pub taken: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_travel() {
        for kind in UsageKind::ALL {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.name()));
        }
    }
}
