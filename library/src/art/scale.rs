//! Pixels to the size of the screen.
use image::imageops::{self, FilterType};
use image::metadata::Orientation;
use image::{DynamicImage, RgbaImage};

/// Fits `image` into a square of `max_edge` pixels, never larger than it is, and turns it upright.
///
/// Far larger pictures are first averaged down to about twice the wanted size: that takes no memory
/// but the result and is exact enough for the Lanczos filter, which then works on few pixels.
pub(super) fn fit(image: DynamicImage, orientation: Orientation, max_edge: u32) -> RgbaImage {
    let (width, height) = target(image.width(), image.height(), max_edge);
    let near = if image.width() / 3 >= width && image.height() / 3 >= height {
        image.thumbnail_exact(2 * width, 2 * height)
    } else {
        image
    };
    let rgba = near.into_rgba8();
    let fitted = if rgba.dimensions() == (width, height) {
        rgba
    } else {
        imageops::resize(&rgba, width, height, FilterType::Lanczos3)
    };
    let mut upright = DynamicImage::ImageRgba8(fitted);
    upright.apply_orientation(orientation);
    upright.into_rgba8()
}

/// Width and height with the longer edge at most `max_edge` and the proportions kept.
fn target(width: u32, height: u32, max_edge: u32) -> (u32, u32) {
    let longer = width.max(height);
    if longer <= max_edge {
        return (width, height);
    }
    let scaled = |edge: u32| {
        let rounded = (u64::from(edge) * u64::from(max_edge) + u64::from(longer) / 2) / u64::from(longer);
        u32::try_from(rounded).unwrap_or(max_edge).clamp(1, max_edge)
    };
    (scaled(width), scaled(height))
}

#[cfg(test)]
mod tests {
    use super::{fit, target};
    use image::metadata::Orientation;
    use image::{DynamicImage, Rgb, RgbImage};

    #[test]
    fn proportions_are_kept_and_nothing_grows() {
        assert_eq!(target(1000, 500, 100), (100, 50));
        assert_eq!(target(10, 8000, 100), (1, 100));
        assert_eq!(target(64, 32, 100), (64, 32));
    }

    #[test]
    fn a_fine_pattern_becomes_its_mean_and_not_moire() {
        let board =
            RgbImage::from_fn(2000, 2000, |x, y| Rgb(if (x + y) % 2 == 0 { [255; 3] } else { [0; 3] }));
        for edge in [700, 300, 64] {
            let small = fit(DynamicImage::ImageRgb8(board.clone()), Orientation::NoTransforms, edge);
            assert_eq!(small.dimensions(), (edge, edge));
            for pixel in small.pixels() {
                assert!((100..=155).contains(&pixel.0[0]) && pixel.0[3] == 255, "{edge}: {pixel:?}");
            }
        }
    }

    #[test]
    fn turned_pictures_stand_upright() {
        let wide = DynamicImage::ImageRgb8(RgbImage::new(40, 20));
        assert_eq!(fit(wide, Orientation::Rotate90, 100).dimensions(), (20, 40));
    }
}
