//! The engine without a device: the very same decoder thread and chain, as fast as they go.
use crate::decode::Decoder;
use crate::transport::ENDLESS;
use crate::{Event, OutputFormat, Params, Renderer, Track, TrackError, TrackId, new};
use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::Duration;

/// Frames rendered at once.
const BLOCK: usize = 2048;
/// How long a file may keep the decoder busy before the rendering is given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// What to render offline.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OfflineOptions {
    /// Output rate; the first file's own if not given.
    pub rate: Option<u32>,
    /// The sound.
    pub params: Params,
    /// Where to start in the first file, seconds.
    pub seek_s: f64,
    /// Stop after this much output.
    pub seconds: Option<f64>,
}

/// What an offline rendering did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OfflineStats {
    /// Frames written.
    pub frames: u64,
    /// Output rate.
    pub rate: u32,
    /// Sample peak written, linear.
    pub peak: f32,
    /// Times the ring ran dry; 0 unless something is wrong.
    pub underruns: u64,
    /// Files that were skipped or broke off, and why.
    pub failed: Vec<(PathBuf, TrackError)>,
}

/// Plays `files` in order, gapless, through the very same chain as fast as it goes; stereo output, the
/// chain's own latency removed and its tail kept. `start` is called once with the rate, `write` with
/// blocks of interleaved stereo.
///
/// # Errors
/// If no file can be played, or `start` or `write` fails.
pub fn render_offline(
    files: &[&Path],
    options: &OfflineOptions,
    start: &mut dyn FnMut(u32) -> Result<()>,
    write: &mut dyn FnMut(&[f32]) -> Result<()>,
) -> Result<OfflineStats> {
    let rate = match options.rate {
        Some(rate) => rate,
        None => first_rate(files)?,
    };
    let (sender, events) = mpsc::channel();
    let tell = move |event| {
        // The receiver lives as long as this function.
        let _ = sender.send(event);
    };
    let output = OutputFormat { rate, channels: 2 };
    let (mut control, mut renderer) = new(output, &options.params, Box::new(tell))
        .map_err(|error| Error::new(ErrorKind::InvalidInput, error))?;
    control.play_all(tracks(files, options.seek_s));
    let mut writer =
        Writer { write, late: renderer.latency(), stats: OfflineStats { rate, ..Default::default() } };
    let limit =
        options.seconds.map_or(ENDLESS, |seconds| (seconds.max(0.0) * f64::from(rate)).round() as u64);
    wait(&renderer)?;
    start(rate)?;
    play_through(&mut renderer, limit, &mut writer)?;
    let mut stats = writer.stats;
    stats.underruns = control.playhead().underruns;
    drop(control);
    stats.failed = failures(&events, files);
    if stats.failed.len() == files.len() && stats.frames == 0 {
        return Err(match stats.failed.into_iter().next() {
            Some((path, error)) => Error::new(ErrorKind::InvalidData, format!("{}: {error}", path.display())),
            None => Error::new(ErrorKind::InvalidInput, "no file to play"),
        });
    }
    Ok(stats)
}

/// Renders until the end of the stream, or `limit`, has passed through the chain.
fn play_through(renderer: &mut Renderer, limit: u64, writer: &mut Writer<'_>) -> Result<()> {
    let mut block = vec![0.0; 2 * BLOCK];
    loop {
        wait(renderer)?;
        renderer.render(&mut block);
        let eos_at = renderer.shared.progress().transport.eos_at;
        let end = if renderer.shared.consumed.load(Ordering::Acquire) >= eos_at { eos_at } else { ENDLESS };
        writer.put(&block, end.min(limit))?;
        if writer.stats.frames >= end.min(limit) {
            return Ok(());
        }
    }
}

fn wait(renderer: &Renderer) -> Result<()> {
    if renderer.wait_ready(BLOCK, PATIENCE) {
        Ok(())
    } else {
        Err(Error::new(ErrorKind::TimedOut, "the decoder does not come forward"))
    }
}

struct Writer<'a> {
    write: &'a mut dyn FnMut(&[f32]) -> Result<()>,
    /// Frames of latency still to be left out.
    late: usize,
    stats: OfflineStats,
}

impl Writer<'_> {
    /// Writes `block` without the chain's latency, up to frame `end`.
    fn put(&mut self, block: &[f32], end: u64) -> Result<()> {
        let skipped = self.late.min(block.len() / 2);
        self.late -= skipped;
        let due = block.get(2 * skipped..).unwrap_or_default();
        let left = usize::try_from(end.saturating_sub(self.stats.frames)).unwrap_or(usize::MAX);
        let due = due.get(..left.saturating_mul(2).min(due.len())).unwrap_or_default();
        if due.is_empty() {
            return Ok(());
        }
        self.stats.peak = due.iter().fold(self.stats.peak, |peak, sample| peak.max(sample.abs()));
        self.stats.frames += due.len() as u64 / 2;
        (self.write)(due)
    }
}

fn tracks(files: &[&Path], seek_s: f64) -> Vec<Track> {
    let seek_s = if seek_s.is_finite() { seek_s.max(0.0) } else { 0.0 };
    let track = |(n, path): (usize, &&Path)| Track {
        start_s: if n == 0 { seek_s } else { 0.0 },
        ..Track::whole(TrackId(n as u64), *path)
    };
    files.iter().enumerate().map(track).collect()
}

fn first_rate(files: &[&Path]) -> Result<u32> {
    let mut failure = Error::new(ErrorKind::InvalidInput, "no file to play");
    for path in files {
        match Decoder::open(path) {
            Ok(decoder) => return Ok(decoder.info().rate),
            Err(error) => {
                failure = Error::new(ErrorKind::InvalidData, format!("{}: {error}", path.display()))
            }
        }
    }
    Err(failure)
}

fn failures(events: &mpsc::Receiver<Event>, files: &[&Path]) -> Vec<(PathBuf, TrackError)> {
    let of = |event| match event {
        Event::Failed { track, error } | Event::Broken { track, error } => {
            let path = usize::try_from(track.0).ok().and_then(|n| files.get(n))?;
            Some((path.to_path_buf(), error))
        }
        _ => None,
    };
    events.try_iter().filter_map(of).collect()
}
