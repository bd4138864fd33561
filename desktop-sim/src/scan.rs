//! `rusty-audio-sim scan DIR`: a folder into an index, with the time and memory it took.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, Result};
use firmware_app::catalog_tools::{self, ScanPhase, ScanProgress, ScanStats};
use serde_json::json;

use crate::cli::ScanArgs;
use crate::{folders, process};

/// Scans, and says what was found.
///
/// # Errors
/// The folder or the index cannot be used.
pub fn run(args: &ScanArgs) -> Result<()> {
    let folder =
        args.folder.canonicalize().with_context(|| format!("{} cannot be read", args.folder.display()))?;
    let db = match &args.db {
        Some(db) => db.clone(),
        None => folders::data(None)?.join("scan.db"),
    };
    let show = !args.stats;
    let stats = catalog_tools::scan(&folder, &hal::folder_id(&folder), &db, args.workers, move |progress| {
        if show {
            tell(&progress);
        }
    })?;
    report(&stats, &db, args.stats).context("standard output cannot be written")
}

/// One line that is written over and over; on anything but a terminal only the last one.
fn tell(progress: &ScanProgress) {
    let finished = progress.phase == ScanPhase::Finished;
    let mut error = io::stderr();
    if !finished && !error.is_terminal() {
        return;
    }
    let done = progress.files_read + progress.files_known;
    let of = progress.total_estimate.map(|total| format!(" of {total}")).unwrap_or_default();
    let end = if finished { "\n" } else { "" };
    let start = if error.is_terminal() { "\r\x1b[K" } else { "" };
    // Without a standard error there is nobody to tell.
    let _ = write!(
        error,
        "{start}{done}{of} tracks in {} folders, {:.0} a second{end}",
        progress.folders, progress.tracks_per_s
    )
    .and_then(|()| error.flush());
}

fn report(stats: &ScanStats, db: &Path, as_json: bool) -> io::Result<()> {
    let mut out = io::stdout();
    let rate = stats.files as f64 / stats.seconds.max(1e-9);
    if !as_json {
        return writeln!(
            out,
            "{}: {} tracks ({} new or changed, {} unchanged, {} removed, {} that cannot be played) in {:.1} s",
            db.display(),
            stats.tracks,
            stats.read,
            stats.unchanged,
            stats.removed,
            stats.unread,
            stats.seconds
        );
    }
    let stats = json!({
        "tracks": stats.tracks,
        "files": stats.files,
        "read": stats.read,
        "unread": stats.unread,
        "removed": stats.removed,
        "unchanged": stats.unchanged,
        "folders": stats.folders,
        "unreadable_folders": stats.unreadable_folders,
        "cut": stats.cut,
        "worker_requests": stats.requests,
        "seconds": stats.seconds,
        "tracks_per_s": rate,
        "cpu_s": process::cpu_time_with_children().map(|time| time.as_secs_f64()),
        // Of this process; the largest worker; all together, if all had their peak at once.
        "peak_rss_own_bytes": stats.peak_rss,
        "peak_rss_worker_bytes": stats.worker_peak_rss,
        "peak_rss_bytes": stats.peak_rss.zip(stats.workers_peak_rss).map(|(own, workers)| own + workers),
        "db": db,
    });
    writeln!(out, "{stats:#}")
}
