//! Instructions per second of audio, counted by callgrind: the slope between a short and a longer file.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use super::work::{self, Work};

const SHORT_S: u32 = 10;
const LONG_S: u32 = 20;

/// Million user instructions per second of audio.
///
/// # Errors
/// If valgrind fails.
pub fn per_second(work: Work, folder: &Path) -> Result<f64> {
    let mut counts = [0.0; 2];
    for (count, seconds) in counts.iter_mut().zip([SHORT_S, LONG_S]) {
        let music = work::music(folder, seconds)?;
        *count = counted(&work.command(&music, folder)?)
            .with_context(|| format!("cannot count the instructions of {}", work.name()))?;
    }
    let slope = (counts[1] - counts[0]) / f64::from(LONG_S - SHORT_S) / 1e6;
    // A tenth of a million is two instructions a frame: nothing was decoded.
    ensure!(slope > 0.1, "{} did nothing under valgrind", work.name());
    Ok(slope)
}

fn counted(command: &Command) -> Result<f64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    valgrind.arg(command.get_program()).args(command.get_args());
    let output = valgrind.output().context("cannot start valgrind")?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        let why = said.lines().find(|line| line.contains("terminating")).unwrap_or("it failed");
        bail!("under valgrind: {}", why.trim_start_matches(|c: char| !c.is_alphabetic()));
    }
    collected(&said).with_context(|| format!("valgrind said:\n{said}"))
}

/// The number in `==1== Collected : 123456`.
fn collected(said: &str) -> Option<f64> {
    said.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_read() {
        assert_eq!(collected("==7== Events    : Ir\n==7== Collected : 48213377\n"), Some(48_213_377.0));
        assert_eq!(collected("==7== Fatal error\n"), None);
    }
}
