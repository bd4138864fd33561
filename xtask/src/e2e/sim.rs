//! Calling `rusty-audio-sim`.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::raw::{self, Sound};
use crate::measure::{self, Measured};
use crate::process;

/// Longest any call may take before it counts as hanging.
const LIMIT: Duration = Duration::from_secs(120);

/// Renders `inputs` in order, gapless, and returns what came out.
///
/// # Errors
/// If the simulator fails; the message ends with what it said.
pub fn render(inputs: &[&Path], output: &Path, options: &[&str]) -> Result<Sound> {
    let mut command = Command::new(process::sim("debug")?);
    command.arg("render").args(inputs).arg(output).args(options);
    let done = measure::measure(&command, LIMIT)?;
    if done.code != Some(0) {
        bail!("`{}` {}: {}", process::shown(&command), ending(&done), done.stderr.trim());
    }
    raw::read_wav(output)
}

/// Runs a script headless, with `options` besides.
///
/// # Errors
/// If the simulator cannot be started or the script not written. How it ended is in the result.
pub fn script(lines: &str, folder: &Path, options: &[&str]) -> Result<Measured> {
    let path = folder.join("script.txt");
    std::fs::write(&path, lines).with_context(|| format!("cannot write {}", path.display()))?;
    let mut command = Command::new(process::sim("debug")?);
    command.arg("--headless").args(options).arg("--data").arg(folder.join("data"));
    command.arg("--script").arg(&path);
    measure::measure(&command, LIMIT)
}

/// How it ended, in words.
pub fn ending(done: &Measured) -> String {
    match done.code {
        _ if done.timed_out => format!("still ran after {} s", LIMIT.as_secs()),
        Some(code) => format!("ended with code {code}"),
        None => "was ended by a signal".to_owned(),
    }
}

/// A script that must run through to code `expected`.
///
/// # Errors
/// What it said instead.
pub fn passed(done: &Measured, expected: i32) -> Result<(), String> {
    if done.code == Some(expected) && !done.stderr.contains("panicked") {
        return Ok(());
    }
    let said: Vec<&str> = done.stderr.lines().rev().filter(|line| !line.is_empty()).take(4).collect();
    Err(format!("{}; {}", ending(done), said.into_iter().rev().collect::<Vec<_>>().join(" | ")))
}
