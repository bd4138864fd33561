//! A real Chromium: one that is there, else Debian's package.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::system::{self, Need};

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The browser's program; `CHROME` names another one.
///
/// # Errors
/// If there is none and none can be installed.
pub fn find() -> Result<PathBuf> {
    if let Some(set) = std::env::var_os("CHROME").filter(|set| !set.is_empty()) {
        return Ok(set.into());
    }
    if let Some(there) = NAMES.into_iter().find_map(process::find_on_path) {
        return Ok(there);
    }
    if !system::offers(Need::Browser) {
        bail!("no Chromium or Chrome is on the search path; CHROME can name one");
    }
    system::ensure(&[Need::Browser])?;
    process::find_on_path("chromium").context("Debian's chromium brought no program of that name")
}
