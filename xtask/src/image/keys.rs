//! `cargo xtask keys`: the owner's key, with which updates are signed, and which images are told to trust.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;

/// Makes the key if there is none yet, and says where it is.
///
/// # Errors
/// If gpg is missing or fails.
pub fn command(args: &[&str]) -> Result<bool> {
    if !args.is_empty() {
        bail!("cargo xtask keys takes nothing");
    }
    let home = home()?;
    let is_new = !exists(&home);
    ensure(&home)?;
    let shown = gpg(&home).args(["--list-keys", "--with-fingerprint"]).output()?;
    println!("{}", String::from_utf8_lossy(&shown.stdout));
    println!("The key that signs updates is in {}.", home.display());
    println!("Keep a copy of that folder: units trust only systems that are signed with it.");
    if is_new {
        println!("It is new: build the image again, so that it knows the key.");
    }
    Ok(true)
}

/// The folder of the key: beside the user's other settings, never in the project.
///
/// # Errors
/// If the user has no home.
pub fn home() -> Result<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = set("XDG_CONFIG_HOME").or_else(|| set("HOME").map(|home| home.join(".config")));
    Ok(base.context("neither XDG_CONFIG_HOME nor HOME is set")?.join("rusty-audio/update-key"))
}

fn exists(home: &Path) -> bool {
    home.join("public.gpg").is_file()
}

/// Makes the key where there is none.
///
/// # Errors
/// If gpg fails.
pub fn ensure(home: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if exists(home) {
        return Ok(());
    }
    std::fs::create_dir_all(home)?;
    std::fs::set_permissions(home, std::fs::Permissions::from_mode(0o700))?;
    // Without a passphrase: whoever builds unattended needs it so; the folder's rights protect it.
    let make =
        ["--passphrase", "", "--quick-generate-key", "Rusty Audio updates", "ed25519", "sign", "never"];
    process::output(gpg(home).args(make)).context("gpg makes the key (Debian: gnupg)")?;
    let public = process::output(gpg(home).args(["--export"]))?;
    Ok(std::fs::write(home.join("public.gpg"), public)?)
}

/// Signs a file; the signature lies beside it as `FILE.gpg`.
///
/// # Errors
/// If gpg fails.
pub fn sign(home: &Path, file: &Path) -> Result<()> {
    let mut name = file.as_os_str().to_owned();
    name.push(".gpg");
    process::output(gpg(home).arg("--yes").arg("--detach-sign").arg("--output").arg(name).arg(file)).map(drop)
}

fn gpg(home: &Path) -> Command {
    let mut command = Command::new("gpg");
    command.args(["--batch", "--no-tty", "--homedir"]).arg(home);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_is_verified_and_what_is_changed_is_not() {
        if !process::on_path("gpg") {
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().join("key");
        ensure(&home).unwrap();
        let file = dir.path().join("SHA256SUMS");
        std::fs::write(&file, "sum  name\n").unwrap();
        sign(&home, &file).unwrap();
        let holds = || {
            let mut verify = Command::new("gpg");
            verify.args(["--batch", "--no-default-keyring", "--trust-model", "always", "--keyring"]);
            verify.arg(home.join("public.gpg")).arg("--homedir").arg(dir.path()).arg("--verify");
            verify.arg(dir.path().join("SHA256SUMS.gpg")).arg(&file).output().unwrap().status.success()
        };
        assert!(holds());
        std::fs::write(&file, "another sum  name\n").unwrap();
        assert!(!holds());
    }
}
