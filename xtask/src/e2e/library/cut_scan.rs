//! Scans killed at random moments: the index is whole each time, the next scan goes on where it was, and in the
//! end it is what one undisturbed scan makes.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::kin;
use super::tools::{self, Random};
use crate::{music_tree, process};

/// Kills in all.
pub const KILLS: usize = 200;
/// Files of the medium.
const FILES: usize = 6_000;
/// Kills without anything new in the index before one scan is left alone: a kill may come before the first commit.
const PATIENCE: usize = 12;

/// Two states of one medium, and what an undisturbed scan of each makes.
struct Medium {
    /// Where either is put to be scanned: the same place, so that it is the same medium.
    place: PathBuf,
    states: [PathBuf; 2],
    dumps: [String; 2],
    /// How long the first scan took.
    usual: Duration,
}

/// All rounds; a sentence about them.
///
/// # Errors
/// What did not hold.
pub fn check() -> Result<String> {
    let folder = tools::folder("cut")?;
    let mut medium = medium(&folder)?;
    let mut random = Random(300);
    let (mut kills, mut rounds, mut progress) = (0, 0, 0);
    let db = folder.join("library.db");
    let began = Instant::now();
    while kills < KILLS {
        // By turns from nothing, to the other state and back.
        let state = rounds % 2;
        let fresh = rounds % 4 == 0;
        if fresh {
            forget(&db);
        }
        rounds += 1;
        let done = medium.with(state, |place| round(place, &db, fresh, medium.usual, &mut random))?;
        let whole =
            done.and_then(|done| tools::same(&tools::dump(&db)?, &medium.dumps[state]).map(|()| done));
        let (killed, moved) = whole.with_context(|| format!("round {rounds}, after {kills} kills"))?;
        kills += killed;
        progress += moved;
        medium.usual = adapted(medium.usual, killed);
        if rounds % 5 == 0 {
            println!(
                "      {kills} of {KILLS} kills, {rounds} rounds, {:.0} s",
                began.elapsed().as_secs_f64()
            );
        }
    }
    ensure!(progress > KILLS / 10, "only {progress} killed scans left anything behind: nothing was shown");
    Ok(format!(
        "{kills} kills in {rounds} rounds over {FILES} files; every index whole, {progress} killed scans had committed \
         more than the one before, no worker stayed, every final index as an undisturbed scan's"
    ))
}

/// Scans are nice to whatever else runs, so how long they take changes while this runs. Some kills a round are
/// wanted: sooner if there were few, later if there were many.
fn adapted(usual: Duration, kills: usize) -> Duration {
    match kills {
        0..=3 => usual.mul_f64(0.7).max(Duration::from_millis(60)),
        4..=12 => usual,
        _ => usual.mul_f64(1.4).min(Duration::from_secs(60)),
    }
}

impl Medium {
    /// Does something with one state in its place.
    fn with<T>(&self, state: usize, work: impl FnOnce(&Path) -> T) -> Result<T> {
        std::fs::rename(&self.states[state], &self.place)?;
        let done = work(&self.place);
        std::fs::rename(&self.place, &self.states[state])?;
        Ok(done)
    }
}

/// The same files twice by hard links; then one state loses folders, gains others and has files written anew.
fn medium(folder: &Path) -> Result<Medium> {
    let made = process::target_dir()?.join("library-checks").join(format!("tree-{FILES}"));
    music_tree::ensure(&made, FILES)?;
    let states = [folder.join("before"), folder.join("after")];
    for state in &states {
        process::output(Command::new("cp").arg("-al").arg(&made).arg(state))?;
    }
    let mut artists: Vec<PathBuf> = std::fs::read_dir(&states[1])?
        .filter_map(|entry| Some(entry.ok()?.path()).filter(|path| path.is_dir()))
        .collect();
    artists.sort();
    for (number, artist) in artists.iter().enumerate() {
        match number % 5 {
            0 => std::fs::remove_dir_all(artist)?,
            1 => std::fs::rename(artist, artist.with_extension("renamed"))?,
            2 => rewrite(artist)?,
            _ => {}
        }
    }
    for state in &states {
        tools::age(state)?;
    }
    let mut medium = Medium {
        place: folder.join("medium"),
        states,
        dumps: [String::new(), String::new()],
        usual: Duration::ZERO,
    };
    for state in 0..2 {
        let db = folder.join(format!("reference-{state}.db"));
        let began = Instant::now();
        medium.with(state, |place| tools::scan_to_end(place, &db))??;
        medium.usual = medium.usual.max(began.elapsed());
        tools::whole_index(&db)?;
        medium.dumps[state] = tools::dump(&db)?;
    }
    ensure!(medium.dumps[0] != medium.dumps[1], "the two states are the same");
    Ok(medium)
}

/// Writes every file below anew, so that it has another number.
fn rewrite(folder: &Path) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            rewrite(&path)?;
        } else {
            let bytes = std::fs::read(&path)?;
            std::fs::remove_file(&path)?;
            std::fs::write(&path, bytes)?;
        }
    }
    Ok(())
}

/// Kills scans until one reaches its end. How many were killed, and how many of those had got further.
fn round(
    place: &Path,
    db: &Path,
    fresh: bool,
    usual: Duration,
    random: &mut Random,
) -> Result<(usize, usize)> {
    let (mut kills, mut progress, mut idle) = (0, 0, 0);
    let mut known = 0;
    loop {
        let mut scan = tools::scan(place, db)?.spawn().context("cannot start the scan")?;
        let wait = Duration::from_micros(random.below(usual.as_micros() as u64 / 3));
        let alone = idle > PATIENCE;
        let began = Instant::now();
        while (alone || began.elapsed() < wait) && scan.try_wait()?.is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        if scan.try_wait()?.is_some() {
            let output = scan.wait_with_output()?;
            let said: serde_json::Value = serde_json::from_slice(&output.stdout).with_context(|| {
                format!("a scan failed: {}", String::from_utf8_lossy(&output.stderr).trim())
            })?;
            let files = tools::whole_index(db)?;
            if fresh {
                let read = said["read"].as_u64().context("the scan does not say read")?;
                ensure!(read == files - known, "{known} of {files} files were committed, yet it read {read}");
            }
            return Ok((kills, progress));
        }
        let workers = kin::below(scan.id());
        scan.kill()?;
        scan.wait()?;
        kills += 1;
        let stayed = kin::wait_for_end(&workers, Duration::from_secs(3));
        ensure!(stayed.is_empty(), "{} workers outlived their scan by 3 s", stayed.len());
        if !db.exists() {
            continue;
        }
        let now = match tools::whole_index(db) {
            // Killed before the first table was there.
            Err(error) if known == 0 && error.to_string().contains("no such table") => 0,
            other => other.with_context(|| format!("after a kill {:.3} s in", wait.as_secs_f64()))?,
        };
        if fresh && now < known {
            bail!("{known} files were committed, now there are {now}");
        }
        let moved = now != known;
        (progress, idle) = (progress + usize::from(moved), if moved { 0 } else { idle + 1 });
        known = now;
    }
}

fn forget(db: &Path) {
    for end in ["", "-wal", "-shm"] {
        let mut name = db.as_os_str().to_owned();
        name.push(end);
        // Not there is as good.
        let _ = std::fs::remove_file(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_before_a_kill_follows_the_machine() {
        let second = Duration::from_secs(1);
        assert!(adapted(second, 0) < second && adapted(second, 40) > second);
        assert_eq!(adapted(second, 8), second);
        assert!(adapted(Duration::ZERO, 0) > Duration::ZERO);
    }
}
