//! Where the glass lies in the window. The plate is laid out in parts, `sim.slint` says how many.

use slint::Rgba8Pixel;

use crate::cli::ScreenSize;
use crate::screenshot::Picture;

/// The window, in parts.
const WINDOW: (f32, f32) = (1200.0, 664.0);
/// What the open fault panel adds to its height.
const PANEL: f32 = 150.0;
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

fn parts_down(has_panel: bool) -> f32 {
    if has_panel { WINDOW.1 + PANEL } else { WINDOW.1 }
}

/// By how much a window of this size has to grow for the fault panel, which `is_open` now or was, to come or
/// go without a change of the glass: its new height.
pub fn height_with_panel(width: f32, height: f32, is_open: bool) -> f32 {
    let part = (width / WINDOW.0).min(height / parts_down(!is_open));
    let change = PANEL * part;
    if is_open { height + change } else { (height - change).max(WINDOW.1 * part) }
}

/// The glass in a window of this size, with the fault panel open or not; the plate lies in its middle.
pub fn glass_in(width: u32, height: u32, has_panel: bool) -> Area {
    let (width, height) = (width as f32, height as f32);
    let down = parts_down(has_panel);
    let part = (width / WINDOW.0).min(height / down);
    let from =
        |whole: f32, parts: f32, corner: f32| ((whole - parts * part) / 2.0 + corner * part).round() as usize;
    Area {
        x: from(width, WINDOW.0, CORNER.0),
        y: from(height, down, CORNER.1),
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
            let area = glass_in(width as u32, height as u32, false);
            assert_eq!((area.width, area.height), glass);
        }
    }

    #[test]
    fn the_glass_stays_inside_of_any_window() {
        for (width, height) in [(1200, 664), (840, 464), (1920, 1080), (3000, 600), (700, 1400)] {
            for has_panel in [false, true] {
                let area = glass_in(width, height, has_panel);
                assert!(
                    area.x + area.width <= width as usize && area.y + area.height <= height as usize,
                    "{area:?}"
                );
            }
        }
        let glass = Area { x: 200, y: 42, width: 800, height: 480 };
        assert_eq!((glass_in(1200, 664, false), glass_in(1200, 814, true)), (glass, glass));
    }

    #[test]
    fn the_panel_leaves_the_glass_as_it_is() {
        assert_eq!(height_with_panel(1200.0, 664.0, true), 814.0);
        assert_eq!(height_with_panel(1200.0, 814.0, false), 664.0);
        assert_eq!(height_with_panel(600.0, 332.0, true), 407.0);
        // A window that did not grow gives way in the plate, and does not shrink beyond that.
        let part = 664.0 / 814.0;
        assert!((height_with_panel(1200.0, 664.0, false) - 664.0 * part).abs() < 0.01);
    }

    #[test]
    fn an_area_is_cut_out_row_by_row() {
        let pixel = |r| Rgba8Pixel { r, g: 0, b: 9, a: 255 };
        let pixels: Vec<_> = (0..12).map(pixel).collect();
        let picture = cut(&pixels, 4, Area { x: 1, y: 1, width: 2, height: 2 });
        assert_eq!(picture.rgb, [5, 0, 9, 6, 0, 9, 9, 0, 9, 10, 0, 9]);
    }
}
