//! Music that was named: asked of the library, and what is done with it when it is known.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use protocol::{Changed, MusicRef, RowKey, ViewRef};

use super::{CatalogRequest, Collect, CollectWhat, Effect, Intent, Item, Label, Request, State, short_name};
use crate::event::Found;

/// Requests for music that may be on their way at a time.
const PENDING: usize = 32;

/// A request for music that is on its way.
#[derive(Debug)]
pub(crate) struct PendingCollect {
    request: u64,
    /// Folder or file it is about; empty for a list of the library.
    folder: PathBuf,
    purpose: Purpose,
}

impl PendingCollect {
    /// Whether it changes the owner's collection.
    #[cfg(test)]
    pub fn is_edit(&self) -> bool {
        !self.purpose.is_for_queue()
    }
}

/// What is done with music once it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
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
    /// Put it right after the current track.
    Next,
    /// Make it favourites, or not.
    Favour,
    /// Append it to an own playlist.
    AddTo(i64),
    /// Make an own playlist of it.
    Create(String),
}

impl Purpose {
    /// Whether it is about what the queue holds, so that other music chosen makes it obsolete.
    fn is_for_queue(&self) -> bool {
        !matches!(self, Self::Favour | Self::AddTo(_) | Self::Create(_))
    }

    fn replaces(&self) -> bool {
        self.is_for_queue() && !matches!(self, Self::Append | Self::Next)
    }
}

impl State {
    /// A file plays at once and its folder follows when it is read; a folder plays as soon as its
    /// first track is known; a playlist file when it is read.
    pub fn play_path(&mut self, now: Duration, path: &Path) -> Changed {
        let Some((item, medium)) = self.item_at(path).zip(self.medium_of(path).cloned()) else {
            return self.say(now, format!("“{}” is not on a medium of this unit", short_name(path)));
        };
        self.leave_source(&medium.id);
        if !library::is_track(path) {
            self.collect(medium.path, path.to_path_buf(), what_of(path), Purpose::Play);
            return Changed::NONE;
        }
        let folder = path.parent().unwrap_or(&medium.path).to_path_buf();
        let changed = self.play_items(now, vec![item], 0);
        self.collect(medium.path, folder, CollectWhat::Beside, Purpose::Around);
        changed
    }

    /// One track, or part of one, as it was stored: plays at once, and what lies beside it follows.
    pub(super) fn play_item(&mut self, now: Duration, item: Item) -> Changed {
        if item.slice.is_none() {
            return self.play_path(now, &self.path_of(&item));
        }
        self.leave_source(&item.medium);
        self.forget_collects();
        self.play_items(now, vec![item], 0)
    }

    /// Finds out what is meant and does with it what is to be done.
    pub(super) fn with_music(&mut self, now: Duration, music: MusicRef, purpose: Purpose) -> Changed {
        match music {
            MusicRef::Current => {
                let items = self.current_item().cloned().into_iter().collect();
                self.use_items(now, purpose, items, 0)
            }
            MusicRef::Queue => {
                let items = (0..self.queue.len()).filter_map(|place| self.queue.entry(place));
                let items = items.map(|entry| entry.item.clone()).collect();
                self.use_items(now, purpose, items, 0)
            }
            MusicRef::Path { path } => self.with_path(now, Path::new(&path), purpose),
            MusicRef::View { view } => self.with_view(now, view, None, purpose),
            MusicRef::Row { view, row } => {
                self.ask_catalog(now, purpose, |request| CatalogRequest::Row { request, view, row })
            }
        }
    }

    pub(super) fn with_path(&mut self, now: Duration, path: &Path, purpose: Purpose) -> Changed {
        let Some((item, medium)) = self.item_at(path).zip(self.medium_of(path).cloned()) else {
            return self.say(now, format!("“{}” is not on a medium of this unit", short_name(path)));
        };
        if library::is_track(path) {
            return self.use_items(now, purpose, vec![item], 0);
        }
        if self.collects.len() >= PENDING {
            return self.say(now, "One thing after the other: the medium is still being read");
        }
        self.collect(medium.path, path.to_path_buf(), what_of(path), purpose);
        Changed::NONE
    }

    pub(super) fn with_view(
        &mut self,
        now: Duration,
        view: ViewRef,
        start: Option<RowKey>,
        purpose: Purpose,
    ) -> Changed {
        self.ask_catalog(now, purpose, |request| CatalogRequest::Tracks { request, view, start })
    }

    fn ask_catalog(
        &mut self,
        now: Duration,
        purpose: Purpose,
        asked: impl FnOnce(u64) -> CatalogRequest,
    ) -> Changed {
        if self.collects.len() >= PENDING {
            return self.say(now, "One thing after the other: the library is still being read");
        }
        let request = self.expect(PathBuf::new(), purpose);
        self.effect(Effect::Catalog(asked(request)));
        Changed::NONE
    }

    /// Plays a medium from its first track; `left` media are tried after it if it holds no music.
    pub(super) fn collect_source(&mut self, medium: PathBuf, left: usize) {
        self.collect(medium.clone(), medium, CollectWhat::Below, Purpose::Source(left));
    }

    fn collect(&mut self, medium: PathBuf, folder: PathBuf, what: CollectWhat, purpose: Purpose) {
        let (replaces, is_for_queue) = (purpose.replaces(), purpose.is_for_queue());
        let request = self.expect(folder.clone(), purpose);
        let collect = Collect { request, medium, folder, what, replaces, is_for_queue };
        self.effect(Effect::Read(Request::Collect(collect)));
    }

    fn expect(&mut self, folder: PathBuf, purpose: Purpose) -> u64 {
        self.last_request += 1;
        if purpose.replaces() {
            self.forget_collects();
        }
        self.collects.push(PendingCollect { request: self.last_request, folder, purpose });
        self.last_request
    }

    /// What was asked for the queue is not wanted any more.
    pub(super) fn forget_collects(&mut self) {
        self.collects.retain(|pending| !pending.purpose.is_for_queue());
    }

    /// More of what plays is still being read.
    pub(super) fn is_filling(&self) -> bool {
        self.collects.iter().any(|pending| matches!(pending.purpose, Purpose::Around | Purpose::Rest))
    }

    /// The library's answer about paths. `is_first` marks the first track alone, with the rest to follow
    /// under the same number.
    pub fn collected(
        &mut self,
        now: Duration,
        request: u64,
        is_first: bool,
        result: Result<Vec<Found>, library::LibraryError>,
    ) -> Changed {
        let items = result.map(|found| found.into_iter().filter_map(|found| self.item_of(found)).collect());
        match items {
            Ok(items) if is_first => self.first_collected(now, request, items),
            Err(_) if is_first => Changed::NONE,
            items => self.music_known(now, request, items.map(|items| (items, 0)).map_err(|e| e.to_string())),
        }
    }

    fn item_of(&self, found: Found) -> Option<Item> {
        let Found { track, title, artist } = found;
        let item = self.item_at(&track.path)?;
        let has_label = !(title.is_empty() && artist.is_empty());
        let label = has_label.then(|| Arc::new(Label { title, artist }));
        Some(Item { slice: track.slice, label, ..item })
    }

    /// Music that was asked for, and which of it to start with; or why it cannot be had.
    pub fn music_known(
        &mut self,
        now: Duration,
        request: u64,
        result: Result<(Vec<Item>, usize), String>,
    ) -> Changed {
        let Some(at) = self.collects.iter().position(|pending| pending.request == request) else {
            return Changed::NONE;
        };
        let PendingCollect { purpose, folder, .. } = self.collects.remove(at);
        match (purpose, result) {
            (Purpose::Around | Purpose::Rest, result) => {
                self.refill(now, result.map(|(items, _)| items).unwrap_or_default())
            }
            (purpose, Ok((items, start))) if !items.is_empty() => self.use_items(now, purpose, items, start),
            (Purpose::Source(left), _) if left > 0 => {
                self.try_source_after(&folder, left);
                Changed::NONE
            }
            (Purpose::Source(_), _) => self.say_no_music(now),
            (_, Ok(_)) if folder.as_os_str().is_empty() => self.say(now, "There is no music in this list"),
            (_, Ok(_)) => self.say(now, format!("No music in “{}”", short_name(&folder))),
            (_, Err(error)) if folder.as_os_str().is_empty() => {
                self.say(now, format!("This list cannot be read: {error}"))
            }
            (_, Err(error)) => self.say(now, format!("Cannot play “{}”: {error}", short_name(&folder))),
        }
    }

    fn use_items(&mut self, now: Duration, purpose: Purpose, items: Vec<Item>, start: usize) -> Changed {
        if items.is_empty() {
            return self.say(now, "There is no music in this list");
        }
        match purpose {
            Purpose::Play | Purpose::Source(_) => {
                if let Some(item) = items.get(start).or(items.first()) {
                    self.leave_source(&Arc::clone(&item.medium));
                }
                self.play_items(now, items, start)
            }
            Purpose::Append => self.append(now, items),
            Purpose::Next => self.play_next(now, items),
            Purpose::Around | Purpose::Rest => self.refill(now, items),
            Purpose::Favour | Purpose::AddTo(_) | Purpose::Create(_) => self.edit_with(now, purpose, items),
        }
    }

    /// No medium that was tried holds music.
    fn say_no_music(&mut self, now: Duration) -> Changed {
        match self.media.as_slice() {
            [only] => {
                let text = format!("No music on “{}”", only.name);
                self.say(now, text)
            }
            _ if !self.queue.is_empty() => self.say(now, "No other source has music"),
            _ => self.say(now, "None of the sources has music"),
        }
    }

    /// As [`Self::collected`], of a list.
    pub fn tracks_known(
        &mut self,
        now: Duration,
        request: u64,
        is_first: bool,
        result: Result<Vec<Item>, String>,
    ) -> Changed {
        match result {
            Ok(items) if is_first => self.first_collected(now, request, items),
            Err(_) if is_first => Changed::NONE,
            result => self.music_known(now, request, result.map(|items| (items, 0))),
        }
    }

    fn first_collected(&mut self, now: Duration, request: u64, items: Vec<Item>) -> Changed {
        let Some(pending) = self.collects.iter_mut().find(|pending| pending.request == request) else {
            return Changed::NONE;
        };
        if items.is_empty() || !matches!(pending.purpose, Purpose::Play | Purpose::Source(_)) {
            return Changed::NONE;
        }
        pending.purpose = Purpose::Rest;
        if let Some(item) = items.first() {
            self.leave_source(&Arc::clone(&item.medium));
        }
        self.play_items(now, items, 0)
    }

    fn play_items(&mut self, now: Duration, items: Vec<Item>, start: usize) -> Changed {
        self.queue.replace(items, start);
        self.playback.lost_at = None;
        self.start_current(now, 0.0)
    }

    fn refill(&mut self, now: Duration, items: Vec<Item>) -> Changed {
        if !items.is_empty() {
            self.queue.refill(items);
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
            self.queue_changed(now);
        }
        changed
    }

    fn append(&mut self, now: Duration, items: Vec<Item>) -> Changed {
        self.queue.append(items);
        self.queue_changed(now);
        Changed::QUEUE
    }

    /// What follows may be another track now, and the queue is to be stored.
    pub(super) fn queue_changed(&mut self, now: Duration) {
        if self.playback.source.is_some() {
            self.prepare_next();
        }
        self.save_resume(now);
    }
}

/// Playlist files are read, everything else that is no track is a folder.
fn what_of(path: &Path) -> CollectWhat {
    if library::PlaylistKind::of(path).is_some() { CollectWhat::Playlist } else { CollectWhat::Below }
}
