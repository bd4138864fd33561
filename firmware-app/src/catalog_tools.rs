//! The library for programs that are not the stereo: scanning a folder into an index and searching
//! it by command.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use library::{Index, IndexReader, MediumId, MediumKey, Scan, ScanOptions, ScanOutcome, View, WorkerCommand};

pub use library::{Item, ScanPhase, ScanProgress, ScanStats, SearchResult, WORKER_WORD, worker_main};

/// Whether this process was started to read foreign bytes: its `main` is then [`worker_main`] and nothing
/// else, before it looks at its arguments, logs or starts threads.
#[must_use]
pub fn is_worker() -> bool {
    std::env::args_os().nth(1).is_some_and(|word| word == WORKER_WORD)
}

/// Brings the index at `db` up to date with `folder` as the medium `id`; `workers` as the machine allows
/// where none are given.
///
/// # Errors
/// The folder or the index cannot be used, or the folder went away.
pub fn scan(
    folder: &Path,
    id: &str,
    db: &Path,
    workers: Option<usize>,
    on_progress: impl FnMut(ScanProgress) + Send + 'static,
) -> Result<ScanStats> {
    let id = MediumId::new(id).context("the medium's identity is no name")?;
    let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy();
    let (index, opened) =
        Index::open(db).with_context(|| format!("the index {} cannot be used", db.display()))?;
    if let Some(opened) = opened {
        tracing::warn!(?opened, "the index is begun anew");
    }
    let mut options = ScanOptions::new(WorkerCommand::this_program()?);
    if let Some(workers) = workers {
        options.workers = workers;
    }
    let scan = Scan::start(Arc::new(Mutex::new(index)), id, &name, folder, options, on_progress);
    match scan.join() {
        ScanOutcome::Finished(stats) => Ok(stats),
        ScanOutcome::Cancelled => bail!("the scan broke off"),
        ScanOutcome::MediumGone => bail!("{} is not there, or went away", folder.display()),
        ScanOutcome::IndexFailed(error) => Err(error).context("the index cannot be used"),
        ScanOutcome::WorkerFailed(error) => Err(error).context("no file can be read"),
    }
}

/// What a search found, and how long each repetition took.
#[derive(Clone, Debug)]
pub struct Searched {
    /// The best of each kind.
    pub found: SearchResult,
    /// Tracks in the index, of all media.
    pub tracks: u64,
    /// One for each repetition, in order.
    pub times: Vec<Duration>,
}

/// Searches all media of the index at `db` for `text`, `repeats` times (at least once).
///
/// # Errors
/// The index is not there or cannot be used.
pub fn search(db: &Path, text: &str, limit: usize, repeats: usize) -> Result<Searched> {
    let unusable = || format!("the index {} cannot be used", db.display());
    let reader = IndexReader::open(db).with_context(unusable)?;
    let media: Vec<MediumKey> =
        reader.media().with_context(unusable)?.into_iter().map(|medium| medium.key).collect();
    let tracks = reader.count(&View::Tracks, &media).with_context(unusable)?;
    let mut found = SearchResult::default();
    let mut times = Vec::with_capacity(repeats);
    for _ in 0..repeats.max(1) {
        let start = Instant::now();
        found = reader.search(text, &media, limit).with_context(unusable)?;
        times.push(start.elapsed());
    }
    Ok(Searched { found, tracks, times })
}
