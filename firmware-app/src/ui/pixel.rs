//! The pixel of the unit's displays, as the renderer draws it.

use slint::platform::software_renderer::{PremultipliedRgbaColor, TargetPixel};

/// XRGB8888: red, green and blue from the higher to the lower bits; the highest byte means nothing and is zero.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
pub struct Xrgb8888(pub u32);

impl TargetPixel for Xrgb8888 {
    fn blend(&mut self, colour: PremultipliedRgbaColor) {
        let rest = u32::from(u8::MAX - colour.alpha);
        let mix = |shift: u32, part: u8| {
            let below = (self.0 >> shift & 0xff) * rest / 255;
            // The parts are premultiplied, so that the sum is at most 255; rounding elsewhere must not carry over.
            (below + u32::from(part)).min(255) << shift
        };
        self.0 = mix(16, colour.red) | mix(8, colour.green) | mix(0, colour.blue);
    }

    fn from_rgb(red: u8, green: u8, blue: u8) -> Self {
        Self(u32::from(red) << 16 | u32::from(green) << 8 | u32::from(blue))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slint::Rgb8Pixel;

    #[test]
    fn it_blends_as_the_renderers_own_pixel_does() {
        for alpha in [0, 1, 77, 128, 254, 255u8] {
            for below in [0, 3, 100, 255u8] {
                let part = |share: u8| (u16::from(alpha) * u16::from(share) / 255) as u8;
                let colour = PremultipliedRgbaColor { red: part(255), green: part(90), blue: part(7), alpha };
                let mut ours = Xrgb8888::from_rgb(below, 255 - below, below / 2);
                let mut theirs = Rgb8Pixel::new(below, 255 - below, below / 2);
                ours.blend(colour);
                theirs.blend(colour);
                assert_eq!(ours, Xrgb8888::from_rgb(theirs.r, theirs.g, theirs.b), "{alpha} over {below}");
            }
        }
    }
}
