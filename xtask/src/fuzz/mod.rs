//! `cargo xtask fuzz [SECONDS] [TARGET…]`: a short run of every fuzzer, one after the other.
//!
//! The fuzzers are cargo-fuzz's (`fuzz/`), built here with the same flags, so that neither cargo-fuzz nor a
//! nightly compiler is needed. There is no address sanitizer: the readers forbid unsafe code, and without it
//! twice as much is tried in the same time. Panics, overflows, broken promises, memory and time are found.
//! What a run learns stays in the target folder and is where the next one begins.

mod output;
mod seeds;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::process;
use crate::steps::{Steps, seconds};
use crate::system::{self, Need};
use output::Run;

/// Seconds for each target where nothing else is asked.
const SECONDS: u64 = 60;
/// Memory of the whole fuzzer, in megabytes. The readers have 128 (the library's worker), the rest is the
/// corpus and the coverage maps.
const MEMORY_MB: u64 = 512;
/// Seconds one input may take; the library promises one for each file, and coverage is slow.
const PATIENCE_S: u64 = 5;
/// Longest input, in bytes.
const MAX_LENGTH: u64 = 64 << 10;

/// What makes the compiler count edges and show comparisons to libFuzzer.
const COVERAGE: [&str; 8] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "--cfg=fuzzing",
    // The fuzzers' hook says where the panic was; nothing may be folded into its caller.
    "-Cforce-frame-pointers=yes",
    "-Cdebug-assertions=yes",
];

/// Builds and runs. True if no target found anything.
///
/// # Errors
/// If the machine lacks something, or a fuzzer cannot be built or started.
pub fn command(args: &[&str]) -> Result<bool> {
    ensure!(cfg!(target_os = "linux"), "the fuzzers are built on Linux");
    if args == ["seeds"] {
        return seeds::make().map(|()| true);
    }
    let (limit, wanted) = match args {
        [first, rest @ ..] if first.parse::<u64>().is_ok() => (first.parse()?, rest),
        rest => (SECONDS, rest),
    };
    let targets = chosen(wanted)?;
    let mut steps = Steps::new(2 + targets.len());
    steps.next("System packages");
    steps.done(&system::ensure(&[Need::Build, Need::Fuzz])?);
    steps.next("Build the fuzzers (some minutes the first time)");
    let folder = build()?;
    steps.done("built");
    let mut findings = Vec::new();
    for target in &targets {
        steps.next(&format!("Fuzz {target} for {limit} s"));
        let run = run(target, &folder, limit)?;
        steps.done(&run.summary());
        findings.extend(run.findings.iter().map(|found| (target.clone(), found.clone())));
    }
    println!();
    for (target, path) in &findings {
        println!("FOUND   {target}: {}\n{}", path.display(), output::excerpt(path));
    }
    println!("took {}", seconds(steps.elapsed()));
    println!("{} targets, {} findings", targets.len(), findings.len());
    Ok(findings.is_empty())
}

/// The targets of these names, or all.
fn chosen(wanted: &[&str]) -> Result<Vec<String>> {
    let mut all: Vec<String> = std::fs::read_dir(process::root()?.join("fuzz/fuzz_targets"))?
        .filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_string_lossy().into_owned()))
        .collect();
    all.sort();
    if let Some(unknown) = wanted.iter().find(|name| !all.iter().any(|known| known == *name)) {
        bail!("there is no fuzz target {unknown}; there are {}", all.join(", "));
    }
    all.retain(|name| wanted.is_empty() || wanted.contains(&name.as_str()));
    Ok(all)
}

/// The folder with the built fuzzers.
fn build() -> Result<PathBuf> {
    let target_dir = process::target_dir()?.join("fuzz");
    let host = host()?;
    let mut cargo = process::cargo(["build", "--release", "--bins", "--manifest-path", "fuzz/Cargo.toml"])?;
    // With a target named, build scripts and macros do not get the flags.
    cargo.args(["--target", &host]).arg("--target-dir").arg(&target_dir);
    cargo.env("RUSTFLAGS", COVERAGE.join(" ")).env_remove("CARGO_ENCODED_RUSTFLAGS");
    process::run(&mut cargo)?;
    Ok(target_dir.join(host).join("release"))
}

fn host() -> Result<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = process::output(Command::new(rustc).arg("-vV"))?;
    let said = String::from_utf8_lossy(&said).into_owned();
    said.lines()
        .find_map(|line| line.strip_prefix("host: "))
        .map(str::to_owned)
        .context("rustc does not say what it runs on")
}

fn run(target: &str, folder: &Path, limit: u64) -> Result<Run> {
    let root = process::root()?;
    let base = process::target_dir()?.join("fuzz");
    let (learned, found) = (base.join("learned").join(target), base.join("found").join(target));
    std::fs::create_dir_all(&learned)?;
    std::fs::create_dir_all(&found)?;
    let mut fuzzer = Command::new(folder.join(target));
    fuzzer.args([
        format!("-max_total_time={limit}"),
        format!("-rss_limit_mb={MEMORY_MB}"),
        format!("-timeout={PATIENCE_S}"),
        format!("-max_len={MAX_LENGTH}"),
        format!("-artifact_prefix={}/", found.display()),
        "-print_final_stats=1".to_owned(),
    ]);
    let words = root.join("fuzz/dictionaries").join(format!("{target}.dict"));
    if words.is_file() {
        fuzzer.arg(format!("-dict={}", words.display()));
    }
    fuzzer.arg(&learned).arg(root.join("fuzz/corpus").join(target));
    // The readers take files: in memory they cost little.
    if Path::new("/dev/shm").is_dir() {
        fuzzer.env("TMPDIR", "/dev/shm");
    }
    fuzzer.env("RUST_BACKTRACE", "1").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = fuzzer.spawn().with_context(|| format!("cannot start the fuzzer {target}"))?;
    let stderr = child.stderr.take().context("the fuzzer has no output")?;
    let mut run = output::follow(stderr, limit);
    let status = child.wait()?;
    if !status.success() && run.findings.is_empty() {
        run.findings.push(found.join(format!("nothing kept; it ended with {status}")));
    }
    ensure!(run.executions > 0 || !run.findings.is_empty(), "the fuzzer {target} tried nothing");
    Ok(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_chosen_by_name_and_unknown_ones_refused() {
        assert!(chosen(&[]).unwrap().len() >= 5);
        assert_eq!(chosen(&["tags"]).unwrap(), ["tags"]);
        assert!(chosen(&["no-such"]).unwrap_err().to_string().contains("tags"));
    }
}
