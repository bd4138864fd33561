//! Order with gaps: where an entry goes between two others without touching them.

/// Distance of neighbours that were appended: room for 31 halvings at one spot.
pub(super) const GAP: i64 = 1 << 32;

/// Ranks stay within this, so that sums never overflow.
const LIMIT: i64 = 1 << 62;

/// First rank and step for `count` entries strictly between `low` and `high`; `None`: no room, number anew.
pub(super) fn between(low: Option<i64>, high: Option<i64>, count: usize) -> Option<(i64, i64)> {
    let count = i64::try_from(count).ok()?;
    let (first, step) = match (low, high) {
        (None, None) => (0, GAP),
        (Some(low), None) => (low.checked_add(GAP)?, GAP),
        (None, Some(high)) => (high.checked_sub(GAP.checked_mul(count)?)?, GAP),
        (Some(low), Some(high)) => {
            let step = (high.checked_sub(low)? / count.checked_add(1)?).min(GAP);
            (low.checked_add(step)?, step)
        }
    };
    let last = first.checked_add(step.checked_mul(count)?)?;
    (step > 0 && first > -LIMIT && last < LIMIT).then_some((first, step))
}

#[cfg(test)]
mod tests {
    use super::{GAP, LIMIT, between};
    use proptest::prelude::*;

    #[test]
    fn ends_grow_by_the_gap() {
        assert_eq!(between(None, None, 3), Some((0, GAP)));
        assert_eq!(between(Some(0), None, 3), Some((GAP, GAP)));
        assert_eq!(between(None, Some(0), 3), Some((-3 * GAP, GAP)));
    }

    #[test]
    fn no_room_says_so() {
        assert_eq!(between(Some(4), Some(5), 1), None);
        assert_eq!(between(Some(4), Some(6), 1), Some((5, 1)));
        assert_eq!(between(Some(4), Some(6), 2), None);
        assert_eq!(between(Some(LIMIT - 1), None, 1), None);
        assert_eq!(between(None, Some(1 - LIMIT), 1), None);
    }

    proptest! {
        #[test]
        fn what_is_given_lies_strictly_between(low in -LIMIT..LIMIT, room in 0..4 * GAP, count in 1..10_000_usize) {
            if let Some((first, step)) = between(Some(low), Some(low + room), count) {
                prop_assert!(first > low && step > 0);
                prop_assert!(first + step * (i64::try_from(count).unwrap() - 1) < low + room);
            }
        }
    }
}
