//! The works that are measured, and the file they work on.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::{demo, process};

/// Ten bands of the preset that the chain and ffmpeg both apply: Hz and dB, Q 1.41.
const BANDS: [(u32, f32); 10] = [
    (31, 5.0),
    (63, 4.0),
    (125, 2.5),
    (250, -1.0),
    (500, -2.0),
    (1000, 1.0),
    (2000, 2.0),
    (4000, 3.0),
    (8000, 2.5),
    (16000, 4.0),
];
const Q: f32 = 1.41;
const PREAMP_DB: f32 = -6.0;

/// One thing to do with a FLAC file of 44.1 kHz.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// symphonia, decoding and nothing else.
    Decode,
    /// The stereo at the file's own rate, flat.
    Plain,
    /// The stereo to 48 kHz, flat.
    Resample,
    /// The stereo to 48 kHz with ten bands, limiter and meters.
    Chain,
    /// ffmpeg, decoding and nothing else.
    FfmpegDecode,
    /// ffmpeg to 48 kHz by its best resampler.
    FfmpegResample,
    /// ffmpeg to 48 kHz with ten bands and a limiter.
    FfmpegChain,
}

impl Work {
    /// All, in the order of a round.
    pub const ALL: [Self; 7] = [
        Self::Decode,
        Self::Plain,
        Self::Resample,
        Self::Chain,
        Self::FfmpegDecode,
        Self::FfmpegResample,
        Self::FfmpegChain,
    ];

    /// For the table.
    pub fn name(self) -> String {
        let resampler = if has_soxr() { "soxr, 28 bit" } else { "swr" };
        match self {
            Self::Decode => "symphonia, decode only".to_owned(),
            Self::Plain => "**stereo**, 44.1 kHz, flat".to_owned(),
            Self::Resample => "**stereo**, to 48 kHz, flat".to_owned(),
            Self::Chain => "**stereo**, to 48 kHz, 10 bands, limiter, meters".to_owned(),
            Self::FfmpegDecode => "ffmpeg, decode only".to_owned(),
            Self::FfmpegResample => format!("ffmpeg, to 48 kHz ({resampler})"),
            Self::FfmpegChain => format!("ffmpeg, to 48 kHz ({resampler}), 10 bands, limiter"),
        }
    }

    /// The process to measure; sound goes nowhere.
    ///
    /// # Errors
    /// If the preset cannot be written.
    pub fn command(self, music: &Path, folder: &Path) -> Result<Command> {
        Ok(match self {
            Self::Decode => {
                let mut command =
                    Command::new(process::target_dir()?.join("release/examples/symphonia_decode"));
                command.arg(music);
                command
            }
            Self::Plain => render(music, folder, &[])?,
            Self::Resample => render(music, folder, &["--rate", "48000"])?,
            Self::Chain => {
                let preset = folder.join("preset.json");
                std::fs::write(&preset, preset_json())?;
                let mut command = render(music, folder, &["--rate", "48000", "--preset"])?;
                command.arg(preset);
                command
            }
            Self::FfmpegDecode => ffmpeg(music, folder, None),
            Self::FfmpegResample => ffmpeg(music, folder, Some(resample_filter())),
            Self::FfmpegChain => ffmpeg(music, folder, Some(chain_filter())),
        })
    }
}

fn render(music: &Path, folder: &Path, options: &[&str]) -> Result<Command> {
    let mut command = Command::new(process::sim("release")?);
    command.arg("render").arg(music).arg(folder.join("out.wav")).args(options);
    Ok(command)
}

/// Writes the same 32-bit float WAV as the stereo does, on one thread.
fn ffmpeg(music: &Path, folder: &Path, filter: Option<String>) -> Command {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-nostdin", "-y", "-threads", "1", "-filter_threads", "1", "-i"]);
    command.arg(music);
    if let Some(filter) = filter {
        command.args(["-af", &filter]);
    }
    command.args(["-map", "0:a:0", "-c:a", "pcm_f32le"]).arg(folder.join("peer.wav"));
    command
}

/// Whether this ffmpeg has libsoxr; its own resampler would not reach the stereo's quality.
fn has_soxr() -> bool {
    process::output(Command::new("ffmpeg").args(["-v", "error", "-buildconf"]))
        .is_ok_and(|said| String::from_utf8_lossy(&said).contains("--enable-libsoxr"))
}

fn resample_filter() -> String {
    let by = if has_soxr() { ":resampler=soxr:precision=28" } else { "" };
    format!("aresample=48000{by}:osf=fltp")
}

fn chain_filter() -> String {
    let mut filter = format!("{},volume={PREAMP_DB}dB:precision=float", resample_filter());
    for (hz, db) in BANDS {
        filter.push_str(&format!(",equalizer=f={hz}:t=q:w={Q}:g={db}:r=f64"));
    }
    filter.push_str(",alimiter=limit=1:level=0:latency=1");
    filter
}

fn preset_json() -> String {
    let bands: Vec<_> = BANDS
        .iter()
        .map(|(hz, db)| serde_json::json!({ "kind": "peaking", "frequency": hz, "gain": db, "q": Q }))
        .collect();
    serde_json::json!({ "name": "Bench", "preamp": PREAMP_DB, "bands": bands }).to_string()
}

/// The demo album in one FLAC of `seconds` at 44.1 kHz, 16 bit; made once.
///
/// # Errors
/// If the album or the file cannot be made.
pub fn music(folder: &Path, seconds: u32) -> Result<PathBuf> {
    let path = folder.join(format!("music-{seconds}.flac"));
    if path.is_file() {
        return Ok(path);
    }
    let album = process::target_dir()?.join("demo-music");
    demo::ensure(&album)?;
    let mut tracks = Vec::new();
    for entry in std::fs::read_dir(&album)?.flatten().filter(|entry| entry.path().is_dir()) {
        tracks.extend(std::fs::read_dir(entry.path())?.flatten().map(|entry| entry.path()));
    }
    tracks.retain(|track| track.extension().is_some_and(|ending| ending != "png"));
    tracks.sort();
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-y"]);
    for track in &tracks {
        command.arg("-i").arg(track);
    }
    let inputs: String = (0..tracks.len()).map(|n| format!("[{n}:a]")).collect();
    let join = format!("{inputs}concat=n={}:v=0:a=1,aresample=44100,aloop=-1:2e8", tracks.len());
    command.args(["-filter_complex", &join, "-t", &seconds.to_string(), "-sample_fmt", "s16", "-vn"]);
    process::output(command.arg(&path))?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_get_the_same_bands() {
        let preset: serde_json::Value = serde_json::from_str(&preset_json()).unwrap();
        let filter = chain_filter();
        for band in preset["bands"].as_array().unwrap() {
            assert!(filter.contains(&format!("equalizer=f={}:", band["frequency"])), "{filter}");
        }
        assert_eq!(filter.matches("equalizer").count(), 10);
    }
}
