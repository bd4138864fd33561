//! Other systems: look whether the build's needs are met and print exactly what to install.

use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use super::packages::Need;
use crate::process;

const FEDORA: &str =
    "Fedora:   sudo dnf install gcc pkgconf-pkg-config alsa-lib-devel fontconfig-devel opus-devel";
const FEDORA_WINDOW: &str =
    "          sudo dnf install libX11-xcb libXcursor libXi libxkbcommon-x11 libwayland-client";
const ARCH: &str = "Arch:     sudo pacman -S --needed base-devel alsa-lib fontconfig opus libxcursor libxi libxkbcommon-x11 wayland";
const SUSE: &str = "openSUSE: sudo zypper install gcc pkgconf alsa-devel fontconfig-devel libopus-devel libXcursor1 libXi6 libxkbcommon-x11-0";
const MAC: &str = "macOS:    xcode-select --install; brew install cmake";
const MAC_TEST: &str = "          brew install ffmpeg flac lame opus-tools vorbis-tools";
const WINDOWS: &str = "Windows:  winget install Microsoft.VisualStudio.2022.BuildTools Kitware.CMake\n          (in the Build Tools choose \"Desktop development with C++\")";

/// Checks what can be checked and prints the line for this system when something is missing.
///
/// # Errors
/// If something is missing.
pub fn ensure(needs: &[Need]) -> Result<String> {
    let missing = missing(needs);
    if missing.is_empty() {
        return Ok("everything is there".to_owned());
    }
    println!("      missing: {}", missing.join(", "));
    println!("      Install it with the line for your system, then run this again:");
    for line in lines(needs) {
        println!("      {line}");
    }
    bail!("missing on this machine: {}", missing.join(", "));
}

fn missing(needs: &[Need]) -> Vec<&'static str> {
    let mut missing = Vec::new();
    let mut want = |there: bool, name| {
        if !there {
            missing.push(name);
        }
    };
    if needs.contains(&Need::Build) {
        if cfg!(target_os = "linux") {
            want(process::on_path("cc"), "a C compiler (cc)");
            want(process::on_path("pkg-config"), "pkg-config");
            for library in ["alsa", "fontconfig", "opus"] {
                want(pkg_config_knows(library), library);
            }
        } else {
            // The Opus decoder is built from source where the system has none.
            want(process::on_path("cmake"), "cmake");
        }
    }
    if needs.contains(&Need::Test) && std::env::var_os("RUSTY_AUDIO_WITHOUT_TOOLS").is_none() {
        for program in ["ffmpeg", "flac", "lame", "opusenc", "oggenc"] {
            want(process::on_path(program), program);
        }
    }
    if needs.contains(&Need::Web) {
        want(process::on_path("node"), "Node.js 18 or newer (node)");
        want(process::on_path("npm") || process::on_path("npm.cmd"), "npm");
    }
    missing
}

fn pkg_config_knows(library: &str) -> bool {
    Command::new("pkg-config")
        .args(["--exists", library])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn lines(needs: &[Need]) -> Vec<&'static str> {
    if needs == [Need::Web] {
        return vec![
            "any system: Node.js 18 or newer with npm, from its packages or from https://nodejs.org",
        ];
    }
    match std::env::consts::OS {
        "macos" if needs.contains(&Need::Test) => vec![MAC, MAC_TEST],
        "macos" => vec![MAC],
        "windows" => vec![WINDOWS],
        _ => vec![FEDORA, FEDORA_WINDOW, ARCH, SUSE],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_line_for_this_system() {
        assert!(!lines(&[Need::Build, Need::Test]).is_empty());
    }

    #[test]
    fn a_library_nobody_has_is_missed() {
        assert!(!pkg_config_knows("no-such-library-anywhere"));
    }
}
