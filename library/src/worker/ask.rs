//! One question at a time, for the screen.
use std::path::Path;

use super::answer::{Answer, Outcome};
use super::request::{Kind, MAX_EDGE};
use super::window::Worker;
use crate::art::{Art, pictures_in};
use crate::beneath::MediumRoot;
use crate::error::LibraryError;
use crate::playlist::{PlaylistFile, PlaylistKind};
use crate::tags::TrackInfo;

/// Most pictures beside a track that are tried.
const MAX_PICTURES: usize = 4;

impl Worker {
    /// [`read_track`](crate::read_track) in the worker.
    ///
    /// # Errors
    /// Missing, unreadable, outside `medium`, not music, or hostile.
    pub fn read_track(&mut self, medium: &MediumRoot, path: &Path) -> Result<TrackInfo, LibraryError> {
        match self.ask(Kind::Track, medium.open_file(path)?)? {
            Answer::Track(info) => Ok(*info),
            Answer::Art(_) | Answer::Playlist(_) => Err(LibraryError::Hostile),
        }
    }

    /// [`read_art`](crate::read_art) in the worker; `max_edge` is at most 1024 pixels.
    ///
    /// # Errors
    /// Missing, unreadable or outside `medium`; hostile, when the picture inside is and none lies beside.
    pub fn read_art(
        &mut self,
        medium: &MediumRoot,
        path: &Path,
        max_edge: u32,
    ) -> Result<Option<Art>, LibraryError> {
        let edge = u16::try_from(max_edge.clamp(1, MAX_EDGE)).unwrap_or(1);
        let inside = match medium.open_file(path) {
            Ok(file) => art(self.ask(Kind::Embedded(edge), file)),
            Err(LibraryError::NotMusic) => Ok(None),
            Err(error) => return Err(error),
        };
        if !matches!(inside, Ok(None) | Err(LibraryError::Hostile)) {
            return inside;
        }
        Ok(self.art_beside(medium, path, edge).map_or(inside?, Some))
    }

    /// Reads the playlist at `path`, whose ending tells its kind.
    ///
    /// # Errors
    /// Missing, unreadable, outside `medium`, no playlist ([`LibraryError::NotMusic`]), or hostile.
    pub fn read_playlist(&mut self, medium: &MediumRoot, path: &Path) -> Result<PlaylistFile, LibraryError> {
        let kind = PlaylistKind::of(path).ok_or(LibraryError::NotMusic)?;
        match self.ask(Kind::Playlist(kind), medium.open_file(path)?)? {
            Answer::Playlist(playlist) => Ok(playlist),
            Answer::Track(_) | Answer::Art(_) => Err(LibraryError::Hostile),
        }
    }

    fn art_beside(&mut self, medium: &MediumRoot, path: &Path, edge: u16) -> Option<Art> {
        let folder = medium.open_folder(path.parent().unwrap_or_else(|| Path::new(""))).ok()?;
        pictures_in(&folder).iter().take(MAX_PICTURES).find_map(|name| {
            let file = folder.open_file(name).ok()?;
            art(self.ask(Kind::Picture(edge), file)).ok().flatten()
        })
    }
}

fn art(outcome: Outcome) -> Result<Option<Art>, LibraryError> {
    match outcome? {
        Answer::Art(art) => Ok(art),
        Answer::Track(_) | Answer::Playlist(_) => Err(LibraryError::Hostile),
    }
}
