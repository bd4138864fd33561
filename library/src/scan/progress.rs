//! What a scan tells while it runs, and when it ends.
use std::time::{Duration, Instant};

use crate::error::LibraryError;
use crate::index::IndexError;

/// At most this often.
pub(super) const TICK: Duration = Duration::from_millis(250);

/// Time constant of the rate: long enough to be read, short enough to show a change.
const SMOOTHING_S: f64 = 2.0;

/// What a scan is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanPhase {
    /// Folders are being listed, and what they hold is read as it comes.
    Walking,
    /// All folders are listed; the rest is read.
    Reading,
    /// Everything is in the index.
    Finished,
}

/// How far a scan is. All counts only ever grow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScanProgress {
    /// What it is doing.
    pub phase: ScanPhase,
    /// Folders listed.
    pub folders: u64,
    /// Tracks found in them.
    pub files_seen: u64,
    /// Tracks read, the unreadable included.
    pub files_read: u64,
    /// Tracks the index knew, unchanged.
    pub files_known: u64,
    /// Tracks on the medium: exact once all folders are listed, before that what the last scan counted;
    /// `None` where nobody knows yet. Never below `files_seen`.
    pub total_estimate: Option<u64>,
    /// Tracks read or recognised per second, smoothed over two seconds.
    pub tracks_per_s: f64,
}

/// What a finished scan found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ScanStats {
    /// Tracks on the medium that can be read.
    pub tracks: u64,
    /// Files whose name says they are tracks.
    pub files: u64,
    /// Files read in this scan.
    pub read: u64,
    /// Files of this scan that turned out to be no music, unreadable or hostile.
    pub unread: u64,
    /// Files the index knew.
    pub unchanged: u64,
    /// Files removed from the index; a folder counts once, whatever was in it.
    pub removed: u64,
    /// Folders listed.
    pub folders: u64,
    /// Folders that could not be listed whole; the index keeps what it knows of them.
    pub unreadable_folders: u64,
    /// Files and folders left out: too deep, too long a path, too many in one folder.
    pub cut: u64,
    /// Requests to workers.
    pub requests: u64,
    /// Wall time.
    pub seconds: f64,
    /// Most memory this process ever took, bytes; `None` where the system does not tell, as for the next two.
    pub peak_rss: Option<u64>,
    /// Most memory one worker took.
    pub worker_peak_rss: Option<u64>,
    /// All workers' peaks together.
    pub workers_peak_rss: Option<u64>,
}

/// How a scan ended. Whatever was committed before stays, and is not read again.
#[derive(Debug)]
pub enum ScanOutcome {
    /// The index shows the medium.
    Finished(ScanStats),
    /// [`Scan::cancel`](super::Scan::cancel) was called.
    Cancelled,
    /// The medium left; nothing was removed from the index for it.
    MediumGone,
    /// The index cannot be read or written.
    IndexFailed(IndexError),
    /// No worker can be started.
    WorkerFailed(LibraryError),
}

/// Tracks per second, smoothed.
pub(super) struct Rate {
    done: u64,
    at: Instant,
    per_s: Option<f64>,
}

impl Rate {
    pub(super) fn new(now: Instant) -> Self {
        Self { done: 0, at: now, per_s: None }
    }

    /// The rate after `done` tracks at `now`.
    pub(super) fn update(&mut self, done: u64, now: Instant) -> f64 {
        let passed = now.duration_since(self.at).as_secs_f64();
        if passed <= 0.0 {
            return self.per_s.unwrap_or(0.0);
        }
        #[allow(clippy::cast_precision_loss)] // counts stay far below 2^52
        let latest = done.saturating_sub(self.done) as f64 / passed;
        let weight = 1.0 - (-passed / SMOOTHING_S).exp();
        let smooth = self.per_s.map_or(latest, |before| before + weight * (latest - before));
        (self.done, self.at, self.per_s) = (done, now, Some(smooth));
        smooth
    }
}

#[cfg(test)]
mod tests {
    use super::Rate;
    use std::time::{Duration, Instant};

    #[test]
    fn the_rate_follows_within_seconds() {
        let start = Instant::now();
        let mut rate = Rate::new(start);
        assert_eq!(rate.update(0, start).to_bits(), 0.0_f64.to_bits());
        let at = |quarters: u32| start + Duration::from_millis(250) * quarters;
        assert!((rate.update(250, at(1)) - 1000.0).abs() < 1e-6);
        // It stops: after two seconds a third is left, after ten nothing.
        let mut last = 0.0;
        for quarter in 2..=9 {
            last = rate.update(250, at(quarter));
        }
        assert!((300.0..450.0).contains(&last), "{last}");
        for quarter in 10..=41 {
            last = rate.update(250, at(quarter));
        }
        assert!(last < 10.0, "{last}");
    }
}
