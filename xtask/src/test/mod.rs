//! `cargo xtask test`: every check of the project, one after the other, and one plain line at the end.

mod cargo_test;
mod tally;

use anyhow::Result;

use crate::steps::{Steps, seconds};
use crate::system::{self, Need};
use crate::{e2e, process, tidy, web};

pub use tally::Tally;

/// Runs everything; `quick` leaves out the end-to-end part. True when nothing failed.
///
/// # Errors
/// If the machine lacks something that cannot be installed from here.
pub fn test(quick: bool) -> Result<bool> {
    let end_to_end: &[e2e::Part] = if quick { &[] } else { &e2e::PARTS };
    let mut steps = Steps::new(7 + end_to_end.len());
    let mut tally = Tally::default();

    steps.next("System packages");
    let all = [Need::Build, Need::Window, Need::Test];
    let needs: &[Need] = if without_tools() { &all[..1] } else { &all };
    steps.done(&system::ensure(needs)?);

    steps.next("Formatting: cargo fmt --check");
    check(&mut tally, &steps, "cargo fmt --check", || {
        process::run(&mut process::cargo(["fmt", "--all", "--check"])?)
    });

    steps.next("Rules of the house: arrows, first lines, stray marks");
    check(&mut tally, &steps, "tidy", || match tidy::command()? {
        true => Ok(()),
        false => anyhow::bail!("the findings are listed above"),
    });

    steps.next("Licences and dependencies: cargo deny");
    if process::on_path("cargo-deny") {
        check(&mut tally, &steps, "cargo deny", || {
            let args = ["deny", "--log-level", "error", "check", "licenses", "bans", "sources"];
            process::run(&mut process::cargo(args)?)
        });
    } else {
        tally.skip("cargo deny", "cargo-deny is not installed; CI checks it");
    }

    // First of all builds, because the stereo carries the remote inside.
    steps.next("Web remote: build, and the first view's budget");
    if without_tools() {
        tally.skip("web remote", "RUSTY_AUDIO_WITHOUT_TOOLS is set");
    } else {
        check(&mut tally, &steps, "web remote", || {
            let report = web::build(web::Mode::Release)?;
            report.print(web::Mode::Release);
            anyhow::ensure!(report.within_budget(), "{}", report.verdict());
            Ok(())
        });
    }

    steps.next("Lints: cargo clippy");
    check(&mut tally, &steps, "cargo clippy", || {
        let args = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
        process::run(&mut process::cargo(args)?)
    });

    steps.next("Tests: cargo test");
    let before = tally.clone();
    cargo_test::run(&mut tally)?;
    steps.done(&tally.since(&before));

    for part in end_to_end {
        run_part(part, &mut steps, &mut tally);
    }
    if quick {
        tally.skipped.push("the end-to-end checks: --quick was given".to_owned());
    }
    Ok(conclude(&steps, &tally))
}

/// Only the end-to-end parts whose name contains `word`; the simulator is taken as it was built last.
///
/// # Errors
/// If the machine lacks something that cannot be installed from here.
pub fn end_to_end(word: &str) -> Result<bool> {
    let word = word.to_lowercase();
    let parts: Vec<_> = e2e::PARTS.iter().filter(|part| part.name.to_lowercase().contains(&word)).collect();
    let mut steps = Steps::new(1 + parts.len());
    let mut tally = Tally::default();
    steps.next("System packages");
    steps.done(&system::ensure(&[Need::Build, Need::Test])?);
    for part in parts {
        run_part(part, &mut steps, &mut tally);
    }
    Ok(conclude(&steps, &tally))
}

fn run_part(part: &e2e::Part, steps: &mut Steps, tally: &mut Tally) {
    steps.next(part.name);
    let before = tally.clone();
    if let Err(error) = (part.run)(tally) {
        tally.fail(part.name, &format!("{error:#}"));
    }
    steps.done(&tally.since(&before));
}

fn conclude(steps: &Steps, tally: &Tally) -> bool {
    println!();
    tally.print_details();
    println!("took {}", seconds(steps.elapsed()));
    println!("{} passed, {} failed", tally.passed, tally.failures.len());
    tally.failures.is_empty()
}

/// A machine where the peers' tools are not wanted (Windows and macOS in CI).
pub fn without_tools() -> bool {
    std::env::var_os("RUSTY_AUDIO_WITHOUT_TOOLS").is_some_and(|value| value == "1")
}

fn check(tally: &mut Tally, steps: &Steps, name: &str, run: impl FnOnce() -> Result<()>) {
    match run() {
        Ok(()) => {
            tally.pass();
            steps.done("passed");
        }
        Err(error) => {
            tally.fail(name, &format!("{error:#}"));
            steps.done("FAILED");
        }
    }
}
