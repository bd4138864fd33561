//! The owner's sounds and those of the account: what is offered, and what comes of the answer.
//!
//! The unit works without the account: every change is made here first and offered later. Its rules are in
//! `protocol/src/cloud/preset.rs`; the unit adds that names stay unique on it.

use std::time::Duration;

use protocol::cloud::{MAX_SYNC, PresetChange, PresetSynced, SyncedPreset};
use protocol::{Changed, SoundPreset};

use super::presets::{OWN_PRESETS, OwnPresets};
use super::{Effect, State};
use crate::cloud_desk::PresetOffer;
use crate::sound::find_preset;
use crate::store::{PresetRow, Save};

/// Characters of a name.
const LONGEST_NAME: usize = 40;

impl OwnPresets {
    /// What the account does not have yet; deletions first, because they make room.
    pub fn offer(&self) -> PresetOffer {
        let dirty: Vec<&PresetRow> = self.gone.iter().chain(&self.rows).filter(|row| row.dirty).collect();
        let change = |row: &&PresetRow| PresetChange {
            id: row.uuid.clone(),
            base: row.base,
            preset: (!row.deleted).then(|| row.preset.clone()),
        };
        PresetOffer {
            since: self.synced,
            changes: dirty.iter().take(MAX_SYNC).map(change).collect(),
            versions: dirty.iter().take(MAX_SYNC).map(|row| row.version).collect(),
            more: dirty.len() > MAX_SYNC,
        }
    }

    /// Changes the account has taken are changes no longer, unless they were changed again meanwhile.
    fn taken(&mut self, sent: &PresetOffer, answer: &PresetSynced) -> Vec<PresetRow> {
        let mut changed = Vec::new();
        for (change, version) in sent.changes.iter().zip(&sent.versions) {
            if answer.kept_back.iter().any(|kept| kept.id == change.id) {
                continue;
            }
            let all = self.rows.iter_mut().chain(&mut self.gone);
            for row in all.filter(|row| row.uuid == change.id && row.version == *version) {
                row.dirty = false;
                changed.push(row.clone());
            }
        }
        self.gone.retain(|row| row.dirty);
        changed
    }

    /// A preset as the account has it now.
    fn receive(&mut self, sent: &PresetOffer, news: &SyncedPreset) -> Result<Vec<PresetRow>, NoRoom> {
        let was_sent = sent.changes.iter().any(|change| change.id == news.id && change.preset == news.preset);
        if let Some(row) = self.gone.iter().find(|row| row.uuid == news.id) {
            // It is deleted here and the account does not know it yet. Where the account has a newer one,
            // that wins; else the deletion is still to come.
            if news.preset.is_none() || news.version <= row.base {
                return Ok(Vec::new());
            }
            self.gone.retain(|row| row.uuid != news.id);
        }
        let place = self.rows.iter().position(|row| row.uuid == news.id);
        match (place, &news.preset) {
            (None, None) => Ok(Vec::new()),
            (Some(place), None) if self.rows.get(place).is_some_and(|row| row.dirty) => {
                // A change wins over a deletion: it is offered as what it is, with what it follows.
                Ok(self.rebase(place, news.version))
            }
            (Some(place), None) => Ok(self.drop_row(place)),
            (Some(place), Some(_)) if self.rows.get(place).is_some_and(|row| row.dirty) => {
                // Changed here since. What was sent is what it follows; anything else is another's, and
                // the account sorts that out when the change arrives.
                Ok(if was_sent { self.rebase(place, news.version) } else { Vec::new() })
            }
            (Some(place), Some(preset)) => Ok(self.replace(place, preset, news.version)),
            (None, Some(preset)) => self.add(preset, news),
        }
    }

    fn rebase(&mut self, place: usize, version: u64) -> Vec<PresetRow> {
        let row = self.rows.get_mut(place).map(|row| {
            row.base = version;
            row.clone()
        });
        row.into_iter().collect()
    }

    fn drop_row(&mut self, place: usize) -> Vec<PresetRow> {
        let gone = self.change(place, |row| (row.deleted, row.dirty) = (true, false));
        if gone.is_some() {
            self.rows.remove(place);
        }
        gone.into_iter().collect()
    }

    fn replace(&mut self, place: usize, preset: &SoundPreset, version: u64) -> Vec<PresetRow> {
        let name = self.name_for(&preset.name, Some(place));
        let preset = SoundPreset { name, ..preset.clone() };
        if self.rows.get(place).is_some_and(|row| row.preset == preset) {
            return self.rebase(place, version);
        }
        let set = |row: &mut PresetRow| (row.preset, row.base, row.dirty) = (preset, version, false);
        self.change(place, set).into_iter().collect()
    }

    fn add(&mut self, preset: &SoundPreset, news: &SyncedPreset) -> Result<Vec<PresetRow>, NoRoom> {
        if self.rows.len() >= OWN_PRESETS {
            return Err(NoRoom);
        }
        let preset = SoundPreset { name: self.name_for(&preset.name, None), ..preset.clone() };
        let place = self.push(news.id.clone(), preset);
        Ok(self.change(place, |row| (row.base, row.dirty) = (news.version, false)).into_iter().collect())
    }

    /// A name that is nobody else's on this unit: `Warm`, or `Warm 2`.
    fn name_for(&self, wanted: &str, own: Option<usize>) -> String {
        let wanted = protocol::tidy_name(wanted).unwrap_or_else(|| "Sound".to_owned());
        let is_taken = |name: &str| {
            find_preset(name).is_some() || self.place(name).is_some_and(|place| Some(place) != own)
        };
        let numbered = |number: usize| {
            let suffix = if number == 1 { String::new() } else { format!(" {number}") };
            let head: String = wanted.chars().take(LONGEST_NAME - suffix.len()).collect();
            format!("{}{suffix}", head.trim_end())
        };
        let names = (1..=OWN_PRESETS + 2).map(numbered);
        names.into_iter().find(|name| !is_taken(name)).unwrap_or_else(|| self.free_name())
    }
}

/// There are as many sounds on the unit as it keeps.
struct NoRoom;

impl State {
    /// What is to be told to the account.
    pub fn preset_offer(&self) -> PresetOffer {
        self.presets.offer()
    }

    /// The account has answered.
    pub(super) fn presets_synced(
        &mut self,
        now: Duration,
        sent: &PresetOffer,
        answer: PresetSynced,
    ) -> Changed {
        let mut rows = self.presets.taken(sent, &answer);
        let mut has_room = true;
        for news in &answer.presets {
            // What is not valid is not heard: a newer unit may have made it.
            if news.preset.as_ref().is_some_and(|preset| preset.validate().is_err()) {
                continue;
            }
            match self.presets.receive(sent, news) {
                Ok(changed) => rows.extend(changed),
                Err(NoRoom) => has_room = false,
            }
        }
        self.presets.synced = answer.revision;
        for row in rows {
            self.effect(Effect::Save(Save::Preset { row, notice: String::new() }));
        }
        self.effect(Effect::Save(Save::PresetsRevision(answer.revision)));
        if has_room {
            return Changed::SOUND;
        }
        let text = format!("There is room for {OWN_PRESETS} sounds here: some of the account's are left out");
        self.say(now, text) | Changed::SOUND
    }

    /// Another account has none of the sounds.
    pub(super) fn forget_account(&mut self) {
        let rows = self.presets.forget_account();
        for row in rows {
            self.effect(Effect::Save(Save::Preset { row, notice: String::new() }));
        }
        self.effect(Effect::Save(Save::PresetsRevision(0)));
    }
}
