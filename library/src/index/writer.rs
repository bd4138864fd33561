//! The one writer of the index.
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::batch::{Batch, inside};
use super::change::{Change, KnownFolder};
use super::error::IndexError;
use super::interned::Interned;
use super::keys::MediumKey;
use super::known;
use super::media::{self, MAX_FILES, MAX_MEDIA, MediumRecord};
use super::medium_id::MediumId;
use super::open::{self, Opened};
use super::plays::{self, Played};
use super::rebuild::tidy_words;

/// The index for writing: there is one in a program, and it also checkpoints.
///
/// Every method that writes is one transaction: all of it or, after an error or a power cut, nothing.
#[derive(Debug)]
pub struct Index {
    connection: Connection,
    known: Interned,
    path: PathBuf,
    now_s: Option<i64>,
}

impl Index {
    /// Opens `library.db`, makes it if it is missing. A file that is damaged, of a newer program or not
    /// an index is set aside under another name and a new one begun: [`Opened`] says so.
    ///
    /// # Errors
    /// `Storage` if the disk refuses.
    pub fn open(path: &Path) -> Result<(Self, Option<Opened>), IndexError> {
        let (connection, opened) = open::open(path)?;
        let known = Interned::default();
        Ok((Self { connection, known, path: path.to_owned(), now_s: None }, opened))
    }

    /// After [`IndexError::Damaged`]: sets the file aside and begins anew. Readers must be opened again.
    ///
    /// # Errors
    /// `Storage` if the disk refuses.
    pub fn begin_anew(self) -> Result<(Self, PathBuf), IndexError> {
        drop(self.connection);
        let kept = open::set_aside(&self.path)?;
        Ok((Self::open(&self.path)?.0, kept))
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Tells the clock, Unix time: what later scans of a medium find is added now. Without it, the
    /// files' own times count.
    pub fn set_clock(&mut self, unix_s: i64) {
        self.now_s = Some(unix_s);
    }

    /// The key of a medium that was plugged: made if it is new, renamed if its name is another, and
    /// marked as the one seen last. Forgets the media seen longest ago where there are more than 32.
    ///
    /// # Errors
    /// `Storage`, `Damaged`.
    pub fn medium(&mut self, id: &MediumId, name: &str) -> Result<MediumKey, IndexError> {
        let key = self.transact(|db, _, _| media::announce(db, id, name))?;
        self.keep_within(key, MAX_MEDIA, MAX_FILES)?;
        Ok(key)
    }

    /// Forgets media so that at most `max_media` and `max_files` remain, the least recently seen first;
    /// never `kept`, the one in use.
    fn keep_within(&mut self, kept: MediumKey, max_media: usize, max_files: i64) -> Result<(), IndexError> {
        let media = media::all(&self.connection)?;
        for medium in media::too_many(&media, kept, max_media, max_files) {
            self.forget_medium(medium)?;
        }
        Ok(())
    }

    /// What the index knows of a folder; empty if the folder is new.
    ///
    /// # Errors
    /// `Damaged`, or `Question` for a path that leads out of the medium.
    pub fn known_folder(&self, medium: MediumKey, relative: &Path) -> Result<KnownFolder, IndexError> {
        known::known_folder(&self.connection, medium, &inside(relative)?)
    }

    /// Makes changes to one medium: all of them, and everything derived from them, or none.
    ///
    /// A few hundred to a few thousand changes at a time are cheapest.
    ///
    /// # Errors
    /// `UnknownMedium` if it was forgotten, `Storage`, `Damaged`.
    pub fn write(&mut self, medium: MediumKey, changes: Vec<Change>) -> Result<(), IndexError> {
        self.write_while(medium, changes, || true)
    }

    /// As [`write`](Self::write), as long as `go_on` says so; it is asked before each change.
    ///
    /// # Errors
    /// As [`write`](Self::write), and `Interrupted`: nothing was changed.
    pub fn write_while(
        &mut self,
        medium: MediumKey,
        changes: Vec<Change>,
        go_on: impl Fn() -> bool,
    ) -> Result<(), IndexError> {
        self.transact(|db, known, now_s| {
            let mut batch = Batch::begin(db, known, medium, now_s)?;
            for change in changes {
                if !go_on() {
                    return Err(IndexError::Interrupted);
                }
                batch.apply(change)?;
            }
            batch.finish()
        })
    }

    /// A scan of the medium is complete. Also tidies: the search index is rebuilt when most of it is
    /// stale, media beyond the bounds are forgotten, and the log is written back.
    ///
    /// # Errors
    /// `Storage`, `Damaged`.
    pub fn scan_finished(&mut self, medium: MediumKey, unix_s: i64) -> Result<(), IndexError> {
        self.transact(|db, _, _| {
            db.prepare_cached("UPDATE medium SET scanned_s = ?2 WHERE id = ?1")?
                .execute(params![medium.0, unix_s])?;
            tidy_words(db)
        })?;
        self.keep_within(medium, MAX_MEDIA, MAX_FILES)?;
        self.checkpoint()
    }

    /// Writes the log back into the file, as far as no reader needs it.
    ///
    /// # Errors
    /// `Storage`, `Damaged`.
    pub fn checkpoint(&mut self) -> Result<(), IndexError> {
        match self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))
            .map_err(IndexError::from)
        {
            // A reader is at work: the next one writes it back.
            Err(IndexError::Busy) | Ok(()) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Forgets a medium and everything on it.
    ///
    /// # Errors
    /// `Storage`, `Damaged`.
    pub fn forget_medium(&mut self, medium: MediumKey) -> Result<(), IndexError> {
        self.transact(|db, known, _| {
            known.forget();
            media::forget(db, medium)
        })
    }

    /// What the index knows of one medium.
    ///
    /// # Errors
    /// `UnknownMedium`, `Damaged`.
    pub fn medium_record(&self, medium: MediumKey) -> Result<MediumRecord, IndexError> {
        self.media()?.into_iter().find(|record| record.key == medium).ok_or(IndexError::UnknownMedium)
    }

    /// All media known, the one seen last first.
    ///
    /// # Errors
    /// `Damaged`.
    pub fn media(&self) -> Result<Vec<MediumRecord>, IndexError> {
        media::all(&self.connection)
    }

    /// Counts one more play of a track. `false` if the index does not know it (yet).
    ///
    /// # Errors
    /// `Storage`, `Damaged`, `Question` for a path that leads out of the medium.
    pub fn note_played(
        &mut self,
        medium: MediumKey,
        relative: &Path,
        unix_s: i64,
    ) -> Result<bool, IndexError> {
        let path = inside(relative)?;
        self.transact(|db, _, _| plays::note(db, medium, &path, unix_s))
    }

    /// Takes over what the owner's collection knows, after the index was begun anew. Returns how many
    /// of the tracks the index knows.
    ///
    /// # Errors
    /// As [`note_played`](Self::note_played).
    pub fn import_played(&mut self, played: &[Played]) -> Result<usize, IndexError> {
        self.transact(|db, _, _| {
            let mut known = 0;
            for track in played {
                known += usize::from(plays::import(db, track)?);
            }
            Ok(known)
        })
    }

    /// For tests that look into the tables.
    #[cfg(test)]
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// One transaction; what is remembered of rows is forgotten where it fails.
    fn transact<T>(
        &mut self,
        write: impl FnOnce(&Transaction<'_>, &mut Interned, Option<i64>) -> Result<T, IndexError>,
    ) -> Result<T, IndexError> {
        let known = &mut self.known;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let written = write(&transaction, known, self.now_s)
            .and_then(|written| transaction.commit().map(|()| written).map_err(IndexError::from));
        if written.is_err() {
            known.forget();
        }
        written
    }
}
