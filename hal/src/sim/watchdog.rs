//! A watchdog that bites nobody: it records the kicks, so that a test or a panel can see them stop.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::Watchdog;
use crate::sync::lock;

#[derive(Debug, Default)]
struct Kicks {
    count: u64,
    last: Option<Instant>,
}

/// The part the stereo kicks.
#[derive(Debug)]
pub struct SimWatchdog {
    interval: Duration,
    kicks: Arc<Mutex<Kicks>>,
}

/// Reads the kicks.
#[derive(Clone, Debug)]
pub struct WatchdogHandle {
    kicks: Arc<Mutex<Kicks>>,
}

impl SimWatchdog {
    /// A reader and a watchdog that wants to be kicked every `interval`.
    #[must_use]
    pub fn new(interval: Duration) -> (WatchdogHandle, Self) {
        let kicks = Arc::new(Mutex::new(Kicks::default()));
        (WatchdogHandle { kicks: Arc::clone(&kicks) }, Self { interval, kicks })
    }
}

impl Watchdog for SimWatchdog {
    fn interval(&self) -> Duration {
        self.interval
    }

    fn kick(&mut self) {
        let mut kicks = lock(&self.kicks);
        kicks.count += 1;
        kicks.last = Some(Instant::now());
    }
}

impl WatchdogHandle {
    /// Kicks so far.
    #[must_use]
    pub fn count(&self) -> u64 {
        lock(&self.kicks).count
    }

    /// Real time since the last kick; none before the first.
    #[must_use]
    pub fn since_last(&self) -> Option<Duration> {
        lock(&self.kicks).last.map(|last| last.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kicks_are_recorded() {
        let (eye, mut dog) = SimWatchdog::new(Duration::from_secs(3));
        assert_eq!((eye.count(), eye.since_last()), (0, None));
        assert_eq!(dog.interval(), Duration::from_secs(3));
        dog.kick();
        dog.kick();
        assert_eq!(eye.count(), 2);
        assert!(eye.since_last().is_some_and(|age| age < Duration::from_secs(60)));
    }
}
