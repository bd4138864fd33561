//! How long to wait before the next try to connect: exponential with full jitter, so that many phones that
//! lost one unit do not come back in step.

/// The longest first wait, milliseconds.
const FIRST_MS: f64 = 300.0;
/// No wait is longer, milliseconds.
const LONGEST_MS: f64 = 10_000.0;

/// Counts the tries that failed in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backoff(u32);

impl Backoff {
    /// The wait before the next try, in milliseconds. `chance` lies from 0 to 1.
    pub fn next(&mut self, chance: f64) -> i32 {
        let most = (FIRST_MS * 2f64.powi(self.0.min(16).cast_signed())).min(LONGEST_MS);
        self.0 = self.0.saturating_add(1);
        // Never at once: a unit that refuses is not to be asked in a tight loop.
        (most * chance.clamp(0.0, 1.0)).max(100.0) as i32
    }

    /// A connection stands.
    pub fn reset(&mut self) {
        self.0 = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_ten_seconds_and_start_anew_after_success() {
        let mut backoff = Backoff::default();
        let waits: Vec<_> = (0..8).map(|_| backoff.next(1.0)).collect();
        assert_eq!(waits, [300, 600, 1200, 2400, 4800, 9600, 10_000, 10_000]);
        backoff.reset();
        assert_eq!(backoff.next(1.0), 300);
    }

    #[test]
    fn chance_spreads_the_whole_range_but_never_to_nothing() {
        let mut backoff = Backoff(5);
        assert_eq!(backoff.next(0.5), 4800);
        assert_eq!(backoff.next(0.0), 100);
        let mut long = Backoff(u32::MAX);
        assert_eq!(long.next(7.0), 10_000);
    }
}
