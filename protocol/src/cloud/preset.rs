//! Presets that follow their owner: what a unit and the cloud exchange so that both hold the same.

use serde::{Deserialize, Serialize};

use crate::SoundPreset;

/// Most changes, and most presets, of one exchange.
pub const MAX_SYNC: usize = 100;
/// Most tags of a preset.
pub const MAX_TAGS: usize = 8;
/// Most characters of a tag.
pub const MAX_TAG: usize = 24;

/// What sort of sound a preset is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PresetCategory {
    /// For a sort of music.
    Music,
    /// For a car's cabin and its speakers.
    Car,
    /// For voices.
    Speech,
    /// Anything else.
    #[default]
    Other,
}

/// `POST /api/devices/self/presets`, signed: what changed on the unit, and from where on it knows the account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PresetSync {
    /// Revision of the account that the unit has in full; 0 at first.
    pub since: u64,
    /// What changed on the unit since it last heard that a change was taken; at most [`MAX_SYNC`].
    pub changes: Vec<PresetChange>,
}

/// One change made on a unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PresetChange {
    /// The preset's number: 22 characters of base64url, chosen at random by whoever makes the preset.
    pub id: String,
    /// The version the unit had when it was changed; 0: it is new.
    pub base: u64,
    /// How it is now; `None`: it was deleted.
    pub preset: Option<SoundPreset>,
}

/// The answer to [`PresetSync`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PresetSynced {
    /// To be given as `since` next time.
    pub revision: u64,
    /// True: there is more; ask again at once.
    pub more: bool,
    /// Everything that has changed after `since`, in the order of revisions, the unit's own changes included.
    pub presets: Vec<SyncedPreset>,
    /// Changes that could not be taken, and why: the account is full, or the preset is not valid. They stay on
    /// the unit only.
    #[serde(default)]
    pub kept_back: Vec<KeptBack>,
}

/// A change the cloud did not take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeptBack {
    /// The preset's number.
    pub id: String,
    /// For people.
    pub why: String,
}

/// A preset as the account has it.
///
/// When two have changed the same version, the first to arrive keeps the preset's number, and the other's is
/// kept as a preset of its own: nothing anybody made is lost. A change wins over a deletion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SyncedPreset {
    /// Its number.
    pub id: String,
    /// Rises with every change of it.
    pub version: u64,
    /// How it is; `None`: it was deleted.
    pub preset: Option<SoundPreset>,
}
