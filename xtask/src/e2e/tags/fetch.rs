//! Files that tag libraries test themselves with, out of Debian's source packages.
//!
//! The system's own package sources are copied and turned into source-package entries below the target folder;
//! nothing of the system is changed, and apt checks every signature and hash as always.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{process, system};

/// Endings of what the stereo claims to play.
const ENDINGS: [&str; 14] =
    ["aac", "aif", "aifc", "aiff", "flac", "m4a", "m4b", "m4r", "mp3", "oga", "ogg", "opus", "wav", "wave"];

/// Source packages with music in them; where the system's own release does not have the file any more, the
/// release named here has.
pub const PACKAGES: [&str; 9] = [
    "mutagen",
    "taglib",
    "libaudio-scan-perl",
    "libmp3-info-perl",
    "python-mediafile",
    "quodlibet",
    "audiotools",
    "picard",
    "tracker-miners",
];

/// Tried in this order; the empty one is the system's own.
const RELEASES: [&str; 3] = ["", "stable", "testing"];

/// The folder of everything fetched here.
///
/// # Errors
/// If xtask is started outside the workspace.
pub fn folder() -> Result<PathBuf> {
    Ok(process::target_dir()?.join("tagged-music"))
}

/// The music files of a source package, fetched and unpacked unless they are there already.
///
/// # Errors
/// If no release has it or none can be reached.
pub fn package(name: &str) -> Result<Vec<PathBuf>> {
    let unpacked = folder()?.join("unpacked").join(name);
    if !unpacked.is_dir() {
        let archive = fetch(name)?;
        let partial = folder()?.join("unpacking");
        if partial.is_dir() {
            std::fs::remove_dir_all(&partial)?;
        }
        std::fs::create_dir_all(&partial)?;
        process::output(Command::new("tar").arg("-xf").arg(&archive).arg("-C").arg(&partial))?;
        std::fs::create_dir_all(folder()?.join("unpacked"))?;
        std::fs::rename(partial, &unpacked)?;
    }
    let mut files = Vec::new();
    collect(&unpacked, &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if kind.is_dir() {
            collect(&path, files)?;
        } else if kind.is_file() && ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending)) {
            files.push(path);
        }
    }
    Ok(())
}

/// The package's upstream archive.
fn fetch(name: &str) -> Result<PathBuf> {
    if !system::has_apt() {
        bail!("Debian's packages are not to be had on this system");
    }
    let mut reasons = Vec::new();
    for release in RELEASES {
        match from_release(name, release) {
            Ok(archive) => return Ok(archive),
            Err(why) => {
                reasons.push(format!("{}: {why:#}", if release.is_empty() { "own" } else { release }))
            }
        }
    }
    bail!("{}", reasons.join("; "))
}

fn from_release(name: &str, release: &str) -> Result<PathBuf> {
    let apt = folder()?.join(if release.is_empty() { "apt-own" } else { release });
    let fresh = ensure_lists(&apt, release)?;
    println!(
        "      fetching the source of {name}{}{release}",
        if release.is_empty() { "" } else { " from " }
    );
    let downloads = apt.join("downloads");
    std::fs::create_dir_all(&downloads)?;
    let mut source = apt_get(&apt)?;
    source.args(["source", "--download-only", name]).current_dir(&downloads);
    // A mirror that lacks one part of a package (its packaging, say) still gives the part that counts.
    let said = source.output().context("cannot start apt-get")?;
    let prefix = format!("{name}_");
    let archive = std::fs::read_dir(&downloads)?.flatten().map(|entry| entry.path()).find(|path| {
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        file.starts_with(&prefix) && file.contains(".orig.tar.") && !file.ends_with(".asc")
    });
    match archive {
        Some(archive) => Ok(archive),
        None => {
            if !fresh {
                // Lists of another day may name versions that are gone.
                std::fs::remove_file(apt.join("fetched")).ok();
            }
            let text = String::from_utf8_lossy(&said.stderr).into_owned();
            bail!(
                "{}",
                text.lines().find(|line| line.starts_with("E:")).unwrap_or("nothing was fetched").trim()
            )
        }
    }
}

/// Fetches the lists of source packages once; whether that was now.
fn ensure_lists(apt: &Path, release: &str) -> Result<bool> {
    if apt.join("fetched").is_file() {
        return Ok(false);
    }
    for part in ["parts", "lists/partial", "cache/archives/partial"] {
        std::fs::create_dir_all(apt.join(part))?;
    }
    std::fs::write(apt.join("parts/source.sources"), source_entries(&system_entries(), release)?)?;
    process::output(apt_get(apt)?.args(["update"]))?;
    std::fs::write(apt.join("fetched"), "")?;
    Ok(true)
}

/// apt-get with lists, sources and cache of its own.
fn apt_get(apt: &Path) -> Result<Command> {
    let mut command = Command::new("apt-get");
    command.arg("-q");
    for (name, path) in [
        ("Dir::Etc::sourcelist", PathBuf::from("/dev/null")),
        ("Dir::Etc::sourceparts", apt.join("parts")),
        ("Dir::State::lists", apt.join("lists")),
        ("Dir::Cache", apt.join("cache")),
    ] {
        command.arg("-o").arg(format!("{name}={}", path.display()));
    }
    // Below a home folder the unprivileged user that apt prefers may have no access.
    command.args(["-o", "APT::Sandbox::User=root", "-o", "Acquire::Languages=none"]);
    command.stdin(std::process::Stdio::null());
    Ok(command)
}

/// The text of all deb822 source files of the system, and of the one-line kind in the same form.
fn system_entries() -> String {
    let mut text = String::new();
    for file in std::fs::read_dir("/etc/apt/sources.list.d").into_iter().flatten().flatten() {
        if file.path().extension().is_some_and(|ending| ending == "sources") {
            text.push_str(&std::fs::read_to_string(file.path()).unwrap_or_default());
            text.push_str("\n\n");
        }
    }
    for line in std::fs::read_to_string("/etc/apt/sources.list").unwrap_or_default().lines() {
        let words: Vec<&str> =
            line.split_whitespace().filter(|word| !word.contains(['[', ']', '='])).collect();
        if let ["deb", uri, suite, components @ ..] = words.as_slice() {
            let components = components.join(" ");
            text.push_str(&format!("Types: deb\nURIs: {uri}\nSuites: {suite}\nComponents: {components}\n\n"));
        }
    }
    text
}

/// Debian's and Ubuntu's own entries, for source packages; of `release` where one is named.
///
/// # Errors
/// If there is no such entry.
fn source_entries(system: &str, release: &str) -> Result<String> {
    let ours = |stanza: &&str| {
        let uri = stanza.lines().find(|line| line.starts_with("URIs:")).unwrap_or_default();
        ["debian", "ubuntu"].iter().any(|name| uri.trim_end_matches('/').ends_with(name))
            || uri.contains("security")
    };
    let mut entries = Vec::new();
    for stanza in system.split("\n\n").filter(ours) {
        if !release.is_empty() && stanza.contains("security") {
            continue;
        }
        let lines = stanza.lines().filter(|line| !line.starts_with('#')).map(|line| {
            if line.starts_with("Types:") {
                "Types: deb-src".to_owned()
            } else if line.starts_with("Suites:") && !release.is_empty() {
                format!("Suites: {release}")
            } else {
                line.to_owned()
            }
        });
        entries.push(lines.collect::<Vec<_>>().join("\n").trim().to_owned());
    }
    anyhow::ensure!(!entries.is_empty(), "no package source of this system is Debian's or Ubuntu's");
    Ok(entries.join("\n\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::source_entries;

    const SYSTEM: &str = "Types: deb\n# a remark\nURIs: http://deb.debian.org/debian\nSuites: bookworm\n\n\
        Types: deb\nURIs: http://deb.debian.org/debian-security\nSuites: bookworm-security\n\n\
        Types: deb\nURIs: https://deb.example.org/other\nSuites: x\n";

    #[test]
    fn only_the_distribution_s_own_entries_are_taken() {
        let own = source_entries(SYSTEM, "").unwrap();
        assert_eq!(own.matches("Types: deb-src").count(), 2);
        assert!(!own.contains("example.org") && !own.contains('#'));
        let other = source_entries(SYSTEM, "stable").unwrap();
        assert!(other.contains("Suites: stable") && !other.contains("bookworm"));
        assert!(source_entries("Types: deb\nURIs: https://example.org/x\n", "").is_err());
    }
}
