//! The demo album: original music, composed and synthesised here, so that a machine without music can play.
//!
//! `pieces` holds the compositions, `synth` the instruments and effects, `write` the file formats,
//! `cover` the artwork, `album` what becomes which file.

mod album;
mod cover;
mod loudness;
mod pieces;
mod score;
mod synth;
pub mod write;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};

use crate::process;
use crate::steps::seconds;

/// Frames per second of everything in here.
pub const RATE: u32 = 44_100;

/// Rises with every change that can be heard or seen, so that an older album is made anew.
const VERSION: u32 = 2;

/// `cargo xtask demo [DIR]`.
///
/// # Errors
/// If the files cannot be written.
pub fn command(folder: Option<&str>) -> Result<bool> {
    let folder = match folder {
        Some(folder) => PathBuf::from(folder),
        None => process::target_dir()?.join("demo-music"),
    };
    ensure(&folder)?;
    println!("The demo album is in {}", folder.display());
    Ok(true)
}

/// Makes the album unless this version of it is there already.
///
/// # Errors
/// If the files cannot be written.
pub fn ensure(folder: &Path) -> Result<()> {
    let formats = album::Formats::of_this_machine();
    let stamp = format!("{VERSION} {formats:?}\n");
    let stamp_path = folder.join(".version");
    if std::fs::read_to_string(&stamp_path).is_ok_and(|found| found == stamp) {
        return Ok(());
    }
    println!("      making the demo album (once; a few seconds)");
    let began = Instant::now();
    std::fs::create_dir_all(folder).with_context(|| format!("cannot write to {}", folder.display()))?;
    let made = folder.join(album::TITLE);
    if made.exists() {
        std::fs::remove_dir_all(&made)?;
    }
    album::make(&made, &formats)?;
    // Last, so that a run broken off half-way is noticed.
    std::fs::write(stamp_path, stamp)?;
    println!("      made in {}", seconds(began.elapsed()));
    Ok(())
}
