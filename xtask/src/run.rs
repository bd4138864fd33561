//! `cargo xtask run`: from a fresh clone to music in one command.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result};

use crate::steps::Steps;
use crate::system::{self, Need};
use crate::{music, process, web};

/// Installs what is missing, builds, finds music and plays it. `args` go to the simulator.
///
/// # Errors
/// If a step fails; the message says which and what to do.
pub fn run(args: &[&str]) -> Result<bool> {
    let args = args.strip_prefix(&["--"]).unwrap_or(args);
    let has = |name: &str| args.iter().any(|arg| *arg == name || arg.starts_with(&format!("{name}=")));
    let windowed = has_display() && !has("--headless");
    let renders = args.first() == Some(&"render");
    let remote = !renders && !has("--no-remote");
    let mut steps = Steps::new(if remote { 5 } else { 4 });

    steps.next("System packages");
    let needs: &[Need] = if windowed { &[Need::Build, Need::Window] } else { &[Need::Build] };
    steps.done(&system::ensure(needs)?);

    if remote {
        steps.next("Build the web remote for phones (the first time takes some minutes)");
        steps.done(&web_remote());
    }

    steps.next("Build the stereo (the first time takes some minutes, after that seconds)");
    process::run(&mut process::cargo(["build", "-p", "firmware-app", "-p", "desktop-sim"])?)?;
    steps.done("built");

    let mut command = std::process::Command::new(process::sim("debug")?);
    steps.next("Music");
    if renders || has("--music") {
        steps.done("from your own arguments");
    } else {
        let music = music::find()?;
        steps.done(&format!("music from {}", music.origin));
        command.arg("--music").arg(music.folder);
    }

    if renders {
        steps.next("Render");
    } else {
        steps.next("Play");
        if !has("--data") {
            command.arg("--data").arg(process::target_dir()?.join("simulated-unit"));
        }
        choose_sink(&mut command, windowed, has("--headless"), has("--sink"));
    }
    command.args(args).current_dir(std::env::current_dir()?);
    println!("      {}", process::shown(&command));
    let status = command.stdin(Stdio::inherit()).status().context("cannot start the simulator")?;
    Ok(status.success())
}

/// Builds the remote; music does not wait for what only phones need, so what is missing is said and no more.
fn web_remote() -> String {
    match web::build(web::Mode::Release) {
        Ok(report) => report.verdict(),
        Err(why) => format!("going on without it, phones see a page that says so: {why:#}"),
    }
}

/// Adds what fits the machine and says in one line what will be seen and heard.
fn choose_sink(command: &mut std::process::Command, windowed: bool, headless_asked: bool, sink_asked: bool) {
    let sound = has_sound();
    if windowed {
        println!("      A window opens: turn the knobs with the mouse wheel; `-- --help` lists the keys.");
    } else {
        if !headless_asked {
            command.arg("--headless");
            println!(
                "      No display here (DISPLAY and WAYLAND_DISPLAY are not set), so it plays headless."
            );
            println!(
                "      For a window, run it from a desktop session, or under Xvfb: xvfb-run cargo xtask run"
            );
        }
        println!("      Stop it with Ctrl-C; `cargo xtask run -- --seconds 30` stops by itself.");
    }
    if !sink_asked {
        command.args(["--sink", if sound { "device" } else { "null" }]);
        if !sound {
            println!("      No sound device here, so it plays in real time into nothing.");
            println!("      To hear it from a file: cargo xtask run -- --sink wav:out.wav --seconds 30");
        }
    }
}

/// Whether a window can be opened.
pub fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(any(target_os = "windows", target_os = "macos")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// A sound card, or a sound server that stands in for one.
pub fn has_sound() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let card = std::fs::read_dir("/dev/snd").is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            name.starts_with("pcm") && name.ends_with('p')
        })
    });
    let server = std::env::var_os("PULSE_SERVER").is_some()
        || std::env::var_os("XDG_RUNTIME_DIR")
            .is_some_and(|folder| Path::new(&folder).join("pulse/native").exists());
    card || server
}
