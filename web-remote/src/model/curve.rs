//! What an equaliser does to the sound: its gain over frequency.
//!
//! The same biquads as the unit's: Robert Bristow-Johnson, *Cookbook formulae for audio equalizer biquad
//! filter coefficients*, evaluated on the unit circle at 48 kHz.

use std::f64::consts::PI;

use protocol::{BandKind, EqBand, SoundPreset};

use super::format::css;

const RATE_HZ: f64 = 48_000.0;
/// Points of the drawn curve.
const POINTS: u8 = 120;

/// Gain in dB of one band at a frequency.
fn band_db(band: &EqBand, hz: f64) -> f64 {
    let a = maths::pow(10.0, f64::from(band.gain.0) / 40.0);
    let w0 = 2.0 * PI * f64::from(band.frequency.0) / RATE_HZ;
    let (sin, cos) = (maths::sin(w0), maths::cos(w0));
    let alpha = sin / (2.0 * f64::from(band.q).max(0.01));
    let (b, d) = match band.kind {
        BandKind::Peaking => {
            ([1.0 + alpha * a, -2.0 * cos, 1.0 - alpha * a], [1.0 + alpha / a, -2.0 * cos, 1.0 - alpha / a])
        }
        BandKind::LowShelf => shelf(a, cos, alpha, 1.0),
        BandKind::HighShelf => shelf(a, cos, alpha, -1.0),
    };
    let w = 2.0 * PI * hz / RATE_HZ;
    10.0 * maths::log10(power(b, w) / power(d, w))
}

/// `side` is 1 for low, −1 for high: the two differ in signs only.
fn shelf(a: f64, cos: f64, alpha: f64, side: f64) -> ([f64; 3], [f64; 3]) {
    let (plus, minus) = (a + 1.0, a - 1.0);
    let root = 2.0 * a.sqrt() * alpha;
    let c = side * cos;
    (
        [a * (plus - minus * c + root), side * 2.0 * a * (minus - plus * c), a * (plus - minus * c - root)],
        [plus + minus * c + root, side * -2.0 * (minus + plus * c), plus + minus * c - root],
    )
}

/// Squared magnitude of a second-order polynomial on the unit circle.
fn power(c: [f64; 3], w: f64) -> f64 {
    let re = c[0] + c[1] * maths::cos(w) + c[2] * maths::cos(2.0 * w);
    let im = c[1] * maths::sin(w) + c[2] * maths::sin(2.0 * w);
    (re * re + im * im).max(1e-12)
}

/// Gain in dB of a whole sound at a frequency.
pub fn db_at(sound: &SoundPreset, hz: f64) -> f64 {
    sound.bands.iter().map(|band| band_db(band, hz)).sum::<f64>() + f64::from(sound.preamp.0)
}

/// The drawn curve: 120 wide, a decibel high each step, upwards as SVG counts. The head-room is no part of the shape.
pub fn path(sound: &SoundPreset) -> String {
    let mut path = String::new();
    for at in 0..=POINTS {
        let hz = hz_at(f64::from(at) / f64::from(POINTS));
        let db = (db_at(sound, hz) - f64::from(sound.preamp.0)).clamp(-13.0, 13.0);
        path.push_str(if at == 0 { "M" } else { "L" });
        path.push_str(&format!("{at} {}", css(-db)));
    }
    path
}

/// The frequency at a place from 0 to 1 along the axis, 20 Hz to 20 kHz.
pub fn hz_at(place: f64) -> f64 {
    20.0 * maths::pow(1000.0, place)
}

/// The place of a frequency along the axis.
pub fn place_of(hz: f64) -> f64 {
    maths::log10(hz / 20.0) / 3.0
}

/// The browser has these functions already; the standard library's would be 4 kB more to load.
#[cfg(target_arch = "wasm32")]
mod maths {
    pub use js_sys::Math::{cos, log10, pow, sin};
}

#[cfg(not(target_arch = "wasm32"))]
mod maths {
    pub fn sin(x: f64) -> f64 {
        x.sin()
    }

    pub fn cos(x: f64) -> f64 {
        x.cos()
    }

    pub fn log10(x: f64) -> f64 {
        x.log10()
    }

    pub fn pow(base: f64, exponent: f64) -> f64 {
        base.powf(exponent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{Decibels, Hertz};

    fn one(kind: BandKind, hz: f32, gain: f32) -> SoundPreset {
        let band = EqBand { kind, frequency: Hertz(hz), gain: Decibels(gain), q: 0.707 };
        SoundPreset { name: "one".into(), preamp: Decibels(0.0), bands: vec![band] }
    }

    #[test]
    fn a_bell_has_its_gain_at_its_centre_and_none_far_off() {
        let bell = one(BandKind::Peaking, 1000.0, 6.0);
        assert!((db_at(&bell, 1000.0) - 6.0).abs() < 0.01);
        assert!(db_at(&bell, 20.0).abs() < 0.1);
    }

    #[test]
    fn shelves_lift_their_own_side_and_half_at_the_corner() {
        for (kind, lifted, flat) in
            [(BandKind::LowShelf, 20.0, 20_000.0), (BandKind::HighShelf, 20_000.0, 20.0)]
        {
            let shelf = one(kind, 1000.0, -8.0);
            assert!((db_at(&shelf, lifted) + 8.0).abs() < 0.1, "{kind:?}");
            assert!(db_at(&shelf, flat).abs() < 0.1, "{kind:?}");
            assert!((db_at(&shelf, 1000.0) + 4.0).abs() < 0.1, "{kind:?}");
        }
    }

    #[test]
    fn the_axis_goes_from_20_hz_to_20_khz() {
        assert!((hz_at(0.0) - 20.0).abs() < 1e-9 && (hz_at(1.0) - 20_000.0).abs() < 1e-6);
        assert!((place_of(hz_at(0.37)) - 0.37).abs() < 1e-9);
    }
}
