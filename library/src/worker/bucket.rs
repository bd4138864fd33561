//! How soon a worker may be started again: a few deaths are answered at once, a storm of them slowly.
use std::time::{Duration, Instant};

/// Deaths answered without delay.
const BURST: u32 = 8;

/// Time in which one death is forgotten, and between two starts in a storm.
const FORGOTTEN: Duration = Duration::from_millis(250);

/// A leaky bucket of deaths.
#[derive(Debug)]
pub(super) struct Bucket {
    /// When it will be empty.
    empty_at: Instant,
}

impl Bucket {
    pub(super) fn new(now: Instant) -> Self {
        Self { empty_at: now }
    }

    /// Counts a death.
    pub(super) fn add(&mut self, now: Instant) {
        self.empty_at = self.empty_at.max(now) + FORGOTTEN;
    }

    /// How long the next start has to wait.
    pub(super) fn delay(&self, now: Instant) -> Duration {
        self.empty_at.saturating_duration_since(now).saturating_sub(FORGOTTEN * BURST)
    }
}

#[cfg(test)]
mod tests {
    use super::{BURST, Bucket, FORGOTTEN};
    use std::time::{Duration, Instant};

    #[test]
    fn a_few_deaths_cost_nothing_and_a_storm_is_slowed_down() {
        let start = Instant::now();
        let mut bucket = Bucket::new(start);
        for _ in 0..BURST {
            bucket.add(start);
            assert_eq!(bucket.delay(start), Duration::ZERO);
        }
        for more in 1..=3 {
            bucket.add(start);
            assert_eq!(bucket.delay(start), FORGOTTEN * more);
        }
        assert_eq!(bucket.delay(start + 3 * FORGOTTEN), Duration::ZERO);
        let calm = start + FORGOTTEN * 100;
        bucket.add(calm);
        assert_eq!(bucket.delay(calm), Duration::ZERO);
    }
}
