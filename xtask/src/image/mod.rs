//! The stereo on a machine of its own: Debian's kernel and the player, nothing else, in QEMU.
//!
//! `cargo xtask vm --quick` is for whoever changes the screen, the knobs or the sound: from a build to the player
//! on a real kernel's display within a minute. It is not the image that is flashed.

mod appliance;
mod bmap;
mod boot;
mod build;
mod cpio;
mod drive;
mod flash;
mod gpt;
mod guest;
mod inside;
mod kernel;
mod keys;
mod mkosi;
mod picture;
mod qemu;
mod sbom;
mod sound;
mod stick;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

pub use self::build::command as build;
pub use self::flash::command as flash;
use self::kernel::Kernel;
pub use self::keys::command as keys;
use self::qemu::{Boot, Machine};
use crate::steps::Steps;
use crate::system::{self, Need};
use crate::test::Tally;
use crate::{demo, process};

/// `cargo xtask vm --quick [-- ARGS]`: boots straight into the player and drives it by script; ARGS go to the
/// player.
///
/// # Errors
/// If it cannot be built or booted.
pub fn quick(args: &[&str]) -> Result<bool> {
    let args = args.strip_prefix(&["--"]).unwrap_or(args);
    let mut steps = Steps::new(4);
    steps.next("System packages");
    steps.done(&system::ensure(&[Need::Build, Need::Test, Need::Image])?);
    steps.next("Build the player");
    // Both packages, so that their dependencies are built with the features everything else here builds them with.
    let build = ["build", "-p", "firmware-app", "-p", "desktop-sim", "--bin", "rusty-audio"];
    process::run(&mut process::cargo(build)?)?;
    steps.done("built");

    steps.next("Kernel, player and music in one archive");
    let folder = process::target_dir()?.join("vm");
    let kernel = Kernel::fetch(&folder)?;
    let track = track()?;
    let player = stripped(&folder)?;
    let archive = guest::initramfs(&kernel, &player, std::slice::from_ref(&track), args)?;
    let initramfs = folder.join("quick.cpio");
    std::fs::write(&initramfs, &archive)?;
    steps.done(&format!("{} MB", archive.len() / 1_000_000));

    steps.next("Boot and drive");
    let run = folder.join("quick");
    let mut machine = Machine::start(&Boot { board: quick_board(&kernel.image, &initramfs), folder: &run })?;
    let mut tally = Tally::default();
    let outcome = drive::drive(&mut machine, &run, &track, &mut tally);
    let took = machine.elapsed();
    drop(machine);
    steps.done(&format!(
        "{} passed, {} failed in {:.0} s; pictures, sound and log in {}",
        tally.passed,
        tally.failures.len(),
        took.as_secs_f64(),
        run.display()
    ));
    outcome?;
    tally.print_details();
    Ok(tally.failures.is_empty())
}

/// `cargo xtask test --image [--as-built]`: builds the x86_64 image and boots it on an emulated machine.
///
/// # Errors
/// If it cannot be built or booted.
pub fn test(args: &[&str]) -> Result<bool> {
    let mut steps = Steps::new(6);
    let order = build::Order::parse(&[&["--board", "x86_64"], args].concat())?;
    let built = match build::last(&order)? {
        Some(built) if args.contains(&"--as-built") => built,
        _ => build::build(&order, &mut steps)?,
    };
    steps.next("Boot and drive");
    let folder = process::target_dir()?.join("vm").join("image");
    std::fs::create_dir_all(&folder)?;
    let mut tally = Tally::default();
    let outcome = boot::check(&built.disk, &folder, &mut tally);
    let counted = format!("{} passed, {} failed", tally.passed, tally.failures.len());
    steps.done(&format!("{counted}; pictures, sound and log in {}", folder.display()));
    outcome?;
    tally.print_details();
    Ok(tally.failures.is_empty())
}

fn quick_board(kernel: &Path, initramfs: &Path) -> Vec<String> {
    let path = |path: &Path| path.display().to_string();
    let mut board: Vec<String> = ["-machine", "pc", "-no-reboot"].map(str::to_owned).to_vec();
    board.extend(["-kernel".to_owned(), path(kernel), "-initrd".to_owned(), path(initramfs)]);
    board.extend(["-append", "console=ttyS0 quiet loglevel=3 panic=-1"].map(str::to_owned));
    board
}

/// A track of the demo album that is stored without loss.
fn track() -> Result<PathBuf> {
    let album = process::target_dir()?.join("demo-music");
    demo::ensure(&album)?;
    let mut open = vec![album];
    let mut tracks = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder)?.flatten() {
            let path = entry.path();
            match path.extension() {
                _ if path.is_dir() => open.push(path),
                Some(ending) if ["flac", "wav"].iter().any(|known| ending == *known) => tracks.push(path),
                _ => {}
            }
        }
    }
    tracks.sort();
    tracks.into_iter().next().context("the demo album holds nothing without loss")
}

/// The player without its debug information, which would fill the machine's memory.
fn stripped(folder: &Path) -> Result<PathBuf> {
    let player = process::target_dir()?.join("debug").join("rusty-audio");
    let to = folder.join("rusty-audio");
    process::output(std::process::Command::new("strip").arg("-o").arg(&to).arg(&player))?;
    Ok(to)
}
