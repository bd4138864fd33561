//! What the sound costs: decoding, resampling and the chain, against symphonia alone and ffmpeg.

mod instructions;
mod report;
mod work;

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail};

use super::page;
use crate::steps::Steps;
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

/// Numbered steps of [`run`].
pub const STEPS: usize = 2;

/// Measures and writes the section. False when a target is missed.
///
/// # Errors
/// If something cannot be run.
pub fn run(steps: &mut Steps, count: bool) -> Result<bool> {
    let example = ["build", "--release", "-p", "engine", "--example", "symphonia_decode"];
    process::run(&mut process::cargo(example)?)?;
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
    page::refresh("Sound", &report::text(&costs, &verdicts, AUDIO_S, ROUNDS))?;
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
