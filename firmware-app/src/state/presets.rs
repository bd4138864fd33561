//! The owner's own sounds: stored under a name, chosen, renamed, deleted.

use std::time::Duration;

use protocol::{Changed, SoundPreset, tidy_name};

use super::{Effect, State};
use crate::cloud_desk::CloudRequest;
use crate::letters::Numbers;
use crate::sound::find_preset;
use crate::store::{PresetRow, Save, SavedPresets};

/// Own sounds a unit keeps.
pub(crate) const OWN_PRESETS: usize = 100;
/// Characters of a name.
const LONGEST_NAME: usize = 40;

/// The owner's sounds, in the order they were made in.
#[derive(Debug, Default)]
pub(crate) struct OwnPresets {
    pub(super) rows: Vec<PresetRow>,
    /// Deleted ones the account does not know of.
    pub(super) gone: Vec<PresetRow>,
    /// Revision of the account that the unit has in full.
    pub(super) synced: u64,
    numbers: Numbers,
    last_id: i64,
    revision: u64,
}

impl OwnPresets {
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &SoundPreset> {
        self.rows.iter().map(|row| &row.preset)
    }

    pub fn get(&self, index: usize) -> Option<&SoundPreset> {
        self.rows.get(index).map(|row| &row.preset)
    }

    /// By its name, in any case.
    pub fn find(&self, name: &str) -> Option<&SoundPreset> {
        self.place(name).and_then(|place| self.get(place))
    }

    /// Rises with every change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// A name that is not taken: `My sound 1`.
    pub fn free_name(&self) -> String {
        let names = (1..=OWN_PRESETS + 1).map(|number| format!("My sound {number}"));
        names.into_iter().find(|name| self.find(name).is_none()).unwrap_or_default()
    }

    pub(super) fn place(&self, name: &str) -> Option<usize> {
        let name = name.to_lowercase();
        self.iter().position(|preset| preset.name.to_lowercase() == name)
    }

    /// Stores over the one of the same name, or as a new one; `None` when there are too many.
    fn put(&mut self, preset: SoundPreset) -> Option<PresetRow> {
        let place = match self.place(&preset.name) {
            Some(place) => place,
            None if self.rows.len() >= OWN_PRESETS => return None,
            None => {
                let uuid = self.numbers.take();
                self.push(uuid, preset.clone())
            }
        };
        self.change(place, |row| (row.preset, row.dirty) = (preset, true))
    }

    /// A new one, not yet changed; gives its place.
    pub(super) fn push(&mut self, uuid: String, preset: SoundPreset) -> usize {
        self.last_id = self.last_id.saturating_add(1);
        let (id, version, changed) = (self.last_id, 0, 0);
        let new = PresetRow { id, uuid, base: 0, dirty: true, version, changed, deleted: false, preset };
        self.rows.push(new);
        self.rows.len() - 1
    }

    pub(super) fn change(&mut self, place: usize, change: impl FnOnce(&mut PresetRow)) -> Option<PresetRow> {
        let row = self.rows.get_mut(place)?;
        change(row);
        self.revision += 1;
        row.version = row.version.saturating_add(1);
        row.changed = self.revision;
        Some(row.clone())
    }

    fn remove(&mut self, place: usize) -> Option<PresetRow> {
        let gone = self.change(place, |row| (row.deleted, row.dirty) = (true, true))?;
        self.rows.remove(place);
        self.gone.push(gone.clone());
        Some(gone)
    }

    /// Every sound becomes one that no account has, under a number of its own.
    pub(super) fn forget_account(&mut self) -> Vec<PresetRow> {
        self.gone.clear();
        self.synced = 0;
        for row in &mut self.rows {
            (row.uuid, row.base, row.dirty) = (self.numbers.take(), 0, true);
        }
        self.rows.clone()
    }
}

impl State {
    /// A sound by its name: the owner's first.
    pub fn find_preset(&self, name: &str) -> Option<&SoundPreset> {
        self.presets.find(name).or_else(|| find_preset(name))
    }

    /// Where the numbers of new sounds come from: 256 random bits.
    pub fn set_chance(&mut self, seed: [u8; 32]) {
        self.presets.numbers = Numbers::new(seed);
    }

    pub(super) fn restore_presets(&mut self, now: Duration, saved: SavedPresets) {
        let SavedPresets { rows, gone, synced, last_id, last_change, damaged } = saved;
        let numbers = std::mem::take(&mut self.presets.numbers);
        let (last_id, revision) = (last_id.max(0), last_change);
        self.presets = OwnPresets { rows, gone, synced, numbers, last_id, revision };
        match damaged {
            0 => {}
            1 => drop(self.say(now, "One of your stored sounds is damaged and was set aside")),
            n => drop(self.say(now, format!("{n} of your stored sounds are damaged and were set aside"))),
        }
    }

    /// The sound as it is set now, under a name.
    pub(super) fn save_preset(&mut self, now: Duration, name: &str) -> Changed {
        let name = match free_of_factory(name) {
            Ok(name) => name,
            Err(why) => return self.say(now, why),
        };
        let preset = SoundPreset { name: name.clone(), ..self.sound.preset.clone() };
        if let Err(error) = preset.validate() {
            return self.say(now, format!("This sound cannot be stored: {error}"));
        }
        let Some(row) = self.presets.put(preset.clone()) else {
            let why = format!("There is room for {OWN_PRESETS} sounds of your own: delete one first");
            return self.say(now, why);
        };
        self.sound.preset = preset;
        self.sound.edited = false;
        self.settings_changed(now);
        self.keep(row, format!("The sound is stored as “{name}”"))
    }

    /// What is heard stays as it is.
    pub(super) fn delete_preset(&mut self, now: Duration, name: &str) -> Changed {
        let place = match self.own_place(name) {
            Ok(place) => place,
            Err(why) => return self.say(now, why),
        };
        let Some(gone) = self.presets.remove(place) else { return Changed::NONE };
        let notice = format!("“{}” is deleted", gone.preset.name);
        self.keep(gone, notice)
    }

    pub(super) fn rename_preset(&mut self, now: Duration, from: &str, to: &str) -> Changed {
        let named = self.own_place(from).and_then(|place| Ok((place, free_of_factory(to)?)));
        let (place, name) = match named {
            Ok(named) => named,
            Err(why) => return self.say(now, why),
        };
        if self.presets.place(&name).is_some_and(|other| other != place) {
            return self.say(now, format!("There is a sound called “{name}” already"));
        }
        let old = self.presets.get(place).map(|preset| preset.name.clone());
        let renamed = self.presets.change(place, |row| row.preset.name.clone_from(&name));
        let Some(row) = renamed else { return Changed::NONE };
        if old.as_ref() == Some(&self.sound.preset.name) {
            self.sound.preset.name.clone_from(&name);
            self.settings_changed(now);
        }
        self.keep(row, format!("“{}” is now called “{name}”", old.unwrap_or_default()))
    }

    /// The message comes with the store's answer: what it says is then on the disk.
    fn keep(&mut self, row: PresetRow, notice: String) -> Changed {
        self.effect(Effect::Save(Save::Preset { row, notice }));
        if self.cloud.owner.is_some() {
            self.effect(Effect::Cloud(CloudRequest::PresetsChanged));
        }
        Changed::SOUND
    }

    /// The store has written sounds; now the driver may be told.
    pub fn presets_stored(&mut self, now: Duration, notices: Vec<String>) -> Changed {
        match notices.into_iter().next_back() {
            Some(notice) => self.say(now, notice),
            None => Changed::NONE,
        }
    }

    fn own_place(&self, name: &str) -> Result<usize, String> {
        match self.presets.place(name) {
            Some(place) => Ok(place),
            None if find_preset(name).is_some() => Err(format!("“{name}” came with the unit and stays")),
            None => Err(format!("There is no sound of your own called “{}”", shown(name))),
        }
    }
}

/// The name as it is kept, unless there is nothing left of it or a factory sound bears it.
fn free_of_factory(name: &str) -> Result<String, String> {
    let Some(name) = tidy_name(name).map(|name| shown(&name)) else {
        return Err("A sound needs a name".to_owned());
    };
    match find_preset(&name) {
        Some(factory) => Err(format!("“{}” came with the unit: choose another name", factory.name)),
        None => Ok(name),
    }
}

fn shown(name: &str) -> String {
    let short: String = name.chars().take(LONGEST_NAME).collect();
    short.trim_end().to_owned()
}
