//! Files through the stereo's sound chain as fast as it goes, into whatever takes samples.

use std::io;
use std::path::{Path, PathBuf};

use protocol::{Decibels, Seconds, SoundPreset};

use crate::sound::preset_params;

/// What to render.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendering {
    /// In playing order.
    pub files: Vec<PathBuf>,
    /// Output rate in hertz, 8,000 to 192,000; the first file's own if not given.
    pub rate: Option<u32>,
    /// The equaliser.
    pub sound: SoundPreset,
    /// The level, −100 to 0 dB.
    pub volume: Decibels,
    /// Where to start in the first file.
    pub seek: Seconds,
    /// Stop after this much output.
    pub limit: Option<Seconds>,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rendered {
    /// Frames written.
    pub frames: u64,
    /// Output rate in hertz.
    pub rate: u32,
    /// Sample peak written; 1 is full scale.
    pub peak: f32,
    /// Times the chain ran dry; 0 unless something is wrong.
    pub underruns: u64,
    /// Files that were skipped, and why.
    pub failed: Vec<(PathBuf, String)>,
}

/// Renders. `start` is called once with the rate, then `write` with blocks of interleaved stereo.
///
/// # Errors
/// No file can be played, or `start` or `write` fails.
pub fn render(
    rendering: &Rendering,
    start: &mut dyn FnMut(u32) -> io::Result<()>,
    write: &mut dyn FnMut(&[f32]) -> io::Result<()>,
) -> io::Result<Rendered> {
    let files: Vec<&Path> = rendering.files.iter().map(PathBuf::as_path).collect();
    let options = engine::OfflineOptions {
        rate: rendering.rate,
        params: engine::Params { volume_db: rendering.volume.0, ..preset_params(&rendering.sound) },
        seek_s: rendering.seek.0,
        seconds: rendering.limit.map(|limit| limit.0),
    };
    let stats = engine::render_offline(&files, &options, start, write)?;
    Ok(Rendered {
        frames: stats.frames,
        rate: stats.rate,
        peak: stats.peak,
        underruns: stats.underruns,
        failed: stats.failed.into_iter().map(|(path, error)| (path, error.to_string())).collect(),
    })
}
