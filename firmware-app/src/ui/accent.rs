//! The accent: one colour from the cover, brought to a contrast at which it can be read.
//!
//! Contrast is WCAG 2.2's ratio of relative luminances (success criterion 1.4.3).

use slint::Color;

/// Our own accent where the cover gives none: the amber of an old dial.
const AMBER: [u8; 3] = [255, 170, 66];
/// Contrast of the accent as a shape.
const SHAPE_CONTRAST: f32 = 4.5;
/// Contrast of the accent as text.
const TEXT_CONTRAST: f32 = 7.0;
/// Below this saturation a cover's colour is a grey and says nothing.
const LEAST_SATURATION: f32 = 0.18;

/// The accent in its three uses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accent {
    /// Needles, bars, discs: 4.5:1 or more on every ground.
    pub fill: Color,
    /// Words: 7:1 or more on every ground.
    pub text: Color,
    /// What stands on `fill`.
    pub on: Color,
}

impl Accent {
    /// The accent for a cover's colour on the theme's grounds; `light` grounds make it darker.
    #[must_use]
    pub fn new(cover: Option<[u8; 3]>, light: bool, grounds: &[Color]) -> Self {
        let vivid = |rgb: &[u8; 3]| to_hsl(*rgb).1 >= LEAST_SATURATION;
        let (hue, saturation, lightness) = to_hsl(cover.filter(vivid).unwrap_or(AMBER));
        // Calm in both lights: neither neon at night nor washed out by day.
        let saturation = saturation.clamp(0.45, if light { 0.95 } else { 0.92 });
        let start = if light { lightness.min(0.5) } else { lightness.max(0.55) };
        let reach = |contrast_wanted: f32| {
            let step = if light { -0.01 } else { 0.01 };
            (0..100)
                .map(|i| from_hsl(hue, saturation, (start + step * i as f32).clamp(0.0, 1.0)))
                .find(|color| grounds.iter().all(|ground| contrast(*color, *ground) >= contrast_wanted))
                .unwrap_or(if light {
                    Color::from_rgb_u8(0, 0, 0)
                } else {
                    Color::from_rgb_u8(255, 255, 255)
                })
        };
        let fill = reach(SHAPE_CONTRAST);
        let (dark, bright) = (Color::from_rgb_u8(20, 16, 11), Color::from_rgb_u8(255, 252, 246));
        let on = if contrast(dark, fill) >= contrast(bright, fill) { dark } else { bright };
        Self { fill, text: reach(TEXT_CONTRAST), on }
    }
}

/// WCAG contrast ratio, 1 to 21.
#[must_use]
pub fn contrast(a: Color, b: Color) -> f32 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// WCAG relative luminance of an opaque sRGB colour, 0 to 1.
fn luminance(color: Color) -> f32 {
    let linear = |value: u8| {
        let value = f32::from(value) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.red()) + 0.7152 * linear(color.green()) + 0.0722 * linear(color.blue())
}

/// Hue in degrees, saturation and lightness 0 to 1.
fn to_hsl([r, g, b]: [u8; 3]) -> (f32, f32, f32) {
    let [r, g, b] = [r, g, b].map(|value| f32::from(value) / 255.0);
    let (max, min) = (r.max(g).max(b), r.min(g).min(b));
    let (lightness, range) = ((max + min) / 2.0, max - min);
    if range < 1e-6 {
        return (0.0, 0.0, lightness);
    }
    let saturation = range / (1.0 - (2.0 * lightness - 1.0).abs());
    let sector = if max == r {
        ((g - b) / range).rem_euclid(6.0)
    } else if max == g {
        (b - r) / range + 2.0
    } else {
        (r - g) / range + 4.0
    };
    (60.0 * sector, saturation, lightness)
}

fn from_hsl(hue: f32, saturation: f32, lightness: f32) -> Color {
    let amplitude = saturation * lightness.min(1.0 - lightness);
    let channel = |n: f32| {
        let k = (n + hue / 30.0).rem_euclid(12.0);
        ((lightness - amplitude * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)) * 255.0).round() as u8
    };
    Color::from_rgb_u8(channel(0.0), channel(8.0), channel(4.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_the_published_ratio() {
        let (black, white) = (Color::from_rgb_u8(0, 0, 0), Color::from_rgb_u8(255, 255, 255));
        assert!((contrast(black, white) - 21.0).abs() < 1e-3);
        // #767676 on white is the lightest grey that passes 4.5:1.
        assert!((contrast(Color::from_rgb_u8(0x76, 0x76, 0x76), white) - 4.54).abs() < 0.01);
    }

    #[test]
    fn a_colour_survives_its_way_through_hsl() {
        for rgb in [[255, 170, 66], [12, 200, 90], [60, 30, 220], [128, 128, 128]] {
            let (h, s, l) = to_hsl(rgb);
            let back = from_hsl(h, s, l);
            for (a, b) in rgb.into_iter().zip([back.red(), back.green(), back.blue()]) {
                assert!(a.abs_diff(b) <= 1, "{rgb:?} became {back:?}");
            }
        }
    }
}
