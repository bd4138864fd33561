//! The difference between two snapshots, and how a reader keeps its own snapshot up to date by it.

use serde::{Deserialize, Serialize};

use crate::{
    Changed, Decibels, LibraryInfo, Now, Power, QueueInfo, Snapshot, Sound, Theme, Transport, Volume,
};

/// What differs from the snapshot before. A part that is not given has not changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Update {
    /// Number of the snapshot that this makes.
    pub seq: u64,
    /// Which parts differ.
    pub changed: Changed,
    /// The track.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<Now>,
    /// How it runs, with its position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transport: Option<Transport>,
    /// The position alone, when nothing else of `transport` differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position_s: Option<f64>,
    /// The level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume_db: Option<Decibels>,
    /// More about the level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume: Option<Volume>,
    /// The queue in numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueInfo>,
    /// The sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sound: Option<Sound>,
    /// Which sounds there are to choose from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presets_revision: Option<u64>,
    /// Name of the page on the unit's screen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// What the driver should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The ignition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub power: Option<Power>,
    /// The look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<Theme>,
    /// The library.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub library: Option<LibraryInfo>,
    /// The sleep timer; when `changed` names it and it is not given, the timer is not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sleep_s: Option<u32>,
}

impl Update {
    /// What turns `old` into `new`; `None` when only the number differs.
    #[must_use]
    pub fn between(old: &Snapshot, new: &Snapshot) -> Option<Self> {
        let changed = Changed::between(old, new);
        if changed.is_none() {
            return None;
        }
        let has = |part: Changed| changed.contains_any(part);
        let transport = has(Changed::TRANSPORT).then(|| new.transport.clone());
        let alone = has(Changed::POSITION) && transport.is_none();
        Some(Self {
            seq: new.seq,
            changed,
            now: has(Changed::NOW).then(|| new.now.clone()),
            transport,
            position_s: alone.then_some(new.transport.position_s),
            volume_db: has(Changed::VOLUME).then_some(new.volume_db),
            volume: has(Changed::VOLUME).then(|| new.volume.clone()),
            queue: has(Changed::QUEUE).then(|| new.queue.clone()),
            sound: has(Changed::SOUND).then(|| new.sound.clone()),
            presets_revision: has(Changed::SOUND).then_some(new.presets_revision),
            page: has(Changed::PAGE).then(|| new.page.clone()),
            message: has(Changed::MESSAGE).then(|| new.message.clone()),
            power: has(Changed::POWER).then_some(new.power),
            theme: has(Changed::POWER).then_some(new.theme),
            library: has(Changed::LIBRARY).then(|| new.library.clone()),
            sleep_s: new.sleep_s.filter(|_| has(Changed::SLEEP)),
        })
    }

    /// Brings a reader's snapshot up to date.
    pub fn apply(self, to: &mut Snapshot) {
        fn put<T>(part: Option<T>, to: &mut T) {
            if let Some(part) = part {
                *to = part;
            }
        }
        to.seq = self.seq;
        put(self.now, &mut to.now);
        put(self.transport, &mut to.transport);
        put(self.position_s, &mut to.transport.position_s);
        put(self.volume_db, &mut to.volume_db);
        put(self.volume, &mut to.volume);
        put(self.queue, &mut to.queue);
        put(self.sound, &mut to.sound);
        put(self.presets_revision, &mut to.presets_revision);
        put(self.page, &mut to.page);
        put(self.message, &mut to.message);
        put(self.power, &mut to.power);
        put(self.theme, &mut to.theme);
        put(self.library, &mut to.library);
        if self.changed.contains_any(Changed::SLEEP) {
            to.sleep_s = self.sleep_s;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Repeat, TransportState};

    fn snapshot(seed: u16) -> Snapshot {
        let bit = |n: u16| seed >> n & 1 == 1;
        let mut s = Snapshot { seq: u64::from(seed), ..Snapshot::default() };
        s.now.title = if bit(0) { "One".into() } else { String::new() };
        s.transport.state = if bit(1) { TransportState::Playing } else { TransportState::Paused };
        s.transport.position_s = f64::from(seed & 6);
        s.transport.repeat = if bit(2) { Repeat::One } else { Repeat::All };
        s.volume_db = Decibels(if bit(3) { -3.0 } else { -30.0 });
        s.volume.muted = bit(4);
        s.queue.revision = u64::from(bit(5));
        s.sound.eq_enabled = bit(6);
        s.page = if bit(7) { "queue".into() } else { "menu".into() };
        s.message = if bit(8) { "Hello".into() } else { String::new() };
        s.power = if bit(9) { Power::Off } else { Power::On };
        s.theme = if bit(10) { Theme::Day } else { Theme::Night };
        s.library.revision = u64::from(bit(11));
        s.sleep_s = bit(12).then_some(60);
        s.presets_revision = u64::from(bit(13));
        s
    }

    proptest! {
        #[test]
        fn a_reader_that_applies_updates_holds_the_units_snapshot(seeds in prop::collection::vec(0u16..16_384, 2..20)) {
            let mut reader = snapshot(seeds[0]);
            for pair in seeds.windows(2) {
                let (old, new) = (snapshot(pair[0]), snapshot(pair[1]));
                let Some(update) = Update::between(&old, &new) else {
                    prop_assert_eq!(Snapshot { seq: new.seq, ..old }, new);
                    continue;
                };
                let text = serde_json::to_string(&update).unwrap();
                serde_json::from_str::<Update>(&text).unwrap().apply(&mut reader);
                prop_assert_eq!(&reader, &new);
            }
        }
    }

    #[test]
    fn a_running_position_costs_few_bytes() {
        let old = Snapshot { seq: 1, ..Snapshot::default() };
        let mut new = Snapshot { seq: 2, ..Snapshot::default() };
        new.transport.position_s = 12.5;
        let update = Update::between(&old, &new).unwrap();
        let text = serde_json::to_string(&update).unwrap();
        assert_eq!(text, r#"{"seq":2,"changed":4,"position_s":12.5}"#);
    }
}
