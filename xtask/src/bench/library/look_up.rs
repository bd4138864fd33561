//! Searching and leafing through the index of the larger tree; MPD searches for the same.

use std::path::Path;

use anyhow::Result;

/// What looking up took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Found {
    /// Different words searched for.
    pub words: usize,
    /// Searches measured.
    pub searches: u64,
    /// Milliseconds.
    pub search_median_ms: f64,
    /// Milliseconds.
    pub search_p99_ms: f64,
    /// Pages measured.
    pub pages: u64,
    /// Milliseconds.
    pub page_p99_ms: f64,
    /// Milliseconds on the clock.
    pub mpd_median_ms: f64,
}

/// Measures.
///
/// # Errors
/// If a side fails.
pub fn measure(_tree: &Path, _folder: &Path) -> Result<Found> {
    anyhow::bail!("not yet")
}
