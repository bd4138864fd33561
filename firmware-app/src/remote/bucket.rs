//! How much one connection may say.

use std::time::Instant;

/// Frames at once.
const BURST: f64 = 60.0;
/// Frames a second.
const RATE: f64 = 30.0;
/// Frames over it that are answered with a refusal before the connection is ended; forgotten once the
/// bucket is half full again.
const PATIENCE: u32 = 120;

/// What the next frame costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing.
    Fine,
    /// It is refused.
    TooMany,
    /// The connection.
    Enough,
}

/// A token bucket.
#[derive(Debug)]
pub(crate) struct Bucket {
    left: f64,
    filled: Instant,
    over: u32,
}

impl Bucket {
    pub fn new(now: Instant) -> Self {
        Self { left: BURST, filled: now, over: 0 }
    }

    pub fn take(&mut self, now: Instant) -> Verdict {
        let passed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.filled = now;
        self.left = (self.left + passed * RATE).min(BURST);
        if self.left >= 1.0 {
            self.left -= 1.0;
            if self.left > BURST / 2.0 {
                self.over = 0;
            }
            return Verdict::Fine;
        }
        self.over += 1;
        if self.over > PATIENCE { Verdict::Enough } else { Verdict::TooMany }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// How long a bucket takes to be full again.
    const FULL_AFTER: Duration = Duration::from_secs(2);

    #[test]
    fn a_burst_and_a_steady_rate_are_fine() {
        let start = Instant::now();
        let mut bucket = Bucket::new(start);
        for _ in 0..60 {
            assert_eq!(bucket.take(start), Verdict::Fine);
        }
        assert_eq!(bucket.take(start), Verdict::TooMany);
        for n in 1..300 {
            let now = start + Duration::from_millis(34 * n);
            assert_eq!(bucket.take(now), Verdict::Fine, "{n}");
        }
        assert_eq!(FULL_AFTER.as_secs_f64(), BURST / RATE);
    }

    #[test]
    fn who_goes_on_is_sent_away_and_who_stops_is_forgiven() {
        let start = Instant::now();
        let mut bucket = Bucket::new(start);
        let said = |bucket: &mut Bucket, now| (0..181).map(|_| bucket.take(now)).collect::<Vec<_>>();
        let first = said(&mut bucket, start);
        assert_eq!(
            (first[59], first[60], first[179], first[180]),
            (Verdict::Fine, Verdict::TooMany, Verdict::TooMany, Verdict::Enough)
        );
        let later = said(&mut bucket, start + FULL_AFTER);
        assert_eq!((later[59], later[179], later[180]), (Verdict::Fine, Verdict::TooMany, Verdict::Enough));
    }
}
