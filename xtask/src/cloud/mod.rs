//! `cargo xtask cloud`: the worker from Rust to what the cloud's runtime loads, its tests in that runtime, and all of
//! it on this machine to look at.
//!
//! cargo (wasm32) → wasm-bindgen → wasm-opt → esbuild (`cloud-worker/tools/bundle.mjs`), into
//! `cloud-worker/build`, which `cloud-worker/wrangler.toml` names.

pub mod node;
mod serve;
mod suite;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process;
use crate::steps::Steps;
use crate::web::{self, Mode};

pub use suite::check;

/// Most bytes the packed worker may have: a quarter of what the smallest plan takes.
const BUDGET: u64 = 700_000;

/// The worker as it is uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// Bytes of the WebAssembly module.
    pub wasm: u64,
    /// Bytes of the JavaScript beside it.
    pub script: u64,
    /// Bytes of both after gzip.
    pub packed: u64,
}

/// `cargo xtask cloud [-- ARGS]`, `cargo xtask cloud build [--dev]` and `cargo xtask cloud test [FILE…]`. True when
/// nothing failed.
///
/// # Errors
/// If a step fails; the message says which and what to do.
pub fn command(args: &[&str]) -> Result<bool> {
    match args {
        [] => serve::command(&[]),
        ["--", rest @ ..] => serve::command(rest),
        ["build"] => announce(Mode::Release),
        ["build", "--dev"] => announce(Mode::Dev),
        ["test", files @ ..] => suite::command(files),
        _ => bail!(
            "cargo xtask cloud [-- ARGS], cargo xtask cloud build [--dev], or cargo xtask cloud test [FILE…]"
        ),
    }
}

fn announce(mode: Mode) -> Result<bool> {
    let mut steps = Steps::new(1);
    steps.next("Build the worker");
    let bundle = build(mode)?;
    steps.done(&bundle.verdict(mode));
    Ok(mode == Mode::Dev || bundle.within_budget())
}

/// Builds `cloud-worker/build`. Nothing is done twice when nothing has changed.
///
/// # Errors
/// If a tool is missing and cannot be had, or the build fails.
pub fn build(mode: Mode) -> Result<Bundle> {
    let toolchain = web::toolchain::find()?;
    node::ensure()?;
    let profile = if mode == Mode::Release { "cloud" } else { "dev" };
    let mut modules = web::compile::compile_package(&toolchain, "cloud-worker", profile)?;
    modules.retain(|module| module.name == "cloud_worker");
    if modules.len() != 1 {
        bail!("cloud-worker built {} modules, not one", modules.len());
    }
    let bound = web::bindgen::bind(&modules, mode)?;
    let report = node::bundle(&bound[0], mode)?;
    let text = std::fs::read_to_string(&report).with_context(|| format!("no {}", report.display()))?;
    Bundle::parse(&serde_json::from_str(&text)?)
}

impl Bundle {
    fn parse(report: &Value) -> Result<Self> {
        let field = |name: &str| {
            report[name].as_u64().with_context(|| format!("the bundle's report does not say its {name}"))
        };
        Ok(Self { wasm: field("wasm")?, script: field("script")?, packed: field("packed")? })
    }

    /// Whether it is as small as promised.
    pub fn within_budget(&self) -> bool {
        self.packed <= BUDGET
    }

    /// Its size against the budget, in words. A build for development is not judged.
    pub fn verdict(&self, mode: Mode) -> String {
        let kb = |bytes: u64| format!("{:.1} kB", bytes as f64 / 1000.0);
        let size = format!("{} wasm, {} script, {} gzip", kb(self.wasm), kb(self.script), kb(self.packed));
        match mode {
            Mode::Dev => format!("{size} (not optimised)"),
            Mode::Release if self.within_budget() => format!("{size}: within {}", kb(BUDGET)),
            Mode::Release => format!("{size}: OVER the budget of {}", kb(BUDGET)),
        }
    }
}

/// The worker's folder in the tree.
fn folder() -> Result<PathBuf> {
    Ok(process::root()?.join("cloud-worker"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_budget_holds_to_the_byte() {
        let of = |packed| Bundle::parse(&json!({ "wasm": 9, "script": 9, "packed": packed })).unwrap();
        assert!(of(BUDGET).within_budget());
        assert!(!of(BUDGET + 1).within_budget());
        assert!(of(BUDGET + 1).verdict(Mode::Release).contains("OVER"));
    }

    #[test]
    fn a_report_with_a_hole_is_refused() {
        assert!(Bundle::parse(&json!({ "wasm": 9, "script": 9 })).is_err());
    }
}
