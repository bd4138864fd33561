//! mkosi, which builds the image from Debian's packages: Debian's own package of it, unpacked into the user's cache.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{process, system};

/// The release whose options the configuration uses.
const RELEASE: &str = "27.";
/// The suite that has it.
const SUITE: &str = "Types: deb\nURIs: http://deb.debian.org/debian\nSuites: forky\nComponents: main\n\
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n";

/// The image builder and where it keeps things.
pub struct Mkosi {
    package: PathBuf,
    /// Its tools, the downloaded packages and what it has installed already: some gigabytes, worth keeping.
    cache: PathBuf,
}

impl Mkosi {
    /// Fetches it where it has not been fetched yet.
    ///
    /// # Errors
    /// If this is no Debian, or the package cannot be had.
    pub fn fetch() -> Result<Self> {
        let cache = cache()?;
        let package = cache.join("program");
        if !package.join("usr/lib/python3").is_dir() {
            download(&cache, &package)?;
        }
        Ok(Self { package, cache })
    }

    /// Where the tools and all results of this board are kept.
    pub fn out(&self, board: &str) -> PathBuf {
        self.cache.join(board)
    }

    /// Its command line, for the configuration in `folder`.
    ///
    /// # Errors
    /// If its folders cannot be made.
    pub fn command(&self, folder: &Path, board: &str) -> Result<Command> {
        let (out, built) = (self.out(board), self.cache.join("built"));
        let packages = self.cache.join("packages");
        for folder in [&out, &built, &packages] {
            std::fs::create_dir_all(folder)?;
        }
        let mut command = Command::new("/usr/bin/python3");
        command.env("PYTHONPATH", self.package.join("usr/lib/python3/dist-packages"));
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command.args(["-m", "mkosi"]).current_dir(folder);
        for (option, value) in
            [("--output-directory", &out), ("--cache-directory", &built), ("--package-cache-dir", &packages)]
        {
            command.arg(option).arg(value);
        }
        Ok(command)
    }
}

/// One folder a user, so that neither `cargo clean` nor a second clone fetches it all again.
fn cache() -> Result<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")));
    Ok(base.context("neither XDG_CACHE_HOME nor HOME is set")?.join("rusty-audio/mkosi"))
}

fn download(cache: &Path, package: &Path) -> Result<()> {
    if !system::has_apt() {
        bail!("the image is built with Debian's packages, and this is no Debian");
    }
    // Lists of another suite, beside those of this machine.
    let apt = cache.join("apt");
    for folder in ["lists/partial", "cache/archives/partial", "sources"] {
        std::fs::create_dir_all(apt.join(folder))?;
    }
    std::fs::write(apt.join("sources/forky.sources"), SUITE)?;
    apt_get(cache, &["update"]).context("mkosi comes from Debian's suite forky")?;
    apt_get(cache, &["download", "mkosi"])?;
    let packages: Vec<PathBuf> = std::fs::read_dir(cache)?.flatten().map(|entry| entry.path()).collect();
    let is_it = |path: &&PathBuf| path.extension().is_some_and(|ending| ending == "deb");
    let found = packages.iter().find(is_it).context("nothing was fetched")?;
    let name = found.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !name.starts_with(&format!("mkosi_{RELEASE}")) {
        bail!("the configuration is written for mkosi {RELEASE}x, and Debian has {name} now");
    }
    let part = cache.join("program.part");
    let _ = std::fs::remove_dir_all(&part);
    process::output(Command::new("dpkg-deb").arg("-x").arg(found).arg(&part))?;
    std::fs::remove_file(found)?;
    std::fs::rename(part, package)?;
    Ok(())
}

/// apt-get with lists of its own, in the cache.
fn apt_get(cache: &Path, args: &[&str]) -> Result<Vec<u8>> {
    let mut command = Command::new("apt-get");
    command.arg("-qq").current_dir(cache);
    let shown = |folder: &str| cache.join("apt").join(folder).display().to_string();
    for (option, value) in [
        ("Dir::Etc::SourceList", "/dev/null".to_owned()),
        ("Dir::Etc::SourceParts", shown("sources")),
        ("Dir::State::Lists", shown("lists")),
        ("Dir::Cache", shown("cache")),
        ("APT::Sandbox::User", "root".to_owned()),
        ("Acquire::Languages", "none".to_owned()),
    ] {
        command.arg("-o").arg(format!("{option}={value}"));
    }
    process::output(command.args(args))
}
