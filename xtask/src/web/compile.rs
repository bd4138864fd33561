//! cargo for wasm32: from the sources to one raw module for every target of `web-remote`.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::toolchain::{TARGET, Toolchain};
use super::{Mode, target};
use crate::process;

/// The module that the first view loads; every other one is loaded when it is wanted.
pub const FIRST: &str = "web_remote";

/// One WebAssembly module on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// With `_` for `-`.
    pub name: String,
    /// Where it is.
    pub wasm: PathBuf,
}

/// Compiles the remote.
///
/// # Errors
/// If it does not compile, or has no module of the name [`FIRST`].
pub fn compile(toolchain: &Toolchain, mode: Mode) -> Result<Vec<Module>> {
    let modules =
        compile_package(toolchain, "web-remote", if mode == Mode::Release { "web" } else { "dev" })?;
    if !modules.iter().any(|module| module.name == FIRST) {
        bail!("web-remote built no module `{FIRST}`");
    }
    Ok(modules)
}

/// Compiles a member for [`TARGET`]; one raw module for every target of it that makes one.
///
/// # Errors
/// If it does not compile.
pub fn compile_package(toolchain: &Toolchain, package: &str, profile: &str) -> Result<Vec<Module>> {
    let mut command = toolchain.cargo()?;
    command
        .args(["build", "--package", package, "--target", TARGET, "--profile", profile])
        .arg("--target-dir")
        .arg(target()?.join("cargo"))
        .args(["--message-format", "json-render-diagnostics"]);
    let line = process::shown(&command);
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start `{line}`"))?;
    let stdout = child.stdout.take().context("cargo has no output")?;
    let modules: Vec<Module> =
        BufReader::new(stdout).lines().map_while(Result::ok).filter_map(|line| module(&line)).collect();
    let status = child.wait()?;
    if !status.success() {
        bail!("`{line}` ended with {status}");
    }
    Ok(modules)
}

/// The module that one line of cargo's messages announces.
fn module(message: &str) -> Option<Module> {
    let message: Value = serde_json::from_str(message).ok()?;
    if message["reason"] != "compiler-artifact" {
        return None;
    }
    let wasm = message["filenames"]
        .as_array()?
        .iter()
        .filter_map(Value::as_str)
        .find(|path| path.ends_with(".wasm"))?;
    Some(Module { name: message["target"]["name"].as_str()?.replace('-', "_"), wasm: wasm.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_found_among_cargos_messages() {
        let line = r#"{"reason":"compiler-artifact","target":{"name":"web-remote"},
            "filenames":["/t/web-remote.d","/t/web-remote.wasm"]}"#;
        let found = module(line).unwrap();
        assert_eq!(found, Module { name: "web_remote".into(), wasm: "/t/web-remote.wasm".into() });
        for other in [
            r#"{"reason":"compiler-artifact","target":{"name":"serde"},"filenames":["/t/libserde.rlib"]}"#,
            r#"{"reason":"build-finished","success":true}"#,
            "not JSON",
        ] {
            assert_eq!(module(other), None, "{other}");
        }
    }
}
