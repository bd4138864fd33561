//! A stick made to kill the reader of its tags: the scan ends, the reader stays small, nothing outside is seen,
//! and a title in markup is shown letter by letter.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{bombs, bytes, kin, names, tools};
use crate::e2e::sim;
use crate::test::Tally;
use crate::{measure, process};

/// Most resident memory of a worker.
const WORKER_MEMORY: u64 = 128 << 20;
/// Most CPU seconds of a scan of one file; starting two processes and making an index is part of it.
const FILE_CPU_S: f64 = 1.0;
/// Longest a scan of one file may take on the clock, whatever else the machine does.
const FILE_PATIENCE: Duration = Duration::from_secs(30);
/// Longest the scan of the whole tree may take, and what each empty file adds. Scans are nice to whatever else runs.
const PATIENCE: Duration = Duration::from_secs(400);
const PATIENCE_EMPTY: Duration = Duration::from_micros(600);

/// How many empty files there are: `RUSTY_AUDIO_EMPTY_FILES`, a million at night.
fn empty_files() -> Result<usize> {
    match std::env::var("RUSTY_AUDIO_EMPTY_FILES") {
        Ok(text) => text.parse().with_context(|| format!("RUSTY_AUDIO_EMPTY_FILES is `{text}`")),
        Err(_) => Ok(20_000),
    }
}

/// All checks.
///
/// # Errors
/// If the files cannot be made.
pub fn check(tally: &mut Tally) -> Result<()> {
    let folder = tools::folder("hostile")?;
    let stick = folder.join("stick");
    std::fs::create_dir_all(stick.join("bombs"))?;
    let honest = names::write(&stick)?;
    let bombs = bombs::all()?;
    for (name, bytes) in &bombs {
        std::fs::write(stick.join("bombs").join(name), bytes)?;
    }
    pictures_beside(&stick)?;
    playlists(&stick)?;
    let empty = empty_files()?;
    names::write_empty(&stick.join("empty"), empty)?;
    tools::age(&stick)?;
    println!("      {honest} honest tracks, {} bombs, {empty} empty files", bombs.len());
    let flat = |result: Result<String>| result.map_err(|error| format!("{error:#}"));
    tally.check("the hostile tree is scanned", flat(whole(&folder, &stick, honest, empty)));
    tally.check("each bomb by itself", flat(one_by_one(&folder, &bombs)));
    tally.check("markup is shown literally", flat(markup(&folder)));
    std::fs::remove_dir_all(&folder).context("the hostile tree cannot be removed")
}

/// Folders whose cover is a bomb.
fn pictures_beside(stick: &Path) -> Result<()> {
    let png = bytes::black_png(15_800, 15_800)?;
    for (name, picture) in bombs::pictures(&png, &bytes::png_data(&png)) {
        let folder = stick.join("covers").join(name);
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("cover.png"), picture)?;
        std::fs::write(folder.join("track.mp3"), bytes::tagged_mp3("Covered", "Nobody", name))?;
    }
    Ok(())
}

/// Lists without end, lists of themselves, lists of what is elsewhere.
fn playlists(stick: &Path) -> Result<()> {
    let folder = stick.join("lists");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("long.m3u"), "../names/dots...mp3\n".repeat(400_000))?;
    std::fs::write(folder.join("self.m3u"), "self.m3u\nother.m3u\n")?;
    std::fs::write(folder.join("other.m3u"), "self.m3u\n")?;
    std::fs::write(
        folder.join("away.m3u8"),
        "/etc/passwd\n../../../../../etc/passwd\n../links/etc/passwd\n",
    )?;
    let entity = "<?xml version='1.0'?><!DOCTYPE p [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><playlist>\
                  <trackList><track><location>&a;</location></track></trackList></playlist>";
    std::fs::write(folder.join("entity.xspf"), entity)?;
    std::fs::write(
        folder.join("away.cue"),
        "FILE \"../../../etc/passwd\" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n",
    )?;
    Ok(())
}

/// One scan over everything, watched from outside; then again.
fn whole(folder: &Path, stick: &Path, honest: usize, empty: usize) -> Result<String> {
    let db = folder.join("library.db");
    let mut command = tools::scan(stick, &db)?;
    // Into files: nobody reads the pipes while the scan is watched.
    let (said, complained) = (folder.join("said.json"), folder.join("complained.txt"));
    command.stdout(std::fs::File::create(&said)?).stderr(std::fs::File::create(&complained)?);
    let mut scan = command.spawn().context("cannot start the scan")?;
    let (began, mut watch) = (Instant::now(), kin::Watch::default());
    let patience = PATIENCE + PATIENCE_EMPTY * u32::try_from(empty)?;
    let status = loop {
        if let Some(status) = scan.try_wait()? {
            break status;
        }
        watch.look(scan.id());
        if began.elapsed() > patience {
            scan.kill()?;
            scan.wait()?;
            anyhow::bail!("the scan still ran after {} s", patience.as_secs());
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let took = began.elapsed();
    let complaint = std::fs::read_to_string(&complained)?;
    ensure!(status.success(), "the scan ended with {status}: {}", tail(&complaint));
    let stats: Value = serde_json::from_slice(&std::fs::read(&said)?)?;
    ensure!(
        !kin::is_told() || !watch.peaks.is_empty(),
        "no worker was seen: files were read by the scan itself"
    );
    let told = stats["peak_rss_worker_bytes"].as_u64().unwrap_or(0);
    let peak = watch.peak().max(told);
    ensure!(peak < WORKER_MEMORY, "a worker took {} MB", peak >> 20);

    tools::whole_index(&db)?;
    let dump = tools::dump(&db)?;
    found(&dump, honest)?;
    let seen = dump.lines().filter(|line| line.starts_with("track\tempty/")).count();
    ensure!(seen == empty, "{seen} of {empty} empty files are known");
    let again = tools::scan_to_end(stick, &db)?;
    ensure!(again["read"] == 0, "the unchanged tree was read again: {} files", again["read"]);
    Ok(format!(
        "{} files in {:.1} s, {} of them tracks, workers took {} MB at most; nothing read again",
        stats["files"],
        took.as_secs_f64(),
        stats["tracks"],
        peak >> 20
    ))
}

/// Everything honest is there, and nothing from outside.
fn found(dump: &str, honest: usize) -> Result<()> {
    let tracks: Vec<Vec<&str>> = dump
        .lines()
        .filter_map(|line| line.strip_prefix("track\t"))
        .map(|line| line.split('\t').collect())
        .collect();
    let honest_found =
        tracks.iter().filter(|fields| ["names", "tags"].contains(&fields[0]) && fields[2] == "0").count();
    ensure!(honest_found == honest, "{honest_found} of {honest} honest tracks were found");
    let outside =
        tracks.iter().find(|fields| fields.iter().any(|field| field.contains("Outside the medium")));
    ensure!(outside.is_none(), "a link led outside: {outside:?}");
    let through = tracks.iter().find(|fields| fields[0].starts_with("links"));
    ensure!(through.is_none(), "a link was followed: {through:?}");
    let controls = dump.lines().find(|line| line.contains("\\x1b[2J"));
    ensure!(controls.is_none(), "control characters are kept: {controls:?}");
    Ok(())
}

fn one_by_one(folder: &Path, bombs: &[(String, Vec<u8>)]) -> Result<String> {
    let place = folder.join("single");
    let mut slowest = (0.0, String::new());
    let mut failures = Vec::new();
    for (name, bytes) in bombs {
        std::fs::create_dir_all(&place)?;
        std::fs::write(place.join(name), bytes)?;
        let db = folder.join("single.db");
        let done = measure::measure(&tools::scan(&place, &db)?, FILE_PATIENCE)?;
        if done.code != Some(0) || done.timed_out || done.cpu_s > FILE_CPU_S {
            failures.push(format!(
                "{name}: {}, {:.2} s CPU; {}",
                sim::ending(&done),
                done.cpu_s,
                tail(&done.stderr)
            ));
        }
        if done.cpu_s > slowest.0 {
            slowest = (done.cpu_s, name.clone());
        }
        std::fs::remove_dir_all(&place)?;
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(folder.join(format!("single.db{end}")));
        }
    }
    ensure!(failures.is_empty(), "{}", failures.join("; "));
    Ok(format!("{} scans, the slowest `{}` with {:.2} s CPU", bombs.len(), slowest.1, slowest.0))
}

/// A title in markup beside the same title as markup would show it: on the screen they differ over the width of
/// what would have been taken away.
fn markup(folder: &Path) -> Result<String> {
    let literal = picture(folder, "literal", names::MARKUP)?;
    let interpreted = picture(folder, "interpreted", "x y z")?;
    let again = picture(folder, "again", "x y z")?;
    ensure!(literal.size == interpreted.size, "the pictures differ in size");
    ensure!(difference(&interpreted, &again).is_none(), "the same title looks different twice");
    let (left, right) = difference(&literal, &interpreted).context("both titles look the same")?;
    let width = right - left;
    // 23 characters against 5, at a title's size; a bold letter would differ by less than a tenth of it.
    ensure!(width * 6 > literal.size.0, "the titles differ over {width} of {} pixels only", literal.size.0);
    Ok(format!("`{}` differs from `x y z` over {width} of {} pixels", names::MARKUP, literal.size.0))
}

struct Picture {
    size: (u32, u32),
    pixels: Vec<u8>,
}

fn picture(folder: &Path, name: &str, title: &str) -> Result<Picture> {
    let place: PathBuf = folder.join(format!("markup-{name}"));
    let music = place.join("music");
    std::fs::create_dir_all(&music)?;
    std::fs::write(music.join("track.mp3"), bytes::tagged_mp3(title, "Nobody", "Markup"))?;
    let script = format!(
        "play {}\nexpect now.title == \"{title}\"\npause\nseek 0\nwait 3s\nscreenshot screen.png\n",
        music.join("track.mp3").display()
    );
    let done = sim::script(&script, &place, &["--sink", "virtual", "--music", &music.display().to_string()])?;
    sim::passed(&done, 0).map_err(anyhow::Error::msg)?;
    let file = std::io::BufReader::new(std::fs::File::open(place.join("screen.png"))?);
    let mut reader = png::Decoder::new(file).read_info()?;
    let mut pixels = vec![0; reader.output_buffer_size().context("a picture too large")?];
    let frame = reader.next_frame(&mut pixels)?;
    Ok(Picture { size: (frame.width, frame.height), pixels })
}

/// First and last column that differ.
fn difference(a: &Picture, b: &Picture) -> Option<(u32, u32)> {
    let a_pixel = a.pixels.len() / (a.size.0 * a.size.1).max(1) as usize;
    let columns = a.pixels.chunks(a_pixel).zip(b.pixels.chunks(a_pixel)).enumerate();
    let differing = columns.filter(|(_, (a, b))| a != b).map(|(at, _)| at as u32 % a.size.0);
    differing.fold(None, |range, column| {
        let (left, right) = range.unwrap_or((column, column));
        Some((column.min(left), column.max(right)))
    })
}

/// The end of what a program said.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().rev().filter(|line| !line.trim().is_empty()).take(3).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join(" | ")
}

/// Used by no check on a system without Debian's tools.
pub fn is_possible() -> bool {
    cfg!(target_os = "linux")
        && process::on_path("mkfifo")
        && Command::new("sh").arg("-c").arg(":").status().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_differ_are_found() {
        let white = Picture { size: (10, 3), pixels: vec![255; 90] };
        let mut other = Picture { size: (10, 3), pixels: vec![255; 90] };
        assert_eq!(difference(&white, &other), None);
        other.pixels[(10 + 2) * 3] = 0;
        other.pixels[(20 + 7) * 3 + 1] = 0;
        assert_eq!(difference(&white, &other), Some((2, 7)));
    }

    #[test]
    fn a_dump_with_an_outsider_fails() {
        let line = |folder: &str, title: &str| format!("track\t{folder}\tx.mp3\t0\t1\t1\t1\t{title}");
        assert!(found(&line("names", "a"), 1).is_ok());
        assert!(found(&line("names", "a"), 2).is_err());
        assert!(found(&line("names", "Outside the medium"), 1).is_err());
        assert!(found(&format!("{}\n{}", line("names", "a"), line("links/up", "b")), 1).is_err());
    }
}
