//! Power cuts while music plays: after the next start the same track goes on, near where it was.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Result;

use super::encode::Codec;
use super::{encode, real_music, sim};
use crate::process;
use crate::test::Tally;

/// All checks with power cuts.
///
/// # Errors
/// If the music cannot be made or the simulator not started.
pub fn check(tally: &mut Tally) -> Result<()> {
    let folder = real_music::folder()?.join("power-cut");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    let music = folder.join("music");
    std::fs::create_dir_all(&music)?;
    let wav = folder.join("long.wav");
    for number in 0..2 {
        encode::convert(&real_music::piece(number)?, &wav, 2, 44_100, 16)?;
        Codec::Flac(16).encode(&wav, &music.join(format!("{:02} track.flac", number + 1)))?;
    }
    std::fs::remove_file(&wav)?;
    tally.check("cut after 25 s", scripted(&folder.join("a"), &music)?);
    tally.check("cut in the second track, paused", paused(&folder.join("b"), &music)?);
    if cfg!(unix) {
        tally.check("killed from outside while playing in real time", killed(&folder.join("c"), &music)?);
    }
    Ok(())
}

fn two_runs(folder: &Path, music: &Path, before: &str, after: &str) -> Result<Result<String, String>> {
    std::fs::create_dir_all(folder)?;
    let music = music.display().to_string();
    let options = ["--sink", "virtual", "--music", &music];
    let first = sim::script(before, folder, &options)?;
    if let Err(why) = sim::passed(&first, 0) {
        return Ok(Err(format!("before the cut: {why}")));
    }
    let second = sim::script(after, folder, &options)?;
    Ok(sim::passed(&second, 0).map(|()| "same track, position within 10 s, same volume".to_owned()))
}

fn scripted(folder: &Path, music: &Path) -> Result<Result<String, String>> {
    let track = track(music, 1);
    let before = format!("play {track}\nvolume -30\nwait 25s\nexpect transport.position_s ~ 25\nkill\n");
    let after = "wait 100ms\nexpect now.path ~ 01 track.flac\nexpect transport.position_s >= 15\n\
                 expect transport.position_s <= 26\nexpect volume_db ~ -30\nexpect queue.len == 2\n";
    two_runs(folder, music, &before, after)
}

fn paused(folder: &Path, music: &Path) -> Result<Result<String, String>> {
    let track = track(music, 2);
    let before = format!("play {track}\nvolume -40\nseek 40\nwait 3s\npause\nwait 1s\nkill\n");
    // A pause is written at once, so the position is exact to the ramp.
    let after = "wait 100ms\nexpect now.path ~ 02 track.flac\nexpect transport.position_s >= 42\n\
                 expect transport.position_s <= 44\nexpect volume_db ~ -40\n";
    two_runs(folder, music, &before, after)
}

/// No help from the player at all: SIGKILL.
fn killed(folder: &Path, music: &Path) -> Result<Result<String, String>> {
    const PLAYED_S: u64 = 13;
    std::fs::create_dir_all(folder)?;
    let script = folder.join("play.txt");
    std::fs::write(&script, format!("play {}\nvolume -30\nwait 60s\n", track(music, 1)))?;
    let mut player = Command::new(process::sim("debug")?)
        .args(["--headless", "--sink", "null", "--music"])
        .arg(music)
        .arg("--data")
        .arg(folder.join("data"))
        .arg("--script")
        .arg(&script)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    std::thread::sleep(Duration::from_secs(PLAYED_S));
    player.kill()?;
    player.wait()?;
    let after = "wait 100ms\nexpect now.path ~ 01 track.flac\nexpect transport.position_s >= 3\n\
                 expect transport.position_s <= 14\nexpect volume_db ~ -30\n";
    let options = ["--sink", "virtual", "--music", &music.display().to_string()];
    let second = sim::script(after, folder, &options)?;
    Ok(sim::passed(&second, 0).map(|()| format!("killed after {PLAYED_S} s, goes on within 10 s of it")))
}

fn track(music: &Path, number: usize) -> String {
    let path: PathBuf = music.join(format!("{number:02} track.flac"));
    path.display().to_string()
}
