//! What a unit tells the world: one snapshot of everything, and which parts of it changed.

use serde::{Deserialize, Serialize};

use crate::{Decibels, LibraryInfo, Repeat, ReplayGain, SoundPreset, Theme};

/// Version of [`Snapshot`]'s shape; it rises when a field changes its meaning or goes away.
pub const SNAPSHOT_VERSION: u16 = 1;

/// Which parts of a snapshot differ from the one before. A set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Changed(pub u16);

impl Changed {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// `now`: another track, or its tags or art became known.
    pub const NOW: Self = Self(1);
    /// `transport` except the position.
    pub const TRANSPORT: Self = Self(1 << 1);
    /// `transport.position_s`.
    pub const POSITION: Self = Self(1 << 2);
    /// `volume`.
    pub const VOLUME: Self = Self(1 << 3);
    /// `queue`.
    pub const QUEUE: Self = Self(1 << 4);
    /// `sound` or `presets_revision`.
    pub const SOUND: Self = Self(1 << 5);
    /// `page` and what is on it.
    pub const PAGE: Self = Self(1 << 6);
    /// `message`.
    pub const MESSAGE: Self = Self(1 << 7);
    /// `power` or `theme`.
    pub const POWER: Self = Self(1 << 8);
    /// `library`.
    pub const LIBRARY: Self = Self(1 << 9);
    /// `sleep_s`.
    pub const SLEEP: Self = Self(1 << 10);
    /// Everything; what a new listener gets.
    pub const ALL: Self = Self((1 << 11) - 1);

    /// Which parts of two snapshots differ, their numbers aside.
    #[must_use]
    pub fn between(old: &Snapshot, new: &Snapshot) -> Self {
        let mut changed = Self::NONE;
        let mut mark = |differs: bool, part: Self| {
            if differs {
                changed |= part;
            }
        };
        mark(old.now != new.now, Self::NOW);
        let (a, b) = (&old.transport, &new.transport);
        mark((a.state, a.shuffle, a.repeat) != (b.state, b.shuffle, b.repeat), Self::TRANSPORT);
        mark(a.position_s.to_bits() != b.position_s.to_bits(), Self::POSITION);
        mark(old.volume_db != new.volume_db || old.volume != new.volume, Self::VOLUME);
        mark(old.queue != new.queue, Self::QUEUE);
        mark(old.sound != new.sound || old.presets_revision != new.presets_revision, Self::SOUND);
        mark(old.page != new.page, Self::PAGE);
        mark(old.message != new.message, Self::MESSAGE);
        mark(old.power != new.power || old.theme != new.theme, Self::POWER);
        mark(old.library != new.library, Self::LIBRARY);
        mark(old.sleep_s != new.sleep_s, Self::SLEEP);
        changed
    }

    /// Whether any bit of `other` is in this set.
    #[must_use]
    pub fn contains_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether nothing changed.
    #[must_use]
    pub fn is_none(self) -> bool {
        self.0 == 0
    }
}

impl std::ops::BitOr for Changed {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl std::ops::BitOrAssign for Changed {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// The track that plays, or would if the unit were not paused. Empty strings where nothing is known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Now {
    /// From the tags, else the file's name without its ending.
    pub title: String,
    /// From the tags, else empty.
    pub artist: String,
    /// From the tags, else the folder's name.
    pub album: String,
    /// As the unit sees it.
    pub path: String,
    /// For people: `FLAC · 44.1 kHz · 16 bit`.
    pub format: String,
    /// Length where the file states it.
    pub duration_s: Option<f64>,
    /// Content hash of the cover art, if there is any.
    pub art: Option<String>,
    /// Whether it is one of the owner's favourites.
    #[serde(default)]
    pub favourite: bool,
    /// Identity of its medium; empty when it lies on none.
    #[serde(default)]
    pub medium: String,
}

/// Whether music runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TransportState {
    /// Nothing to play, or the queue has ended.
    #[default]
    Stopped,
    /// Sound comes out.
    Playing,
    /// Waits for the driver.
    Paused,
}

/// How the music runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Transport {
    /// Whether it runs.
    pub state: TransportState,
    /// What is being heard, from the start of the track.
    pub position_s: f64,
    /// Random order.
    pub shuffle: bool,
    /// At the end of the queue.
    pub repeat: Repeat,
}

/// The level.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Volume {
    /// Knob step, 0 to [`crate::VOLUME_STEPS`].
    pub step: u8,
    /// Silent for the moment.
    pub muted: bool,
    /// The owner's maximum.
    pub max_db: Decibels,
}

/// The queue in numbers; its entries are asked for by page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QueueInfo {
    /// Entries.
    pub len: usize,
    /// The current entry, from 0; 0 when empty.
    pub index: usize,
    /// Rises whenever entries change.
    pub revision: u64,
}

/// The sound as it is set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sound {
    /// The equaliser; its name is that of the preset it came from.
    pub preset: SoundPreset,
    /// Whether a band was changed since the preset was chosen.
    pub edited: bool,
    /// Equaliser in the chain.
    pub eq_enabled: bool,
    /// −1 (left) to 1 (right).
    pub balance: f32,
    /// How loud tracks are made to each other.
    #[serde(default)]
    pub replay_gain: ReplayGain,
}

impl Default for Sound {
    fn default() -> Self {
        Self {
            preset: SoundPreset::flat(),
            edited: false,
            eq_enabled: true,
            balance: 0.0,
            replay_gain: ReplayGain::default(),
        }
    }
}

/// What the ignition says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Power {
    /// The key is turned.
    #[default]
    On,
    /// The key is out; music is paused and the screen dark.
    Off,
}

/// Everything a listener may know of a unit at one moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Snapshot {
    /// [`SNAPSHOT_VERSION`].
    pub version: u16,
    /// Rises by one with every published snapshot.
    pub seq: u64,
    /// The track.
    pub now: Now,
    /// How it runs.
    pub transport: Transport,
    /// The level in dB; 0 is full, −100 is silence.
    pub volume_db: Decibels,
    /// More about the level.
    pub volume: Volume,
    /// The queue in numbers.
    pub queue: QueueInfo,
    /// The sound.
    pub sound: Sound,
    /// Name of the page on the unit's screen: `now_playing`, `menu`, `browser`, `queue`, `equalizer`, …
    pub page: String,
    /// What the driver should know; empty when there is nothing.
    pub message: String,
    /// The ignition.
    pub power: Power,
    /// The look.
    pub theme: Theme,
    /// The library.
    #[serde(default)]
    pub library: LibraryInfo,
    /// Rises when the sounds to choose from are other ones.
    #[serde(default)]
    pub presets_revision: u64,
    /// Seconds until the sleep timer pauses the music; `None` when it is not set.
    #[serde(default)]
    pub sleep_s: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_survives_json() {
        let snapshot = Snapshot { version: SNAPSHOT_VERSION, seq: 7, ..Snapshot::default() };
        let text = serde_json::to_string(&snapshot).unwrap();
        assert_eq!(serde_json::from_str::<Snapshot>(&text).unwrap(), snapshot);
        assert!(text.contains("\"volume_db\":0.0"), "{text}");
    }

    #[test]
    fn changed_is_a_set() {
        let mut changed = Changed::NOW | Changed::VOLUME;
        assert!(changed.contains_any(Changed::VOLUME));
        assert!(!changed.contains_any(Changed::QUEUE));
        changed |= Changed::QUEUE;
        assert!(changed.contains_any(Changed::QUEUE));
        assert!(Changed::default().is_none());
        assert!(Changed::ALL.contains_any(Changed::POWER));
    }
}
