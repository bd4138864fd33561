//! Encoders and decoders of others, run as programs.
use std::path::{Path, PathBuf};
use std::process::Command;

/// The Debian package of each tool.
const PACKAGES: [(&str, &str); 5] = [
    ("ffmpeg", "ffmpeg"),
    ("flac", "flac"),
    ("lame", "lame"),
    ("oggenc", "vorbis-tools"),
    ("opusenc", "opus-tools"),
];

/// Runs a tool to success and gives what it wrote to its standard output.
///
/// A missing tool fails the test and names the package to install.
pub fn run(tool: &str, args: &[&str]) -> Vec<u8> {
    let package = PACKAGES.iter().find(|(name, _)| *name == tool).map_or(tool, |(_, package)| package);
    let done = Command::new(tool).args(args).output();
    let done =
        done.unwrap_or_else(|e| panic!("{tool} does not run ({e}): install the Debian package {package}"));
    assert!(done.status.success(), "{tool} {args:?}: {}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

/// True where the tools cannot be had and the person says so (Windows, macOS).
pub fn absent() -> bool {
    std::env::var("RUSTY_AUDIO_WITHOUT_TOOLS").is_ok_and(|v| v == "1")
}

/// Encodes by ffmpeg: `args` stand between input and output.
pub fn ffmpeg(input: &Path, args: &[&str], output: &Path) -> PathBuf {
    let mut all = vec!["-v", "error", "-y", "-i", input.to_str().unwrap()];
    all.extend(args);
    all.push(output.to_str().unwrap());
    run("ffmpeg", &all);
    output.to_owned()
}

/// ffmpeg's own decode, interleaved, with all channels.
pub fn reference(path: &Path) -> Vec<f32> {
    let bytes =
        run("ffmpeg", &["-v", "error", "-i", path.to_str().unwrap(), "-map", "0:a:0", "-f", "f32le", "-"]);
    bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

/// Leaves a test where the tools are absent by the person's own word.
macro_rules! needs_tools {
    () => {
        if super::tools::absent() {
            eprintln!("skipped: RUSTY_AUDIO_WITHOUT_TOOLS=1");
            return;
        }
    };
}
pub(super) use needs_tools;
