//! Real files, made at test time by the usual encoders.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use std::path::{Path, PathBuf};
use std::process::Command;

/// Encoders and the Debian packages they come from.
const PACKAGES: [(&str, &str); 7] = [
    ("ffmpeg", "ffmpeg"),
    ("ffprobe", "ffmpeg"),
    ("flac", "flac"),
    ("metaflac", "flac"),
    ("lame", "lame"),
    ("oggenc", "vorbis-tools"),
    ("opusenc", "opus-tools"),
];

/// Runs a tool; its standard output.
///
/// A missing tool fails the test with the package's name, as does an unsuccessful run.
pub fn run(tool: &str, arguments: &[&str]) -> String {
    let package = PACKAGES.iter().find(|(name, _)| *name == tool).map_or(tool, |(_, package)| package);
    let output = match Command::new(tool).args(arguments).output() {
        Ok(output) => output,
        Err(error) => panic!("{tool} is needed ({error}): apt-get install {package}"),
    };
    assert!(output.status.success(), "{tool} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Whether tests that need tools are to be left out (`RUSTY_AUDIO_WITHOUT_TOOLS=1`).
pub fn without_tools() -> bool {
    let without = std::env::var_os("RUSTY_AUDIO_WITHOUT_TOOLS").is_some_and(|value| value == "1");
    if without {
        eprintln!("left out: RUSTY_AUDIO_WITHOUT_TOOLS=1");
    }
    without
}

/// A folder of its own, and what is in it.
pub struct Scene {
    folder: tempfile::TempDir,
}

impl Scene {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub fn text(&self, name: &str) -> String {
        self.file(name).to_str().expect("temporary paths are UTF-8").to_owned()
    }

    /// Writes a file, its folders included.
    pub fn write(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.file(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// A stereo tone as 16-bit WAV without tags.
    pub fn wav(&self, name: &str, rate: u32, frames: u32) -> PathBuf {
        let mut wav = Vec::new();
        let data = frames * 4;
        wav.extend(b"RIFF");
        wav.extend((36 + data).to_le_bytes());
        wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
        wav.extend(rate.to_le_bytes());
        wav.extend((rate * 4).to_le_bytes());
        wav.extend(b"\x04\0\x10\0data");
        wav.extend(data.to_le_bytes());
        for frame in 0..frames {
            let angle = f64::from(frame) * 997.0 / f64::from(rate) * std::f64::consts::TAU;
            let sample = (angle.sin() * 8000.0) as i16;
            wav.extend(sample.to_le_bytes());
            wav.extend((sample / 2).to_le_bytes());
        }
        self.write(name, &wav)
    }

    /// A picture of two colours, coded by its ending.
    pub fn picture(&self, name: &str, width: u32, height: u32, colour: [u8; 3]) -> PathBuf {
        let path = self.file(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let picture = image::RgbImage::from_fn(width, height, |x, _| {
            image::Rgb(if x < width / 2 { colour } else { colour.map(|value| value / 2) })
        });
        picture.save(&path).unwrap();
        path
    }
}
