//! End-to-end checks: the built stereo on real music, real damage and real power cuts.
//!
//! Everything goes through the command line of `rusty-audio-sim`; ffmpeg, flac, lame and the rest make the
//! files and say what should come out.

mod cloud;
mod compare;
mod damage;
mod encode;
mod formats;
mod gapless;
mod hostile;
mod library;
mod mpd;
mod mpris;
mod power_cut;
mod raw;
pub mod real_music;
mod remote;
mod sim;
mod tags;

use anyhow::Result;

use crate::test::Tally;
use crate::{cloud as companion, process};

/// One numbered step of `cargo xtask test`.
pub struct Part {
    /// Shown while it runs.
    pub name: &'static str,
    /// Adds its checks to the tally.
    pub run: fn(&mut Tally) -> Result<()>,
}

/// All of them, in order; each builds on what the ones before left in the target folder.
pub const PARTS: [Part; 15] = [
    Part { name: "Build the simulator for the end-to-end checks", run: build },
    Part { name: "Real music: fetch and cut", run: real_music::prepare },
    Part { name: "Every format against its reference decoder", run: formats::check },
    Part { name: "Gapless parts against the undivided", run: gapless::check },
    Part { name: "Tags of real files against ffprobe and mutagen", run: tags::check },
    Part { name: "Damaged and hostile files", run: hostile::check },
    Part { name: "Power cuts", run: power_cut::check },
    Part { name: "Library: a drive with a stick", run: library::journey },
    Part { name: "Library: a hostile stick", run: library::hostile },
    Part { name: "Library: killed at any moment", run: library::cut },
    Part { name: "MPD: mpc", run: mpd::check },
    Part { name: "MPRIS: playerctl", run: mpris::check },
    Part { name: "Web remote: real Chromium", run: remote::check },
    Part { name: "The cloud companion in workerd", run: companion::check },
    Part { name: "The cloud companion: a journey in Chromium", run: cloud::journey },
];

fn build(tally: &mut Tally) -> Result<()> {
    process::run(&mut process::cargo(["build", "-p", "firmware-app", "-p", "desktop-sim"])?)?;
    tally.pass();
    Ok(())
}
