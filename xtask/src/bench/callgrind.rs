//! User instructions of a process, counted by callgrind.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Instructions of the whole run. Processes it starts run as ever and are not counted.
///
/// # Errors
/// If valgrind fails, or the program does.
pub fn counted(command: &Command) -> Result<f64> {
    counted_reading(command, Stdio::null())
}

/// The same for a program that reads `input`.
///
/// # Errors
/// If valgrind fails, or the program does.
pub fn counted_reading(command: &Command, input: impl Into<Stdio>) -> Result<f64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    valgrind.arg(command.get_program()).args(command.get_args()).stdin(input);
    let output = valgrind.output().context("cannot start valgrind")?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        let why = said.lines().find(|line| line.contains("terminating")).unwrap_or("it failed");
        bail!("under valgrind: {}", why.trim_start_matches(|c: char| !c.is_alphabetic()));
    }
    collected(&said).with_context(|| format!("valgrind said:\n{said}"))
}

/// The number in `==1== Collected : 123456`.
pub fn collected(said: &str) -> Option<f64> {
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
