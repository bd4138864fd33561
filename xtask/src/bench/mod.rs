//! `cargo xtask bench [sound|library|remote]`: what the stereo costs, against peers doing the same work in the same run.
//!
//! CPU seconds are user plus system time of whole processes, medians of interleaved rounds, so that a busy
//! neighbour slows all alike. Where valgrind is installed, instructions are counted too: the slope between
//! two sizes, which leaves out start-up and repeats to a tenth of a percent.

mod callgrind;
mod library;
mod page;
mod remote;
mod sound;

use anyhow::{Result, bail, ensure};

use crate::process;
use crate::steps::{Steps, seconds};
use crate::system::{self, Need};

/// Builds the release, measures, writes `docs/benchmarks.md`. False when a target is missed.
///
/// # Errors
/// If something cannot be built or run.
pub fn bench(args: &[&str]) -> Result<bool> {
    ensure!(cfg!(unix), "CPU time is measured on Unix only");
    let parts: Vec<&str> = args.iter().copied().filter(|arg| !arg.starts_with("--")).collect();
    if let Some(other) = parts.iter().find(|part| !["sound", "library", "remote"].contains(part)) {
        bail!("there is no bench `{other}`; there are sound, library and remote");
    }
    let wanted = |part| parts.is_empty() || parts.contains(&part);
    let mut steps = Steps::new(
        2 + if wanted("sound") { sound::STEPS } else { 0 }
            + if wanted("library") { library::STEPS } else { 0 }
            + if wanted("remote") { remote::STEPS } else { 0 },
    );

    steps.next("System packages");
    steps.done(&system::ensure(&[Need::Build, Need::Test, Need::Bench])?);
    let count = !args.contains(&"--no-valgrind") && process::on_path("valgrind");

    steps.next("Build the release (some minutes the first time)");
    process::run(&mut process::cargo(["build", "--release", "-p", "desktop-sim"])?)?;
    steps.done("built");

    let mut held = true;
    if wanted("sound") {
        held &= sound::run(&mut steps, count)?;
    }
    if wanted("library") {
        held &= library::run(&mut steps, count)?;
    }
    if wanted("remote") {
        held &= remote::run(&mut steps)?;
    }
    println!("\nwritten to docs/benchmarks.md in {}", seconds(steps.elapsed()));
    Ok(held)
}

/// Whether a target was met.
pub struct Verdict {
    /// The ratio or figure, in words.
    pub what: String,
    /// As measured.
    pub value: f64,
    /// The most it may be.
    pub must: f64,
    /// It was met, slack included.
    pub held: bool,
}

impl Verdict {
    /// A line of a table.
    pub fn row(&self) -> String {
        let word = if self.held { "met" } else { "**missed**" };
        format!("| {} | {:.2} | {:.2} | {word} |\n", self.what, self.value, self.must)
    }
}
