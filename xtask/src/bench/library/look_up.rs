//! Searching and leafing through the index of the larger tree; MPD searches for the same.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::mpd::Mpd;
use crate::process;

/// Rounds over all words and lists.
const ROUNDS: &str = "20";
/// Parts of words that the trees hold, as somebody would type them; some stand nowhere.
const WORDS: [&str; 40] = [
    "a",
    "th",
    "arc",
    "birds",
    "ircui",
    "dream",
    "engi",
    "foxes",
    "garden",
    "arbour",
    "isla",
    "junct",
    "kit",
    "lanterns",
    "ount",
    "nomad",
    "orchestra",
    "parad",
    "quar",
    "river",
    "satell",
    "theory",
    "union",
    "vall",
    "wolv",
    "motor",
    "rontgen",
    "zizkov",
    "sigur",
    "neon",
    "midnight letters",
    "northern ar",
    "jazz",
    "indie ro",
    "caf",
    "доро",
    "2",
    "emigres",
    "qzxv",
    "various",
];

/// What looking up took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Found {
    /// Different words searched for.
    pub words: usize,
    /// Searches measured.
    pub searches: usize,
    /// Milliseconds.
    pub search_median_ms: f64,
    /// Milliseconds.
    pub search_p99_ms: f64,
    /// Pages measured.
    pub pages: usize,
    /// Milliseconds.
    pub page_p99_ms: f64,
    /// Milliseconds on the clock.
    pub mpd_median_ms: f64,
}

/// Measures; the index and the tree are those of the larger size.
///
/// # Errors
/// If a side fails.
pub fn measure(tree: &Path, db: &Path, folder: &Path) -> Result<Found> {
    process::run(&mut process::cargo([
        "build",
        "-q",
        "--release",
        "-p",
        "library",
        "--example",
        "look_up",
    ])?)?;
    let mut ours = Command::new(process::target_dir()?.join("release/examples/look_up"));
    let said: Value = serde_json::from_slice(&process::output(ours.arg(db).arg(ROUNDS).args(WORDS))?)?;
    let (search, page) = (sorted(&said["search_ms"])?, sorted(&said["page_ms"])?);
    ensure!(said["found"].as_u64().unwrap_or(0) > 1000, "the searches found next to nothing");

    let mpd = Mpd::start(&folder.join("mpd"), tree)?;
    mpd.update()?;
    let mut theirs = Vec::new();
    for word in WORDS {
        theirs.push(mpd.search(word)?.1.wall_s * 1e3);
    }
    theirs.sort_by(f64::total_cmp);
    Ok(Found {
        words: WORDS.len(),
        searches: search.len(),
        search_median_ms: part(&search, 0.5),
        search_p99_ms: part(&search, 0.99),
        pages: page.len(),
        page_p99_ms: part(&page, 0.99),
        mpd_median_ms: part(&theirs, 0.5),
    })
}

fn sorted(list: &Value) -> Result<Vec<f64>> {
    let mut times: Vec<f64> = list.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    ensure!(times.len() > 500, "only {} times", times.len());
    times.sort_by(f64::total_cmp);
    Ok(times)
}

/// The value that this part of the sorted ones does not exceed.
fn part(sorted: &[f64], of: f64) -> f64 {
    let rank = (sorted.len() as f64 * of).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().context("no times").unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::part;

    #[test]
    fn parts_are_ranks() {
        let times: Vec<f64> = (1..=200).map(f64::from).collect();
        assert_eq!((part(&times, 0.5), part(&times, 0.99), part(&times, 1.0)), (100.0, 198.0, 200.0));
        assert_eq!(part(&[7.0], 0.5), 7.0);
    }
}
