//! Quality, length and alignment of the conversion.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::f64::consts::TAU;

use proptest::prelude::*;

use super::Resampler;

/// Both channels: a sine of `frequency` and one a quarter turn on.
fn tone(rate: u32, frequency: f64, amplitude: f64, frames: usize) -> Vec<f32> {
    let phase = |n: usize| TAU * frequency * n as f64 / f64::from(rate);
    (0..frames)
        .flat_map(|n| [(amplitude * phase(n).sin()) as f32, (amplitude * phase(n).cos()) as f32])
        .collect()
}

fn convert(from: u32, to: u32, input: &[f32]) -> Vec<f32> {
    let mut resampler = Resampler::new(from, to).unwrap();
    let mut out = Vec::new();
    resampler.process(input, &mut out);
    resampler.flush(&mut out);
    out
}

fn left(stereo: &[f32]) -> Vec<f64> {
    stereo.chunks_exact(2).map(|f| f64::from(f[0])).collect()
}

/// Least-squares amplitudes (sine, cosine) of `frequency` in `x`, whose first sample is at time `start`/rate.
fn fit(x: &[f64], rate: u32, frequency: f64, start: usize) -> (f64, f64) {
    let w = TAU * frequency / f64::from(rate);
    let (mut ss, mut cc, mut sc, mut xs, mut xc) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (n, v) in x.iter().enumerate() {
        let (s, c) = (w * (n + start) as f64).sin_cos();
        (ss, cc, sc, xs, xc) = (ss + s * s, cc + c * c, sc + s * c, xs + v * s, xc + v * c);
    }
    let det = ss * cc - sc * sc;
    ((xs * cc - xc * sc) / det, (xc * ss - xs * sc) / det)
}

/// What is left in `x` when the tone is taken out, relative to the tone, dB.
fn thd_n(x: &[f64], rate: u32, frequency: f64) -> f64 {
    let (a, b) = fit(x, rate, frequency, 0);
    let w = TAU * frequency / f64::from(rate);
    let rest: f64 = x
        .iter()
        .enumerate()
        .map(|(n, v)| (v - a * (w * n as f64).sin() - b * (w * n as f64).cos()).powi(2))
        .sum();
    10.0 * (rest / x.len() as f64 / ((a * a + b * b) / 2.0)).log10()
}

fn rms_db(x: &[f64], reference: f64) -> f64 {
    10.0 * (x.iter().map(|v| v * v).sum::<f64>() / x.len() as f64 / reference).log10()
}

/// The middle of `x`, one second of it: an integer number of periods for every whole frequency.
fn second(x: &[f64], rate: u32) -> &[f64] {
    let start = (x.len() - rate as usize) / 2;
    &x[start..start + rate as usize]
}

#[test]
fn tones_keep_their_purity() {
    let pairs = [
        (44_100, 48_000),
        (48_000, 44_100),
        (96_000, 48_000),
        (88_200, 48_000),
        (192_000, 44_100),
        (176_400, 48_000),
        (22_050, 48_000),
        (32_000, 48_000),
    ];
    for (from, to) in pairs {
        for frequency in [997.0, 10_007.0, 19_000.0] {
            if frequency > 0.45 * f64::from(from.min(to)) {
                continue;
            }
            let out = left(&convert(from, to, &tone(from, frequency, 0.9, 3 * from as usize)));
            let figure = thd_n(second(&out, to), to, frequency);
            println!("{from} -> {to}, {frequency} Hz: THD+N {figure:.1} dB");
            assert!(figure <= -110.0, "{from} -> {to}, {frequency} Hz: {figure}");
        }
    }
}

#[test]
fn aliases_and_images_stay_below_110_db() {
    // Tones above the new Nyquist frequency must vanish when going down.
    for (from, to, frequency) in [
        (96_000, 44_100, 23_000.0),
        (96_000, 48_000, 25_000.0),
        (192_000, 48_000, 40_000.0),
        (48_000, 44_100, 23_000.0),
        (48_000, 32_000, 17_500.0),
    ] {
        let out = left(&convert(from, to, &tone(from, frequency, 1.0, 3 * from as usize)));
        let level = rms_db(second(&out, to), 0.5);
        println!("{from} -> {to}, {frequency} Hz leaves {level:.1} dB");
        assert!(level <= -110.0, "{from} -> {to}, {frequency}: {level}");
    }
    // Going up, nothing but the tone may be there: thd_n counts images as noise.
    for (from, to, frequency) in [
        (44_100, 48_000, 20_000.0),
        (22_050, 48_000, 9_500.0),
        (8_000, 48_000, 3_300.0),
        (11_025, 48_000, 4_700.0),
    ] {
        let out = left(&convert(from, to, &tone(from, frequency, 1.0, 3 * from as usize)));
        let level = thd_n(second(&out, to), to, frequency);
        println!("{from} -> {to}, {frequency} Hz: images {level:.1} dB");
        assert!(level <= -110.0, "{from} -> {to}, {frequency}: {level}");
    }
}

#[test]
fn the_pass_band_is_flat_to_20_khz() {
    for (from, to) in [
        (44_100, 48_000),
        (48_000, 44_100),
        (88_200, 48_000),
        (96_000, 44_100),
        (192_000, 48_000),
        (44_100, 96_000),
    ] {
        let mut worst = 0.0f64;
        for frequency in
            [20.0, 100.0, 1000.0, 5000.0, 10_000.0, 15_000.0, 18_000.0, 19_000.0, 19_500.0, 20_000.0]
        {
            let out = left(&convert(from, to, &tone(from, frequency, 0.5, 2 * from as usize)));
            let (a, b) = fit(second(&out, to), to, frequency, 0);
            worst = worst.max((20.0 * (a.hypot(b) / 0.5).log10()).abs());
        }
        println!("{from} -> {to}: flat within {worst:.4} dB to 20 kHz");
        assert!(worst <= 0.05, "{from} -> {to}: {worst} dB");
    }
}

#[test]
fn the_output_lies_where_the_input_lay() {
    for (from, to) in [
        (44_100u32, 48_000u32),
        (48_000, 44_100),
        (8_000, 48_000),
        (11_025, 48_000),
        (192_000, 44_100),
        (96_000, 48_000),
    ] {
        let out = left(&convert(from, to, &tone(from, 997.0, 0.5, 2 * from as usize)));
        let start = (out.len() - to as usize) / 2;
        let (a, b) = fit(&out[start..start + to as usize], to, 997.0, start);
        // The input is a sine: any delay shows as a phase.
        let delay = b.atan2(a) / (TAU * 997.0) * f64::from(to);
        println!("{from} -> {to}: {delay:.2e} frames late");
        assert!(delay.abs() < 1.0e-3, "{from} -> {to}: {delay} frames");
    }
}

#[test]
fn equal_rates_pass_through_bit_for_bit() {
    let input = tone(44_100, 997.0, 0.9, 10_001);
    assert!(convert(44_100, 44_100, &input) == input);
    assert!(
        Resampler::new(0, 48_000).is_err()
            && Resampler::new(48_000, 0).is_err()
            && Resampler::new(0, 0).is_err()
    );
}

#[test]
fn a_reset_forgets_and_a_flush_begins_anew() {
    let (a, b) = (tone(44_100, 440.0, 0.9, 7001), tone(44_100, 997.0, 0.5, 9000));
    let fresh = convert(44_100, 48_000, &b);
    let mut resampler = Resampler::new(44_100, 48_000).unwrap();
    let (mut first, mut second, mut third) = (Vec::new(), Vec::new(), Vec::new());
    resampler.process(&a, &mut first);
    resampler.reset();
    resampler.process(&b, &mut second);
    resampler.flush(&mut second);
    resampler.process(&b, &mut third);
    resampler.flush(&mut third);
    assert!(second == fresh && third == fresh);
}

#[test]
fn a_block_comes_within_a_twentieth_of_a_second() {
    for (from, to) in
        [(44_100, 48_000), (48_000, 44_100), (96_000, 48_000), (192_000, 44_100), (32_000, 48_000)]
    {
        let mut resampler = Resampler::new(from, to).unwrap();
        let mut out = Vec::new();
        resampler.process(&vec![0.0; from as usize / 20 * 2], &mut out);
        assert!(!out.is_empty(), "{from} -> {to}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// However the signal is cut into calls, the output is the same, and its length is exact.
    #[test]
    fn cuts_do_not_matter(
        pair in prop::sample::select(vec![(44_100u32, 48_000u32), (48_000, 44_100), (8_000, 48_000), (96_000, 44_100), (11_025, 48_000)]),
        frames in 0usize..20_000,
        cuts in prop::collection::vec(1usize..3000, 1..12),
    ) {
        let (from, to) = pair;
        let input = tone(from, 997.0, 0.7, frames);
        let whole = convert(from, to, &input);
        let due = (frames as u64 * u64::from(to) + u64::from(from) / 2) / u64::from(from);
        prop_assert_eq!(whole.len() as u64, 2 * due);
        let mut resampler = Resampler::new(from, to).unwrap();
        let (mut out, mut rest, mut sizes) = (Vec::new(), input.as_slice(), cuts.iter().cycle());
        while !rest.is_empty() {
            let (head, tail) = rest.split_at(rest.len().min(2 * sizes.next().unwrap()));
            resampler.process(head, &mut out);
            rest = tail;
        }
        resampler.flush(&mut out);
        prop_assert!(out == whole);
    }
}
