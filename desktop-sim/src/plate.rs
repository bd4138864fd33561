//! Where the glass lies in the window. The plate is laid out in parts, `sim.slint` says how many.

use slint::Rgba8Pixel;

use crate::cli::ScreenSize;
use crate::screenshot::Picture;

/// The window, in parts.
const WINDOW: (f32, f32) = (1200.0, 664.0);
/// The upper left corner of the glass: the plate's margin, the frame's place on it, the frame's edge.
const CORNER: (f32, f32) = (12.0 + 180.0 + 8.0, 12.0 + 22.0 + 8.0);
/// The glass, in parts.
const GLASS: (f32, f32) = (800.0, 480.0);

/// A part of the window in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// From the left.
    pub x: usize,
    /// From the top.
    pub y: usize,
    /// Pixels.
    pub width: usize,
    /// Pixels.
    pub height: usize,
}

/// Logical size of the window whose glass is as large as fits into `size`.
pub fn window_for(size: ScreenSize) -> (f32, f32) {
    let part = (size.width as f32 / GLASS.0).min(size.height as f32 / GLASS.1);
    (WINDOW.0 * part, WINDOW.1 * part)
}

/// The glass in a window of this size; the plate lies in its middle.
pub fn glass_in(width: u32, height: u32) -> Area {
    let (width, height) = (width as f32, height as f32);
    let part = (width / WINDOW.0).min(height / WINDOW.1);
    let from =
        |whole: f32, parts: f32, corner: f32| ((whole - parts * part) / 2.0 + corner * part).round() as usize;
    Area {
        x: from(width, WINDOW.0, CORNER.0),
        y: from(height, WINDOW.1, CORNER.1),
        width: (GLASS.0 * part).round() as usize,
        height: (GLASS.1 * part).round() as usize,
    }
}

/// Cuts an area out of rows of `stride` pixels.
pub fn cut(pixels: &[Rgba8Pixel], stride: usize, area: Area) -> Picture {
    let rows = pixels.chunks_exact(stride.max(1)).skip(area.y).take(area.height);
    let rgb: Vec<u8> = rows
        .flat_map(|row| row.iter().skip(area.x).take(area.width))
        .flat_map(|pixel| [pixel.r, pixel.g, pixel.b])
        .collect();
    Picture { width: area.width as u32, height: area.height as u32, rgb }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_glass_has_the_size_that_was_asked_for() {
        for (size, glass) in
            [((800, 480), (800, 480)), ((1600, 960), (1600, 960)), ((1280, 720), (1200, 720))]
        {
            let (width, height) = window_for(ScreenSize { width: size.0, height: size.1 });
            let area = glass_in(width as u32, height as u32);
            assert_eq!((area.width, area.height), glass);
        }
    }

    #[test]
    fn the_glass_stays_inside_of_any_window() {
        for (width, height) in [(1200, 664), (840, 464), (1920, 1080), (3000, 600), (700, 1400)] {
            let area = glass_in(width, height);
            assert!(
                area.x + area.width <= width as usize && area.y + area.height <= height as usize,
                "{area:?}"
            );
        }
        assert_eq!(glass_in(1200, 664), Area { x: 200, y: 42, width: 800, height: 480 });
    }

    #[test]
    fn an_area_is_cut_out_row_by_row() {
        let pixel = |r| Rgba8Pixel { r, g: 0, b: 9, a: 255 };
        let pixels: Vec<_> = (0..12).map(pixel).collect();
        let picture = cut(&pixels, 4, Area { x: 1, y: 1, width: 2, height: 2 });
        assert_eq!(picture.rgb, [5, 0, 9, 6, 0, 9, 9, 0, 9, 10, 0, 9]);
    }
}
