//! Debian's packages by what they are for. Checked against what the `-sys` crates ask pkg-config for
//! (alsa, opus, fontconfig) and against what winit and softbuffer open at run time.

/// What somebody is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Compile and link the product.
    Build,
    /// Open its window under X11 or Wayland.
    Window,
    /// Run every test.
    Test,
    /// Measure against peers.
    Bench,
    /// Build the fuzzers.
    Fuzz,
    /// Compile for the browser where rustup has not brought the target.
    Wasm,
    /// Pack what the browser loads.
    Web,
    /// Drive a real browser.
    Browser,
    /// Boot the player or the image on an emulated machine.
    Image,
}

/// A Debian package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: &'static str,
    /// A program that does instead of it, however it was installed.
    pub program: Option<&'static str>,
}

const fn package(name: &'static str) -> Package {
    Package { name, program: None }
}

const fn tool(name: &'static str, program: &'static str) -> Package {
    Package { name, program: Some(program) }
}

const BUILD: [Package; 6] = [
    tool("gcc", "cc"),
    package("libc6-dev"),
    tool("pkg-config", "pkg-config"),
    package("libasound2-dev"),
    package("libfontconfig1-dev"),
    package("libopus-dev"),
];

// winit loads these when it runs, so nothing else pulls them in.
const WINDOW: [Package; 8] = [
    package("libx11-6"),
    package("libx11-xcb1"),
    package("libxcb1"),
    package("libxcursor1"),
    package("libxi6"),
    package("libxkbcommon0"),
    package("libxkbcommon-x11-0"),
    package("libwayland-client0"),
];

const TEST: [Package; 10] = [
    tool("dbus-daemon", "dbus-daemon"),
    tool("ffmpeg", "ffmpeg"),
    tool("flac", "flac"),
    tool("lame", "lame"),
    tool("mpc", "mpc"),
    tool("opus-tools", "opusenc"),
    tool("playerctl", "playerctl"),
    package("python3-mutagen"),
    tool("vorbis-tools", "oggenc"),
    tool("xvfb", "Xvfb"),
];

// The bench needs what the tests need, and more.
const BENCH: [Package; 2] = [tool("mpd", "mpd"), tool("valgrind", "valgrind")];

// libFuzzer is C++.
const FUZZ: [Package; 1] = [tool("g++", "c++")];

// A second Rust beside rustup's: the only one in Debian that comes with the source of its standard library
// in the same version. Debian links `rust-lld` from its LLVM's lld.
const WASM: [Package; 5] = [
    package("rustc-web"),
    package("cargo-web"),
    package("rust-web-src"),
    package("rust-web-llvm"),
    package("lld-22"),
];

const WEB: [Package; 2] = [tool("nodejs", "node"), tool("npm", "npm")];

const BROWSER: [Package; 1] = [tool("chromium", "chromium")];

// QEMU's virtio sound device came with 8.2: bookworm has it in its backports.
// The image itself is built with tools that mkosi brings along; these boot it and make sticks for it.
const IMAGE: [Package; 10] = [
    tool("qemu-system-x86", "qemu-system-x86_64"),
    tool("qemu-utils", "qemu-img"),
    package("ovmf"),
    package("busybox-static"),
    package("debian-archive-keyring"),
    tool("gnupg", "gpg"),
    tool("mtools", "mformat"),
    tool("python3", "python3"),
    tool("zstd", "zstd"),
    package("xz-utils"),
];

/// The packages of one need.
pub fn packages(need: Need) -> &'static [Package] {
    match need {
        Need::Build => &BUILD,
        Need::Window => &WINDOW,
        Need::Test => &TEST,
        Need::Bench => &BENCH,
        Need::Fuzz => &FUZZ,
        Need::Wasm => &WASM,
        Need::Web => &WEB,
        Need::Browser => &BROWSER,
        Need::Image => &IMAGE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_package_is_listed_twice() {
        let needs = [Need::Build, Need::Window, Need::Test, Need::Bench, Need::Fuzz];
        let mut names: Vec<&str> = needs
            .into_iter()
            .chain([Need::Wasm, Need::Web, Need::Browser, Need::Image])
            .flat_map(packages)
            .map(|package| package.name)
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
