//! The worker's tests: Node's own runner against the real runtime, started and migrated once for all files.

use std::process::Command;

use anyhow::{Context, Result};

use super::{Bundle, build, node};
use crate::steps::Steps;
use crate::test::Tally;
use crate::web::Mode;

/// The part of `cargo xtask test`: the shipped build, its size, and every file of tests.
///
/// # Errors
/// If the worker cannot be built or the runtime cannot be started.
pub fn check(tally: &mut Tally) -> Result<()> {
    let bundle = build(Mode::Release)?;
    println!("      {}", bundle.verdict(Mode::Release));
    tally.check("The worker's size", size(&bundle));
    let said = node()?.output().context("the worker's tests could not be started")?;
    let text = String::from_utf8_lossy(&said.stdout);
    let (passed, failed) = counts(&text);
    for _ in 0..passed {
        tally.pass();
    }
    if failed > 0 || passed == 0 || !said.status.success() {
        let tail = String::from_utf8_lossy(&said.stderr);
        tally.fail("The worker's tests", &format!("{passed} passed, {failed} failed\n{text}\n{tail}"));
    }
    Ok(())
}

/// `cargo xtask cloud test [FILE…]`: on a build for development, with the runner's output on the terminal.
///
/// # Errors
/// If the worker cannot be built.
pub fn command(files: &[&str]) -> Result<bool> {
    let mut steps = Steps::new(2);
    steps.next("Build the worker");
    let bundle = build(Mode::Dev)?;
    steps.done(&bundle.verdict(Mode::Dev));
    steps.next("Run it in workerd");
    let status = node()?.args(files).status()?;
    steps.done(if status.success() { "passed" } else { "FAILED" });
    Ok(status.success())
}

fn size(bundle: &Bundle) -> Result<String, String> {
    let said = bundle.verdict(Mode::Release);
    if bundle.within_budget() { Ok(said) } else { Err(said) }
}

fn node() -> Result<Command> {
    let mut command = node::node()?;
    command.arg("tests/run.mjs");
    Ok(command)
}

/// How many tests passed and failed, as Node's runner closes.
fn counts(said: &str) -> (usize, usize) {
    let count = |name: &str| {
        let line = said.lines().rev().find_map(|line| line.split_once(name));
        line.and_then(|(_, rest)| rest.trim().parse().ok()).unwrap_or(0)
    };
    (count("pass "), count("fail ") + count("cancelled "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runners_closing_lines_are_read() {
        let said = "ok 1 - pass 9 things\nℹ tests 4\nℹ pass 3\nℹ fail 1\nℹ cancelled 2\n";
        assert_eq!(counts(said), (3, 3));
        assert_eq!(counts(""), (0, 0));
    }
}
