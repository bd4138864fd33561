//! Where the workspace is, and running other programs with their whole command line in the error.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The folder of the workspace's `Cargo.toml`.
///
/// # Errors
/// If xtask is started outside the workspace.
pub fn root() -> Result<PathBuf> {
    let start = match std::env::var_os("CARGO_MANIFEST_DIR") {
        Some(xtask) => PathBuf::from(xtask),
        None => std::env::current_dir()?,
    };
    start
        .ancestors()
        .find(|folder| folder.join("Cargo.lock").is_file() && folder.join("xtask").is_dir())
        .map(Path::to_path_buf)
        .with_context(|| format!("{} is not inside the workspace", start.display()))
}

/// Where cargo puts what it builds.
///
/// # Errors
/// If xtask is started outside the workspace.
pub fn target_dir() -> Result<PathBuf> {
    let root = root()?;
    Ok(match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root.join(folder),
        None => root.join("target"),
    })
}

/// The product's simulator as `cargo build` leaves it.
///
/// # Errors
/// If xtask is started outside the workspace.
pub fn sim(profile: &str) -> Result<PathBuf> {
    let name = format!("rusty-audio-sim{}", std::env::consts::EXE_SUFFIX);
    Ok(target_dir()?.join(profile).join(name))
}

/// The cargo that runs this, at the workspace's root.
///
/// # Errors
/// If xtask is started outside the workspace.
pub fn cargo<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Result<Command> {
    let mut command = cargo_at(&std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))?;
    command.args(args);
    Ok(command)
}

/// A certain cargo, at the workspace's root.
///
/// # Errors
/// If xtask is started outside the workspace.
pub fn cargo_at(program: &OsStr) -> Result<Command> {
    let mut command = Command::new(program);
    command.current_dir(root()?).stdin(Stdio::null());
    // What `cargo run` sets for xtask itself would make build scripts run again for no reason.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    Ok(command)
}

/// The command line, as a person would type it.
pub fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|part| part.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Runs to the end with the terminal shared.
///
/// # Errors
/// If it cannot be started or does not succeed.
pub fn run(command: &mut Command) -> Result<()> {
    let line = shown(command);
    let status = command.status().with_context(|| format!("cannot start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` ended with {status}");
    }
    Ok(())
}

/// Runs to the end and returns what it wrote to standard output.
///
/// # Errors
/// If it cannot be started or does not succeed; the message ends with what it wrote to standard error.
pub fn output(command: &mut Command) -> Result<Vec<u8>> {
    let line = shown(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{line}`"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let tail: Vec<&str> = said.lines().rev().take(8).collect();
        bail!(
            "`{line}` ended with {}:\n{}",
            output.status,
            tail.into_iter().rev().collect::<Vec<_>>().join("\n")
        );
    }
    Ok(output.stdout)
}

/// Whether a program of this name is on the search path.
pub fn on_path(program: &str) -> bool {
    find_on_path(program).is_some()
}

/// Where the search path has a program of this name.
pub fn find_on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(format!("{program}{}", std::env::consts::EXE_SUFFIX)))
        .find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_found() {
        assert!(root().unwrap().join("xtask/src/process.rs").is_file());
    }

    #[test]
    fn a_failing_command_is_named_in_the_error() {
        let error = output(cargo(["no-such-subcommand"]).unwrap().arg("x")).unwrap_err().to_string();
        assert!(error.contains("no-such-subcommand x"), "{error}");
    }

    #[test]
    fn programs_are_looked_for_on_the_path() {
        assert!(on_path("cargo") || std::env::var_os("CARGO").is_some());
        assert!(!on_path("no-such-program-anywhere"));
    }
}
