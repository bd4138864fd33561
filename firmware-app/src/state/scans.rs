//! When the library is scanned: sound first, one medium at a time, the one that plays before others.

use std::sync::Arc;
use std::time::Duration;

use protocol::{Changed, LibraryInfo, MediumInfo, Power, Scanned, Scanning};

use super::{Effect, IndexRequest, MediumRef, State};
use crate::event::{MediumKnown, ScanEnd};

/// A scan begins this long after music has started, or after the medium came when none is wanted.
const AFTER_SOUND: Duration = Duration::from_secs(4);
/// Music that is wanted but has not started by then keeps no scan waiting.
const PATIENCE: Duration = Duration::from_secs(20);
/// A medium that was scanned to its end before is only looked through for changes, later.
const KNOWN_AFTER: Duration = Duration::from_secs(30);
/// A scan that failed is tried again after this.
const RETRY: Duration = Duration::from_secs(300);
/// While a scan writes, lists are told this often to look again.
const REFRESH: Duration = Duration::from_secs(5);

/// A medium to be scanned.
#[derive(Clone, Debug)]
struct Due {
    medium: MediumRef,
    /// Not before this.
    at: Duration,
    /// By hand: before the others, and whatever is known of it.
    asked: bool,
}

/// What is scanned and what is known of the media.
#[derive(Debug, Default)]
pub(crate) struct Scans {
    due: Vec<Due>,
    running: Option<MediumRef>,
    /// It was told to stop; its report is on its way.
    stopping: bool,
    /// It was stopped by hand: not again until the medium is plugged in again, or by hand.
    given_up: bool,
    progress: Option<Scanning>,
    /// The one that reached its end last.
    scanned: Option<Scanned>,
    known: Vec<MediumKnown>,
    /// Media that were there when it was looked last.
    seen: Vec<MediumRef>,
    revision: u64,
    refresh_at: Duration,
}

impl State {
    /// Media came or went: everybody who reads them is told, and new ones are to be scanned.
    pub(super) fn tell_media(&mut self, now: Duration) {
        self.effect(Effect::Media(self.media.clone()));
        self.lists_changed();
        let present: Vec<MediumRef> = self.media.iter().map(|medium| Arc::clone(&medium.id)).collect();
        self.scans.due.retain(|due| present.contains(&due.medium));
        let had: Vec<MediumRef> = std::mem::replace(&mut self.scans.seen, present.clone());
        self.scans.known.retain(|known| present.contains(&known.id));
        if self.scans.running.as_ref().is_some_and(|running| !present.contains(running)) {
            self.stop_scan();
        }
        for medium in present.into_iter().filter(|medium| !had.contains(medium)) {
            self.scans.due.push(Due { medium, at: now + AFTER_SOUND, asked: false });
        }
    }

    /// Lists may read otherwise.
    pub(super) fn lists_changed(&mut self) {
        self.scans.revision += 1;
    }

    /// Rises when lists may read otherwise.
    pub fn library_revision(&self) -> u64 {
        self.scans.revision
    }

    /// How the library stands, for listeners.
    pub fn library_info(&self) -> LibraryInfo {
        let tracks =
            |id: &MediumRef| self.scans.known.iter().find(|known| known.id == *id).map(|known| known.tracks);
        let media = self.media.iter().map(|medium| MediumInfo {
            id: medium.id.to_string(),
            name: medium.name.clone(),
            tracks: tracks(&medium.id),
        });
        LibraryInfo {
            scanning: self.scans.progress.clone(),
            media: media.collect(),
            scanned: self.scans.scanned.clone(),
            revision: self.scans.revision,
        }
    }

    /// Music was started by hand: scans that wait go on waiting until it runs.
    pub(super) fn sound_has_started(&mut self, now: Duration) {
        for due in self.scans.due.iter_mut().filter(|due| !due.asked) {
            due.at = due.at.max(now + AFTER_SOUND);
        }
    }

    /// When the next scan may begin; `None` while one runs or nothing is to be scanned.
    pub(super) fn scan_deadline(&self) -> Option<Duration> {
        if self.scans.running.is_some() || self.power == Power::Off {
            return None;
        }
        self.scans.due.iter().map(|due| self.ready_at(due)).min()
    }

    fn ready_at(&self, due: &Due) -> Duration {
        let is_coming = self.is_playing() && self.playback.source.is_none();
        if is_coming && !due.asked { due.at + PATIENCE } else { due.at }
    }

    /// Begins a scan that is due.
    pub(super) fn scan_what_is_due(&mut self, now: Duration) -> Changed {
        if self.scan_deadline().is_none_or(|at| at > now) {
            return Changed::NONE;
        }
        let plays = self.current_item().map(|item| Arc::clone(&item.medium));
        let ready = self.scans.due.iter().enumerate().filter(|(_, due)| self.ready_at(due) <= now);
        let first = ready.min_by_key(|(_, due)| (!due.asked, plays.as_ref() != Some(&due.medium), due.at));
        let Some(at) = first.map(|(at, _)| at) else { return Changed::NONE };
        let due = self.scans.due.remove(at);
        let Some(medium) = self.media.iter().find(|medium| medium.id == due.medium).cloned() else {
            return Changed::NONE;
        };
        self.scans.running = Some(due.medium);
        self.scans.stopping = false;
        self.scans.given_up = false;
        self.scans.progress = Some(Scanning {
            medium: medium.id.to_string(),
            name: medium.name.clone(),
            ..Scanning::default()
        });
        self.effect(Effect::Index(IndexRequest::Scan { medium, is_playing: self.is_playing() }));
        Changed::LIBRARY
    }

    fn stop_scan(&mut self) {
        if self.scans.running.is_some() && !std::mem::replace(&mut self.scans.stopping, true) {
            self.effect(Effect::Index(IndexRequest::Stop));
        }
        self.scans.progress = None;
    }

    /// The driver wants no scan now.
    pub(super) fn cancel_scan(&mut self, now: Duration) -> Changed {
        if self.scans.running.is_none() {
            return Changed::NONE;
        }
        self.scans.given_up = true;
        self.stop_scan();
        Changed::LIBRARY | self.say(now, "The search for music was stopped")
    }

    /// The driver wants a scan now.
    pub(super) fn rescan(&mut self, now: Duration, medium: Option<&str>) -> Changed {
        let Some(medium) = self.medium_named(medium) else {
            return self.say(now, "There is no such medium to search for music");
        };
        if self.scans.running.as_ref() == Some(&medium.id) && !self.scans.stopping {
            return self.say(now, format!("“{}” is being searched already", medium.name));
        }
        self.scans.due.retain(|due| due.medium != medium.id);
        self.scans.due.push(Due { medium: medium.id, at: now, asked: true });
        self.scan_what_is_due(now)
    }

    /// The ignition: a scan is not worth the battery, and goes on where it was.
    pub(super) fn scan_power_changed(&mut self, now: Duration) {
        match self.power {
            Power::Off => self.stop_scan(),
            Power::On => {
                for due in &mut self.scans.due {
                    due.at = due.at.max(now + AFTER_SOUND);
                }
            }
        }
    }

    /// How far the scan is. A report about another medium is late.
    pub fn scan_progress(&mut self, now: Duration, progress: Scanning) -> Changed {
        let is_it = self.scans.running.as_ref().is_some_and(|running| **running == *progress.medium);
        if !is_it || self.scans.stopping {
            return Changed::NONE;
        }
        let has_more = self.scans.progress.as_ref().is_none_or(|before| progress.read > before.read);
        if has_more && now >= self.scans.refresh_at {
            self.scans.refresh_at = now + REFRESH;
            self.lists_changed();
        }
        let name = self.scans.progress.take().map(|before| before.name).unwrap_or_default();
        self.scans.progress = Some(Scanning { name, ..progress });
        Changed::LIBRARY
    }

    /// The scan has ended.
    pub fn scan_ended(&mut self, now: Duration, medium: &str, end: ScanEnd) -> Changed {
        let Some(running) = self.scans.running.take_if(|running| **running == *medium) else {
            return Changed::NONE;
        };
        self.scans.progress = None;
        self.lists_changed();
        let again = |at: Duration| Due { medium: Arc::clone(&running), at, asked: false };
        let is_here = self.media.iter().any(|medium| medium.id == running);
        let is_due = self.scans.due.iter().any(|due| due.medium == running);
        match end {
            ScanEnd::Stopped if is_here && !is_due && !self.scans.given_up => {
                self.scans.due.push(again(now + AFTER_SOUND));
            }
            ScanEnd::Failed if is_here && !is_due => self.scans.due.push(again(now + RETRY)),
            ScanEnd::Finished { read } => {
                self.scans.scanned = Some(Scanned { medium: medium.to_owned(), read });
            }
            ScanEnd::Stopped | ScanEnd::Gone | ScanEnd::Failed => {}
        }
        Changed::LIBRARY | self.scan_what_is_due(now)
    }

    /// What the index holds of the media that are plugged in.
    pub fn media_known(&mut self, now: Duration, known: Vec<MediumKnown>) -> Changed {
        if known == self.scans.known {
            return Changed::NONE;
        }
        let is_new = |id: &MediumRef| self.scans.known.iter().all(|known| known.id != *id);
        let complete = known.iter().filter(|known| known.is_complete && is_new(&known.id));
        let complete: Vec<MediumRef> = complete.map(|known| Arc::clone(&known.id)).collect();
        for due in self.scans.due.iter_mut().filter(|due| !due.asked && complete.contains(&due.medium)) {
            due.at = due.at.max(now + KNOWN_AFTER);
        }
        self.scans.known = known;
        self.lists_changed();
        Changed::LIBRARY
    }
}
