//! A stick full of damage: what is bad is skipped with a word, what is good plays, nothing hangs or swells.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;

use super::encode::Codec;
use super::{damage, encode, real_music, sim};
use crate::measure::Measured;
use crate::process;
use crate::test::Tally;

/// Peak memory of the whole player.
const MEMORY: u64 = 64 << 20;
/// Real time for the whole folder: less than a second a file.
const PATIENCE: Duration = Duration::from_secs(15);

/// All checks with bad files.
///
/// # Errors
/// If the files cannot be made.
pub fn check(tally: &mut Tally) -> Result<()> {
    let folder = real_music::folder()?.join("hostile");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    let (mixed, bad) = (folder.join("mixed"), folder.join("only bad"));
    std::fs::create_dir_all(&mixed)?;
    std::fs::create_dir_all(&bad)?;

    let (flac, mp3) = good_files(&folder)?;
    std::fs::copy(&flac, mixed.join("01 good.flac"))?;
    std::fs::copy(&mp3, mixed.join("90 good.mp3"))?;
    let short = (std::fs::read(&flac)?, std::fs::read(&mp3)?);
    let count = damage::write(&mixed, &short.0, &short.1)?;
    println!("      {count} bad files between two good ones");
    plays_on(tally, &folder, &mixed)?;
    one_by_one(tally, &folder, &mixed)?;

    for (name, bytes) in [("a.mp3", "x"), ("b.flac", ""), ("c.ogg", "OggS")] {
        std::fs::write(bad.join(name), bytes)?;
    }
    only_bad(tally, &folder, &bad)
}

/// Eight seconds of real music as FLAC and as MP3.
fn good_files(folder: &Path) -> Result<(PathBuf, PathBuf)> {
    let (wav, flac, mp3) = (folder.join("good.wav"), folder.join("good.flac"), folder.join("good.mp3"));
    let long = folder.join("long.wav");
    encode::convert(&real_music::piece(0)?, &long, 2, 44_100, 16)?;
    let mut ffmpeg = std::process::Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-y", "-t", "8", "-i"]).arg(&long).args(["-bitexact"]).arg(&wav);
    process::output(&mut ffmpeg)?;
    Codec::Flac(16).encode(&wav, &flac)?;
    Codec::Mp3Vbr.encode(&wav, &mp3)?;
    Ok((flac, mp3))
}

/// From the first good file through all bad ones to the last good one.
fn plays_on(tally: &mut Tally, folder: &Path, mixed: &Path) -> Result<()> {
    // Good 8 s, then at most: truncated 3 s, wrong ending 8 s, rotten 4 s, and the second good one begins.
    let script = format!(
        "play {mixed}/01 good.flac\n\
         expect queue.len >= 10\n\
         wait 2s\n\
         expect transport.state == playing\n\
         expect now.path ~ 01 good\n\
         wait 7s\n\
         expect message != \"\"\n\
         expect transport.state == playing\n",
        mixed = mixed.display()
    );
    let began = Instant::now();
    let done = sim::script(&script, folder, &["--sink", "virtual"])?;
    tally.check("a bad file is skipped with a message and music goes on", judge(&done, began.elapsed()));

    // The last good one must come within the time that all damaged ones together can play.
    let script = format!(
        "play {mixed}/10 zero length.mp3\nwait 1s\nexpect message != \"\"\n\
         expect transport.state == playing\nseek 0\nwait 15500ms\n\
         expect now.path ~ 90 good\nexpect transport.state == playing\n",
        mixed = mixed.display()
    );
    let began = Instant::now();
    let done = sim::script(&script, folder, &["--sink", "virtual"])?;
    tally.check("the good file behind them all is reached", judge(&done, began.elapsed()));
    Ok(())
}

/// Each bad file asked for by name: an answer within a second, and the music goes on somewhere.
fn one_by_one(tally: &mut Tally, folder: &Path, mixed: &Path) -> Result<()> {
    let mut slowest = (Duration::ZERO, String::new());
    let mut names: Vec<PathBuf> = std::fs::read_dir(mixed)?.flatten().map(|entry| entry.path()).collect();
    names.sort();
    let mut failures = Vec::new();
    for path in names {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let script = format!("play {}\nwait 900ms\nexpect transport.state == playing\n", path.display());
        let began = Instant::now();
        let done = sim::script(&script, folder, &["--sink", "virtual"])?;
        let took = began.elapsed();
        if let Err(why) = judge(&done, took) {
            failures.push(format!("{name}: {why}"));
        }
        if took > slowest.0 {
            slowest = (took, name);
        }
    }
    let outcome = if failures.is_empty() {
        Ok(format!("the slowest run was `{}` in {:.1} s", slowest.1, slowest.0.as_secs_f64()))
    } else {
        Err(failures.join("; "))
    };
    tally.check("each bad file by itself", outcome);
    Ok(())
}

/// A folder without anything good says so and stops.
fn only_bad(tally: &mut Tally, folder: &Path, bad: &Path) -> Result<()> {
    let script = format!(
        "play {}\nwait 2s\nexpect message != \"\"\nexpect transport.state != playing\n",
        bad.display()
    );
    let began = Instant::now();
    let done = sim::script(&script, folder, &["--sink", "virtual"])?;
    tally.check("a folder with only bad files says so", judge(&done, began.elapsed()));
    Ok(())
}

/// The script held, in time and in memory.
fn judge(done: &Measured, took: Duration) -> Result<String, String> {
    sim::passed(done, 0)?;
    let megabytes = done.peak_rss as f64 / f64::from(1 << 20);
    if done.peak_rss > MEMORY {
        return Err(format!("took {megabytes:.0} MB of memory"));
    }
    if took > PATIENCE {
        return Err(format!("took {:.1} s", took.as_secs_f64()));
    }
    Ok(format!("{:.1} s, {megabytes:.0} MB at most", took.as_secs_f64()))
}
