//! wasm-bindgen: each raw module gets its JavaScript side.
//!
//! Its library runs in a small program of its own workspace (`xtask/bindgen`), built when the web is built
//! for the first time, so that no other chore waits for it. Module and program must be of one version.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::compile::Module;
use super::stamp::Stamp;
use super::{Mode, target};
use crate::process;

/// A module and its JavaScript side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// With `_` for `-`.
    pub name: String,
    /// The module.
    pub wasm: PathBuf,
    /// The ES module that loads it.
    pub js: PathBuf,
}

/// Binds every module, as far as it has changed.
///
/// # Errors
/// If the versions differ, or a step fails.
pub fn bind(modules: &[Module], mode: Mode) -> Result<Vec<Bound>> {
    let root = process::root()?;
    let version = locked(&root.join("Cargo.lock"), "wasm-bindgen")?;
    let tool = tool(&root, &version)?;
    modules.iter().map(|module| bind_one(module, &tool, &version, mode)).collect()
}

fn bind_one(module: &Module, tool: &Path, version: &str, mode: Mode) -> Result<Bound> {
    let name = &module.name;
    let folder = target()?.join(if mode == Mode::Dev { "bindgen-dev" } else { "bindgen" }).join(name);
    let bound = Bound {
        name: name.clone(),
        wasm: folder.join(format!("{name}_bg.wasm")),
        js: folder.join(format!("{name}.js")),
    };
    let stamp = Stamp::of(&[&module.wasm], version)?;
    if stamp.is_at(&folder) && bound.wasm.is_file() && bound.js.is_file() {
        return Ok(bound);
    }
    // Snippets of an earlier build must not stay.
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder)?;
    process::run(Command::new(tool).arg(&module.wasm).arg(&folder).arg(name))?;
    stamp.leave_at(&folder)?;
    Ok(bound)
}

/// The program, built where it is not yet or of another version.
fn tool(root: &Path, version: &str) -> Result<PathBuf> {
    let folder = root.join("xtask/bindgen");
    let has = locked(&folder.join("Cargo.lock"), "wasm-bindgen-cli-support")?;
    if has != version {
        bail!(
            "the workspace uses wasm-bindgen {version}, xtask/bindgen {has}: set ={version} in \
             xtask/bindgen/Cargo.toml and run `cargo update` there"
        );
    }
    let built = target()?.join("tools");
    let mut command = process::cargo(["build", "--quiet", "--locked", "--target-dir"])?;
    process::run(command.arg(&built).current_dir(&folder))?;
    Ok(built.join("debug").join(format!("bindgen{}", std::env::consts::EXE_SUFFIX)))
}

/// The version of `package` in a lock file.
fn locked(lock: &Path, package: &str) -> Result<String> {
    let text = std::fs::read_to_string(lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let name = format!("name = \"{package}\"");
    text.lines()
        .skip_while(|line| *line != name)
        .find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .map(str::to_owned)
        .with_context(|| format!("{} does not name {package}", lock.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_version_is_read_and_similar_names_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let lock = folder.path().join("Cargo.lock");
        let package = |name, version| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n\n");
        std::fs::write(&lock, package("wasm-bindgen-macro", "1.0.0") + &package("wasm-bindgen", "0.2.5"))
            .unwrap();
        assert_eq!(locked(&lock, "wasm-bindgen").unwrap(), "0.2.5");
        assert!(locked(&lock, "wasm").is_err());
    }

    #[test]
    fn the_program_and_the_workspace_use_one_version() {
        let root = process::root().unwrap();
        assert_eq!(
            locked(&root.join("Cargo.lock"), "wasm-bindgen").unwrap(),
            locked(&root.join("xtask/bindgen/Cargo.lock"), "wasm-bindgen-cli-support").unwrap()
        );
    }
}
