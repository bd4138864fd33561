//! Rust's standard library for wasm32, built once from Debian's source and kept for all later builds.
//!
//! Debian packages no standard library for this target. Compiler and source are of one package version;
//! another compiler's source would not do.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::toolchain::{self, TARGET, holds_std};
use crate::process;

const EMPTY: &str = "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";

/// The sysroot for Debian's compiler; built (about a minute) where this compiler has none yet.
///
/// # Errors
/// If it cannot be built or kept.
pub fn ensure() -> Result<PathBuf> {
    let version = process::output(Command::new("/usr/bin/rustc").arg("-vV"))?;
    let version = String::from_utf8_lossy(&version).into_owned();
    let sysroot = cache()?.join(key(&version)?);
    let libraries = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    if holds_std(&libraries) {
        return Ok(sysroot);
    }
    println!("      building Rust's standard library for {TARGET} once (about a minute)");
    let scratch = super::target()?.join("std");
    build(&scratch)?;
    keep(&scratch.join("target").join(TARGET).join("release/deps"), &sysroot, &libraries)?;
    std::fs::remove_dir_all(&scratch).ok();
    Ok(sysroot)
}

/// One folder a user, so that neither `cargo clean` nor a second clone builds it again.
fn cache() -> Result<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")));
    Ok(match base {
        Some(base) => base.join("rusty-audio/wasm32-std"),
        None => super::target()?.join("wasm32-std"),
    })
}

/// A folder name for what `rustc -vV` says: release, commit and LLVM.
fn key(version: &str) -> Result<String> {
    let field = |name: &str| {
        version
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
            .with_context(|| format!("rustc -vV does not say its {name}: {version}"))
    };
    let commit = field("commit-hash")?;
    let commit = commit.get(..9).unwrap_or(commit);
    Ok(format!("{}-{commit}-llvm{}", field("release")?, field("LLVM version")?))
}

/// Builds the standard library as a by-product of an empty crate.
fn build(scratch: &Path) -> Result<()> {
    std::fs::create_dir_all(scratch.join("src"))?;
    std::fs::write(scratch.join("Cargo.toml"), EMPTY)?;
    std::fs::write(scratch.join("src/lib.rs"), "")?;
    let mut command = toolchain::debian_cargo()?;
    command
        .current_dir(scratch)
        .args(["build", "--quiet", "--release", "-Zbuild-std=std,panic_abort,test", "--target", TARGET])
        .arg("--target-dir")
        .arg(scratch.join("target"))
        // -Zbuild-std is not stable. Bitcode lets the later build optimise through the library.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Cembed-bitcode=yes");
    process::run(&mut command).context("Rust's standard library could not be built for the browser")
}

/// Copies what was built into `sysroot`, which appears whole or not at all.
fn keep(built: &Path, sysroot: &Path, libraries: &Path) -> Result<()> {
    let draft = sysroot.with_extension(format!("draft-{}", std::process::id()));
    let inner = draft.join(libraries.strip_prefix(sysroot)?);
    std::fs::create_dir_all(&inner)?;
    for entry in std::fs::read_dir(built)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("lib") && name.ends_with(".rlib") && !name.starts_with("libempty-") {
            std::fs::copy(entry.path(), inner.join(&name))?;
        }
    }
    if !holds_std(&inner) {
        bail!("{} holds no standard library after its build", built.display());
    }
    std::fs::remove_dir_all(sysroot).ok();
    // Somebody else may have been quicker; theirs is as good.
    if let Err(error) = std::fs::rename(&draft, sysroot) {
        std::fs::remove_dir_all(&draft).ok();
        if !holds_std(libraries) {
            return Err(error).with_context(|| format!("cannot keep {}", sysroot.display()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERSION: &str = "rustc 1.96.0 (ac68faa20 2026-05-25)\nbinary: rustc\ncommit-hash: ac68faa20c58cbccd\n\
                           host: x86_64-unknown-linux-gnu\nrelease: 1.96.0\nLLVM version: 22.1.8\n";

    #[test]
    fn each_compiler_has_its_own_library() {
        assert_eq!(key(VERSION).unwrap(), "1.96.0-ac68faa20-llvm22.1.8");
        assert_ne!(key(VERSION).unwrap(), key(&VERSION.replace("22.1.8", "22.1.9")).unwrap());
        assert!(key("rustc 1.96.0\n").is_err());
    }

    #[test]
    fn only_whole_libraries_are_kept_and_not_the_empty_crate() {
        let folder = tempfile::tempdir().unwrap();
        let (built, sysroot) = (folder.path().join("deps"), folder.path().join("key"));
        let libraries = sysroot.join("lib/rustlib").join(TARGET).join("lib");
        std::fs::create_dir(&built).unwrap();
        std::fs::write(built.join("libcore-1.rlib"), "core").unwrap();
        assert!(keep(&built, &sysroot, &libraries).is_err());
        assert!(!libraries.exists());
        for name in ["libstd-1.rlib", "libempty-1.rlib", "std.d"] {
            std::fs::write(built.join(name), name).unwrap();
        }
        keep(&built, &sysroot, &libraries).unwrap();
        let mut kept: Vec<_> =
            std::fs::read_dir(&libraries).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        kept.sort();
        assert_eq!(kept, ["libcore-1.rlib", "libstd-1.rlib"]);
        keep(&built, &sysroot, &libraries).unwrap();
    }
}
