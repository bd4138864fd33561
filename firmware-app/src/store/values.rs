//! What is stored, as data.

use std::path::PathBuf;

use protocol::cloud::{UsageEvent, UsageKind};
use protocol::remote::Role;
use protocol::{Decibels, Repeat, ReplayGain, SoundPreset, Theme, VolumeLimits};

use crate::state::{Item, MediumRef};

/// The driver's settings.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Settings {
    pub volume: Decibels,
    pub volume_max: Decibels,
    pub volume_start_max: Decibels,
    pub theme: Theme,
    pub repeat: Repeat,
    pub shuffle: bool,
    pub shuffle_seed: u64,
    pub balance: f32,
    pub eq_enabled: bool,
    pub preset: SoundPreset,
    pub preset_edited: bool,
    pub replay_gain: ReplayGain,
}

impl Default for Settings {
    fn default() -> Self {
        let limits = VolumeLimits::default();
        Self {
            volume: Decibels(-30.0),
            volume_max: limits.max,
            volume_start_max: limits.start_max,
            theme: Theme::default(),
            repeat: Repeat::default(),
            shuffle: false,
            shuffle_seed: 1,
            balance: 0.0,
            eq_enabled: true,
            preset: SoundPreset::flat(),
            preset_edited: false,
            replay_gain: ReplayGain::default(),
        }
    }
}

/// How the music ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Played {
    Playing,
    Paused,
    Stopped,
}

/// Where the music was.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Resume {
    /// Place in playing order.
    pub place: usize,
    /// Where the file is now, or was.
    pub path: PathBuf,
    pub item: Item,
    pub position_s: f64,
    pub played: Played,
}

/// Music as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// Where the file is now, or was.
    pub path: PathBuf,
    pub item: Item,
    /// Place in playing order.
    pub place: usize,
}

/// Where a medium was left when other music was chosen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Left {
    pub medium: MediumRef,
    /// Place in playing order.
    pub place: usize,
    pub position_s: f64,
    /// In their own order, each with its place in playing order.
    pub entries: Vec<(Item, usize)>,
}

/// A phone that may control the unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PhoneRow {
    pub id: u64,
    pub name: String,
    pub role: Role,
    /// What its token is recognised by; the token itself is kept nowhere.
    pub token_sha256: [u8; 32],
    pub seen_unix_s: i64,
}

/// Who may control the unit from afar, and who the unit is to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Phones {
    /// Empty until the first start of the server.
    pub unit_id: String,
    /// The highest number a phone ever had.
    pub last_id: u64,
    pub phones: Vec<PhoneRow>,
}

/// Everything the store gives back at the start; not yet checked for sense.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Saved {
    pub settings: Settings,
    pub keys: Vec<(u8, Item)>,
    /// In their own order, each with its place in playing order.
    pub queue: Vec<(Item, usize)>,
    pub resume: Option<Resume>,
    /// Where media were mounted last.
    pub homes: Vec<(MediumRef, PathBuf)>,
    /// Oldest first.
    pub left: Vec<Left>,
    pub presets: SavedPresets,
    pub phones: Phones,
    pub cloud: CloudAccount,
    /// Oldest first.
    pub usage: Vec<UsageRow>,
}

/// Whose the unit is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    /// The unit's number at the cloud.
    pub device_id: String,
    /// As they call themselves.
    pub name: String,
    pub email: Option<String>,
}

/// Who the unit is to the cloud.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct CloudAccount {
    /// Of its Ed25519 key; it never leaves the unit. `None` until it is needed.
    pub seed: Option<[u8; 32]>,
    /// Origin of the cloud that knows the unit.
    pub server: String,
    pub owner: Option<Owner>,
    /// The unit's name in the account.
    pub name: String,
    /// What the account whose sounds the unit has is recognised by; empty: none.
    pub account: String,
    /// Unlinked on the unit, and the cloud does not know it yet.
    pub leaving: bool,
    /// The owner wishes to tell how the unit is used.
    pub wants_usage: bool,
}

/// Written by hand, so that the key gets into no log.
impl std::fmt::Debug for CloudAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CloudAccount")
            .field("has_key", &self.seed.is_some())
            .field("server", &self.server)
            .field("is_paired", &self.owner.is_some())
            .field("leaving", &self.leaving)
            .field("wants_usage", &self.wants_usage)
            .finish_non_exhaustive()
    }
}

/// A count of a day that waits to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UsageRow {
    pub id: String,
    /// Since 1970-01-01.
    pub day: u32,
    pub kind: UsageKind,
    pub amount: u32,
    /// It may have been sent, and grows no more.
    pub sealed: bool,
}

impl UsageRow {
    /// As it travels.
    pub fn event(&self) -> UsageEvent {
        UsageEvent { id: self.id.clone(), day: self.day, kind: self.kind, amount: self.amount }
    }
}

/// One of the owner's sounds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PresetRow {
    pub id: i64,
    /// Its number in the world: 22 characters of base64url.
    pub uuid: String,
    /// Its version in the account, as far as the unit knows; 0: it is not there.
    pub base: u64,
    /// Changed since the account has it.
    pub dirty: bool,
    /// Rises with every change of this one, from 1.
    pub version: u64,
    /// Rises with every change of any.
    pub changed: u64,
    /// Only a tombstone.
    pub deleted: bool,
    pub preset: SoundPreset,
}

/// The owner's sounds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SavedPresets {
    /// Valid, each with a name of its own, in the order they were made in.
    pub rows: Vec<PresetRow>,
    /// Deleted ones the account does not know of.
    pub gone: Vec<PresetRow>,
    /// Revision of the account that the unit has in full.
    pub synced: u64,
    /// The highest number ever given to one.
    pub last_id: i64,
    /// The highest `changed` of any.
    pub last_change: u64,
    /// Rows that could not be used; they stay in the file.
    pub damaged: usize,
}

/// One thing to write.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Save {
    Settings(Settings),
    Key {
        key: u8,
        row: Row,
    },
    Queue(Vec<Row>),
    Resume(Option<Resume>),
    Home {
        medium: MediumRef,
        root: PathBuf,
    },
    /// One of the owner's sounds.
    Preset {
        row: PresetRow,
        /// What the driver is told once it is on the disk; empty: nothing.
        notice: String,
    },
    /// Revision of the account that the unit has in full.
    PresetsRevision(u64),
    Left(Left),
    /// This medium's place is of no use any more.
    NotLeft(MediumRef),
    /// All of them: what is not among them is forgotten.
    Phones(Phones),
    Cloud(CloudAccount),
    /// All of them: what is not among them is forgotten.
    Usage(Vec<UsageRow>),
}

/// What became of things to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// On the disk, and will be there after a power cut.
    Durable {
        /// 1 to 6.
        keys: Vec<u8>,
        /// What the driver may now be told.
        notices: Vec<String>,
    },
    /// Not on the disk: it is full, gone or damaged. It is tried again with the next save.
    Failed(String),
}
