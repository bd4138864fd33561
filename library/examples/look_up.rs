//! How long looking up takes: `look_up DB ROUNDS WORD…` searches for each word and leafs through every list,
//! and writes the milliseconds of each as JSON: `{"search_ms": […], "page_ms": […], "found": N}`.
#![allow(clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::time::Instant;

use library::{Anchor, IndexReader, MediumKey, PageRequest, View};

type Failure = Box<dyn std::error::Error>;

/// Rows of a page, as the unit asks for them.
const ROWS: usize = 50;
/// Results of each kind.
const RESULTS: usize = 50;
/// Pages leafed through from each end of a list.
const PAGES: usize = 40;

fn main() -> Result<(), Failure> {
    let mut args = std::env::args().skip(1);
    let usage = "look_up DB ROUNDS WORD…";
    let db = args.next().ok_or(usage)?;
    let rounds: usize = args.next().ok_or(usage)?.parse()?;
    let words: Vec<String> = args.collect();
    let reader = IndexReader::open(Path::new(&db))?;
    let media: Vec<MediumKey> = reader.media()?.iter().map(|medium| medium.key).collect();
    let (mut search_ms, mut page_ms, mut found) = (Vec::new(), Vec::new(), 0);
    for _ in 0..rounds {
        for word in &words {
            let began = Instant::now();
            let result = reader.search(word, &media, RESULTS)?;
            search_ms.push(began.elapsed().as_secs_f64() * 1e3);
            found += result.tracks.len() + result.albums.len() + result.artists.len();
        }
        for view in views(&media) {
            leaf(&reader, &view, &media, &mut page_ms)?;
        }
    }
    println!("{}", serde_json::json!({ "search_ms": search_ms, "page_ms": page_ms, "found": found }));
    Ok(())
}

fn views(media: &[MediumKey]) -> Vec<View> {
    let mut views = vec![
        View::Artists,
        View::Albums,
        View::Tracks,
        View::Genres,
        View::Composers,
        View::Years,
        View::RecentlyAdded,
        View::MostPlayed,
        View::RecentlyPlayed,
    ];
    views.extend(media.iter().map(|medium| View::Folder(*medium, PathBuf::new())));
    views
}

/// From the start, from the end, and by letters.
fn leaf(
    reader: &IndexReader,
    view: &View,
    media: &[MediumKey],
    page_ms: &mut Vec<f64>,
) -> Result<(), Failure> {
    let mut page = |anchor| -> Result<_, Failure> {
        let request = PageRequest { view: view.clone(), media: media.to_vec(), anchor, limit: ROWS };
        let began = Instant::now();
        let page = reader.page(&request)?;
        page_ms.push(began.elapsed().as_secs_f64() * 1e3);
        Ok(page)
    };
    let mut anchor = Anchor::Start;
    for _ in 0..PAGES {
        let rows = page(anchor)?;
        match rows.rows.last() {
            Some(last) if !rows.at_end => anchor = Anchor::After(last.key.clone()),
            _ => break,
        }
    }
    let mut anchor = Anchor::End;
    for _ in 0..PAGES {
        let rows = page(anchor)?;
        match rows.rows.first() {
            Some(first) if !rows.at_start => anchor = Anchor::Before(first.key.clone()),
            _ => break,
        }
    }
    for letter in 'A'..='Z' {
        page(Anchor::Letter(letter))?;
    }
    Ok(())
}
