//! A colour for the page, taken from its cover.
//!
//! Method: a histogram of hue over the scaled picture, in OKLCh, each pixel weighing its chroma times its
//! share of opacity, near-black and near-white ones little; smoothed around the circle, so that one broad
//! family of colours beats a narrow spike. The winner's mean hue and chroma are kept. Chroma is held
//! between calm and visible, lightness between what can be read on black and on white: an accent has
//! at least 3:1 contrast (WCAG 2.1, 1.4.11, graphics) on both. Grey pictures give a quiet blue-grey.
use image::RgbaImage;
use std::f32::consts::TAU;

use super::oklch::Oklch;

/// Sectors of the colour circle, 10° each.
const SECTORS: usize = 36;

/// Sectors on either side that count as the same family.
const REACH: usize = 2;

/// Chroma below which a pixel is grey, and of an accent at least and at most.
const GREY: f32 = 0.025;
const CALM: std::ops::RangeInclusive<f32> = 0.07..=0.13;

/// Lightness of an accent: 3:1 on black and on white both, for every hue within [`CALM`].
const READABLE: std::ops::RangeInclusive<f32> = 0.57..=0.65;

/// Part of the picture that must have colour at all, else it is grey.
const COLOURED: f32 = 0.01;

/// The accent of pictures without colour.
const NEUTRAL: Oklch = Oklch { lightness: 0.62, chroma: 0.03, hue: 4.3 };

/// Pixels looked at, about.
const SAMPLES: usize = 16_384;

#[derive(Clone, Copy, Default)]
struct Sector {
    weight: f32,
    x: f32,
    y: f32,
    lightness: f32,
    chroma: f32,
}

/// The accent colour of `picture`, RGB.
pub(super) fn accent(picture: &RgbaImage) -> [u8; 3] {
    let mut sectors = [Sector::default(); SECTORS];
    let step = (picture.pixels().len() / SAMPLES).max(1);
    let (mut seen, mut coloured) = (0.0_f32, 0.0_f32);
    for pixel in picture.pixels().step_by(step) {
        let [r, g, b, alpha] = pixel.0;
        seen += 1.0;
        let colour = Oklch::from_rgb([r, g, b]);
        let weight = weight(colour) * f32::from(alpha) / 255.0;
        if weight > 0.0 {
            coloured += 1.0;
            add(&mut sectors, colour, weight);
        }
    }
    if coloured < COLOURED * seen {
        return NEUTRAL.to_rgb();
    }
    mean(&sectors, strongest(&sectors)).to_rgb()
}

/// How much a pixel counts: by its chroma, and fading towards black and white where hue is noise.
fn weight(colour: Oklch) -> f32 {
    if colour.chroma < GREY {
        return 0.0;
    }
    let from_ends = colour.lightness.min(1.0 - colour.lightness);
    colour.chroma * (from_ends / 0.2).clamp(0.0, 1.0)
}

fn add(sectors: &mut [Sector; SECTORS], colour: Oklch, weight: f32) {
    // In range: the hue is within ±π.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let index = (colour.hue.rem_euclid(TAU) / TAU * SECTORS as f32) as usize % SECTORS;
    if let Some(sector) = sectors.get_mut(index) {
        sector.weight += weight;
        sector.x += weight * colour.hue.cos();
        sector.y += weight * colour.hue.sin();
        sector.lightness += weight * colour.lightness;
        sector.chroma += weight * colour.chroma;
    }
}

/// The sectors of the family around `centre`, itself included.
fn family(sectors: &[Sector; SECTORS], centre: usize) -> impl Iterator<Item = &Sector> {
    (0..=2 * REACH).filter_map(move |offset| sectors.get((centre + SECTORS + offset - REACH) % SECTORS))
}

fn strongest(sectors: &[Sector; SECTORS]) -> usize {
    let total = |centre: usize| family(sectors, centre).map(|sector| sector.weight).sum::<f32>();
    (0..SECTORS).max_by(|&a, &b| total(a).total_cmp(&total(b))).unwrap_or(0)
}

fn mean(sectors: &[Sector; SECTORS], centre: usize) -> Oklch {
    let sum = family(sectors, centre).fold(Sector::default(), |sum, sector| Sector {
        weight: sum.weight + sector.weight,
        x: sum.x + sector.x,
        y: sum.y + sector.y,
        lightness: sum.lightness + sector.lightness,
        chroma: sum.chroma + sector.chroma,
    });
    Oklch {
        lightness: (sum.lightness / sum.weight).clamp(*READABLE.start(), *READABLE.end()),
        chroma: (sum.chroma / sum.weight).clamp(*CALM.start(), *CALM.end()),
        hue: sum.y.atan2(sum.x),
    }
}

#[cfg(test)]
mod tests {
    use super::{CALM, accent};
    use crate::art::oklch::{Oklch, to_linear};
    use image::{Rgba, RgbaImage};

    fn flat(colour: [u8; 3]) -> RgbaImage {
        RgbaImage::from_pixel(32, 32, Rgba([colour[0], colour[1], colour[2], 255]))
    }

    /// WCAG 2.1 relative luminance.
    fn luminance(rgb: [u8; 3]) -> f32 {
        let [r, g, b] = rgb.map(|value| to_linear(f32::from(value) / 255.0));
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    #[test]
    fn every_accent_is_readable_on_black_and_on_white_and_calm() {
        for r in (0..=255).step_by(15) {
            for g in (0..=255).step_by(15) {
                for b in (0..=255).step_by(15) {
                    let found = accent(&flat([r, g, b]));
                    let light = luminance(found);
                    let (on_black, on_white) = ((light + 0.05) / 0.05, 1.05 / (light + 0.05));
                    assert!(
                        on_black >= 3.0 && on_white >= 3.0,
                        "{r} {g} {b}: {found:?} {on_black} {on_white}"
                    );
                    assert!(Oklch::from_rgb(found).chroma <= CALM.end() + 0.01);
                }
            }
        }
    }

    #[test]
    fn the_hue_is_the_pictures() {
        for colour in [[200, 30, 30], [30, 160, 60], [20, 60, 220], [240, 180, 20]] {
            let difference = Oklch::from_rgb(colour).hue - Oklch::from_rgb(accent(&flat(colour))).hue;
            assert!(difference.sin().abs() < 0.1 && difference.cos() > 0.0, "{colour:?}");
        }
    }

    #[test]
    fn a_broad_family_beats_a_few_shrill_pixels() {
        let mut picture = flat([60, 90, 160]);
        for x in 0..6 {
            picture.put_pixel(x, 0, Rgba([255, 0, 0, 255]));
        }
        let [r, _, b] = accent(&picture);
        assert!(b > r);
    }

    #[test]
    fn grey_and_transparent_pictures_are_neutral() {
        let grey = accent(&flat([128, 128, 128]));
        assert!(Oklch::from_rgb(grey).chroma < 0.05);
        assert_eq!(grey, accent(&RgbaImage::from_pixel(8, 8, Rgba([255, 0, 0, 0]))));
    }
}
