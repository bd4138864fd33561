//! The programs these checks call: the simulator's scan, and the library's examples that look into its files.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::process;

/// `rusty-audio-sim scan MUSIC --db DB --stats`.
///
/// # Errors
/// If xtask is started outside the workspace.
pub fn scan(music: &Path, db: &Path) -> Result<Command> {
    let mut command = Command::new(process::sim("debug")?);
    command.arg("scan").arg(music).arg("--db").arg(db).arg("--stats");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Ok(command)
}

/// Runs a scan to its end and returns its figures.
///
/// # Errors
/// If it fails.
pub fn scan_to_end(music: &Path, db: &Path) -> Result<Value> {
    let said = process::output(&mut scan(music, db)?)?;
    serde_json::from_slice(&said).context("a scan's figures")
}

/// Builds the library's examples.
///
/// # Errors
/// If they do not build.
pub fn build() -> Result<()> {
    process::run(&mut process::cargo(["build", "-q", "-p", "library", "--examples"])?)
}

/// An example of the library.
///
/// # Errors
/// If xtask is started outside the workspace.
pub fn example(name: &str) -> Result<Command> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    Ok(Command::new(process::target_dir()?.join("debug/examples").join(file)))
}

/// How many files a whole index knows.
///
/// # Errors
/// What is wrong with it.
pub fn whole_index(db: &Path) -> Result<u64> {
    let said = process::output(example("index_check")?.arg(db))?;
    let said: Value = serde_json::from_slice(&said).context("the examination of an index")?;
    ensure!(said["integrity"] == "ok", "integrity_check says {}", said["integrity"]);
    let wrong = said["wrong"].as_object().context("the examination of an index")?;
    ensure!(wrong.is_empty(), "stored counts or words are wrong: {}", said["wrong"]);
    said["files"].as_u64().context("the examination of an index")
}

/// Everything an index knows, for comparing.
///
/// # Errors
/// If it cannot be read.
pub fn dump(db: &Path) -> Result<String> {
    let said = process::output(example("index_check")?.arg(db).arg("--dump"))?;
    Ok(String::from_utf8_lossy(&said).into_owned())
}

/// The first lines in which two dumps differ.
///
/// # Errors
/// The difference.
pub fn same(got: &str, want: &str) -> Result<()> {
    if got == want {
        return Ok(());
    }
    let only = |a: &str, b: &str| {
        let b: std::collections::HashSet<&str> = b.lines().collect();
        let lines: Vec<String> = a.lines().filter(|line| !b.contains(line)).map(str::to_owned).collect();
        lines
    };
    let (extra, missing) = (only(got, want), only(want, got));
    let shown = |lines: &[String]| lines.iter().take(3).cloned().collect::<Vec<_>>().join("\n        ");
    anyhow::bail!(
        "{} lines too many and {} missing:\n      + {}\n      - {}",
        extra.len(),
        missing.len(),
        shown(&extra),
        shown(&missing)
    )
}

/// An empty folder of its own for a check, emptied of what an earlier run left.
///
/// # Errors
/// If it cannot be made.
pub fn folder(name: &str) -> Result<PathBuf> {
    let folder = process::target_dir()?.join("library-checks").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Makes every file below an hour old. What was written a moment ago may be written again within the same tick of
/// the file system's clock, so a scan looks at it again.
///
/// # Errors
/// If a time cannot be set.
pub fn age(folder: &Path) -> Result<()> {
    let past = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            // What lies too deep for a path has no business being aged.
            let _ = age(&entry.path());
        } else if kind.is_file() {
            std::fs::File::open(entry.path())?.set_modified(past)?;
        }
    }
    Ok(())
}

/// Numbers without a pattern, the same in every run (SplitMix64, Steele, Lea, Flood 2014).
pub struct Random(pub u64);

impl Random {
    /// From 0 to just below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) % bound.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_of_dumps_is_named() {
        assert!(same("a\nb\n", "a\nb\n").is_ok());
        let error = same("a\nc\n", "a\nb\n").unwrap_err().to_string();
        assert!(error.contains("1 lines too many and 1 missing") && error.contains("+ c"), "{error}");
    }
}
