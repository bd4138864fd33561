//! The real image from power to music, on a machine it does not know: what is seen, what is heard, what is inside.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::appliance::Appliance;
use super::picture::Picture;
use super::qemu::{Boot, Machine};
use super::{drive, inside, stick};
use crate::e2e::real_music;
use crate::process;
use crate::test::Tally;

/// From power to the first picture without virtualisation; a firmware that has not begun by then never will.
const BOOT: Duration = Duration::from_secs(600);
const SOON: Duration = Duration::from_secs(60);

/// Boots this image and checks everything that can be seen of it from a driver's seat and through the door.
///
/// # Errors
/// If the machine itself fails.
pub fn check(image: &Path, folder: &Path, tally: &mut Tally) -> Result<()> {
    let appliance = Appliance::unpack(image, &folder.join("unit"), 4)?;
    let (music, stick) = music(folder, tally)?;

    let run = folder.join("first");
    let mut machine = Machine::start(&Boot { board: appliance.board(true)?, folder: &run })?;
    let first = wait_for_picture(&mut machine, tally)?;
    stick::plug(&mut machine, &stick)?;
    machine.wait_for("plugged", 1, SOON).ok();
    let playing =
        drive::look_until(&mut machine, "3-stick", |now| now.differs(&first, drive::FIGURES) > 0.01)?;
    let changed = playing.differs(&first, 0.0..1.0);
    tally.check(
        "a stick plays by itself",
        drive::told(changed > 0.01, format!("{:.0} % of the picture", changed * 100.0)),
    );
    let playing = drive::plays(&mut machine, tally)?;
    drive::knobs(&mut machine, &playing, tally)?;
    nothing_but_the_keymap(&mut machine, tally)?;
    inside::check(&mut machine, tally)?;
    yank(&mut machine, &stick, tally)?;
    // Long enough for its place to be kept.
    std::thread::sleep(Duration::from_secs(15));
    // The power goes without a word.
    drop(machine);
    let began = drive::hear(&run, &music, true, tally)?;
    tally.check("a new stick plays from its beginning", drive::told(began < 1.0, format!("{began:.1} s")));

    let run = folder.join("again");
    let mut machine = Machine::start(&Boot { board: appliance.board(true)?, folder: &run })?;
    stick::plug(&mut machine, &stick)?;
    wait_for_picture(&mut machine, tally)?;
    drive::plays(&mut machine, tally)?;
    std::thread::sleep(Duration::from_secs(15));
    inside::figures(&mut machine)?;
    drop(machine);
    let resumed = drive::hear(&run, &music, true, tally)?;
    let detail = format!("{resumed:.1} s of the music, after a cut without a word");
    tally.check("after a power cut it goes on where it was", drive::told(resumed > 30.0, detail));
    Ok(())
}

/// Tracks, and a stick that holds them.
fn music(folder: &Path, tally: &mut Tally) -> Result<(Vec<PathBuf>, PathBuf)> {
    real_music::prepare(tally)?;
    let mut files = Vec::new();
    for (number, name) in ["01 First.flac", "02 Second.flac"].into_iter().enumerate() {
        let to = folder.join(format!("piece-{number}.flac"));
        let mut ffmpeg = Command::new("ffmpeg");
        ffmpeg.args(["-v", "error", "-y", "-i"]).arg(real_music::piece(number)?);
        process::output(ffmpeg.args(["-c:a", "flac", "-sample_fmt", "s16"]).arg(&to))?;
        files.push((to, name));
    }
    let path = folder.join("stick.img");
    stick::make(&path, 96, &files)?;
    Ok((files.into_iter().map(|(file, _)| file).collect(), path))
}

/// Looks at the screen twice a second from power to the stereo's first picture. From the kernel's start on there is
/// nothing to read: what the firmware has left, or black.
fn wait_for_picture(machine: &mut Machine, tally: &mut Tally) -> Result<Picture> {
    let mut seen: Vec<(Duration, Picture)> = Vec::new();
    let drawn = loop {
        std::thread::sleep(Duration::from_millis(500));
        let picture = machine.look("0-boot")?;
        let at = machine.elapsed();
        if seen.last().is_none_or(|(_, last)| last.differs(&picture, 0.0..1.0) > 0.0) {
            machine.look(&format!("0-boot-{:03}", at.as_secs()))?;
            seen.push((at, picture));
        }
        if let Some((at, _)) = machine.heard("first picture") {
            break at;
        }
        anyhow::ensure!(at < BOOT, "there is no picture after {} s", BOOT.as_secs());
    };
    let first = drive::look_until(machine, "1-first", |now| now.colours() > 100)?;
    // The kernel's clock says when it started: its first sign of life comes with its age.
    let (up, line) = machine.heard("GUEST up").context("the door is not open")?;
    let age: f64 = line.split_whitespace().nth(2).and_then(|age| age.parse().ok()).unwrap_or(0.0);
    let kernel = up.as_secs_f64() - age;
    let detail = format!(
        "{:.1} s after power, {:.1} s after the kernel's start, {} pictures before",
        drawn.as_secs_f64(),
        drawn.as_secs_f64() - kernel,
        seen.len()
    );
    tally.check("the stereo's first picture", drive::told(first.colours() > 100, detail));
    let left = seen.iter().rfind(|(at, _)| at.as_secs_f64() < kernel).map(|(_, picture)| picture.clone());
    let after = seen.iter().filter(|(at, _)| at.as_secs_f64() >= kernel && *at < drawn);
    // A picture may be seen before it is said that it is there.
    let strange: Vec<u64> = after
        .filter(|(_, now)| now.differs(&first, 0.0..1.0) > 0.02)
        .filter(|(_, now)| {
            !is_black(now) && left.as_ref().is_none_or(|left| left.differs(now, 0.0..1.0) > 0.001)
        })
        .map(|(at, _)| at.as_secs())
        .collect();
    let detail = format!("{} pictures, strange ones after {strange:?} s", seen.len());
    tally.check("no text on the screen", drive::told(strange.is_empty(), detail));
    Ok(first)
}

fn is_black(picture: &Picture) -> bool {
    picture.rgb.iter().all(|byte| *byte == 0)
}

/// What a keyboard can send to a Linux computer changes neither the picture's size nor the system.
fn nothing_but_the_keymap(machine: &mut Machine, tally: &mut Tally) -> Result<()> {
    let before = machine.look("20-before-keys")?;
    for keys in [
        &["ctrl", "alt", "f2"] as &[&str],
        &["alt", "f3"],
        &["ctrl", "alt", "delete"],
        &["alt", "sysrq", "b"],
        &["ctrl", "c"],
        &["alt", "sysrq", "c"],
    ] {
        machine.keys(keys)?;
        std::thread::sleep(Duration::from_millis(300));
    }
    for _ in 0..8 {
        machine.keys(&["ctrl", "alt", "delete"])?;
    }
    std::thread::sleep(Duration::from_secs(3));
    let after = machine.look("21-after-keys")?;
    let answer =
        inside::ask(machine, "keys", "cat /proc/sys/kernel/random/boot_id; cat /sys/class/tty/tty0/active")?;
    let same = (before.width, before.height) == (after.width, after.height) && after.colours() > 100;
    let is_first = answer.get(1).is_some_and(|tty| tty == "tty1");
    tally.check("keys of a computer do nothing", drive::told(same && is_first, format!("{answer:?}")));
    Ok(())
}

fn yank(machine: &mut Machine, path: &Path, tally: &mut Tally) -> Result<()> {
    let before = machine.look("22-before-yank")?;
    stick::pull(machine)?;
    let gone = drive::look_until(machine, "23-yanked", |now| now.differs(&before, 0.0..1.0) > 0.02)?;
    let changed = gone.differs(&before, 0.0..1.0);
    tally.check(
        "a pulled stick is missed",
        drive::told(changed > 0.02, format!("{:.0} % changed", changed * 100.0)),
    );
    machine.wait_for("Stopped rusty-audio-media@", 1, SOON)?;
    let mounts = inside::ask(machine, "mounts", "grep -c /run/media/ /proc/self/mounts")?;
    tally.check("its mount is gone", drive::told(mounts == ["0"], format!("{mounts:?}")));
    stick::plug(machine, path)?;
    drive::look_until(machine, "24-again", |now| now.differs(&gone, 0.0..1.0) > 0.02)?;
    drive::plays(machine, tally).map(drop)
}
