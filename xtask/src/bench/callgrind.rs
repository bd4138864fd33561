//! User instructions of a process, counted by callgrind.

use std::process::Command;

use anyhow::{Context, Result, bail};

/// Instructions of the whole run, the processes it starts included.
///
/// # Errors
/// If valgrind fails, or the program does.
pub fn counted(command: &Command) -> Result<f64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--trace-children=yes"]);
    valgrind.arg(command.get_program()).args(command.get_args());
    let output = valgrind.output().context("cannot start valgrind")?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        let why = said.lines().find(|line| line.contains("terminating")).unwrap_or("it failed");
        bail!("under valgrind: {}", why.trim_start_matches(|c: char| !c.is_alphabetic()));
    }
    collected(&said).with_context(|| format!("valgrind said:\n{said}"))
}

/// The sum of the numbers in `==1== Collected : 123456`, one line a process.
pub fn collected(said: &str) -> Option<f64> {
    let counts: Vec<f64> =
        said.lines().filter_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok()).collect();
    if counts.is_empty() { None } else { Some(counts.iter().sum()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_of_all_processes_are_added() {
        assert_eq!(collected("==7== Events    : Ir\n==7== Collected : 48213377\n"), Some(48_213_377.0));
        assert_eq!(collected("==7== Collected : 40\n==8== Collected : 2\n"), Some(42.0));
        assert_eq!(collected("==7== Fatal error\n"), None);
    }
}
