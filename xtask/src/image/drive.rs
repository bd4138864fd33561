//! The scripted drive on the quick machine: from power to music, with a hand on everything.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use super::picture::Picture;
use super::qemu::Machine;
use super::sound;
use crate::process;
use crate::test::Tally;

/// From power to the first picture, on a busy computer without virtualisation.
const BOOT: Duration = Duration::from_secs(150);
/// For anything after that.
const SOON: Duration = Duration::from_secs(40);
/// Rows of the now-playing page, as shares of the height: the volume's sheet lies over the last.
const SHEET: Range<f64> = 0.75..1.0;
/// The keys, which the sheet hides.
const KEYS: Range<f64> = 0.82..1.0;
/// The share of the keys' rows that the ring around one of them takes. It goes away by itself.
const RING: f64 = 0.004;
/// The elapsed and the remaining time.
pub const FIGURES: Range<f64> = 0.71..0.79;

/// Drives the machine and checks what is seen and heard; `reference` is the music that should play.
///
/// # Errors
/// If the machine itself fails.
pub fn drive(machine: &mut Machine, folder: &Path, reference: &Path, tally: &mut Tally) -> Result<()> {
    first_picture(machine, tally)?;
    let playing = plays(machine, tally)?;
    knobs(machine, &playing, tally)?;
    machine.shell("figures playing")?;
    machine.wait_for("FIGURES playing end", 1, SOON)?;
    finger(machine, tally)?;
    machine.shell("figures paused")?;
    machine.wait_for("FIGURES paused end", 1, SOON)?;
    at_rest(machine, tally);
    replug(machine, tally)?;
    for line in machine.said("FIGURES") {
        println!("      {line}");
    }
    machine.shell("kill -TERM $(cat /run/player)")?;
    let (_, line) = machine.wait_for("player ended with", 1, SOON)?;
    tally.check("the player ends when it is asked to", told(line.contains("with 0"), line));
    machine.wait_for_end(SOON)?;
    for line in machine.said("the screen is dark") {
        println!("      {line}");
    }
    hear(folder, &[reference.to_owned()], false, tally).map(drop)
}

pub fn told(is_so: bool, detail: impl Into<String>) -> Result<String, String> {
    if is_so { Ok(detail.into()) } else { Err(detail.into()) }
}

fn first_picture(machine: &mut Machine, tally: &mut Tally) -> Result<()> {
    machine.wait_for("GUEST up", 1, BOOT)?;
    let before = machine.look("1-before")?;
    let (at, _) = machine.wait_for("first picture", 1, BOOT)?;
    let first = look_until(machine, "2-first", |now| now.colours() > 100)?;
    let seconds = at.as_secs_f64();
    let detail =
        format!("{} colours {seconds:.1} s after power, {} before", first.colours(), before.colours());
    tally.check("the first picture", told(first.colours() > 100, detail));
    Ok(())
}

/// Looks again and again until the picture is as it should be, or for as long as that may take on a busy computer;
/// gives the last picture.
pub fn look_until(machine: &mut Machine, name: &str, is_so: impl Fn(&Picture) -> bool) -> Result<Picture> {
    let since = machine.elapsed();
    loop {
        std::thread::sleep(Duration::from_millis(400));
        let picture = machine.look(name)?;
        if is_so(&picture) || machine.elapsed() - since > SOON {
            return Ok(picture);
        }
    }
}

/// Time goes on: the figures below the scale change, and nothing else but the bars.
pub fn plays(machine: &mut Machine, tally: &mut Tally) -> Result<Picture> {
    let one = machine.look("3-playing")?;
    let two = look_until(machine, "4-playing", |now| now.differs(&one, FIGURES) > 0.001)?;
    let moved = two.differs(&one, FIGURES);
    let detail = format!("{:.2} % of the figures' rows moved", moved * 100.0);
    tally.check("music plays by itself", told(moved > 0.001, detail));
    Ok(two)
}

pub fn knobs(machine: &mut Machine, playing: &Picture, tally: &mut Tally) -> Result<()> {
    for _ in 0..3 {
        machine.key("volumeup")?;
    }
    let volume = look_until(machine, "5-volume", |now| now.differs(playing, SHEET) > 0.3)?;
    let sheet = volume.differs(playing, SHEET);
    let detail = format!("{:.0} % of its sheet", sheet * 100.0);
    tally.check("the volume key shows the volume", told(sheet > 0.3, detail));
    let after = look_until(machine, "6-volume-gone", |now| now.differs(playing, SHEET) < 0.1)?;
    let sheet = after.differs(playing, SHEET);
    tally.check("the volume goes away again", told(sheet < 0.1, format!("{:.1} % differ", sheet * 100.0)));
    for _ in 0..5 {
        machine.wheel(false)?;
    }
    let last = look_until(machine, "7-wheel", |now| now.differs(&after, KEYS) > RING)?;
    let changed = last.differs(&after, KEYS);
    tally
        .check("the wheel moves the focus", told(changed > RING, format!("{:.1} % differ", changed * 100.0)));
    machine.key("ret")?;
    let page = look_until(machine, "8-page", |now| now.differs(&after, 0.0..1.0) > 0.1)?;
    let changed = page.differs(&after, 0.0..1.0);
    tally.check(
        "enter opens what is focused",
        told(changed > 0.1, format!("{:.0} % differ", changed * 100.0)),
    );
    machine.key("esc")?;
    look_until(machine, "9-back", |now| now.differs(&after, KEYS) < 0.1)?;
    Ok(())
}

/// A touch screen that is plugged while the stereo runs, and a tap on pause.
fn finger(machine: &mut Machine, tally: &mut Tally) -> Result<()> {
    machine.tell("device_add", json!({ "driver": "virtio-multitouch-pci", "id": "glass" }))?;
    machine.wait_for("touch screen", 1, SOON)?;
    std::thread::sleep(Duration::from_secs(2));
    let playing = machine.look("10-before-tap")?;
    // The middle of the play key on the now-playing page.
    machine.tap(0.216, 0.904)?;
    look_until(machine, "11-tapped", |now| now.differs(&playing, KEYS) > 0.002)?;
    // The bars fall first.
    std::thread::sleep(Duration::from_secs(6));
    let one = machine.look("12-paused")?;
    std::thread::sleep(Duration::from_secs(4));
    let two = machine.look("13-paused")?;
    let moved = two.differs(&one, 0.0..1.0);
    tally.check("a tap on pause pauses", told(moved == 0.0, format!("{:.3} % moved in 4 s", moved * 100.0)));
    Ok(())
}

/// The thread that draws has nothing to do while nothing changes.
fn at_rest(machine: &Machine, tally: &mut Tally) {
    let wakes = |line: &String| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let at = words.iter().position(|word| *word == "wakes")?;
        words.get(at + 1)?.parse::<u64>().ok()
    };
    let lines = machine.said("FIGURES paused thread rusty-audio ");
    let total: u64 = machine.said("FIGURES paused thread").iter().filter_map(wakes).sum();
    match lines.first().and_then(wakes) {
        Some(count) => {
            let detail = format!("{count} wake-ups of the screen in 10 s, {total} of the whole player");
            tally.check("a paused unit sleeps", told(count < 20, detail));
        }
        None => tally.fail("a paused unit sleeps", "the guest has not said how often it woke"),
    }
}

/// The display's cable is pulled and put back, as the kernel sees it.
fn replug(machine: &mut Machine, tally: &mut Tally) -> Result<()> {
    let before = machine.look("14-before-pull")?;
    let (waited, seen) = (machine.said("waiting for a display").len(), machine.said("display:").len());
    // This driver does not tell of what is forced upon it, so the kernel's word is asked for, too.
    let set = |state: &str| {
        format!(
            "echo {state} > /sys/class/drm/card0-Virtual-1/status; echo change > /sys/class/drm/card0/uevent"
        )
    };
    machine.shell(&set("off"))?;
    machine.wait_for("waiting for a display", waited + 1, SOON)?;
    machine.key("volumeup")?;
    machine.shell(&set("detect"))?;
    machine.wait_for("display:", seen + 1, SOON)?;
    let after = look_until(machine, "15-plugged-again", |now| now.differs(&before, 0.0..1.0) < 0.01)?;
    let changed = after.differs(&before, 0.0..1.0);
    tally.check(
        "a display that is plugged again shows the page",
        told(changed < 0.02, format!("{:.2} % differ", changed * 100.0)),
    );
    Ok(())
}

/// What the sound device was given is the music of these files, one after the other; with `is_whole` without a gap in
/// its first seconds. Gives the place it began at, in seconds.
///
/// # Errors
/// If nothing was played.
pub fn hear(folder: &Path, files: &[PathBuf], is_whole: bool, tally: &mut Tally) -> Result<f64> {
    let heard = sound::played(&folder.join("sound.wav"))?;
    let mut music: Vec<f32> = Vec::new();
    for file in files {
        let mut ffmpeg = Command::new("ffmpeg");
        ffmpeg.args(["-v", "error", "-i"]).arg(file).args(["-ac", "1", "-ar", "48000", "-f", "f32le", "-"]);
        let raw = process::output(&mut ffmpeg)?;
        music.extend(raw.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])));
    }
    let onset = sound::onset(&heard).context("the guest made no sound at all")?;
    let heard = &heard[onset..];
    // Two seconds of it, a while after the start.
    let window = heard.get(3 * 48_000..5 * 48_000).context("the guest played less than five seconds")?;
    let found = sound::find(window, &music);
    let at = found.at as f64 / 48_000.0;
    let detail = format!("correlation {:.4} at {at:.3} s of the music", found.correlation);
    tally.check("what was heard is the track", told(found.correlation >= 0.99, detail));
    let until_pause = &heard[..heard.len().min(20 * 48_000)];
    let gaps = sound::gaps(until_pause, 480);
    let lost: usize = gaps.iter().map(|(_, length)| length).sum();
    let detail = format!("{} gaps of 10 ms or more in the first 20 s, {lost} frames", gaps.len());
    if is_whole {
        tally.check("the sound does not break up", told(gaps.is_empty(), detail));
    } else {
        println!("      {detail}");
    }
    Ok(at - 3.0)
}
