//! Which parts of a buffer are not what the picture is by now.

use crate::Rect;

/// More rectangles than this become the one around them all.
const MOST: usize = 24;

/// Rectangles of a picture. Together they cover at least everything that was added.
#[derive(Clone, Debug, Default)]
pub(super) struct Damage {
    rects: Vec<Rect>,
}

impl Damage {
    /// Adds what of `rect` lies in `bounds`.
    pub fn add(&mut self, rect: Rect, bounds: Rect) {
        let rect = rect.intersection(bounds);
        if self.rects.iter().any(|known| known.contains(rect)) || rect.is_empty() {
            return;
        }
        self.rects.retain(|known| !rect.contains(*known));
        self.rects.push(rect);
        if self.rects.len() > MOST {
            let around = self.rects.iter().fold(Rect::default(), |all, rect| all.union(*rect));
            self.rects = vec![around];
        }
    }

    /// What there is, and no longer.
    pub fn take(&mut self) -> Vec<Rect> {
        std::mem::take(&mut self.rects)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Rect = Rect::new(0, 0, 100, 50);

    #[test]
    fn what_lies_in_another_is_not_kept_twice() {
        let mut damage = Damage::default();
        for rect in [Rect::new(10, 10, 5, 5), Rect::new(11, 11, 2, 2), Rect::new(8, 8, 20, 20)] {
            damage.add(rect, BOUNDS);
        }
        assert_eq!(damage.take(), [Rect::new(8, 8, 20, 20)]);
        assert!(damage.take().is_empty());
    }

    #[test]
    fn what_lies_outside_is_cut_off() {
        let mut damage = Damage::default();
        damage.add(Rect::new(90, 40, 50, 50), BOUNDS);
        damage.add(Rect::new(100, 0, 5, 5), BOUNDS);
        damage.add(Rect::new(0, 0, 0, 50), BOUNDS);
        assert_eq!(damage.take(), [Rect::new(90, 40, 10, 10)]);
    }

    #[test]
    fn very_many_become_one() {
        let mut damage = Damage::default();
        for i in 0..40 {
            damage.add(Rect::new(i * 2, i, 1, 1), BOUNDS);
        }
        let rects = damage.take();
        assert!(rects.len() <= MOST);
        for i in 0..40 {
            assert!(rects.iter().any(|rect| rect.contains(Rect::new(i * 2, i, 1, 1))), "{i}");
        }
    }
}
