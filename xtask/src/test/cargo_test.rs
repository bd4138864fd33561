//! `cargo test` for the whole workspace, shown live and counted.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use anyhow::{Context, Result};

use super::Tally;
use crate::process;

/// Runs all tests in one cargo invocation, so that features unify and nothing is built twice.
///
/// # Errors
/// If cargo cannot be started.
pub fn run(tally: &mut Tally) -> Result<()> {
    let mut command = process::cargo(["test", "--workspace", "--no-fail-fast"])?;
    let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start cargo test")?;
    let stdout = child.stdout.take().context("cargo test has no output")?;
    let failed_before = tally.failures.len();
    for line in BufReader::new(stdout).lines() {
        let line = line.unwrap_or_default();
        println!("{line}");
        count(&line, tally);
    }
    let status = child.wait()?;
    if !status.success() && tally.failures.len() == failed_before {
        // Nothing ran red, so something did not build or a test program died.
        tally.fail("cargo test", &format!("ended with {status}; see above"));
    }
    Ok(())
}

/// Adds what one line of the test programs' output says.
fn count(line: &str, tally: &mut Tally) {
    if let Some(name) = line.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ... FAILED")) {
        tally.failures.push(format!("test {name}: see its output above"));
    }
    if let Some(result) = line.strip_prefix("test result: ") {
        tally.passed += number_before(result, " passed");
        tally.ignored += number_before(result, " ignored");
    }
}

fn number_before(text: &str, word: &str) -> usize {
    text.find(word)
        .and_then(|at| text[..at].rsplit(' ').next())
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_are_summed_and_failures_named() {
        let mut tally = Tally::default();
        for line in [
            "test a::works ... ok",
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s",
            "test b::breaks ... FAILED",
            "test result: FAILED. 4 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 2.00s",
        ] {
            count(line, &mut tally);
        }
        assert_eq!((tally.passed, tally.ignored), (16, 1));
        assert_eq!(tally.failures, ["test b::breaks: see its output above"]);
    }
}
