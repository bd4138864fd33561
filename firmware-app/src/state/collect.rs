//! Tracks for the queue: asked of the library, and what is done with the answer.

use std::path::{Path, PathBuf};
use std::time::Duration;

use library::LibraryError;
use protocol::Changed;

use super::{Collect, CollectWhat, Effect, Intent, Request, State, short_name};

/// A request for tracks that is on its way.
#[derive(Debug)]
pub(crate) struct PendingCollect {
    request: u64,
    folder: PathBuf,
    purpose: Purpose,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// The folder of a file that plays already.
    Around,
    /// Play what is found.
    Play,
    /// Play what is found, else try the media after it; how many are left to try.
    Source(usize),
    /// The rest of what plays already.
    Rest,
    /// Put what is found after the queue.
    Append,
}

impl State {
    /// A file plays at once and its folder follows when it is read; a folder plays as soon as its
    /// first track is known.
    pub fn play_path(&mut self, now: Duration, path: &Path) -> Changed {
        let Some(medium) = self.medium_of(path).map(|medium| medium.path.clone()) else {
            return self.say(now, format!("“{}” is not on a medium of this unit", short_name(path)));
        };
        self.leave_source(path);
        if !library::is_track(path) {
            self.collect(medium, path.to_path_buf(), CollectWhat::Below, Purpose::Play);
            return Changed::NONE;
        }
        self.queue.replace(vec![path.to_path_buf()], None);
        let folder = path.parent().unwrap_or(&medium).to_path_buf();
        self.playback.lost_at = None;
        let changed = self.start_current(now, 0.0);
        self.collect(medium, folder, CollectWhat::Beside, Purpose::Around);
        changed
    }

    pub(super) fn enqueue(&mut self, now: Duration, path: &Path) -> Changed {
        let Some(medium) = self.medium_of(path).map(|medium| medium.path.clone()) else {
            return self.say(now, format!("“{}” is not on a medium of this unit", short_name(path)));
        };
        if library::is_track(path) {
            return self.append(now, vec![path.to_path_buf()]);
        }
        self.collect(medium, path.to_path_buf(), CollectWhat::Below, Purpose::Append);
        Changed::NONE
    }

    /// Plays a medium from its first track; `left` media are tried after it if it holds no music.
    pub(super) fn collect_source(&mut self, medium: PathBuf, left: usize) {
        self.collect(medium.clone(), medium, CollectWhat::Below, Purpose::Source(left));
    }

    fn collect(&mut self, medium: PathBuf, folder: PathBuf, what: CollectWhat, purpose: Purpose) {
        self.last_request += 1;
        let request = self.last_request;
        let replaces = purpose != Purpose::Append;
        if replaces {
            self.collects.clear();
        }
        self.collects.push(PendingCollect { request, folder: folder.clone(), purpose });
        self.effect(Effect::Read(Request::Collect(Collect { request, medium, folder, what, replaces })));
    }

    pub(super) fn forget_collects(&mut self) {
        self.collects.clear();
    }

    /// More of what plays is still being read.
    pub(super) fn is_filling(&self) -> bool {
        self.collects.iter().any(|pending| matches!(pending.purpose, Purpose::Around | Purpose::Rest))
    }

    /// The library's answer. `is_first` marks the first track alone, with the rest to follow under
    /// the same number.
    pub fn collected(
        &mut self,
        now: Duration,
        request: u64,
        is_first: bool,
        result: Result<Vec<PathBuf>, LibraryError>,
    ) -> Changed {
        let Some(at) = self.collects.iter().position(|pending| pending.request == request) else {
            return Changed::NONE;
        };
        let purpose = self.collects[at].purpose;
        if is_first {
            return self.first_collected(now, at, result);
        }
        let pending = self.collects.remove(at);
        match (purpose, result) {
            (Purpose::Append, Ok(tracks)) if !tracks.is_empty() => self.append(now, tracks),
            (Purpose::Play | Purpose::Source(_), Ok(tracks)) if !tracks.is_empty() => {
                self.play_tracks(now, tracks)
            }
            (Purpose::Around | Purpose::Rest, result) => self.refill(now, result.unwrap_or_default()),
            (Purpose::Source(left), _) if left > 0 => {
                self.try_source_after(&pending.folder, left);
                Changed::NONE
            }
            (Purpose::Source(_), _) => self.say_no_music(now),
            (_, Ok(_)) => self.say(now, format!("No music in “{}”", short_name(&pending.folder))),
            (_, Err(error)) => {
                self.say(now, format!("Cannot play “{}”: {error}", short_name(&pending.folder)))
            }
        }
    }

    /// No medium that was tried holds music.
    fn say_no_music(&mut self, now: Duration) -> Changed {
        match self.media.as_slice() {
            [only] => {
                let text = format!("No music on “{}”", only.name);
                self.say(now, text)
            }
            _ if self.current_path().is_some() => self.say(now, "No other source has music"),
            _ => self.say(now, "None of the sources has music"),
        }
    }

    fn first_collected(
        &mut self,
        now: Duration,
        at: usize,
        result: Result<Vec<PathBuf>, LibraryError>,
    ) -> Changed {
        let pending = &mut self.collects[at];
        let plays = matches!(pending.purpose, Purpose::Play | Purpose::Source(_));
        match result {
            Ok(tracks) if plays && !tracks.is_empty() => {
                pending.purpose = Purpose::Rest;
                self.play_tracks(now, tracks)
            }
            _ => Changed::NONE,
        }
    }

    fn play_tracks(&mut self, now: Duration, tracks: Vec<PathBuf>) -> Changed {
        self.queue.replace(tracks, None);
        self.playback.lost_at = None;
        self.start_current(now, 0.0)
    }

    fn refill(&mut self, now: Duration, tracks: Vec<PathBuf>) -> Changed {
        if !tracks.is_empty() {
            self.queue.refill(tracks);
        }
        let mut changed = Changed::QUEUE;
        if std::mem::take(&mut self.playback.starving) {
            changed |= match self.queue.following() {
                Some(place) if self.playback.intent == Intent::Playing => {
                    self.queue.select(place);
                    self.start_current(now, 0.0)
                }
                _ => self.end_of_queue(now),
            };
        } else {
            if self.playback.source.is_some() {
                self.prepare_next();
            }
            self.save_resume(now);
        }
        changed
    }

    fn append(&mut self, now: Duration, tracks: Vec<PathBuf>) -> Changed {
        self.queue.append(tracks);
        if self.playback.source.is_some() {
            self.prepare_next();
        }
        self.save_resume(now);
        Changed::QUEUE
    }
}
