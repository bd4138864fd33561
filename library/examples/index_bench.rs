//! Figures of the index on a made-up collection: `index_bench write|read|all TRACKS FILE`.
//!
//! `write` fills FILE (for counting instructions: under callgrind, the slope between two sizes); `read`
//! measures pages and searches of a FILE that is filled. CPU time is that of the thread, so that a busy
//! machine does not change it much.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "../tests/common/synthetic.rs"]
mod synthetic;

use std::path::Path;
use std::time::{Duration, Instant};

use library::{Anchor, Index, IndexReader, Item, MAX_PAGE, MediumKey, PageRequest, View};
use rustix::time::{ClockId, clock_gettime};
use synthetic::{Random, fill};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, tracks, file] = arguments.as_slice() else { panic!("index_bench write|read|all TRACKS FILE") };
    let tracks: u64 = tracks.parse().unwrap();
    let file = Path::new(file);
    if what != "read" {
        write(file, tracks);
    }
    if what != "write" {
        read(file);
    }
    let peak = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = peak.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    println!("{peak}");
}

fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap())
}

fn write(file: &Path, tracks: u64) {
    let (wall, start) = (Instant::now(), cpu());
    let (mut index, _) = Index::open(file).unwrap();
    fill(&mut index, "one", 1, tracks - tracks / 50);
    fill(&mut index, "two", 2, tracks / 50);
    let bytes = std::fs::metadata(file).unwrap().len();
    println!(
        "{tracks} tracks written in {:.2} s CPU, {:.2} s; {} bytes a track",
        (cpu() - start).as_secs_f64(),
        wall.elapsed().as_secs_f64(),
        bytes / tracks
    );
}

/// Median and 99th percentile of CPU and wall time, milliseconds.
struct Times {
    cpu: Vec<f64>,
    wall: Vec<f64>,
}

impl Times {
    fn of(repeats: usize, mut work: impl FnMut(usize)) -> Self {
        let mut times = Self { cpu: Vec::new(), wall: Vec::new() };
        for n in 0..repeats {
            let (wall, start) = (Instant::now(), cpu());
            work(n);
            times.cpu.push((cpu() - start).as_secs_f64() * 1e3);
            times.wall.push(wall.elapsed().as_secs_f64() * 1e3);
        }
        times.cpu.sort_by(f64::total_cmp);
        times.wall.sort_by(f64::total_cmp);
        times
    }

    fn print(&self, what: &str) {
        let at = |times: &[f64], part: f64| times[((times.len() - 1) as f64 * part) as usize];
        println!(
            "{what:<40} CPU p50 {:>7.3} p99 {:>7.3}   wall p50 {:>7.3} p99 {:>7.3} ms",
            at(&self.cpu, 0.5),
            at(&self.cpu, 0.99),
            at(&self.wall, 0.5),
            at(&self.wall, 0.99)
        );
    }
}

fn read(file: &Path) {
    let reader = IndexReader::open(file).unwrap();
    let media: Vec<MediumKey> = reader.media().unwrap().into_iter().map(|medium| medium.key).collect();
    pages(&reader, &media);
    let hard = [
        "a",
        "the",
        "e r s",
        "love",
        "night",
        "qxqxqx",
        "東京",
        "語",
        "🎸",
        "the the love",
        "stranger velvet",
        "horizon",
        "mother thunder zephyr",
        "i n t h e n i g h t",
        "ster mirror",
        "lan ver shan",
        "o",
        "rock the",
        "1999",
        "loveridge",
    ];
    for text in hard {
        Times::of(50, |_| drop(reader.search(text, &media, 50).unwrap())).print(&format!("search {text:?}"));
    }
    let mut random = Random::new(5);
    let usual: Vec<String> = (0..1000)
        .map(|_| {
            let words = random.words(1, 2);
            let length = 3 + random.below(8) as usize;
            words.chars().take(length).collect()
        })
        .collect();
    Times::of(usual.len(), |n| drop(reader.search(&usual[n], &media, 50).unwrap()))
        .print("1000 usual searches, 50 results");
}

fn pages(reader: &IndexReader, media: &[MediumKey]) {
    let first = |view: View| {
        let request = PageRequest { view, media: media.to_vec(), anchor: Anchor::Letter('s'), limit: 1 };
        reader.page(&request).unwrap().rows.remove(0).item
    };
    let mut views = vec![
        View::Artists,
        View::Albums,
        View::Tracks,
        View::Genres,
        View::Years,
        View::RecentlyAdded,
        View::YearAlbums(1999),
        View::YearTracks(1999),
        View::Folder(media[0], "".into()),
    ];
    if let Item::Genre { key, .. } = first(View::Genres) {
        views.extend([View::GenreAlbums(key), View::GenreTracks(key)]);
    }
    if let Some(Item::Artist { key, .. }) =
        reader.search("various artists", media, 1).unwrap().artists.first()
    {
        views.extend([View::ArtistAlbums(*key), View::ArtistTracks(*key)]);
    }
    for view in views {
        for limit in [50, MAX_PAGE] {
            // Every page of the list, as a driver would turn it from the start, up to 400 of them.
            let mut anchor = Anchor::Start;
            let times = Times::of(400, |_| {
                let request =
                    PageRequest { view: view.clone(), media: media.to_vec(), anchor: anchor.clone(), limit };
                let page = reader.page(&request).unwrap();
                reader.count(&view, media).unwrap();
                anchor = page
                    .rows
                    .into_iter()
                    .last()
                    .filter(|_| !page.at_end)
                    .map_or(Anchor::Start, |row| Anchor::After(row.key));
            });
            times.print(&format!("{limit} rows of {:.20}", format!("{view:?}")));
        }
    }
}
