//! QR codes, drawn for a screen.

use qrcodegen::{QrCode, QrCodeEcc};
use slint::{Image, Rgb8Pixel, SharedPixelBuffer};

/// Modules of light around a code (ISO/IEC 18004, 9.1).
const QUIET_ZONE: u32 = 4;
/// Largest side we draw, in pixels.
const LARGEST: u32 = 2048;

/// The text as a QR code in a white square of `side` pixels, every module the same whole number of pixels.
/// `None` if it does not fit at all.
pub fn picture(text: &str, side: u32) -> Option<Image> {
    let side = side.clamp(1, LARGEST);
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let modules = u32::try_from(code.size()).ok()?;
    let scale = side / (modules + 2 * QUIET_ZONE);
    if scale == 0 {
        return None;
    }
    let from = (side - modules * scale) / 2;
    let mut buffer = SharedPixelBuffer::<Rgb8Pixel>::new(side, side);
    for (index, pixel) in (0..).zip(buffer.make_mut_slice()) {
        let place = |at: u32| at.checked_sub(from).and_then(|at| i32::try_from(at / scale).ok());
        let is_dark = match (place(index % side), place(index / side)) {
            (Some(x), Some(y)) => code.get_module(x, y),
            _ => false,
        };
        let value = if is_dark { 0 } else { 255 };
        *pixel = Rgb8Pixel { r: value, g: value, b: value };
    }
    Some(Image::from_rgb8(buffer))
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "http://192.168.100.200:8080/enrol#0123456789abcdef0123456789abcdef";

    #[test]
    fn modules_are_whole_pixels_and_the_quiet_zone_is_white() {
        for side in [283, 340, 510] {
            let image = picture(URL, side).unwrap().to_rgb8().unwrap();
            assert_eq!((image.width(), image.height()), (side, side));
            let code = QrCode::encode_text(URL, QrCodeEcc::Medium).unwrap();
            let modules = u32::try_from(code.size()).unwrap();
            let scale = side / (modules + 8);
            let from = (side - modules * scale) / 2;
            assert!(scale >= 6 && from >= 4 * scale, "{scale} pixels a module, {from} around");
            for (index, pixel) in (0..).zip(image.as_slice()) {
                let (x, y) = (index % side, index / side);
                let inside = |at: u32| (from..from + modules * scale).contains(&at);
                let is_dark = inside(x) && inside(y) && {
                    let module = |at: u32| i32::try_from((at - from) / scale).unwrap();
                    code.get_module(module(x), module(y))
                };
                assert_eq!(pixel.r, if is_dark { 0 } else { 255 }, "{x} {y}");
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_no_picture() {
        assert!(picture(&"x".repeat(9000), 340).is_none());
        assert!(picture(URL, 20).is_none());
    }
}
