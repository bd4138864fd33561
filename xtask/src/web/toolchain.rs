//! Which compiler makes wasm32 here: the one that runs this where it has the target, else Debian's.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::std_cache;
use crate::process;
use crate::system::{self, Need};

/// The target of everything that runs in a browser.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// A cargo that can build for [`TARGET`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// The cargo that runs this; its compiler has the target's standard library.
    Own,
    /// Debian's compiler in `/usr/bin`, with a standard library built from Debian's own source.
    Debian {
        /// Holds `lib/rustlib/wasm32-unknown-unknown/lib`.
        sysroot: PathBuf,
    },
}

impl Toolchain {
    /// A cargo at the workspace's root; the caller adds the rest.
    ///
    /// # Errors
    /// If xtask is started outside the workspace.
    pub fn cargo(&self) -> Result<Command> {
        match self {
            Self::Own => process::cargo::<&str>([]),
            Self::Debian { sysroot } => {
                let mut command = debian_cargo()?;
                // The target's flags leave build scripts and macros, which run on this machine, alone.
                command.env(
                    "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
                    format!("--sysroot={}", sysroot.display()),
                );
                Ok(command)
            }
        }
    }
}

/// Finds a compiler, and on Debian installs one where there is none.
///
/// # Errors
/// If there is none and none can be had from here; the message says how to get it.
pub fn find() -> Result<Toolchain> {
    if has_target()? {
        return Ok(Toolchain::Own);
    }
    if !system::offers(Need::Wasm) {
        bail!(
            "this Rust cannot build for the browser yet. Add the target once, then run this again:\n\
             \x20     rustup target add {TARGET}"
        );
    }
    system::ensure(&[Need::Wasm])?;
    let sysroot = std_cache::ensure()?;
    Ok(Toolchain::Debian { sysroot })
}

/// Whether the compiler that builds everything else has the target's standard library.
fn has_target() -> Result<bool> {
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.current_dir(process::root()?).args(["--print", "target-libdir", "--target", TARGET]);
    // A compiler too old to print it has no target either.
    let Ok(said) = process::output(&mut rustc) else { return Ok(false) };
    Ok(holds_std(Path::new(String::from_utf8_lossy(&said).trim())))
}

/// Whether `folder` holds a standard library.
pub fn holds_std(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            name.starts_with("libstd-") && name.ends_with(".rlib")
        })
    })
}

/// Debian's cargo and compiler, whatever rustup has put before them.
///
/// # Errors
/// If xtask is started outside the workspace.
pub fn debian_cargo() -> Result<Command> {
    let mut command = process::cargo_at("/usr/bin/cargo".as_ref())?;
    for name in
        ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN", "RUSTUP_HOME", "RUSTFLAGS", "LD_LIBRARY_PATH"]
    {
        command.env_remove(name);
    }
    command.env("PATH", "/usr/bin:/bin").env("RUSTC", "/usr/bin/rustc");
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_std_has_no_target() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!holds_std(folder.path()));
        assert!(!holds_std(&folder.path().join("missing")));
        std::fs::write(folder.path().join("libcore-1.rlib"), "").unwrap();
        assert!(!holds_std(folder.path()));
        std::fs::write(folder.path().join("libstd-1.rlib"), "").unwrap();
        assert!(holds_std(folder.path()));
    }

    #[test]
    fn debians_compiler_is_not_rustups() {
        let command = debian_cargo().unwrap();
        assert_eq!(command.get_program(), "/usr/bin/cargo");
        let env: Vec<_> = command.get_envs().collect();
        assert!(
            env.iter().any(|(name, value)| *name == "RUSTC" && value.is_some_and(|v| v == "/usr/bin/rustc"))
        );
        assert!(env.iter().any(|(name, value)| *name == "RUSTUP_TOOLCHAIN" && value.is_none()));
    }

    #[test]
    fn the_sysroot_reaches_the_target_only() {
        let command = Toolchain::Debian { sysroot: "/s".into() }.cargo().unwrap();
        let flags = command
            .get_envs()
            .find(|(name, _)| *name == "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS")
            .and_then(|(_, value)| value);
        assert_eq!(flags, Some("--sysroot=/s".as_ref()));
        assert!(!command.get_envs().any(|(name, value)| name == "RUSTFLAGS" && value.is_some()));
    }
}
