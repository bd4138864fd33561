//! The library for programs that are not the stereo: scanning a folder into an index by command.

use std::path::Path;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, bail};
use library::{Index, MediumId, Scan, ScanOptions, ScanOutcome, WorkerCommand};

pub use library::{ScanPhase, ScanProgress, ScanStats, WORKER_WORD, worker_main};

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
