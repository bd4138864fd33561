//! Instructions per second of audio, counted by callgrind: the slope between a short and a longer file.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::work::{self, Work};
use crate::bench::callgrind::counted;

const SHORT_S: u32 = 10;
const LONG_S: u32 = 20;

/// Million user instructions per second of audio.
///
/// # Errors
/// If valgrind fails.
pub fn per_second(work: Work, folder: &Path) -> Result<f64> {
    let mut counts = [0.0; 2];
    for (count, seconds) in counts.iter_mut().zip([SHORT_S, LONG_S]) {
        let music = work::music(folder, seconds)?;
        *count = counted(&work.command(&music, folder)?)
            .with_context(|| format!("cannot count the instructions of {}", work.name()))?;
    }
    let slope = (counts[1] - counts[0]) / f64::from(LONG_S - SHORT_S) / 1e6;
    // A tenth of a million is two instructions a frame: nothing was decoded.
    ensure!(slope > 0.1, "{} did nothing under valgrind", work.name());
    Ok(slope)
}
