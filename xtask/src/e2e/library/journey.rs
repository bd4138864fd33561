//! A drive with a stick: plugged in, music at once, the index meanwhile, pulled, plugged in again.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::tools;
use crate::e2e::{encode, encode::Codec, real_music, sim};
use crate::test::Tally;
use crate::{music_tree, process};

/// Files on the stick beside the real music.
const FILES: usize = 2_000;
/// Most drives until the stick is scanned, each with 2 s of real time for it: scans are nice to whatever else runs.
const DRIVES: usize = 20;
/// From choosing a file to its sound, on a stick nobody knows.
const AT_ONCE: Duration = Duration::from_millis(300);

/// The whole drive.
///
/// # Errors
/// If the stick cannot be made.
pub fn check(tally: &mut Tally) -> Result<()> {
    let folder = tools::folder("journey")?;
    let stick = folder.join("stick");
    let track = fill(&stick)?;
    tools::age(&stick)?;
    for unit in ["at-once", "yanked", "searched"] {
        std::fs::create_dir_all(folder.join(unit))?;
    }
    let flat = |result: Result<String>| result.map_err(|error| format!("{error:#}"));
    tally.check("sound within 300 ms on an unknown stick", flat(at_once(&folder, &stick, &track)));
    tally.check("pulled and plugged again", flat(yanked(&folder, &stick, &track)));
    tally.check("searched and played by the knob", flat(searched(&folder, &stick)));
    tally.check("the next start knows the stick", flat(known(&folder, &stick, &track)));
    Ok(())
}

/// Two thousand tagged files and one real album; its first track.
fn fill(stick: &Path) -> Result<PathBuf> {
    music_tree::ensure(stick, FILES)?;
    let album = stick.join("Travellers/Long Roads");
    std::fs::create_dir_all(&album)?;
    for number in 0..2 {
        let wav = stick.with_file_name("piece.wav");
        encode::convert(&real_music::piece(number)?, &wav, 2, 44_100, 16)?;
        let file = album.join(format!("{:02} Road {}.flac", number + 1, number + 1));
        Codec::Flac(16).encode(&wav, &file)?;
        let tags = [
            format!("TITLE=Röad Number {}", number + 1),
            "ARTIST=The Travellers".to_owned(),
            "ALBUM=Long Roads".to_owned(),
            format!("TRACKNUMBER={}", number + 1),
        ];
        let tags = tags.map(|tag| format!("--set-tag={tag}"));
        process::output(Command::new("metaflac").args(tags).arg(&file))?;
    }
    Ok(album.join("01 Road 1.flac"))
}

/// Real time, a stick that nobody has scanned.
fn at_once(folder: &Path, stick: &Path, track: &Path) -> Result<String> {
    let script = format!(
        "media plug STICK {stick}\nwait 50ms\nplay {track}\nwait {wait}ms\nexpect transport.state == playing\n\
         expect transport.position_s >= 0.02\nwait 2s\nexpect transport.position_s >= 1.9\n",
        stick = stick.display(),
        track = track.display(),
        wait = AT_ONCE.as_millis()
    );
    let done = sim::script(&script, &folder.join("at-once"), &["--sink", "null"])?;
    sim::passed(&done, 0).map_err(anyhow::Error::msg)?;
    Ok(format!("{FILES} files unknown, sound within {} ms and without a break for 2 s", AT_ONCE.as_millis()))
}

/// On the virtual clock, until the index is whole; then the stick is pulled in the middle of a track.
fn yanked(folder: &Path, stick: &Path, track: &Path) -> Result<String> {
    let (stick, track) = (stick.display(), track.display());
    let script = format!(
        "media plug STICK {stick}\nplay {track}\nwait 20s\nexpect transport.position_s >= 19\n\
         expect now.title == Röad Number 1\n\
         media yank STICK\nwait 3s\nexpect transport.state != playing\nexpect message != \"\"\n\
         media plug \"THE SAME\" {stick}\nwait 5s\nexpect transport.state == playing\n\
         expect now.title == Röad Number 1\nexpect transport.position_s >= 19\nexpect transport.position_s <= 29\n"
    );
    let done = sim::script(&script, &folder.join("yanked"), &["--sink", "virtual"])?;
    sim::passed(&done, 0).map_err(anyhow::Error::msg)?;
    Ok("stops with a message, goes on where it was under another mount name".to_owned())
}

/// Drives until the stick is scanned, each going on where the one before was switched off; then the album is spelt
/// with the knob, opened and played.
fn searched(folder: &Path, stick: &Path) -> Result<String> {
    let unit = folder.join("searched");
    let plug = format!("media plug STICK {}\n", stick.display());
    let scan = format!("{plug}wait 30s\nexpect library.media.0.tracks == {}\n", FILES + 2);
    let drives = (1..=DRIVES)
        .find(|_| {
            sim::script(&scan, &unit, &["--sink", "virtual"]).is_ok_and(|done| sim::passed(&done, 0).is_ok())
        })
        .with_context(|| format!("the stick was not scanned in {DRIVES} drives"))?;
    let script = format!(
        "{plug}wait 1s\npress menu\nturn select -20\nturn select +2\npress select\nexpect page == search\n{}\
         press select\nexpect page == browser\nwait 1s\npress select\nwait 1s\npress select\nwait 2s\n\
         expect transport.state == playing\nexpect now.album == Long Roads\nexpect now.title == Röad Number 1\n\
         expect queue.len == 2\nnext\nexpect now.title == Röad Number 2\n\
         media yank STICK\nwait 2s\n{plug}wait 90s\nexpect library.media.0.tracks == {all}\n\
         expect library.scanned.read == 0\n",
        spelt("LONG ROADS"),
        all = FILES + 2,
    );
    let done = sim::script(&script, &unit, &["--sink", "virtual"])?;
    sim::passed(&done, 0).map_err(anyhow::Error::msg)?;
    Ok(format!(
        "scanned in {drives} drives; `LONG ROADS` spelt by knob finds the album, which plays in order; plugged again, nothing is read"
    ))
}

/// Turns and presses that spell a text on the search page, and bring the knob to the results.
fn spelt(text: &str) -> String {
    // Results, space and erase stand before the letters; the knob begins at A.
    let mut at = 3;
    let mut lines = String::new();
    let mut go = |to: i32, press: &str| {
        lines.push_str(&format!("turn select {:+}\n{press}", to - at).replace("turn select +0\n", ""));
        at = to;
    };
    for letter in text.chars() {
        go(if letter == ' ' { 1 } else { letter as i32 - 'A' as i32 + 3 }, "press select\n");
    }
    go(0, "");
    lines
}

/// The index is searched by command, scanned again without reading a file.
fn known(folder: &Path, stick: &Path, track: &Path) -> Result<String> {
    let db = folder.join("library.db");
    let first = tools::scan_to_end(stick, &db)?;
    ensure!(first["tracks"] == FILES + 2, "{} of {} tracks", first["tracks"], FILES + 2);
    let mut search = Command::new(process::sim("debug")?);
    search.arg("search").arg(&db).args(["roa numb", "--stats"]);
    let said = String::from_utf8_lossy(&process::output(&mut search)?).into_owned();
    ensure!(said.contains("Röad Number 1"), "`roa numb` does not find `Röad Number 1`: {said}");
    let again = tools::scan_to_end(stick, &db)?;
    ensure!(again["read"] == 0, "{} files were read again", again["read"]);
    let name = track.file_name().context("a track without a name")?;
    Ok(format!("{} tracks; a search without accents finds {}", first["tracks"], name.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::spelt;

    #[test]
    fn words_are_spelt_by_the_shortest_turns() {
        assert_eq!(
            spelt("AAC B"),
            "press select\npress select\nturn select +2\npress select\nturn select -4\npress select\n\
             turn select +3\npress select\nturn select -4\n"
        );
    }
}
