//! What remotes cost: how long a command takes until its effect is back, with one and with fifty of them.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{Verdict, page};
use crate::steps::Steps;
use crate::{music, process};

/// Numbered steps of [`run`].
pub const STEPS: usize = 2;

/// Most milliseconds of the 99th percentile, with one and with fifty remotes.
const MOST_MS: [f64; 2] = [10.0, 50.0];
/// How much memory may grow over a run, MB.
const MOST_GROWTH_MB: f64 = 4.0;

/// Measures and writes the section. False when a target is missed.
///
/// # Errors
/// If something cannot be built or run.
pub fn run(steps: &mut Steps) -> Result<bool> {
    steps.next("Build the unit with its load");
    // Both packages, so that both are built once, with the same features.
    let build = ["build", "--release", "-p", "firmware-app", "-p", "desktop-sim", "--example", "remote_load"];
    process::run(&mut process::cargo(build)?)?;
    steps.done("built");

    steps.next("One remote, then fifty, ten commands a second each");
    let program = process::target_dir()?.join("release/examples/remote_load");
    let music = music::find()?.folder;
    let said = process::output(std::process::Command::new(program).arg(music).arg("30"))?;
    let lines: Vec<Value> = String::from_utf8(said)?
        .lines()
        .map(|line| serde_json::from_str(line).context("a line of figures"))
        .collect::<Result<_>>()?;
    ensure!(lines.len() == MOST_MS.len(), "a line of figures for each number of remotes");
    steps.done("measured");

    let verdicts = verdicts(&lines);
    page::refresh("Remote", &text(&lines, &verdicts))?;
    Ok(verdicts.iter().all(|verdict| verdict.held))
}

fn number(line: &Value, name: &str) -> f64 {
    line[name].as_f64().unwrap_or(f64::NAN)
}

fn growth_mb(line: &Value) -> f64 {
    (number(line, "rss_late_kb") - number(line, "rss_early_kb")) / 1024.0
}

fn verdicts(lines: &[Value]) -> Vec<Verdict> {
    let mut all = Vec::new();
    for (line, most) in lines.iter().zip(MOST_MS) {
        let remotes = &line["remotes"];
        let mut judge = |what: String, value: f64, must: f64| {
            all.push(Verdict { what, value, must, held: value <= must });
        };
        judge(format!("command to update with {remotes} remotes, p99, ms"), number(line, "p99_ms"), most);
        judge(format!("underruns with {remotes} remotes"), number(line, "underruns"), 0.0);
        judge(format!("growth of memory with {remotes} remotes, MB"), growth_mb(line), MOST_GROWTH_MB);
    }
    all
}

fn text(lines: &[Value], verdicts: &[Verdict]) -> String {
    let mut text = format!(
        "Machine: {}. A unit plays to a sink without a device; its remotes are another process on the same \
         machine, connected by WebSocket on the loopback, each sending ten volume commands a second for 30 s. \
         A round trip ends with `done`, which follows the update that shows the command's effect. Updates are \
         paced at one per 16 ms. CPU: of the whole unit, decoding included.\n\n\
         | remotes | commands | p50 ms | p99 ms | p99.9 ms | max ms | unit CPU | memory MB | underruns |\n\
         |---|---|---|---|---|---|---|---|---|\n",
        page::machine()
    );
    for line in lines {
        text.push_str(&format!(
            "| {} | {} | {:.2} | {:.2} | {:.2} | {:.2} | {:.0} % | {:.1} → {:.1} | {} |\n",
            line["remotes"],
            line["commands"],
            number(line, "p50_ms"),
            number(line, "p99_ms"),
            number(line, "p999_ms"),
            number(line, "max_ms"),
            number(line, "unit_cpu") * 100.0,
            number(line, "rss_early_kb") / 1024.0,
            number(line, "rss_late_kb") / 1024.0,
            line["underruns"],
        ));
    }
    text.push_str("\n| target | measured | must be at most | |\n|---|---|---|---|\n");
    verdicts.iter().for_each(|verdict| text.push_str(&verdict.row()));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn figures_are_judged() {
        let line = |remotes, p99, underruns| json!({ "remotes": remotes, "p99_ms": p99, "underruns": underruns, "rss_early_kb": 1024, "rss_late_kb": 2048 });
        let judged = verdicts(&[line(1, 3.0, 0), line(50, 60.0, 1)]);
        let held: Vec<bool> = judged.iter().map(|verdict| verdict.held).collect();
        assert_eq!(held, [true, true, true, false, false, true]);
        assert!(
            verdicts(&[json!({})]).iter().all(|verdict| !verdict.held),
            "what was not measured is not met"
        );
    }
}
