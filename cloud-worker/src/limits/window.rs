//! The arithmetic of one counter.

use serde::{Deserialize, Serialize};

use super::{Limit, Verdict};
use crate::clock::Seconds;

/// A window that has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// When the first try came.
    pub began: Seconds,
    /// Tries since.
    pub tries: u32,
}

/// Counts a try at `now`.
pub fn hit(window: Option<Window>, now: Seconds, limit: Limit) -> (Window, Verdict) {
    let mut window = current(window, now, limit).unwrap_or(Window { began: now, tries: 0 });
    let allowed = window.tries < limit.tries;
    if allowed {
        window.tries += 1;
    }
    (window, verdict(allowed, window, now, limit))
}

/// Takes a try back.
pub fn refund(window: Option<Window>, now: Seconds, limit: Limit) -> (Window, Verdict) {
    let mut window = current(window, now, limit).unwrap_or(Window { began: now, tries: 0 });
    window.tries = window.tries.saturating_sub(1);
    (window, verdict(true, window, now, limit))
}

/// The window if it still runs. A clock that went back does not end it.
fn current(window: Option<Window>, now: Seconds, limit: Limit) -> Option<Window> {
    window.filter(|window| now < window.began.saturating_add(i64::from(limit.seconds)))
}

fn verdict(allowed: bool, window: Window, now: Seconds, limit: Limit) -> Verdict {
    let ends = window.began.saturating_add(i64::from(limit.seconds));
    let wait = u32::try_from(ends.saturating_sub(now).max(1)).unwrap_or(limit.seconds);
    Verdict {
        allowed,
        left: limit.tries.saturating_sub(window.tries),
        retry_after: if allowed { 0 } else { wait },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit { tries: 3, seconds: 60 };

    fn hits(times: &[Seconds]) -> Vec<bool> {
        let mut window = None;
        times
            .iter()
            .map(|now| {
                let (next, verdict) = hit(window, *now, LIMIT);
                window = Some(next);
                verdict.allowed
            })
            .collect()
    }

    #[test]
    fn exactly_so_many_tries_pass_in_a_window() {
        assert_eq!(hits(&[0, 0, 59, 59, 59]), [true, true, true, false, false]);
        assert_eq!(hits(&[0, 0, 0, 60, 60, 60, 60]), [true, true, true, true, true, true, false]);
    }

    #[test]
    fn refused_tries_do_not_prolong_the_window() {
        assert_eq!(hits(&[0, 0, 0, 30, 59, 60]), [true, true, true, false, false, true]);
    }

    #[test]
    fn the_wait_ends_with_the_window() {
        let (_, verdict) = hit(Some(Window { began: 100, tries: 3 }), 130, LIMIT);
        assert_eq!(verdict, Verdict { allowed: false, left: 0, retry_after: 30 });
    }

    #[test]
    fn a_good_try_is_taken_back_and_never_more_than_that() {
        let (window, verdict) = refund(Some(Window { began: 0, tries: 3 }), 1, LIMIT);
        assert_eq!((window.tries, verdict.left), (2, 1));
        assert_eq!(refund(None, 1, LIMIT).0.tries, 0);
    }

    #[test]
    fn a_clock_that_goes_back_frees_nobody() {
        assert!(!hit(Some(Window { began: 100, tries: 3 }), 10, LIMIT).1.allowed);
    }
}
