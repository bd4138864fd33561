//! Cover art at exactly the size it is drawn in, with round corners.
//!
//! The software renderer scales by picking the nearest pixel and cannot clip to round corners, so both
//! are done here, once a track.

use slint::{Image, Rgba8Pixel, SharedPixelBuffer};

use crate::screen::Cover;

/// Largest side we draw, in pixels.
const LARGEST: u32 = 2048;

/// The picture as a square of `side` pixels, cropped in the middle, corners rounded by `radius` pixels.
/// `None` if the cover's data does not match its size.
pub fn square(cover: &Cover, side: u32, radius: f32) -> Option<Image> {
    let side = side.clamp(1, LARGEST);
    let (width, height) = (cover.width as usize, cover.height as usize);
    if width == 0 || height == 0 || cover.rgba.len() != width.checked_mul(height)?.checked_mul(4)? {
        return None;
    }
    let crop = width.min(height);
    let origin = ((width - crop) / 2, (height - crop) / 2);
    let spans: Vec<Span> = (0..side).map(|i| Span::new(i, side, crop)).collect();
    let mut buffer = SharedPixelBuffer::<Rgba8Pixel>::new(side, side);
    let pixels = buffer.make_mut_slice();
    for (y, row) in pixels.chunks_exact_mut(side as usize).enumerate() {
        for (x, pixel) in row.iter_mut().enumerate() {
            let [r, g, b] = average(cover, origin, spans[x], spans[y]);
            let alpha = corner(x as f32 + 0.5, y as f32 + 0.5, side as f32, radius);
            *pixel = Rgba8Pixel { r, g, b, a: (alpha * 255.0).round() as u8 };
        }
    }
    Some(Image::from_rgba8(buffer))
}

/// The source pixels below one target pixel along one axis.
#[derive(Clone, Copy)]
struct Span {
    from: f32,
    to: f32,
    last: usize,
}

impl Span {
    fn new(index: u32, side: u32, crop: usize) -> Self {
        let scale = crop as f32 / side as f32;
        let centre = (index as f32 + 0.5) * scale;
        // At least one source pixel wide, which makes enlarging a linear blend.
        let half = (scale / 2.0).max(0.5);
        Self { from: (centre - half).max(0.0), to: (centre + half).min(crop as f32), last: crop - 1 }
    }

    /// Index and share of each source pixel.
    fn parts(self) -> impl Iterator<Item = (usize, f32)> + Clone {
        let (first, last) = (self.from as usize, (self.to.ceil() as usize).max(1) - 1);
        (first..=last.min(self.last)).map(move |i| {
            let share = (self.to.min(i as f32 + 1.0) - self.from.max(i as f32)).max(0.0);
            (i, share)
        })
    }
}

/// Mean colour of an area; transparent parts count as black.
fn average(cover: &Cover, origin: (usize, usize), columns: Span, rows: Span) -> [u8; 3] {
    let mut sum = [0.0_f32; 3];
    let mut weight = 0.0;
    for (y, share_y) in rows.parts() {
        let line = (origin.1 + y) * cover.width as usize;
        for (x, share_x) in columns.parts() {
            let at = (line + origin.0 + x) * 4;
            let [r, g, b, a] = cover.rgba[at..at + 4] else { continue };
            let share = share_x * share_y;
            weight += share;
            for (total, value) in sum.iter_mut().zip([r, g, b]) {
                *total += share * f32::from(value) * f32::from(a) / 255.0;
            }
        }
    }
    sum.map(|value| (value / weight.max(1e-6)).round() as u8)
}

/// How much of the pixel around (`x`, `y`) lies within the rounded square, 0 to 1.
fn corner(x: f32, y: f32, side: f32, radius: f32) -> f32 {
    let beyond = |v: f32| (radius - v).max(v - (side - radius)).max(0.0);
    let distance = beyond(x).hypot(beyond(y));
    if distance > 0.0 { (radius - distance + 0.5).clamp(0.0, 1.0) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cover(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 4]) -> Cover {
        let rgba = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).flat_map(|(x, y)| pixel(x, y));
        Cover { hash: String::new(), width, height, rgba: rgba.collect(), accent: [0; 3], path: "a".into() }
    }

    #[test]
    fn a_checkerboard_becomes_grey_and_corners_vanish() {
        let board = cover(64, 64, |x, y| [((x + y) % 2 * 255) as u8, 0, 0, 255]);
        let image = square(&board, 16, 4.0).unwrap().to_rgba8().unwrap();
        let middle = image.as_slice()[8 * 16 + 8];
        assert_eq!((middle.r, middle.a), (128, 255));
        assert_eq!(image.as_slice()[0].a, 0);
    }

    #[test]
    fn a_wide_picture_is_cropped_and_a_small_one_enlarged() {
        let wide = cover(40, 10, |x, _| if (15..25).contains(&x) { [9, 9, 9, 255] } else { [255; 4] });
        let image = square(&wide, 20, 0.0).unwrap().to_rgba8().unwrap();
        assert!(image.as_slice().iter().all(|pixel| (pixel.r, pixel.a) == (9, 255)));
    }

    #[test]
    fn data_that_does_not_match_its_size_is_no_picture() {
        let mut broken = cover(8, 8, |_, _| [0; 4]);
        broken.rgba.pop();
        assert!(square(&broken, 16, 0.0).is_none());
    }
}
