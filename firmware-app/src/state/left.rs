//! Where each medium was left when other music was chosen: kept for the media used last, on the disk too.

use super::{MediumRef, Queue};
use crate::store::Left;

/// Media whose place is kept.
pub(crate) const LEFT_KEPT: usize = 8;

/// Places by medium; the one used last is at the end.
#[derive(Debug, Default)]
pub(crate) struct LeftPlaces {
    places: Vec<(MediumRef, Queue, f64)>,
}

impl LeftPlaces {
    /// Keeps a place. The oldest gives way; its medium is told, to be forgotten on the disk as well.
    pub fn keep(&mut self, medium: MediumRef, queue: Queue, position_s: f64) -> Option<MediumRef> {
        self.places.retain(|(known, ..)| *known != medium);
        self.places.push((medium, queue, position_s));
        (self.places.len() > LEFT_KEPT).then(|| self.places.remove(0).0)
    }

    /// Takes a place out.
    pub fn take(&mut self, medium: &MediumRef) -> Option<(Queue, f64)> {
        let at = self.places.iter().position(|(known, ..)| known == medium)?;
        let (_, queue, position_s) = self.places.remove(at);
        Some((queue, position_s))
    }

    /// As they were stored, oldest first.
    pub fn restore(&mut self, stored: Vec<Left>) {
        for left in stored {
            let mut queue = Queue::default();
            queue.restore(left.entries, left.place, false);
            let position_s = if left.position_s.is_finite() { left.position_s.max(0.0) } else { 0.0 };
            self.keep(left.medium, queue, position_s);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_place_gives_way() {
        let mut left = LeftPlaces::default();
        for n in 0..LEFT_KEPT {
            assert_eq!(left.keep(n.to_string().as_str().into(), Queue::default(), 1.0), None);
        }
        assert_eq!(left.keep("0".into(), Queue::default(), 2.0), None, "kept anew");
        assert_eq!(left.keep("x".into(), Queue::default(), 3.0).as_deref(), Some("1"));
        assert_eq!(left.take(&"0".into()).map(|(_, position_s)| position_s), Some(2.0));
        assert!(left.take(&"0".into()).is_none());
    }
}
