//! Targets of the library, and the section that states what was measured.

use std::fmt::Write;

use super::look_up::Found;
use super::{COUNTED, Cost, Instructions, SIZES};
use crate::bench::Verdict;
use crate::bench::page::machine;

/// CPU seconds vary from run to run; instructions do not.
const SLACK: f64 = 1.15;

/// All targets against what was measured. The first cost is of the smaller tree, the last of the larger.
pub fn verdicts(costs: &[Cost], found: &Found, instructions: Option<&Instructions>) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    let mut add = |what: String, value: f64, must: f64, slack: f64| {
        verdicts.push(Verdict { what, value, must, held: value <= must * slack });
    };
    for cost in costs {
        let ratio = cost.ours[0].cpu_s / cost.mpd[0].cpu_s;
        add(format!("first scan of {} files / MPD's, CPU time", thousands(cost.size)), ratio, 0.15, SLACK);
    }
    if let Some(counted) = instructions {
        add("first scan / MPD's, instructions a file".to_owned(), counted.ours[0] / counted.mpd, 0.15, 1.0);
        add("unchanged rescan, thousand instructions a file".to_owned(), counted.ours[1] * 1e3, 25.0, 1.0);
    }
    if let [small, .., large] = costs {
        let growth = |part: usize| {
            let a_file = |cost: &Cost| cost.ours[part].cpu_s / cost.size as f64;
            a_file(large) / a_file(small)
        };
        add("first scan a file, larger tree / smaller, CPU time".to_owned(), growth(0), 1.0, SLACK);
        add("unchanged rescan a file, larger tree / smaller, CPU time".to_owned(), growth(1), 1.0, SLACK);
        add(
            "peak memory of the larger scan with its workers, MB".to_owned(),
            large.rss.0 as f64 / 1e6,
            100.0,
            1.0,
        );
    }
    add("search in the larger index, median, ms".to_owned(), found.search_median_ms, 3.0, 1.0);
    add("search in the larger index, p99, ms".to_owned(), found.search_p99_ms, 10.0, 1.0);
    add("a page of a list in the larger index, p99, ms".to_owned(), found.page_p99_ms, 5.0, 1.0);
    verdicts
}

/// The section.
pub fn text(
    costs: &[Cost],
    found: &Found,
    instructions: Option<&Instructions>,
    verdicts: &[Verdict],
) -> String {
    let mut text = format!(
        "Machine: {}. MPD 0.23 of Debian, `mpc update`, over the same files: small, really tagged MP3, FLAC, MP4 and \
         Opus in an artist's and album's folders, read once before, so that nobody waits for the disk. CPU: user + \
         system seconds, the workers' included; medians of {} and {} rounds by turns.\n\n",
        machine(),
        SIZES[0].1,
        SIZES[1].1
    );
    text.push_str("| files | work | stereo CPU s | MPD CPU s | ratio | stereo s | MPD s | ratio |\n");
    text.push_str("|---|---|---|---|---|---|---|---|\n");
    for cost in costs {
        for (what, ours, mpd) in
            [("first scan", cost.ours[0], cost.mpd[0]), ("unchanged rescan", cost.ours[1], cost.mpd[1])]
        {
            let _ = writeln!(
                text,
                "| {} | {what} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} |",
                thousands(cost.size),
                ours.cpu_s,
                mpd.cpu_s,
                ours.cpu_s / mpd.cpu_s,
                ours.wall_s,
                mpd.wall_s,
                ours.wall_s / mpd.wall_s
            );
        }
    }
    text.push('\n');
    for cost in costs {
        let megabytes = |bytes: u64| bytes as f64 / 1e6;
        let _ = writeln!(
            text,
            "Peak memory at {} files: {:.0} MB with the workers, MPD {:.0} MB.",
            thousands(cost.size),
            megabytes(cost.rss.0),
            megabytes(cost.rss.1)
        );
    }
    let _ = writeln!(
        text,
        "\nSearch for {} words in the larger index: {:.2} ms at the median, {:.2} ms at the 99th percentile of {} \
         searches; MPD's `search` {:.0} ms at the median. A page of a list: {:.2} ms at the 99th percentile of {}.",
        found.words,
        found.search_median_ms,
        found.search_p99_ms,
        found.searches,
        found.mpd_median_ms,
        found.page_p99_ms,
        found.pages
    );
    if let Some(counted) = instructions {
        let _ = writeln!(
            text,
            "\nUser instructions a file, callgrind, slope between {} and {} files: first scan {:.3} M, of which \
             {:.3} M are the reading of tags (counted outside the sandbox, which valgrind cannot enter); unchanged \
             rescan {:.1} k; MPD's first update {:.3} M.",
            COUNTED[0],
            COUNTED[1],
            counted.ours[0],
            counted.tags,
            counted.ours[1] * 1e3,
            counted.mpd
        );
    }
    text.push_str("\n| target | measured | must be at most | |\n|---|---|---|---|\n");
    text.extend(verdicts.iter().map(Verdict::row));
    text
}

fn thousands(number: usize) -> String {
    if number < 1000 { number.to_string() } else { format!("{},{:03}", number / 1000, number % 1000) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::library::mpd::Spent;

    fn cost(size: usize, cpu_s: f64) -> Cost {
        let spent = |cpu_s| Spent { cpu_s, wall_s: cpu_s };
        Cost {
            size,
            ours: [spent(cpu_s); 2],
            mpd: [spent(10.0 * size as f64 / 1e4); 2],
            rss: (50_000_000, 0),
        }
    }

    #[test]
    fn a_missed_target_is_said() {
        let found = Found { search_median_ms: 1.0, search_p99_ms: 1.0, page_p99_ms: 1.0, ..Found::default() };
        let counted = Instructions { ours: [0.1, 0.02], tags: 0.05, mpd: 1.3 };
        let good = verdicts(&[cost(10_000, 1.0), cost(100_000, 10.0)], &found, Some(&counted));
        assert!(good.len() == 10 && good.iter().all(|verdict| verdict.held));
        let worse = Instructions { ours: [0.3, 0.03], tags: 0.05, mpd: 1.3 };
        let slow = Found { search_median_ms: 4.0, search_p99_ms: 14.0, page_p99_ms: 6.0, ..Found::default() };
        let bad = verdicts(&[cost(10_000, 2.0), cost(100_000, 30.0)], &slow, Some(&worse));
        // Only the memory is as it was.
        assert_eq!(bad.iter().filter(|verdict| verdict.held).count(), 1);
        let page = text(&[cost(10_000, 2.0), cost(100_000, 30.0)], &slow, Some(&worse), &bad);
        assert!(page.contains("**missed**") && page.contains("| 100,000 | first scan |"), "{page}");
    }
}
