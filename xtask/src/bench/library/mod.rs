//! What the music library costs: scanning and searching, against the Music Player Daemon on the same files.

mod look_up;
mod mpd;
mod ours;
mod report;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use super::{callgrind, page};
use crate::steps::Steps;
use crate::{music_tree, process};

use mpd::{Mpd, Spent};
use ours::Scanned;

/// Numbered steps of [`run`].
pub const STEPS: usize = 4;

/// Sizes of the trees and rounds at each.
const SIZES: [(usize, usize); 2] = [(10_000, 3), (100_000, 2)];
/// Sizes between which instructions are counted.
const COUNTED: [usize; 2] = [500, 1_500];

/// Everything that was measured at one size.
pub struct Cost {
    /// Tracks in the tree.
    pub size: usize,
    /// The stereo's first scan and its second, medians.
    pub ours: [Spent; 2],
    /// MPD's update of an empty database and its second.
    pub mpd: [Spent; 2],
    /// Peak memory in bytes, the stereo's first.
    pub rss: (u64, u64),
}

/// Million instructions per file.
#[derive(Clone, Copy, Debug)]
pub struct Instructions {
    /// The stereo's first scan, the workers' reading included, and its second.
    pub ours: [f64; 2],
    /// The workers' reading alone.
    pub tags: f64,
    /// MPD's first update.
    pub mpd: f64,
}

/// Measures and writes the section. False when a target is missed.
///
/// # Errors
/// If something cannot be run.
pub fn run(steps: &mut Steps, count: bool) -> Result<bool> {
    let folder = process::target_dir()?.join("bench");
    std::fs::create_dir_all(&folder)?;
    steps.next("Trees of tagged files");
    for size in SIZES.map(|(size, _)| size).into_iter().chain(COUNTED) {
        let tree = tree(&folder, size);
        music_tree::ensure(&tree, size)?;
        warm(&tree)?;
    }
    steps.done("made, and read once so that neither side waits for the disk");

    steps.next("Scan and scan again, both sides by turns");
    let mut costs = Vec::new();
    for (size, rounds) in SIZES {
        costs.push(scans(&folder, size, rounds)?);
    }
    steps.done("measured");

    steps.next("Search and pages");
    let found = look_up::measure(&tree(&folder, SIZES[1].0), &database(&folder, SIZES[1].0), &folder)?;
    steps.done("measured");

    steps.next(&format!("Instructions (valgrind, {} and {} files)", COUNTED[0], COUNTED[1]));
    let instructions = match count.then(|| instructions(&folder)) {
        Some(Ok(counted)) => Some(counted),
        Some(Err(why)) => {
            println!("      {why:#}");
            None
        }
        None => None,
    };
    steps.done(if instructions.is_some() { "counted" } else { "not counted" });

    let verdicts = report::verdicts(&costs, &found, instructions.as_ref());
    page::refresh("Library", &report::text(&costs, &found, instructions.as_ref(), &verdicts))?;
    Ok(verdicts.iter().all(|verdict| verdict.held))
}

fn tree(folder: &Path, size: usize) -> PathBuf {
    folder.join(format!("tree-{size}"))
}

fn database(folder: &Path, size: usize) -> PathBuf {
    folder.join(format!("library-{size}.db"))
}

/// Reads every file once.
fn warm(tree: &Path) -> Result<()> {
    visit(tree, &mut |path| {
        std::fs::read(path)?;
        Ok(())
    })
}

/// Does something with every file below.
fn visit(folder: &Path, work: &mut impl FnMut(&Path) -> Result<()>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            visit(&entry.path(), work)?;
        } else {
            work(&entry.path())?;
        }
    }
    Ok(())
}

fn scans(folder: &Path, size: usize, rounds: usize) -> Result<Cost> {
    let tree = tree(folder, size);
    let db = database(folder, size);
    let (mut ours, mut theirs) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    let mut rss = (0, 0);
    for round in 0..rounds {
        let mpd = Mpd::start(&folder.join("mpd"), &tree)?;
        theirs[0].push(mpd.update()?);
        theirs[1].push(mpd.update()?);
        ensure!(mpd.tracks()? == size as u64, "mpd found {} of {size} tracks", mpd.tracks()?);
        rss.1 = mpd.peak_rss()?.max(rss.1);
        drop(mpd);
        ours::forget(&db);
        for (again, times) in ours.iter_mut().enumerate() {
            let scanned = ours::scan(&tree, &db)?;
            check(&scanned, size, again == 1)?;
            rss.0 = scanned.peak_rss.max(rss.0);
            times.push(scanned.spent);
        }
        let last = |times: &[Spent]| times[times.len() - 1].cpu_s;
        println!(
            "      {size} files, round {} of {rounds}: {:.2} s CPU, mpd {:.2} s; again {:.2} s, mpd {:.2} s",
            round + 1,
            last(&ours[0]),
            last(&theirs[0]),
            last(&ours[1]),
            last(&theirs[1]),
        );
    }
    Ok(Cost { size, ours: ours.map(median), mpd: theirs.map(median), rss })
}

fn check(scanned: &Scanned, size: usize, again: bool) -> Result<()> {
    ensure!(scanned.tracks == size as u64, "the scan found {} of {size} tracks", scanned.tracks);
    let read = if again { 0 } else { size as u64 };
    ensure!(scanned.read == read, "the scan read {} files, not {read}", scanned.read);
    Ok(())
}

/// Each figure's median.
fn median(mut rounds: Vec<Spent>) -> Spent {
    let mut middle = |key: fn(&Spent) -> f64| {
        rounds.sort_by(|a, b| key(a).total_cmp(&key(b)));
        key(&rounds[rounds.len() / 2])
    };
    Spent { cpu_s: middle(|spent| spent.cpu_s), wall_s: middle(|spent| spent.wall_s) }
}

/// The worker's sandbox refuses what valgrind needs, so its part is counted apart: the same readers over the same
/// files in one plain process. What is left out is the worker's end of the pipe.
fn instructions(folder: &Path) -> Result<Instructions> {
    process::run(&mut process::cargo(["build", "-q", "--release", "-p", "library", "--example", "tags"])?)?;
    let mut readers = Command::new(process::target_dir()?.join("release/examples/tags"));
    readers.arg("--quiet");
    let db = folder.join("library-counted.db");
    let list = folder.join("files.txt");
    let mut counts = [[0.0; 2]; 4];
    for (place, size) in COUNTED.into_iter().enumerate() {
        let tree = tree(folder, size);
        ours::forget(&db);
        counts[0][place] = callgrind::counted(&ours::command(&tree, &db)?)?;
        counts[1][place] = callgrind::counted(&ours::command(&tree, &db)?)?;
        std::fs::write(&list, tracks(&tree)?.join("\n"))?;
        counts[2][place] = callgrind::counted_reading(&readers, std::fs::File::open(&list)?)?;
        counts[3][place] = mpd::instructions(&folder.join("mpd"), &tree)?;
    }
    let files = (COUNTED[1] - COUNTED[0]) as f64;
    let slope = |count: [f64; 2]| (count[1] - count[0]) / files / 1e6;
    let [scan, again, tags, mpd] = counts.map(slope);
    ensure!(
        scan > 0.005 && tags > 0.005 && mpd > 0.005,
        "nothing was counted: {scan}, {tags}, {mpd} M a file"
    );
    Ok(Instructions { ours: [scan + tags, again], tags, mpd })
}

/// The tracks of a tree, one path each.
fn tracks(tree: &Path) -> Result<Vec<String>> {
    let mut tracks = Vec::new();
    visit(tree, &mut |path| {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if ["mp3", "flac", "m4a", "opus"].contains(&ending) {
            tracks.push(path.display().to_string());
        }
        Ok(())
    })?;
    Ok(tracks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_taken_of_each_figure() {
        let round = |cpu_s, wall_s| Spent { cpu_s, wall_s };
        let middle = median(vec![round(1.0, 9.0), round(3.0, 7.0), round(2.0, 8.0)]);
        assert_eq!((middle.cpu_s, middle.wall_s), (2.0, 8.0));
    }
}
