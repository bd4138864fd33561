//! Reading the index: pages, counts, searches, details.
use std::path::Path;

use rusqlite::{Connection, InterruptHandle};

use super::browse::{self, Counted};
use super::error::IndexError;
use super::folders;
use super::item::{Page, TrackPlace};
use super::keys::MediumKey;
use super::media::{self, MediumRecord};
use super::medium_id::MediumId;
use super::place::{path_bytes, split};
use super::search::{self, SearchResult};
use super::view::{PageKey, PageRequest, View};
use super::{connection, track_row};
use crate::tags::TrackInfo;

/// The index for reading. It may live on another thread than the [`Index`](super::Index), and sees
/// everything that was written before a question.
#[derive(Debug)]
pub struct IndexReader {
    connection: Connection,
    counted: Counted,
}

/// Withdraws a question from another thread.
pub struct Interrupt(InterruptHandle);

impl Interrupt {
    /// The question being answered ends with [`IndexError::Interrupted`]. Later ones do not.
    pub fn interrupt(&self) {
        self.0.interrupt();
    }
}

impl IndexReader {
    /// Opens the file an [`Index`](super::Index) has opened before.
    ///
    /// # Errors
    /// `Storage` if it is not there, `Damaged`.
    pub fn open(path: &Path) -> Result<Self, IndexError> {
        Ok(Self { connection: connection::reader(path)?, counted: Counted::default() })
    }

    /// To withdraw questions.
    #[must_use]
    pub fn interrupt_handle(&self) -> Interrupt {
        Interrupt(self.connection.get_interrupt_handle())
    }

    /// One page of a list.
    ///
    /// # Errors
    /// `Question` for a key of another list, `Damaged`, `Interrupted`.
    pub fn page(&self, request: &PageRequest) -> Result<Page, IndexError> {
        browse::page(&self.connection, request)
    }

    /// How many rows a list has.
    ///
    /// # Errors
    /// `Damaged`, `Interrupted`.
    pub fn count(&self, view: &View, media: &[MediumKey]) -> Result<u64, IndexError> {
        browse::count(&self.connection, &self.counted, view, media)
    }

    /// How many rows of a list come before the row with `key`: where in the list a jump has ended. Names
    /// that several media share are counted once for each of them.
    ///
    /// # Errors
    /// As [`page`](Self::page).
    pub fn rank(&self, view: &View, media: &[MediumKey], key: &PageKey) -> Result<u64, IndexError> {
        browse::rank(&self.connection, view, media, key)
    }

    /// The tracks of a list in playing order, at most `limit` and [`MAX_TRACKS_OF`](super::MAX_TRACKS_OF).
    /// Lists of albums or names give the tracks of each row in turn; folders those of subfolders first.
    ///
    /// # Errors
    /// As [`page`](Self::page).
    pub fn tracks_of(
        &self,
        view: &View,
        media: &[MediumKey],
        limit: usize,
    ) -> Result<Vec<TrackPlace>, IndexError> {
        browse::tracks_of(&self.connection, view, media, limit)
    }

    /// What matches all words of `text`, at most `limit` (and 100) of each kind, the best first.
    ///
    /// A word of three letters or more matches inside words, a shorter one at their start; case, marks
    /// and punctuation do not matter. Tracks match by title, artist, album, album artist, genre,
    /// composer and file name together, albums by title and artist.
    ///
    /// # Errors
    /// `Damaged`, `Interrupted`. No text is an error.
    pub fn search(&self, text: &str, media: &[MediumKey], limit: usize) -> Result<SearchResult, IndexError> {
        search::search(&self.connection, text, media, limit)
    }

    /// What the tags of a track said when it was scanned; `None` if it is not known or no track.
    ///
    /// # Errors
    /// `Damaged`, `Interrupted`.
    pub fn info(&self, medium: MediumKey, relative: &Path) -> Result<Option<TrackInfo>, IndexError> {
        let Some(path) = path_bytes(relative) else { return Ok(None) };
        let Some((folder, name)) = split(&path) else { return Ok(None) };
        match folders::find(&self.connection, medium.0, folder)? {
            Some(folder) => track_row::info(&self.connection, folder, name, &folders::name_sort(name)),
            None => Ok(None),
        }
    }

    /// The key of a medium, if it is known.
    ///
    /// # Errors
    /// `Damaged`.
    pub fn medium(&self, id: &MediumId) -> Result<Option<MediumKey>, IndexError> {
        media::find(&self.connection, id)
    }

    /// All media known, the one seen last first.
    ///
    /// # Errors
    /// `Damaged`.
    pub fn media(&self) -> Result<Vec<MediumRecord>, IndexError> {
        media::all(&self.connection)
    }
}

impl std::fmt::Debug for Interrupt {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Interrupt")
    }
}
