//! What is stored, as data.

use std::path::PathBuf;

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
}

/// One of the owner's sounds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PresetRow {
    pub id: i64,
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
        /// What the driver is told once it is on the disk.
        notice: String,
    },
    Left(Left),
    /// This medium's place is of no use any more.
    NotLeft(MediumRef),
    /// All of them: what is not among them is forgotten.
    Phones(Phones),
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
