//! Node and the packages of `web-remote/package-lock.json`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::bindgen::Bound;
use super::compile::FIRST;
use super::stamp::Stamp;
use super::{Mode, folder, target};
use crate::process;
use crate::system::{self, Need};

/// Oldest Node that esbuild and the test tools run on.
const OLDEST: u32 = 18;

/// Which of the packages are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tools {
    /// What builds the remote.
    Build,
    /// Those and what tests it.
    Test,
}

/// Makes sure that Node and the pinned packages are there.
///
/// # Errors
/// If Node is missing or too old, or npm cannot fetch the packages.
pub fn ensure(tools: Tools) -> Result<()> {
    system::ensure(&[Need::Web])?;
    let said = process::output(Command::new("node").arg("--version"))?;
    let version = String::from_utf8_lossy(&said).trim().to_owned();
    if major(&version).is_none_or(|major| major < OLDEST) {
        bail!("Node {version} is too old: the web remote's tools need {OLDEST} or newer");
    }
    let folder = folder()?;
    let modules = folder.join("node_modules");
    let lock = folder.join("package-lock.json");
    let all = Stamp::of(&[&lock], "all")?;
    let some = Stamp::of(&[&lock], "build")?;
    // What tests need includes what the build needs.
    if all.is_at(&modules) || (tools == Tools::Build && some.is_at(&modules)) {
        return Ok(());
    }
    println!("      fetching the pinned packages of web-remote/package-lock.json");
    let mut command = npm();
    // No package needs its install script; a script is code of strangers.
    command.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]);
    if tools == Tools::Build {
        command.arg("--omit=dev");
    }
    process::run(command.current_dir(&folder).stdin(Stdio::null()).stdout(Stdio::null()))
        .context("npm could not fetch the web remote's tools")?;
    if tools == Tools::Build { some } else { all }.leave_at(&modules)
}

/// On Windows npm is a batch file.
fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// A script of the packages, to be run by Node.
///
/// # Errors
/// If xtask is started outside the workspace.
pub fn program(script: &str) -> Result<Command> {
    let mut command = Command::new("node");
    command.arg(folder()?.join("node_modules").join(script)).stdin(Stdio::null());
    Ok(command)
}

/// Bundles, hashes and packs into `web-remote/dist`, and for the cloud into `web-remote/dist-cloud`; returns where
/// the list of files is.
///
/// # Errors
/// If the script fails.
pub fn pack(modules: &[Bound], mode: Mode) -> Result<PathBuf> {
    let folder = folder()?;
    let report = target()?.join("report.json");
    let shown = |path: &Path| path.display().to_string();
    let modules: Vec<_> = modules
        .iter()
        .map(|module| json!({ "name": module.name, "js": shown(&module.js), "wasm": shown(&module.wasm) }))
        .collect();
    let plan = json!({
        "dev": mode == Mode::Dev,
        "source": shown(&folder),
        "dist": shown(&folder.join("dist")),
        "cloud": shown(&folder.join("dist-cloud")),
        "cache": shown(&target()?.join("packed")),
        "report": shown(&report),
        "first": FIRST,
        "modules": modules,
    });
    let mut command = Command::new("node");
    process::run(command.arg(folder.join("tools/pack.mjs")).arg(plan.to_string()).stdin(Stdio::null()))
        .context("the web remote could not be packed")?;
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_version_is_read() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("20"), None);
        assert_eq!(major(""), None);
    }
}
