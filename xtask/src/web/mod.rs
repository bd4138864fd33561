//! `cargo xtask web`: the remote from Rust to the few hashed and packed files a phone loads.
//!
//! cargo (wasm32) → wasm-bindgen → wasm-opt → esbuild, hashes and brotli (`web-remote/tools/pack.mjs`), into
//! `web-remote/dist`, which `firmware-app` embeds.

pub mod bindgen;
pub mod compile;
pub mod node;
pub mod optimise;
mod report;
pub mod stamp;
mod std_cache;
pub mod toolchain;

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::process;
use crate::steps::Steps;

pub use report::Report;

/// How much work goes into small files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// As it is shipped: optimised, packed, held to its budget.
    Release,
    /// For writing the remote: seconds instead of minutes, no budget.
    Dev,
}

/// `cargo xtask web [--dev]`. True when the first view keeps its budget.
///
/// # Errors
/// If a step fails; the message says which and what to do.
pub fn command(mode: Mode) -> Result<bool> {
    let mut steps = Steps::new(1);
    steps.next("Build the web remote");
    let report = build(mode)?;
    report.print(mode);
    steps.done(&format!("{} is ready", folder()?.join("dist").display()));
    Ok(mode == Mode::Dev || report.within_budget())
}

/// Builds `web-remote/dist` and says what is in it. Nothing is done twice when nothing has changed.
///
/// # Errors
/// If a tool is missing and cannot be had, or the build fails.
pub fn build(mode: Mode) -> Result<Report> {
    let toolchain = toolchain::find()?;
    node::ensure(node::Tools::Build)?;
    let modules = compile::compile(&toolchain, mode)?;
    let bound = bindgen::bind(&modules, mode)?;
    let small = optimise::optimise(&bound, mode)?;
    let report = node::pack(&small, mode)?;
    Report::read(&report)
}

/// Makes sure that what tests the remote is there: Node and every pinned package.
///
/// # Errors
/// If they cannot be had.
pub fn ensure_test_tools() -> Result<()> {
    node::ensure(node::Tools::Test)
}

/// The remote's folder in the tree.
fn folder() -> Result<PathBuf> {
    Ok(process::root()?.join("web-remote"))
}

/// Where the web build keeps what it makes on the way; apart from the product's own builds, so that neither
/// waits for the other's lock.
fn target() -> Result<PathBuf> {
    let folder = process::target_dir()?.join("web");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_builds_folder_is_not_the_products() {
        let web = super::target().unwrap();
        assert!(web.ends_with("web") && web.is_dir());
    }
}
