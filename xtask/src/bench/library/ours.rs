//! The stereo's own scan and search, by the command line of the release build.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::mpd::Spent;
use crate::{measure, process};

const LIMIT: Duration = Duration::from_secs(900);

/// What one scan cost and found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scanned {
    /// Time.
    pub spent: Spent,
    /// Tracks in the index afterwards.
    pub tracks: u64,
    /// Files that were opened.
    pub read: u64,
    /// Highest resident memory in bytes: the program's, and the workers' added to it.
    pub peak_rss: u64,
}

/// `rusty-audio-sim scan`, as it is measured and as it is counted.
///
/// # Errors
/// If xtask is started outside the workspace.
pub fn command(music: &Path, db: &Path) -> Result<Command> {
    let mut command = Command::new(process::sim("release")?);
    command.arg("scan").arg(music).arg("--db").arg(db).arg("--stats");
    Ok(command)
}

/// Scans `music` into `db`, or again what is in it.
///
/// # Errors
/// If the scan fails.
pub fn scan(music: &Path, db: &Path) -> Result<Scanned> {
    let command = command(music, db)?;
    let done = measure::measure(&command, LIMIT)?;
    ensure!(done.code == Some(0), "`{}` failed: {}", process::shown(&command), done.stderr.trim());
    let said: Value = serde_json::from_str(&done.stdout).context("the scan's figures")?;
    let number = |key: &str| said[key].as_u64().with_context(|| format!("the scan does not say {key}"));
    Ok(Scanned {
        spent: Spent { cpu_s: done.cpu_s, wall_s: done.wall_s },
        tracks: number("tracks")?,
        read: number("read")?,
        peak_rss: number("peak_rss_bytes")?,
    })
}

/// Removes the index and its logs.
pub fn forget(db: &Path) {
    for end in ["", "-wal", "-shm"] {
        let mut name = db.as_os_str().to_owned();
        name.push(end);
        // Not there is as good.
        let _ = std::fs::remove_file(name);
    }
}
