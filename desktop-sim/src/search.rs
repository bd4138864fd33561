//! `rusty-audio-sim search DB TEXT`: what an index finds, and how long it takes.

use std::io::{self, Write};
use std::time::Duration;

use anyhow::{Context, Result};
use firmware_app::catalog_tools::{self, Item, Searched};
use serde_json::{Value, json};

use crate::cli::SearchArgs;

/// Searches, and prints what was found as JSON.
///
/// # Errors
/// The index cannot be used.
pub fn run(args: &SearchArgs) -> Result<()> {
    let repeats = if args.stats { usize::try_from(args.repeat).unwrap_or(1) } else { 1 };
    let searched = catalog_tools::search(&args.db, &args.text, args.limit.into(), repeats)?;
    let mut report = found(&searched);
    if args.stats
        && let Value::Object(report) = &mut report
    {
        report.insert("stats".to_owned(), stats(&searched));
    }
    writeln!(io::stdout(), "{report:#}").context("standard output cannot be written")
}

fn found(searched: &Searched) -> Value {
    let list = |items: &[Item]| items.iter().map(item).collect::<Vec<_>>();
    json!({
        "artists": list(&searched.found.artists),
        "albums": list(&searched.found.albums),
        "tracks": list(&searched.found.tracks),
    })
}

fn item(item: &Item) -> Value {
    match item {
        Item::Album { title, artist, year, tracks, .. } => {
            json!({ "title": title, "artist": artist, "year": year, "tracks": tracks })
        }
        Item::Track { title, artist, album, duration_ms, relative, .. } => json!({
            "title": title,
            "artist": artist,
            "album": album,
            "duration_ms": duration_ms,
            "path": relative.to_string_lossy(),
        }),
        Item::Artist { name, albums, tracks, .. }
        | Item::Genre { name, albums, tracks, .. }
        | Item::Composer { name, albums, tracks, .. } => {
            json!({ "name": name, "albums": albums, "tracks": tracks })
        }
        Item::Year { year, albums, tracks } => json!({ "year": year, "albums": albums, "tracks": tracks }),
        Item::Folder { name, relative, tracks, .. } => {
            json!({ "name": name, "tracks": tracks, "path": relative.to_string_lossy() })
        }
    }
}

/// Milliseconds of the repetitions, and how much was searched and found.
fn stats(searched: &Searched) -> Value {
    let mut times = searched.times.clone();
    times.sort_unstable();
    let ms = |time: Option<&Duration>| time.map(|time| time.as_secs_f64() * 1000.0);
    let last = times.len().saturating_sub(1);
    // The nearest rank: at least 99 of 100 took no longer.
    let p99 = (times.len() * 99).div_ceil(100).saturating_sub(1);
    json!({
        "repeats": times.len(),
        "best_ms": ms(times.first()),
        "median_ms": ms(times.get(last / 2)),
        "p99_ms": ms(times.get(p99)),
        "artists": searched.found.artists.len(),
        "albums": searched.found.albums.len(),
        "tracks": searched.found.tracks.len(),
        "tracks_in_index": searched.tracks,
    })
}

#[cfg(test)]
mod tests {
    use super::{found, stats};
    use firmware_app::catalog_tools::{SearchResult, Searched};
    use serde_json::json;
    use std::time::Duration;

    #[test]
    fn times_are_ranked() {
        let times = (1..=100).rev().map(Duration::from_millis).collect();
        let searched = Searched { found: SearchResult::default(), tracks: 7, times };
        let stats = stats(&searched);
        assert_eq!(stats["best_ms"], json!(1.0));
        assert_eq!(stats["median_ms"], json!(50.0));
        assert_eq!(stats["p99_ms"], json!(99.0));
        assert_eq!((&stats["repeats"], &stats["tracks_in_index"]), (&json!(100), &json!(7)));
        assert_eq!(found(&searched), json!({ "artists": [], "albums": [], "tracks": [] }));
    }
}
