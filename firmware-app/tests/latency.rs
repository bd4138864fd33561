//! A knob turn is handled and published without waiting for anything slow.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod rig;

use std::time::{Duration, Instant};

use firmware_app::protocol::Command;
use rig::{Rig, music};

#[test]
fn volume_turns_are_handled_at_once_while_the_library_and_the_store_are_busy() {
    let names: Vec<String> = (0..300).map(|n| format!("{n:03}.wav")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (data, folder) = (tempfile::tempdir().unwrap(), music(0.2, &names));
    let rig = Rig::start(data.path(), &[folder.path()]);
    rig.play_folder(folder.path(), 300);
    let mut took: Vec<Duration> = (0..200)
        .map(|n| {
            if n % 10 == 0 {
                rig.app.post(firmware_app::event::Event::Command(Command::SetShuffle { on: n % 20 == 0 }));
                rig.app.post(firmware_app::event::Event::Command(Command::Next));
            }
            let since = Instant::now();
            rig.command(Command::VolumeBy { detents: if n % 2 == 0 { 1 } else { -1 } });
            since.elapsed()
        })
        .collect();
    took.sort();
    let (median, slowest) = (took[100], took[199]);
    println!("handled and published in {median:?} (median), {slowest:?} (slowest of 200)");
    // One detent of a fast hand lasts 20 ms; a busy computer may take a thread away for a while.
    assert!(median < Duration::from_millis(20), "{median:?}");
}
