//! The response the bands really make together, for the picture behind the faders.
//!
//! Bands are the biquads of Robert Bristow-Johnson's "Cookbook formulae for audio EQ biquad filter
//! coefficients" (W3C Audio EQ Cookbook), evaluated on the unit circle.

use std::f64::consts::PI;
use std::fmt::Write;

use protocol::{BandKind, EqBand};

/// The rate at which the response is evaluated, Hz.
const RATE: f64 = 48_000.0;
/// Points of the curve between two bands.
const STEPS: usize = 12;

/// Gain in dB of one band at `hz`.
fn band_db(band: &EqBand, hz: f64) -> f64 {
    let amplitude = 10.0_f64.powf(f64::from(band.gain.0) / 40.0);
    let corner = 2.0 * PI * f64::from(band.frequency.0).clamp(1.0, RATE * 0.499) / RATE;
    let (sin, cos) = corner.sin_cos();
    let alpha = sin / (2.0 * f64::from(band.q).max(0.01));
    let (a, root) = (amplitude, 2.0 * amplitude.sqrt() * alpha);
    let (numerator, denominator) = match band.kind {
        BandKind::Peaking => {
            ([1.0 + alpha * a, -2.0 * cos, 1.0 - alpha * a], [1.0 + alpha / a, -2.0 * cos, 1.0 - alpha / a])
        }
        BandKind::LowShelf => (
            [
                a * ((a + 1.0) - (a - 1.0) * cos + root),
                2.0 * a * ((a - 1.0) - (a + 1.0) * cos),
                a * ((a + 1.0) - (a - 1.0) * cos - root),
            ],
            [
                (a + 1.0) + (a - 1.0) * cos + root,
                -2.0 * ((a - 1.0) + (a + 1.0) * cos),
                (a + 1.0) + (a - 1.0) * cos - root,
            ],
        ),
        BandKind::HighShelf => (
            [
                a * ((a + 1.0) + (a - 1.0) * cos + root),
                -2.0 * a * ((a - 1.0) + (a + 1.0) * cos),
                a * ((a + 1.0) + (a - 1.0) * cos - root),
            ],
            [
                (a + 1.0) - (a - 1.0) * cos + root,
                2.0 * ((a - 1.0) - (a + 1.0) * cos),
                (a + 1.0) - (a - 1.0) * cos - root,
            ],
        ),
    };
    let angle = 2.0 * PI * hz / RATE;
    10.0 * (power(numerator, angle) / power(denominator, angle)).max(1e-12).log10()
}

/// `|c0 + c1 z^-1 + c2 z^-2|²` on the unit circle.
fn power(c: [f64; 3], angle: f64) -> f64 {
    let real = c[0] + c[1] * angle.cos() + c[2] * (2.0 * angle).cos();
    let imaginary = c[1] * angle.sin() + c[2] * (2.0 * angle).sin();
    real * real + imaginary * imaginary
}

/// Gain in dB of all bands together at `hz`.
#[must_use]
pub fn response_db(bands: &[EqBand], hz: f64) -> f64 {
    bands.iter().map(|band| band_db(band, hz)).sum()
}

/// The response as path commands in a box of `width` x `height`; ±`limit` dB from edge to edge.
///
/// `shown` are the bands that have a column each; the frequency runs evenly in octaves from one column's
/// middle to the next, so that every cap lies over its own frequency. `closed` fills down to 0 dB.
pub fn commands(all: &[EqBand], shown: &[EqBand], size: (f32, f32), limit: f32, closed: bool) -> String {
    let mut path = String::new();
    if shown.is_empty() {
        return path;
    }
    let (width, height) = size;
    let count = shown.len() * STEPS;
    let zero = height / 2.0;
    for i in 0..=count {
        let place = i as f32 / count as f32;
        let hz = frequency_at(shown, f64::from(place));
        let gain = (response_db(all, hz) as f32).clamp(-limit, limit);
        let (x, y) = (place * width, zero - gain / limit * zero);
        let verb = if i == 0 && !closed { 'M' } else { 'L' };
        if i == 0 && closed {
            // Writing to a String cannot fail.
            let _ = write!(path, "M 0 {zero:.1} ");
        }
        let _ = write!(path, "{verb} {x:.1} {y:.1} ");
    }
    if closed {
        let _ = write!(path, "L {width:.1} {zero:.1} Z");
    }
    path
}

/// The frequency at `place` (0 to 1) of the axis.
fn frequency_at(shown: &[EqBand], place: f64) -> f64 {
    let hz = |index: usize| f64::from(shown[index.min(shown.len() - 1)].frequency.0).max(1.0);
    let column = place * shown.len() as f64 - 0.5;
    let left = column.floor().clamp(0.0, (shown.len().max(2) - 2) as f64);
    let (low, mut high) = (hz(left as usize), hz(left as usize + 1));
    if shown.len() < 2 || high <= low {
        high = low * 2.0;
    }
    (low * (high / low).powf(column - left)).clamp(10.0, RATE * 0.499)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{Decibels, Hertz, SoundPreset};

    #[test]
    fn a_bell_reaches_its_gain_and_shelves_reach_their_ends() {
        let band = |kind| EqBand { kind, frequency: Hertz(1000.0), gain: Decibels(6.0), q: 0.707 };
        assert!((response_db(&[band(BandKind::Peaking)], 1000.0) - 6.0).abs() < 1e-6);
        assert!((response_db(&[band(BandKind::LowShelf)], 20.0) - 6.0).abs() < 0.01);
        assert!(response_db(&[band(BandKind::LowShelf)], 20_000.0).abs() < 0.01);
        assert!((response_db(&[band(BandKind::HighShelf)], 20_000.0) - 6.0).abs() < 0.01);
        assert!((response_db(&[band(BandKind::HighShelf)], 1000.0) - 3.0).abs() < 0.01);
    }

    #[test]
    fn each_column_lies_over_its_own_frequency() {
        let bands = SoundPreset::flat().bands;
        for (i, band) in bands.iter().enumerate() {
            let place = (i as f64 + 0.5) / bands.len() as f64;
            let wanted = f64::from(band.frequency.0);
            assert!((frequency_at(&bands, place) / wanted - 1.0).abs() < 1e-4);
        }
    }

    #[test]
    fn a_flat_sound_draws_a_level_line() {
        let bands = SoundPreset::flat().bands;
        let path = commands(&bands, &bands, (100.0, 40.0), 12.0, false);
        assert!(path.starts_with("M 0.0 20.0 L "), "{path}");
        assert_eq!(path.matches(" 20.0 ").count(), 10 * STEPS + 1);
    }
}
