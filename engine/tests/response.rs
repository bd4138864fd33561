//! The equaliser's measured frequency response against the analytic one of the cookbook's prototypes.
//!
//! Method: a unit impulse is played through the engine; the transform of what comes out is the response.
//! The reference is H(s) of the analogue prototype under the bilinear transform, computed here from the
//! cookbook's transfer functions and not from the engine's coefficients.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod common;

use common::rig::{Rig, track};
use common::wav;
use engine::{Band, BandShape, Params};
use realfft::num_complex::Complex64;
use std::f64::consts::{PI, TAU};

const GRAPHIC: [f32; 10] = [31.5, 63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16_000.0];

fn prototype(band: &Band, hertz: f64, rate: f64) -> Complex64 {
    let amp = 10f64.powf(f64::from(band.gain_db) / 40.0);
    let (root, q) = (amp.sqrt(), f64::from(band.q));
    let warp = |f: f64| (PI * f / rate).tan();
    let s = Complex64::new(0.0, warp(hertz) / warp(f64::from(band.frequency)));
    match band.shape {
        BandShape::Peaking => (s * s + s * (amp / q) + 1.0) / (s * s + s / (amp * q) + 1.0),
        BandShape::LowShelf => (s * s + s * (root / q) + amp) / (s * s * amp + s * (root / q) + 1.0) * amp,
        BandShape::HighShelf => (s * s * amp + s * (root / q) + 1.0) / (s * s + s * (root / q) + amp) * amp,
    }
}

/// Level in dB at `hertz` of the left channel of an impulse response.
fn measured_db(response: &[f32], scale: f64, hertz: f64, rate: f64) -> f64 {
    let sum: Complex64 = response
        .chunks_exact(2)
        .enumerate()
        .map(|(n, frame)| Complex64::from_polar(f64::from(frame[0]), -TAU * hertz * n as f64 / rate))
        .sum();
    20.0 * (sum.norm() / scale).log10()
}

fn check(rate: u32, params: &Params) {
    let folder = tempfile::tempdir().unwrap();
    let scale = 0.01;
    let mut sound = vec![0.0; 4 * rate as usize];
    (sound[0], sound[1]) = (scale as f32, scale as f32);
    let path = wav::write(folder.path(), "impulse.wav", rate, &sound);
    let mut rig = Rig::new(rate, params);
    rig.control.play(track(1, &path));
    let response = rig.run_aligned(sound.len() / 2);
    let rate = f64::from(rate);
    let marks =
        (0..60).map(|n| 20.0 * 1000f64.powf(f64::from(n) / 60.0)).filter(|hertz| *hertz < 0.48 * rate);
    for hertz in params.bands.iter().map(|band| f64::from(band.frequency)).chain(marks) {
        if hertz >= 0.49 * rate {
            continue;
        }
        let active = params.bands.iter().filter(|band| f64::from(band.frequency) < 0.49 * rate);
        let analytic: Complex64 = active.map(|band| prototype(band, hertz, rate)).product();
        let expected = 20.0 * analytic.norm().log10() + f64::from(params.preamp_db);
        let got = measured_db(&response, scale, hertz, rate);
        assert!((got - expected).abs() < 0.1, "{hertz} Hz at {rate}: {got} dB, not {expected} ({params:?})");
    }
}

fn band(shape: BandShape, frequency: f32, gain_db: f32, q: f32) -> Band {
    Band { shape, frequency, gain_db, q }
}

#[test]
fn every_band_alone_at_its_extremes() {
    for frequency in GRAPHIC {
        for gain_db in [12.0, -12.0] {
            let bands = vec![band(BandShape::Peaking, frequency, gain_db, 1.41)];
            check(48_000, &Params { bands, ..Params::default() });
        }
    }
}

#[test]
fn shelves_q_and_all_bands_together() {
    for rate in [44_100, 48_000, 96_000] {
        let shelves = vec![
            band(BandShape::LowShelf, 120.0, 9.0, 0.7),
            band(BandShape::HighShelf, 6000.0, -12.0, 0.7),
            band(BandShape::Peaking, 440.0, 5.5, 8.0),
        ];
        check(rate, &Params { bands: shelves, preamp_db: -4.0, ..Params::default() });
        let all: Vec<_> = GRAPHIC
            .iter()
            .enumerate()
            .map(|(n, frequency)| {
                band(BandShape::Peaking, *frequency, if n % 2 == 0 { 12.0 } else { -12.0 }, 1.41)
            })
            .collect();
        check(rate, &Params { bands: all, ..Params::default() });
    }
}

#[test]
fn bands_above_the_output_have_no_effect() {
    let all = GRAPHIC.iter().map(|frequency| band(BandShape::Peaking, *frequency, 6.0, 1.41)).collect();
    check(16_000, &Params { bands: all, preamp_db: -6.0, ..Params::default() });
}
