//! How long to wait before the cloud is tried again: longer and longer, and never all units at once (full
//! jitter; M. Brooker, "Exponential Backoff And Jitter", 2015).

use std::time::Duration;

/// The longest wait.
pub(crate) const LONGEST: Duration = Duration::from_secs(300);
/// A connection that lasted so long was a good one.
pub(crate) const STABLE: Duration = Duration::from_secs(60);

/// Waits between tries.
#[derive(Debug)]
pub(crate) struct Backoff {
    first: Duration,
    tries: u32,
}

impl Backoff {
    /// The first wait is at most `first`.
    pub fn new(first: Duration) -> Self {
        Self { first, tries: 0 }
    }

    /// The next wait; `chance` is any number, each as likely as the other.
    pub fn next(&mut self, chance: u32) -> Duration {
        let most = self.first.saturating_mul(2_u32.saturating_pow(self.tries)).min(LONGEST);
        self.tries = self.tries.saturating_add(1);
        most.mul_f64(f64::from(chance) / f64::from(u32::MAX))
    }

    /// A connection has ended that lasted so long.
    pub fn lasted(&mut self, time: Duration) {
        if time >= STABLE {
            self.tries = 0;
        }
    }
}

/// A number for [`Backoff::next`]. Without a source of chance the wait is the longest of its kind.
pub(crate) fn chance() -> u32 {
    crate::remote::random().map_or(u32::MAX, u32::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_five_minutes_and_begin_anew_after_a_good_minute() {
        let mut backoff = Backoff::new(Duration::from_secs(1));
        let most: Vec<u64> = (0..12).map(|_| backoff.next(u32::MAX).as_secs()).collect();
        assert_eq!(most, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
        backoff.lasted(STABLE - Duration::from_millis(1));
        assert_eq!(backoff.next(u32::MAX), LONGEST);
        backoff.lasted(STABLE);
        assert_eq!(backoff.next(u32::MAX).as_secs(), 1);
        assert_eq!(backoff.next(0), Duration::ZERO, "any time up to the longest");
        assert!((backoff.next(u32::MAX / 2).as_secs_f64() - 2.0).abs() < 1e-6, "half of four");
        for _ in 0..100 {
            assert!(backoff.next(u32::MAX) <= LONGEST);
        }
    }
}
