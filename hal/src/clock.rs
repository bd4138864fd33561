//! Time as the unit lives it, and the clock of the real world.

use std::thread;
use std::time::{Duration, Instant};

/// Time as the unit lives it: real, or the virtual sink's.
pub trait Clock: Send + Sync {
    /// Since the unit started.
    fn now(&self) -> Duration;
    /// Waits until `now() >= until`. On a virtual clock this is what lets time go on.
    fn wait_until(&self, until: Duration);
}

/// The real world's monotonic clock, counted from its making.
#[derive(Clone, Copy, Debug)]
pub struct RealClock {
    start: Instant,
}

impl RealClock {
    /// A clock that reads zero now.
    #[must_use]
    pub fn new() -> Self {
        Self { start: Instant::now() }
    }
}

impl Default for RealClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for RealClock {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn wait_until(&self, until: Duration) {
        // A sleep may end early on some systems, hence the loop.
        while let Some(left) = until.checked_sub(self.now()).filter(|left| !left.is_zero()) {
            thread::sleep(left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_in_real_time_and_never_for_the_past() {
        let clock = RealClock::new();
        let outside = Instant::now();
        clock.wait_until(Duration::from_millis(60));
        assert!(outside.elapsed() >= Duration::from_millis(55));
        assert!(clock.now() >= Duration::from_millis(60));
        let before = Instant::now();
        clock.wait_until(Duration::from_millis(1));
        assert!(before.elapsed() < Duration::from_millis(50));
    }
}
