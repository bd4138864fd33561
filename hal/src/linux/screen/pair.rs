//! Two buffers that take turns on the glass: what each of them lacks, and how it gets it.
//!
//! A buffer that comes off the glass is two pictures old: it lacks what this picture changed and what the one
//! before changed. The picture itself is kept in ordinary, cached memory by whoever draws it; buffers are often
//! uncached, so they are only ever written, row by row, and never read.

use super::damage::Damage;
use crate::{Rect, Rotation};

/// Bytes of an XRGB8888 pixel.
const PIXEL: usize = 4;

/// The bookkeeping of a picture of a certain size on two buffers.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    /// Of the picture.
    size: (u32, u32),
    rotation: Rotation,
    /// What each buffer lacks.
    lacks: [Damage; 2],
    back: usize,
}

impl Pair {
    /// Two buffers of which nothing is known, for a panel of this size.
    pub fn new(panel: (u32, u32), rotation: Rotation) -> Self {
        let mut pair = Self { size: rotation.turned(panel), rotation, lacks: Default::default(), back: 0 };
        let whole = pair.bounds();
        pair.changed(&[whole]);
        pair
    }

    /// Of the picture.
    pub fn size(&self) -> (u32, u32) {
        self.size
    }

    /// Pixels of the picture.
    pub fn pixels(&self) -> usize {
        self.size.0 as usize * self.size.1 as usize
    }

    fn bounds(&self) -> Rect {
        Rect::new(0, 0, self.size.0, self.size.1)
    }

    /// The picture has changed here: both buffers lack it.
    pub fn changed(&mut self, dirty: &[Rect]) {
        let bounds = self.bounds();
        for lacks in &mut self.lacks {
            for rect in dirty {
                lacks.add(*rect, bounds);
            }
        }
    }

    /// The buffer that is not on the glass.
    pub fn back(&self) -> usize {
        self.back
    }

    /// Brings the back buffer up to date; gives the bytes it took. `picture` has [`Self::pixels`] pixels, rows of
    /// `buffer` begin every `pitch` bytes.
    pub fn fill(&mut self, picture: &[u32], buffer: &mut [u8], pitch: usize) -> usize {
        let mut bytes = 0;
        for rect in self.lacks[self.back].take() {
            copy(picture, self.size, rect, self.rotation, buffer, pitch);
            bytes += rect.width as usize * rect.height as usize * PIXEL;
        }
        bytes
    }

    /// The back buffer is on the glass now, or will be at the next frame; the other one is the back buffer.
    pub fn turned(&mut self) {
        self.back ^= 1;
    }
}

/// Copies a rectangle of the picture to where it is on the panel. Rows of the panel are written from left to right,
/// which is what memory that combines writes wants.
fn copy(picture: &[u32], size: (u32, u32), rect: Rect, rotation: Rotation, buffer: &mut [u8], pitch: usize) {
    let panel = rotation.to_panel(rect, size);
    let width = size.0 as usize;
    let at = |x: u32, y: u32| y as usize * width + x as usize;
    for row in panel.y..panel.bottom() {
        let start = row as usize * pitch + panel.x as usize * PIXEL;
        let line = &mut buffer[start..start + panel.width as usize * PIXEL];
        let (x, y) = rotation.to_picture((panel.x, row), size);
        match rotation {
            Rotation::None => write(line, &picture[at(x, y)..][..rect.width as usize]),
            Rotation::Half => write(line, picture[at(x + 1 - rect.width, y)..=at(x, y)].iter().rev()),
            Rotation::Quarter => write(line, picture[..=at(x, y)].iter().rev().step_by(width)),
            Rotation::ThreeQuarter => write(line, picture[at(x, y)..].iter().step_by(width)),
        }
    }
}

/// DRM's formats are little-endian whatever the processor is (drm_fourcc.h).
fn write<'a>(line: &mut [u8], pixels: impl IntoIterator<Item = &'a u32>) {
    for (bytes, pixel) in line.chunks_exact_mut(PIXEL).zip(pixels) {
        bytes.copy_from_slice(&pixel.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Bytes between the rows of a buffer, which nobody may write.
    const GAP: usize = 12;
    const UNTOUCHED: u8 = 0xA5;

    /// A display made of two byte vectors.
    struct Model {
        pair: Pair,
        panel: (u32, u32),
        rotation: Rotation,
        picture: Vec<u32>,
        buffers: [Vec<u8>; 2],
        pitch: usize,
        front: usize,
    }

    impl Model {
        fn new(panel: (u32, u32), rotation: Rotation) -> Self {
            let pitch = panel.0 as usize * PIXEL + GAP;
            let buffer = vec![UNTOUCHED; pitch * panel.1 as usize];
            let pair = Pair::new(panel, rotation);
            let picture = vec![0; pair.pixels()];
            Self { pair, panel, rotation, picture, buffers: [buffer.clone(), buffer], pitch, front: 1 }
        }

        fn draw(&mut self, rect: Rect, colour: u32) {
            let (width, height) = self.pair.size();
            let rect = rect.intersection(Rect::new(0, 0, width, height));
            for y in rect.y..rect.bottom() {
                for x in rect.x..rect.right() {
                    self.picture[(y * width + x) as usize] = colour ^ (y * width + x);
                }
            }
        }

        /// As the screen does it: a display that is busy only hears what changed; a flip may fail.
        fn present(&mut self, dirty: &[Rect], fate: Fate) -> usize {
            self.pair.changed(dirty);
            if fate == Fate::Busy {
                return 0;
            }
            let back = self.pair.back();
            let bytes = self.pair.fill(&self.picture, &mut self.buffers[back], self.pitch);
            if fate == Fate::Shown {
                self.front = back;
                self.pair.turned();
            }
            bytes
        }

        fn check_front(&self) {
            let size = self.pair.size();
            for y in 0..self.panel.1 {
                for x in 0..self.panel.0 {
                    let (px, py) = self.rotation.to_picture((x, y), size);
                    let at = y as usize * self.pitch + x as usize * PIXEL;
                    let shown = &self.buffers[self.front][at..at + PIXEL];
                    let wanted = self.picture[(py * size.0 + px) as usize].to_le_bytes();
                    assert_eq!(shown, wanted, "{:?} at {x},{y}", self.rotation);
                }
            }
            for buffer in &self.buffers {
                let gaps = buffer.chunks_exact(self.pitch).flat_map(|row| &row[self.pitch - GAP..]);
                assert!(gaps.into_iter().all(|byte| *byte == UNTOUCHED));
            }
        }
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Fate {
        Shown,
        Refused,
        Busy,
    }

    fn rotations() -> impl Strategy<Value = Rotation> {
        prop::sample::select(vec![Rotation::None, Rotation::Quarter, Rotation::Half, Rotation::ThreeQuarter])
    }

    fn rects() -> impl Strategy<Value = Vec<Rect>> {
        let rect = (0..20u32, 0..20u32, 0..15u32, 0..15u32).prop_map(|(x, y, w, h)| Rect::new(x, y, w, h));
        prop::collection::vec(rect, 0..4)
    }

    fn fates() -> impl Strategy<Value = Fate> {
        prop::sample::select(vec![Fate::Shown, Fate::Shown, Fate::Refused, Fate::Busy])
    }

    proptest! {
        #[test]
        fn what_is_on_the_glass_is_the_picture(
            width in 1..18u32,
            height in 1..18u32,
            rotation in rotations(),
            steps in prop::collection::vec((rects(), any::<u32>(), fates()), 1..40),
        ) {
            let mut model = Model::new((width, height), rotation);
            for (rects, colour, fate) in steps {
                for rect in &rects {
                    model.draw(*rect, colour);
                }
                model.present(&rects, fate);
                if fate == Fate::Shown {
                    model.check_front();
                }
            }
        }
    }

    #[test]
    fn each_buffer_is_filled_once_and_then_takes_this_change_and_the_one_before() {
        let mut model = Model::new((10, 8), Rotation::None);
        assert_eq!(model.present(&[], Fate::Shown), 10 * 8 * PIXEL);
        assert_eq!(model.present(&[], Fate::Shown), 10 * 8 * PIXEL);
        assert_eq!(model.present(&[], Fate::Shown), 0);
        assert_eq!(model.present(&[Rect::new(0, 0, 2, 2)], Fate::Shown), 4 * PIXEL);
        assert_eq!(model.present(&[Rect::new(5, 5, 3, 1)], Fate::Shown), (4 + 3) * PIXEL);
        assert_eq!(model.present(&[Rect::new(5, 5, 3, 1)], Fate::Shown), 3 * PIXEL);
        assert_eq!(model.present(&[], Fate::Shown), 3 * PIXEL);
        assert_eq!(model.present(&[], Fate::Shown), 0);
    }
}
