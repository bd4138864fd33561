//! Live edits make no click.
//!
//! Method, after the transient measurement of Välimäki and Laakso ("Suppression of transients in variable
//! recursive digital filters", IEEE ISCAS 1998: what the edit adds to the steady responses before and after
//! it) in the frequency domain: a 997 Hz tone plays, an edit is made, and the output is cut into frames of
//! 4096 samples, hop 256, under a four-term Blackman-Harris window (side lobes below −92 dB; Harris 1978).
//! In each frame the energy outside the octave band around the tone (705 Hz to 1410 Hz) is summed and given
//! as the level of a sine with that energy, dBFS. The worst frame counts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]
mod common;

use common::rig::{Rig, track};
use common::{signal, wav};
use engine::{Band, BandShape, Params};
use realfft::RealFftPlanner;
use std::f64::consts::{SQRT_2, TAU};

const RATE: u32 = 48_000;
const HERTZ: f64 = 997.0;
const SIZE: usize = 4096;
const LIMIT_DBFS: f64 = -80.0;

/// Level outside the octave around the tone in the worst frame, dBFS, left channel.
fn worst_outside_db(stereo: &[f32]) -> f64 {
    let left: Vec<f64> = stereo.chunks_exact(2).map(|frame| f64::from(frame[0])).collect();
    let window: Vec<f64> = (0..SIZE)
        .map(|n| {
            let x = TAU * n as f64 / SIZE as f64;
            0.35875 - 0.48829 * x.cos() + 0.14128 * (2.0 * x).cos() - 0.01168 * (3.0 * x).cos()
        })
        .collect();
    let energy: f64 = window.iter().map(|w| w * w).sum();
    let transform = RealFftPlanner::<f64>::new().plan_fft_forward(SIZE);
    let (mut input, mut output) = (transform.make_input_vec(), transform.make_output_vec());
    let bin = |hertz: f64| (hertz * SIZE as f64 / f64::from(RATE)) as usize;
    let inside = bin(HERTZ / SQRT_2)..=bin(HERTZ * SQRT_2) + 1;
    let mut worst = f64::NEG_INFINITY;
    for start in (0..left.len() - SIZE).step_by(256) {
        for (input, (sample, w)) in input.iter_mut().zip(left[start..].iter().zip(&window)) {
            *input = sample * w;
        }
        transform.process(&mut input, &mut output).unwrap();
        let outside = output.iter().enumerate().filter(|(n, _)| !inside.contains(n));
        let sum: f64 = outside.map(|(_, x)| x.norm_sqr()).sum();
        // Parseval: both halves of the spectrum; a full-scale sine has a mean square of one half.
        let mean_square = 2.0 * sum / SIZE as f64 / energy;
        worst = worst.max(10.0 * (2.0 * mean_square).log10());
    }
    worst
}

/// Plays the tone, makes each edit in turn, and measures the whole.
fn measure(amplitude: f64, first: &Params, edits: &[(Params, usize)]) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let frames = 24_000 + edits.iter().map(|edit| edit.1).sum::<usize>() + 24_000;
    // The tone starts and ends inside the measurement only as the limiter's delay lets it: it is longer.
    let sound = signal::tone(RATE, HERTZ, amplitude, frames + 48_000);
    let path = wav::write(folder.path(), "tone.wav", RATE, &sound);
    let mut rig = Rig::new(RATE, first);
    rig.control.play(track(1, &path));
    // The filters' own response to the tone's beginning is no edit.
    rig.run(24_000);
    let mut out = rig.run(12_000);
    for (params, frames) in edits {
        rig.control.set_params(params);
        out.extend(rig.run(*frames));
    }
    out.extend(rig.run(12_000));
    assert_eq!(rig.control.playhead().underruns, 0);
    worst_outside_db(&out)
}

fn check(what: &str, amplitude: f64, first: &Params, edits: &[(Params, usize)]) {
    let worst = measure(amplitude, first, edits);
    println!("{what}: {worst:.1} dBFS");
    assert!(worst < LIMIT_DBFS, "{what}: {worst} dBFS");
}

fn volume(volume_db: f32) -> Params {
    Params { volume_db, ..Params::default() }
}

fn bands(bands: &[(BandShape, f32, f32, f32)]) -> Params {
    let bands = bands.iter().map(|&(shape, frequency, gain_db, q)| Band { shape, frequency, gain_db, q });
    Params { bands: bands.collect(), ..Params::default() }
}

fn graphic(gain_db: f32) -> Params {
    bands(
        &[31.25, 62.5, 125.0, 250.0, 500.0, 1e3, 2e3, 4e3, 8e3, 16e3]
            .map(|f| (BandShape::Peaking, f, gain_db, 1.41)),
    )
}

#[test]
fn the_measure_sees_a_click() {
    let folder = tempfile::tempdir().unwrap();
    let mut sound = signal::tone(RATE, HERTZ, 0.5, 48_000);
    let flat = worst_outside_db(&sound);
    assert!(flat < -120.0, "floor of the method {flat}");
    for sample in &mut sound[48_000..] {
        *sample *= 0.97;
    }
    let stepped = worst_outside_db(&sound);
    assert!(stepped > LIMIT_DBFS, "a step of 0.3 dB reads {stepped}");
    drop(folder);
}

#[test]
fn volume_edits_are_clean() {
    check("0 to -100 dB", 1.0, &volume(0.0), &[(volume(-100.0), 9_600)]);
    check("-60 to 0 dB", 1.0, &volume(-60.0), &[(volume(0.0), 9_600)]);
    let mute = Params { muted: true, ..Params::default() };
    check("mute and back", 1.0, &volume(0.0), &[(mute, 4_800), (volume(0.0), 9_600)]);
    let turns: Vec<_> = (0..40).map(|n| (volume(-1.5 * n as f32), 700)).collect();
    check("a turning knob", 1.0, &volume(0.0), &turns);
    let wild: Vec<_> =
        (0..40).map(|n| (volume(if n % 2 == 0 { -40.0 } else { 0.0 }), 481 + 37 * n)).collect();
    check("a wild knob", 1.0, &volume(0.0), &wild);
    let left = Params { balance: -1.0, ..Params::default() };
    let right = Params { balance: 1.0, ..Params::default() };
    check("balance", 1.0, &left, &[(right, 4_800), (left.clone(), 9_600)]);
}

#[test]
fn equaliser_edits_are_clean() {
    use BandShape::{HighShelf, LowShelf, Peaking};
    let at = |f: f32, gain: f32| bands(&[(Peaking, f, gain, 1.41)]);
    for f in [31.25, 125.0, 1000.0, 4000.0, 16_000.0] {
        check(
            &format!("{f} Hz 0 to 12 dB and back"),
            0.2,
            &at(f, 0.0),
            &[(at(f, 12.0), 9_600), (at(f, 0.0), 24_000)],
        );
        check(
            &format!("{f} Hz -12 to 12 dB"),
            0.2,
            &at(f, -12.0),
            &[(at(f, 12.0), 9_600), (at(f, -12.0), 9_600)],
        );
    }
    check("all ten up and down", 0.02, &graphic(12.0), &[(graphic(-12.0), 9_600), (graphic(0.0), 9_600)]);
    let off = Params { eq_enabled: false, ..graphic(6.0) };
    check("off and on", 0.05, &graphic(6.0), &[(off, 24_000), (graphic(6.0), 9_600)]);
    check("1 kHz to 100 Hz", 0.2, &at(1000.0, 12.0), &[(at(100.0, 12.0), 9_600), (at(1000.0, 12.0), 24_000)]);
    let slide: Vec<_> = (0..60).map(|n| (at(200.0 * 1.06f32.powi(n), 9.0), 1_000)).collect();
    check("a sliding band", 0.2, &at(200.0, 9.0), &slide);
    let low = bands(&[(LowShelf, 200.0, 10.0, 0.7), (HighShelf, 5000.0, -10.0, 0.7)]);
    let high = bands(&[(HighShelf, 300.0, 10.0, 0.7), (LowShelf, 5000.0, -10.0, 0.7)]);
    check("shelves exchanged", 0.1, &low, &[(high, 9_600), (low.clone(), 24_000)]);
    for shape in [LowShelf, HighShelf] {
        for f in [100.0, 300.0, 2000.0, 8000.0] {
            let shelf = |gain: f32| bands(&[(shape, f, gain, 0.7)]);
            let edits = [(shelf(12.0), 9_600), (shelf(-12.0), 9_600), (shelf(0.0), 9_600)];
            check(&format!("{shape:?} {f} Hz"), 0.1, &shelf(0.0), &edits);
        }
    }
    let preamp = Params { preamp_db: -12.0, ..Params::default() };
    check("preamp", 1.0, &Params::default(), &[(preamp, 4_800), (Params::default(), 9_600)]);
}

#[test]
fn back_at_flat_every_bit_is_untouched_again() {
    let folder = tempfile::tempdir().unwrap();
    let sound = signal::noise(5, 0.2, 10 * RATE as usize);
    let path = wav::write(folder.path(), "noise.wav", RATE, &sound);
    let mut rig = Rig::new(RATE, &Params::default());
    rig.control.play(track(1, &path));
    rig.run(24_000);
    for params in
        [graphic(6.0), graphic(-6.0), Params { preamp_db: 3.0, volume_db: -20.0, ..Params::default() }]
    {
        rig.control.set_params(&params);
        rig.run(4_800);
    }
    rig.control.set_params(&Params::default());
    rig.run(96_000);
    let start = 2 * (24_000 + 3 * 4_800 + 96_000 - rig.renderer.latency());
    let out = rig.run(48_000);
    assert!(out[..] == sound[start..start + 96_000]);
}
