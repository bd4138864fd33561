//! `cargo xtask bench`: what the sound costs, against peers doing the same work in the same run.
//!
//! CPU seconds are user plus system time of whole processes, medians of interleaved rounds, so that a busy
//! neighbour slows all alike. Where valgrind is installed, instructions are counted too: the slope between
//! two lengths, which leaves out start-up and repeats to a tenth of a percent.

mod instructions;
mod report;
mod work;

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail, ensure};

use crate::steps::{Steps, seconds};
use crate::system::{self, Need};
use crate::{measure, process};

use work::Work;

/// Rounds a figure is the median of.
const ROUNDS: usize = 5;
/// Audio in the file that is worked on.
const AUDIO_S: u32 = 300;
const LIMIT: Duration = Duration::from_secs(300);

/// What one piece of work cost.
pub struct Cost {
    /// Which work.
    pub work: Work,
    /// CPU seconds for the whole file, the median.
    pub cpu_s: f64,
    /// Lowest and highest round.
    pub spread: (f64, f64),
    /// Million instructions per second of audio, where they could be counted.
    pub instructions: Option<f64>,
}

/// Builds the release, measures, writes `docs/benchmarks.md`. False when a target is missed.
///
/// # Errors
/// If something cannot be built or run.
pub fn bench(args: &[&str]) -> Result<bool> {
    ensure!(cfg!(unix), "CPU time is measured on Unix only");
    let count = !args.contains(&"--no-valgrind") && process::on_path("valgrind");
    let mut steps = Steps::new(4);

    steps.next("System packages");
    steps.done(&system::ensure(&[Need::Build, Need::Test])?);

    steps.next("Build the release (some minutes the first time)");
    process::run(&mut process::cargo(["build", "--release", "-p", "desktop-sim"])?)?;
    let example = ["build", "--release", "-p", "engine", "--example", "symphonia_decode"];
    process::run(&mut process::cargo(example)?)?;
    steps.done("built");

    let folder = process::target_dir()?.join("bench");
    std::fs::create_dir_all(&folder)?;
    let music = work::music(&folder, AUDIO_S)?;
    steps.next(&format!("CPU time: {} works, {ROUNDS} rounds each, interleaved", Work::ALL.len()));
    let mut costs = cpu(&folder, &music)?;
    steps.done("measured");

    steps.next("Instructions (valgrind, two lengths each)");
    if count {
        for cost in &mut costs {
            match instructions::per_second(cost.work, &folder) {
                Ok(count) => cost.instructions = Some(count),
                Err(why) => println!("      {why:#}"),
            }
        }
        steps.done("counted");
    } else {
        steps.done("not counted: valgrind is not installed");
    }

    let verdicts = report::verdicts(&costs);
    let text = report::text(&costs, &verdicts, AUDIO_S, ROUNDS);
    std::fs::write(process::root()?.join("docs/benchmarks.md"), &text)?;
    println!("\n{text}\nwritten to docs/benchmarks.md in {}", seconds(steps.elapsed()));
    Ok(verdicts.iter().all(|verdict| verdict.held))
}

fn cpu(folder: &Path, music: &Path) -> Result<Vec<Cost>> {
    let mut rounds: Vec<Vec<f64>> = vec![Vec::new(); Work::ALL.len()];
    for round in 0..ROUNDS {
        for (work, times) in Work::ALL.iter().zip(&mut rounds) {
            let done = measure::measure(&work.command(music, folder)?, LIMIT)?;
            if done.code != Some(0) {
                bail!("{} failed: {}", work.name(), done.stderr.trim());
            }
            times.push(done.cpu_s);
        }
        println!("      round {} of {ROUNDS}", round + 1);
    }
    let cost = |(work, mut times): (&Work, Vec<f64>)| {
        times.sort_by(f64::total_cmp);
        Cost {
            work: *work,
            cpu_s: times[times.len() / 2],
            spread: (times[0], times[times.len() - 1]),
            instructions: None,
        }
    };
    Ok(Work::ALL.iter().zip(rounds).map(cost).collect())
}
