//! A whole stereo on a simulated board in virtual time, and music for it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use firmware_app::catalog_tools::WORKER_WORD;
use firmware_app::event::Event;
use firmware_app::protocol::{Command, Snapshot};
use firmware_app::{App, AppConfig, AppHandle, WorkerCommand};
use hal::sim::{
    BacklightHandle, ChannelIgnition, ChannelInput, IgnitionHandle, InputHandle, MediaHandle, SimBacklight,
    SimMedia, SimWatchdog, VirtualClock, VirtualSink, WatchdogHandle, WavWriter,
};
use hal::{AudioError, AudioEvent, AudioFormat, AudioOut, Board, Clock, RenderFn};

/// What the simulated device plays.
pub const FORMAT: AudioFormat = AudioFormat { rate: 48_000, channels: 2 };
/// Longest real time for anything that happens in the background.
const PATIENCE: Duration = Duration::from_secs(20);

type Report = Box<dyn FnMut(AudioEvent) + Send>;

/// A device that can be pulled: it says so, stops, and refuses to start until it is back.
#[derive(Clone, Default)]
pub struct Cable {
    report: Arc<Mutex<Option<Report>>>,
    is_out: Arc<AtomicBool>,
}

impl Cable {
    pub fn pull(&self) {
        self.is_out.store(true, Ordering::SeqCst);
        let report = self.report.lock().unwrap().take();
        report.expect("a sink that runs")(AudioEvent::Lost("pulled".into()));
    }

    pub fn put_back(&self) {
        self.is_out.store(false, Ordering::SeqCst);
    }
}

struct PulledSink {
    sink: VirtualSink,
    cable: Cable,
}

impl AudioOut for PulledSink {
    fn format(&self) -> AudioFormat {
        self.sink.format()
    }

    fn start(&mut self, render: RenderFn, events: Report) -> Result<(), AudioError> {
        if self.cable.is_out.load(Ordering::SeqCst) {
            return Err(AudioError::NoDevice("pulled".into()));
        }
        *self.cable.report.lock().unwrap() = Some(events);
        self.sink.start(render, Box::new(|_| {}))
    }

    fn stop(&mut self) {
        self.sink.stop();
    }
}

/// The stereo and everything outside of it.
pub struct Rig {
    pub app: AppHandle,
    pub clock: Arc<VirtualClock>,
    pub hand: InputHandle,
    pub ignition: IgnitionHandle,
    pub light: BacklightHandle,
    pub dog: WatchdogHandle,
    pub media: MediaHandle,
    pub cable: Cable,
}

impl Rig {
    /// A unit with its state in `data` and `music` plugged in; nothing plays by itself.
    pub fn start(data: &Path, music: &[&Path]) -> Self {
        Self::start_with(data, music, false, None)
    }

    /// As [`Self::start`]; `recording` takes what comes out of it.
    pub fn start_with(data: &Path, music: &[&Path], autoplay: bool, recording: Option<&Path>) -> Self {
        let clock = VirtualClock::new();
        let writer = recording.map(|path| WavWriter::create(path, FORMAT).unwrap());
        let cable = Cable::default();
        let sink = VirtualSink::new(FORMAT, Arc::clone(&clock), writer);
        let (hand, input) = ChannelInput::new();
        let (ignition, line) = ChannelIgnition::new();
        let (light, backlight) = SimBacklight::new();
        let (dog, watchdog) = SimWatchdog::new(Duration::from_secs(1));
        let (media, mounts) = SimMedia::new(music.iter().map(|path| path.to_path_buf()));
        let (media_now, worker) = (media.plugged(), Some(worker()));
        let config = AppConfig { autoplay, media: media_now, worker, ..AppConfig::new(data) };
        let board = Board {
            audio: Box::new(PulledSink { sink, cable: cable.clone() }),
            sink_owns_time: true,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            inputs: vec![Box::new(input)],
            ignition: Some(Box::new(line)),
            backlight: Some(Box::new(backlight)),
            media: Box::new(mounts),
            watchdog: Some(Box::new(watchdog)),
        };
        let app = App::start(config, board).unwrap();
        let stereo = app.clone();
        clock.on_advance(Box::new(move |_| {
            stereo.post(Event::Tick);
            stereo.sync(Duration::from_secs(5));
        }));
        let rig = Self { app, clock, hand, ignition, light, dog, media, cable };
        assert!(rig.app.sync(PATIENCE), "the unit answers");
        rig
    }

    pub fn command(&self, command: Command) {
        self.app.post(Event::Command(command));
        assert!(self.app.sync(PATIENCE));
    }

    pub fn play(&self, path: &Path) {
        self.command(Command::PlayPath { path: path.to_str().unwrap().into() });
    }

    /// Plays a folder and waits until it is read.
    pub fn play_folder(&self, folder: &Path, tracks: usize) {
        self.play(folder);
        self.until("the folder is read", |now| now.queue.len == tracks);
    }

    pub fn snapshot(&self) -> Arc<Snapshot> {
        assert!(self.app.sync(PATIENCE));
        Arc::clone(&self.app.frame().snapshot)
    }

    /// Lets the unit's time pass.
    pub fn wait(&self, seconds: f64) {
        self.clock.wait_until(self.clock.now() + Duration::from_secs_f64(seconds));
        assert!(self.app.sync(PATIENCE));
    }

    /// Waits in real time for something that happens in the background.
    pub fn until(&self, what: &str, is_so: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
        let since = Instant::now();
        loop {
            let snapshot = self.snapshot();
            if is_so(&snapshot) {
                return snapshot;
            }
            assert!(since.elapsed() < PATIENCE, "waited in vain: {what}; {snapshot:#?}");
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.app.quit_and_join();
    }
}

/// The product itself is the worker: a test program would run its tests instead.
pub fn worker() -> WorkerCommand {
    WorkerCommand { program: env!("CARGO_BIN_EXE_rusty-audio").into(), args: vec![WORKER_WORD.into()] }
}

/// Whether a published position is the expected one. It may be 250 ms old: a position that only runs is
/// published four times a second.
pub fn is_near(position_s: f64, expected_s: f64) -> bool {
    (expected_s - 0.3..expected_s + 0.1).contains(&position_s)
}

/// Writes a mono 16-bit WAV of `seconds` of a sine whose phase at the start is that at `from_s`.
pub fn write_tone(path: &Path, rate: u32, hz: f64, from_s: f64, seconds: f64) {
    let frames = (seconds * f64::from(rate)).round() as u32;
    let first = (from_s * f64::from(rate)).round();
    let mut bytes = Vec::new();
    bytes.extend_from_slice(b"RIFF");
    bytes.extend_from_slice(&(36 + frames * 2).to_le_bytes());
    bytes.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend_from_slice(&rate.to_le_bytes());
    bytes.extend_from_slice(&(rate * 2).to_le_bytes());
    bytes.extend_from_slice(b"\x02\0\x10\0data");
    bytes.extend_from_slice(&(frames * 2).to_le_bytes());
    for n in 0..frames {
        let phase = 2.0 * std::f64::consts::PI * hz * (first + f64::from(n)) / f64::from(rate);
        bytes.extend_from_slice(&((phase.sin() * 16_000.0).round() as i16).to_le_bytes());
    }
    std::fs::write(path, bytes).unwrap();
}

/// A folder with tones of `seconds` each, named as given.
pub fn music(seconds: f64, names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (n, name) in names.iter().enumerate() {
        write_tone(&folder.path().join(name), 8000, 200.0 + 50.0 * n as f64, 0.0, seconds);
    }
    folder
}

/// A path that tests can hold on to.
pub fn below(folder: &tempfile::TempDir, name: &str) -> PathBuf {
    folder.path().join(name)
}
