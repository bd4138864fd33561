//! Music made on the spot, a folder to run in, and the simulator as a child process.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)] // each test file uses its part

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A run that takes longer than this hangs.
const PATIENCE: Duration = Duration::from_secs(90);

/// What a run of the simulator left behind.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    pub took: Duration,
}

impl Ran {
    /// Fails the test with everything the simulator said, unless it ended with this code.
    #[track_caller]
    pub fn expect_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }
}

pub fn simulator() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rusty-audio-sim"));
    command.stdin(Stdio::null()).env_remove("RUST_LOG");
    command
}

/// Runs to the end, or fails the test if there is none.
pub fn run(command: &mut Command) -> Ran {
    let since = Instant::now();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let read = |mut pipe: Box<dyn Read + Send>| {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            pipe.read_to_end(&mut bytes).unwrap();
            String::from_utf8_lossy(&bytes).into_owned()
        })
    };
    let stdout = read(Box::new(child.stdout.take().unwrap()));
    let stderr = read(Box::new(child.stderr.take().unwrap()));
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if since.elapsed() > PATIENCE {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("still running: {command:?}\n{}\n{}", stdout.join().unwrap(), stderr.join().unwrap());
        }
        thread::sleep(Duration::from_millis(5));
    };
    let (stdout, stderr) = (stdout.join().unwrap(), stderr.join().unwrap());
    Ran { code: status.code(), stdout, stderr, took: since.elapsed() }
}

/// A folder with music and the stereo's data.
pub struct Car {
    dir: tempfile::TempDir,
}

impl Car {
    /// Three tracks of 40, 30 and 20 s with tags.
    pub fn with_album() -> Self {
        let car = Self::empty();
        car.track("01 dawn.wav", 40.0, 220.0, &["First Light", "The Testers", "Roads"]);
        car.track("02 noon.wav", 30.0, 330.0, &["High Sun", "The Testers", "Roads"]);
        car.track("03 dusk.wav", 20.0, 440.0, &["Last Light", "The Testers", "Roads"]);
        car
    }

    pub fn empty() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("music")).unwrap();
        Self { dir }
    }

    /// A path below the car's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn track(&self, name: &str, seconds: f64, hertz: f64, tags: &[&str; 3]) {
        wav16(&self.path("music").join(name), 8_000, &tone(8_000, seconds, hertz), tags);
    }

    /// The stereo with this script on a virtual clock.
    pub fn script(&self, script: &str) -> Ran {
        self.script_with(script, &["--headless", "--sink", "virtual"])
    }

    pub fn script_with(&self, script: &str, args: &[&str]) -> Ran {
        run(self.command(script).args(args))
    }

    pub fn command(&self, script: &str) -> Command {
        let file = self.path("script.txt");
        fs::write(&file, script).unwrap();
        let mut command = simulator();
        command.arg("--music").arg(self.path("music")).arg("--data").arg(self.path("data"));
        command.arg("--script").arg(file);
        command
    }
}

/// Stereo, the right channel quieter than the left.
pub fn tone(rate: u32, seconds: f64, hertz: f64) -> Vec<i16> {
    let frames = (f64::from(rate) * seconds) as u32;
    (0..frames)
        .flat_map(|n| {
            let phase = f64::from(n) / f64::from(rate) * hertz * std::f64::consts::TAU;
            let left = phase.sin() * 12_000.0;
            [left as i16, (left * 0.5) as i16]
        })
        .collect()
}

/// Samples that use every bit: a wrong one cannot hide.
pub fn noise(seed: u32, frames: usize) -> Vec<i16> {
    let mut state = seed;
    (0..frames * 2)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) as i16
        })
        .collect()
}

/// A 16-bit stereo WAV file with title, artist and album in its INFO list.
pub fn wav16(path: &Path, rate: u32, samples: &[i16], tags: &[&str; 3]) {
    let mut info = b"INFO".to_vec();
    for (id, text) in [b"INAM", b"IART", b"IPRD"].into_iter().zip(tags) {
        let mut text = text.as_bytes().to_vec();
        text.push(0);
        info.extend(chunk(id, &text));
    }
    let mut format = Vec::new();
    for field in [1_u16, 2] {
        format.extend(field.to_le_bytes());
    }
    format.extend(rate.to_le_bytes());
    format.extend((rate * 4).to_le_bytes());
    for field in [4_u16, 16] {
        format.extend(field.to_le_bytes());
    }
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let mut riff = b"WAVE".to_vec();
    riff.extend(chunk(b"fmt ", &format));
    riff.extend(chunk(b"LIST", &info));
    riff.extend(chunk(b"data", &data));
    fs::write(path, chunk(b"RIFF", &riff)).unwrap();
}

fn chunk(id: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut out = id.to_vec();
    out.extend(u32::try_from(body.len()).unwrap().to_le_bytes());
    out.extend(body);
    if body.len() % 2 == 1 {
        out.push(0);
    }
    out
}

/// Rate and interleaved samples of a 32-bit float stereo WAV file; fails the test if it is no such file.
pub fn read_float_wav(path: &Path) -> (u32, Vec<f32>) {
    let bytes = fs::read(path).unwrap();
    assert_eq!((&bytes[..4], &bytes[8..12]), (&b"RIFF"[..], &b"WAVE"[..]));
    let (mut at, mut rate) = (12, 0);
    while at + 8 <= bytes.len() {
        let length = u32::from_le_bytes(bytes[at + 4..at + 8].try_into().unwrap()) as usize;
        let body = &bytes[at + 8..at + 8 + length];
        match &bytes[at..at + 4] {
            b"fmt " => {
                assert_eq!(body[..4], [3, 0, 2, 0], "float, two channels");
                rate = u32::from_le_bytes(body[4..8].try_into().unwrap());
            }
            b"data" => {
                let floats = body.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap()));
                return (rate, floats.collect());
            }
            _ => {}
        }
        at += 8 + length + length % 2;
    }
    panic!("{} has no data", path.display());
}

/// Width, height and RGB pixels of a PNG file.
pub fn read_png(path: &Path) -> (u32, u32, Vec<[u8; 3]>) {
    let file = fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    assert_eq!(info.color_type, png::ColorType::Rgb);
    let pixels = bytes[..info.buffer_size()].chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect();
    (info.width, info.height, pixels)
}

/// How many different colours a picture has; a blank one has one.
pub fn colours(pixels: &[[u8; 3]]) -> usize {
    pixels.iter().collect::<std::collections::HashSet<_>>().len()
}
