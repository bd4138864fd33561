//! OKLCh: lightness, chroma and hue as eyes see them (Björn Ottosson, 2020,
//! "A perceptual color space for image processing").

/// A colour by lightness (0 to 1), chroma (0 to about 0.32 in sRGB) and hue (radians).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Oklch {
    pub(super) lightness: f32,
    pub(super) chroma: f32,
    pub(super) hue: f32,
}

impl Oklch {
    /// An sRGB colour.
    pub(super) fn from_rgb(rgb: [u8; 3]) -> Self {
        let [r, g, b] = rgb.map(|value| to_linear(f32::from(value) / 255.0));
        let l = (0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b).cbrt();
        let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
        let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
        let a = 1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s;
        let b = 0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s;
        Self {
            lightness: 0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
            chroma: a.hypot(b),
            hue: b.atan2(a),
        }
    }

    /// The nearest sRGB colour: chroma is taken back until it fits.
    pub(super) fn to_rgb(self) -> [u8; 3] {
        let mut colour = self;
        for _ in 0..32 {
            let linear = colour.to_linear_rgb();
            if linear.iter().all(|value| (-0.001..=1.001).contains(value)) {
                break;
            }
            colour.chroma *= 0.95;
        }
        colour.to_linear_rgb().map(|value| {
            // In range by the clamp.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let byte = (from_linear(value.clamp(0.0, 1.0)) * 255.0).round() as u8;
            byte
        })
    }

    fn to_linear_rgb(self) -> [f32; 3] {
        let (a, b) = (self.chroma * self.hue.cos(), self.chroma * self.hue.sin());
        let l = (self.lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
        let m = (self.lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
        let s = (self.lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
        [
            4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
            -1.268_438 * l + 2.609_757_4 * m - 0.341_319_38 * s,
            -0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s,
        ]
    }
}

/// The sRGB transfer function (IEC 61966-2-1), decoding.
pub(super) fn to_linear(value: f32) -> f32 {
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

fn from_linear(value: f32) -> f32 {
    if value <= 0.003_130_8 { value * 12.92 } else { 1.055 * value.powf(1.0 / 2.4) - 0.055 }
}

#[cfg(test)]
mod tests {
    use super::Oklch;

    #[test]
    fn known_colours() {
        // Ottosson's table: white is lightness 1 without chroma; sRGB red is L 0.628, C 0.258, h 29.2°.
        let white = Oklch::from_rgb([255; 3]);
        assert!((white.lightness - 1.0).abs() < 1e-3 && white.chroma < 1e-3);
        let red = Oklch::from_rgb([255, 0, 0]);
        assert!((red.lightness - 0.628).abs() < 1e-3 && (red.chroma - 0.258).abs() < 1e-3);
        assert!((red.hue.to_degrees() - 29.2).abs() < 0.2);
    }

    #[test]
    fn there_and_back() {
        for rgb in [[0, 0, 0], [255, 255, 255], [12, 200, 99], [250, 10, 240], [128, 128, 127]] {
            let back = Oklch::from_rgb(rgb).to_rgb();
            assert!(rgb.iter().zip(back).all(|(&a, b)| a.abs_diff(b) <= 1), "{rgb:?} {back:?}");
        }
    }
}
