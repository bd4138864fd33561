//! Debian, Ubuntu and their children: find missing packages and install them through apt-get.

use std::collections::HashSet;
use std::io::IsTerminal;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::packages::{Need, Package, packages};
use crate::process;

/// Whether this is Debian or a child of it.
pub fn is_debian() -> bool {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    names_debian(&release) && process::on_path("apt-get") && process::on_path("dpkg-query")
}

fn names_debian(os_release: &str) -> bool {
    os_release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
        .flat_map(|value| value.trim_matches('"').split_whitespace())
        .any(|id| id == "debian" || id == "ubuntu")
}

/// Installs what is missing, naming it first.
///
/// # Errors
/// If apt-get fails, or there is neither root nor sudo.
pub fn ensure(needs: &[Need]) -> Result<String> {
    let wanted: Vec<Package> = needs.iter().flat_map(|need| packages(*need)).copied().collect();
    let missing = missing(&wanted)?;
    if missing.is_empty() {
        return Ok("everything is there".to_owned());
    }
    let names = missing.join(" ");
    println!("      missing: {names}");
    println!("      installing them with apt-get; this may take a minute");
    ensure_lists()?;
    let install = || apt_get(&[&["install", "-y", "--no-install-recommends"], &*missing].concat());
    if install().is_err() {
        // The lists may name versions that the mirror no longer has.
        apt_get(&["update"])?;
        install().with_context(|| format!("these packages are needed: {names}"))?;
    }
    Ok(format!("installed {names}"))
}

/// Whether every package of `need` is there or can be installed.
pub fn offers(need: Need) -> bool {
    let Ok(missing) = missing(packages(need)) else { return false };
    let known = |name: &str| {
        process::output(Command::new("apt-cache").args(["show", "--no-all-versions", name]))
            .is_ok_and(|said| !said.trim_ascii().is_empty())
    };
    missing.is_empty() || (ensure_lists().is_ok() && missing.iter().all(|name| known(name)))
}

fn missing(wanted: &[Package]) -> Result<Vec<&'static str>> {
    let without_program: Vec<&Package> =
        wanted.iter().filter(|package| !package.program.is_some_and(process::on_path)).collect();
    // Not found is exit code 1 with the others still listed, hence no check of the status.
    let listed = Command::new("dpkg-query")
        .args(["-W", "-f", "${Package} ${db:Status-Status}\n"])
        .args(without_program.iter().map(|package| package.name))
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .context("cannot ask dpkg-query what is installed")?;
    let installed = installed(&String::from_utf8_lossy(&listed.stdout));
    Ok(without_program.iter().map(|package| package.name).filter(|name| !installed.contains(*name)).collect())
}

fn installed(listing: &str) -> HashSet<String> {
    listing.lines().filter_map(|line| line.strip_suffix(" installed")).map(str::to_owned).collect()
}

/// Fetches the package lists once, where there are none (a fresh container).
///
/// # Errors
/// If apt-get cannot fetch them.
pub fn ensure_lists() -> Result<()> {
    let lists = Path::new("/var/lib/apt/lists");
    let have = std::fs::read_dir(lists)
        .map(|entries| entries.flatten().any(|e| e.file_name().to_string_lossy().contains("_Packages")))
        .unwrap_or(false);
    if have { Ok(()) } else { apt_get(&["update"]) }
}

fn apt_get(args: &[&str]) -> Result<()> {
    let mut command = as_root()?;
    command.args(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]);
    // Hundreds of lines of unpacking help nobody; what goes wrong comes on standard error.
    process::run(command.args(args).stdout(Stdio::null()))
}

/// A command prefix that runs what follows as root; `env` itself where we are root already.
fn as_root() -> Result<Command> {
    let user = process::output(Command::new("id").arg("-u"))?;
    if user.trim_ascii() == b"0" {
        return Ok(Command::new("env"));
    }
    if !process::on_path("sudo") {
        bail!("installing packages needs root: run this as root, or install sudo");
    }
    let mut sudo = Command::new("sudo");
    if !std::io::stdin().is_terminal() {
        // Nobody can type a password, so fail rather than wait for it.
        sudo.arg("-n");
    }
    Ok(sudo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_of_debian_are_known() {
        assert!(names_debian("NAME=x\nID=debian\n"));
        assert!(names_debian("ID=pop\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!names_debian("ID=fedora\n"));
        assert!(!names_debian("ID=arch\nID_LIKE=\"archlinux\"\n"));
    }

    #[test]
    fn a_removed_package_with_configuration_left_is_missing() {
        let listing = "gcc installed\nflac config-files\nlame not-installed\n";
        assert_eq!(installed(listing), HashSet::from(["gcc".to_owned()]));
    }
}
