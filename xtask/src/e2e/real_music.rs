//! Freely licensed music from Debian, by package name; where there is no Debian, the demo album.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::test::Tally;
use crate::{demo, process, system};

/// A game's soundtrack, 22 MB of Vorbis, GPL-2.
const PACKAGE: &str = "frozen-bubble-data";
/// What is cut out of a track for the checks.
const FROM_S: u32 = 15;
/// A few minutes together with the second track.
const LENGTH_S: u32 = 100;

/// Where the pieces for the checks lie.
///
/// # Errors
/// If xtask is started outside the workspace.
pub fn folder() -> Result<PathBuf> {
    Ok(process::target_dir()?.join("real-music"))
}

/// A piece as 24-bit WAV, 48 kHz stereo, peak below full scale: what all checks start from. `number` is 0 or 1.
///
/// # Errors
/// If xtask is started outside the workspace.
pub fn piece(number: usize) -> Result<PathBuf> {
    Ok(folder()?.join(format!("piece-{number}.wav")))
}

/// Fetches the music once and cuts two pieces.
///
/// # Errors
/// If the tools fail.
pub fn prepare(tally: &mut Tally) -> Result<()> {
    let folder = folder()?;
    std::fs::create_dir_all(&folder)?;
    let tracks = match fetch(&folder) {
        Ok(tracks) => {
            println!("      {} tracks of Debian's {PACKAGE}", tracks.len());
            tally.pass();
            tracks
        }
        Err(why) => {
            tally
                .skip("music from Debian", &format!("{why:#}; the format checks use the demo album instead"));
            let album = folder.join("demo");
            demo::ensure(&album)?;
            files_below(&album, &["flac", "aiff"])?
        }
    };
    for number in 0..2 {
        let piece = piece(number)?;
        let track = tracks.get(number).context("not enough tracks")?;
        let mut ffmpeg = Command::new("ffmpeg");
        ffmpeg.args(["-v", "error", "-y", "-ss", &FROM_S.to_string(), "-t", &LENGTH_S.to_string(), "-i"]);
        ffmpeg.arg(track).args(["-map", "0:a:0", "-map_metadata", "-1", "-af", "volume=-1.5dB"]);
        ffmpeg.args(["-ac", "2", "-ar", "48000", "-c:a", "pcm_s24le", "-bitexact"]).arg(&piece);
        process::output(&mut ffmpeg)?;
    }
    Ok(())
}

/// The package's tracks, downloaded and unpacked unless they are there already.
fn fetch(folder: &Path) -> Result<Vec<PathBuf>> {
    let unpacked = folder.join(PACKAGE);
    if !unpacked.is_dir() {
        anyhow::ensure!(system::has_apt(), "Debian's packages are not to be had on this system");
        system::ensure_apt_lists()?;
        println!("      downloading {PACKAGE}");
        process::output(Command::new("apt-get").args(["-q", "download", PACKAGE]).current_dir(folder))?;
        let package = files_below(folder, &["deb"])?;
        let package = package.first().context("apt-get left no package")?;
        let partial = folder.join("unpacking");
        process::output(Command::new("dpkg").arg("-x").arg(package).arg(&partial))?;
        std::fs::rename(partial, &unpacked)?;
        std::fs::remove_file(package)?;
    }
    let mut tracks = files_below(&unpacked, &["ogg", "mp3", "flac"])?;
    // The longest first; short ones are jingles.
    tracks.sort_by_key(|track| std::cmp::Reverse(track.metadata().map(|m| m.len()).unwrap_or(0)));
    tracks.truncate(3);
    anyhow::ensure!(tracks.len() >= 2, "{PACKAGE} holds no music any more");
    Ok(tracks)
}

/// All files below `folder` with one of these endings, sorted.
///
/// # Errors
/// If the folder cannot be read.
pub fn files_below(folder: &Path, endings: &[&str]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if path.is_dir() {
                open.push(path);
            } else if endings.contains(&ending) {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
