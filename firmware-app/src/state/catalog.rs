//! The library's lists, playlists and favourites: what is asked of the catalog and what comes back.

use std::sync::Arc;
use std::time::Duration;

use protocol::{Changed, Command, MusicRef, tidy_name};

use super::collect::Purpose;
use super::{CatalogRequest, Edit, Effect, Item, Medium, State};

/// Tracks made favourites by one command.
const FAVOURED: usize = 100;

impl State {
    /// Commands about lists, playlists and favourites.
    pub(super) fn apply_library(&mut self, now: Duration, command: Command) -> Changed {
        match command {
            Command::PlayView { view, start } => self.with_view(now, view, start, Purpose::Play),
            Command::EnqueueView { view } => self.with_view(now, view, None, Purpose::Append),
            Command::PlayNext { music: MusicRef::Current | MusicRef::Queue } => Changed::NONE,
            Command::PlayNext { music } => self.with_music(now, music, Purpose::Next),
            Command::ToggleFavourite { music: MusicRef::Current } if self.queue.is_empty() => {
                self.say(now, "Nothing is playing that could be a favourite")
            }
            Command::ToggleFavourite { music } => self.with_music(now, music, Purpose::Favour),
            Command::CreatePlaylist { name, music } => self.create_playlist(now, &name, music),
            Command::RenamePlaylist { playlist, name } => match tidy_name(&name) {
                Some(name) => self.edit(Edit::Rename { playlist, name }),
                None => self.say(now, "A playlist needs a name"),
            },
            Command::DeletePlaylist { playlist } => self.edit(Edit::Delete { playlist }),
            Command::AddToPlaylist { playlist, music } => {
                self.with_music(now, music, Purpose::AddTo(playlist))
            }
            Command::RemoveFromPlaylist { playlist, entry } => self.edit(Edit::Remove { playlist, entry }),
            Command::MoveInPlaylist { playlist, entry, to } => self.edit(Edit::Move { playlist, entry, to }),
            Command::ExportPlaylist { playlist, medium } => match self.medium_named(medium.as_deref()) {
                Some(medium) => self.edit(Edit::Export { playlist, medium }),
                None => self.say(now, "No medium to write the playlist to"),
            },
            _ => Changed::NONE,
        }
    }

    fn create_playlist(&mut self, now: Duration, name: &str, music: Option<MusicRef>) -> Changed {
        match (tidy_name(name), music) {
            (None, _) => self.say(now, "A playlist needs a name"),
            (Some(name), None) => self.edit(Edit::Create { name, items: Vec::new() }),
            (Some(name), Some(music)) => self.with_music(now, music, Purpose::Create(name)),
        }
    }

    /// The medium with this identity; without one that of the current track, else the first.
    pub(super) fn medium_named(&self, id: Option<&str>) -> Option<Medium> {
        let current = || {
            let item = self.current_item()?;
            self.media.iter().find(|medium| medium.id == item.medium)
        };
        let found = match id {
            Some(id) => self.media.iter().find(|medium| *medium.id == *id),
            None => current().or(self.media.first()),
        };
        found.cloned()
    }

    /// An edit whose music is known.
    pub(super) fn edit_with(&mut self, now: Duration, purpose: Purpose, mut items: Vec<Item>) -> Changed {
        items.retain(Item::is_inside);
        for item in &mut items {
            self.label_from_tags(item);
        }
        match purpose {
            Purpose::Favour if items.len() > FAVOURED => {
                self.say(now, format!("At most {FAVOURED} tracks become favourites at a time"))
            }
            Purpose::Favour => self.edit(Edit::Favour { items }),
            Purpose::AddTo(playlist) => self.edit(Edit::Add { playlist, items }),
            Purpose::Create(name) => self.edit(Edit::Create { name, items }),
            _ => Changed::NONE,
        }
    }

    /// A list shows what a track is called even while its medium is away.
    fn label_from_tags(&self, item: &mut Item) {
        if item.label.is_some() {
            return;
        }
        let info = self.tracks.get(&self.path_of(item)).filter(|info| !info.title.is_empty());
        item.label = info
            .map(|info| Arc::new(super::Label { title: info.title.clone(), artist: info.artist.clone() }));
    }

    fn edit(&mut self, edit: Edit) -> Changed {
        self.effect(Effect::Catalog(CatalogRequest::Edit(edit)));
        Changed::NONE
    }

    /// An edit is on the disk, or was refused.
    pub fn edited(&mut self, now: Duration, result: Result<String, String>) -> Changed {
        self.ask_favourite();
        self.lists_changed();
        let (Ok(text) | Err(text)) = result;
        Changed::LIBRARY | if text.is_empty() { Changed::NONE } else { self.say(now, text) }
    }

    /// Asks whether the current track is a favourite.
    pub(super) fn ask_favourite(&mut self) {
        if let Some(item) = self.current_item().filter(|item| item.is_inside()).cloned() {
            self.effect(Effect::Catalog(CatalogRequest::IsFavourite { item }));
        }
    }

    /// Whether a track is a favourite. An answer about another track is dropped.
    pub fn favourite_known(&mut self, item: &Item, is_favourite: bool) -> Changed {
        if !self.current_item().is_some_and(|current| current.is_same(item)) {
            return Changed::NONE;
        }
        self.favourite = is_favourite.then(|| item.clone());
        Changed::NOW
    }

    /// Whether the current track is known to be a favourite.
    pub fn is_favourite(&self) -> bool {
        let is_it = |favourite: &Item| self.current_item().is_some_and(|item| item.is_same(favourite));
        self.favourite.as_ref().is_some_and(is_it)
    }
}
