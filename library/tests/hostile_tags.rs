//! Tags made to kill their reader, read in the worker: each within a second, the worker within 128 MB.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod common;
#[path = "hostile_tags/cousins.rs"]
mod cousins;

use common::Scene;
use library::{LibraryError, MediumRoot, Worker, WorkerCommand};
use std::path::Path;
use std::time::{Duration, Instant};

/// Most memory the worker may ever have held.
const MAX_MEMORY_KB: u64 = 128 << 10;

/// Most time on the processor for one file, and most that may pass while other work goes on beside.
const MAX_TIME: Duration = Duration::from_secs(1);
const MAX_WAIT: Duration = Duration::from_secs(8);

/// The most memory the worker ever held, in kB, and the time it has spent on the processor.
fn spent(worker: &Worker) -> (u64, Duration) {
    let Some(id) = worker.process_id() else { return (0, Duration::ZERO) };
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
    let time = std::fs::read_to_string(format!("/proc/{id}/schedstat")).unwrap_or_default();
    let time =
        time.split_ascii_whitespace().next().and_then(|nanoseconds| nanoseconds.parse().ok()).unwrap_or(0);
    (peak.unwrap_or(0), Duration::from_nanos(time))
}

#[test]
fn every_cousin_within_a_second_and_128_megabytes() {
    let scene = Scene::new();
    let files = cousins::all();
    assert!(files.len() >= 60, "{}", files.len());
    for (name, bytes) in &files {
        scene.write(name, bytes);
    }
    let medium = MediumRoot::open(scene.path()).unwrap();
    let command = WorkerCommand { program: env!("CARGO_BIN_EXE_library-worker").into(), args: Vec::new() };
    let mut worker = Worker::new(command);
    let (mut peak, mut slowest) = (0, (Duration::ZERO, String::new()));
    for (name, _) in &files {
        let (_, before) = spent(&worker);
        let began = Instant::now();
        let tags = worker.read_track(&medium, Path::new(name));
        let art = worker.read_art(&medium, Path::new(name), 480);
        let waited = began.elapsed();
        // Killed over this file is an answer too, but none of these needs it.
        assert_ne!(tags, Err(LibraryError::Hostile), "{name}");
        assert_ne!(art, Err(LibraryError::Hostile), "{name}");
        let (held, after) = spent(&worker);
        let took = after.saturating_sub(before);
        assert!(took < MAX_TIME && waited < MAX_WAIT, "{name}: {took:?}, {waited:?}");
        assert!(held < MAX_MEMORY_KB, "{name}: {held} kB");
        peak = peak.max(held);
        if took > slowest.0 {
            slowest = (took, name.clone());
        }
    }
    assert!(peak > 0, "the worker's memory was not seen");
    eprintln!(
        "{} files, at most {} MB, the slowest {} in {:?}",
        files.len(),
        peak >> 10,
        slowest.1,
        slowest.0
    );
}

#[test]
fn nothing_shown_can_break_a_line_or_its_direction() {
    let scene = Scene::new();
    let markup = cousins::all().into_iter().find(|(name, _)| name == "markup.mp3").unwrap();
    let info = library::read_track(&scene.write("markup.mp3", &markup.1)).unwrap();
    // A tag is text: what looks like markup stays as it is, and the pages show it as text.
    assert_eq!(info.title, "a bc<b>d</b>");
}
