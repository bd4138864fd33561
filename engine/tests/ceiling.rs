//! Nothing leaves the engine above the ceiling, whatever goes in; and what needs no limiting is untouched.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod common;

use common::rig::{Rig, track};
use common::{signal, wav};
use engine::{Band, BandShape, Params};
use proptest::prelude::*;

const RATE: u32 = 48_000;

fn loudest() -> Vec<Band> {
    (0..10)
        .map(|n| Band { shape: BandShape::Peaking, frequency: 31.25 * 2f32.powi(n), gain_db: 12.0, q: 1.41 })
        .collect()
}

fn through(sound: &[f32], params: &Params) -> (Vec<f32>, Rig) {
    let folder = tempfile::tempdir().unwrap();
    let path = wav::write(folder.path(), "a.wav", RATE, sound);
    let mut rig = Rig::new(RATE, params);
    rig.control.play(track(1, &path));
    (rig.run(sound.len() / 2 + 500), rig)
}

#[test]
fn square_waves_with_every_band_up_stay_below() {
    for hertz in [20.0, 55.3, 440.0, 997.0, 5_000.0, 11_999.0] {
        for (ceiling_db, ceiling) in [(0.0, 1.0), (-1.0, 0.891_250_94)] {
            let params = Params { bands: loudest(), preamp_db: 12.0, ceiling_db, ..Params::default() };
            let (out, mut rig) = through(&signal::square(RATE, hertz, RATE as usize), &params);
            let peak = signal::peak(&out);
            assert!(peak <= ceiling && peak > 0.5 * ceiling, "{hertz} Hz: {peak}");
            assert_eq!(rig.control.playhead().underruns, 0);
            assert!(rig.control.levels().peak.iter().all(|peak| *peak <= ceiling));
        }
    }
}

#[test]
fn the_gain_moves_smoothly_and_comes_back_to_exactly_one() {
    let quiet = signal::noise(1, 0.5, 2 * RATE as usize);
    let mut sound = quiet.clone();
    for sample in &mut sound[20_000..24_000] {
        *sample *= 6.0;
    }
    let (out, rig) = through(&sound, &Params::default());
    let late = 2 * rig.renderer.latency();
    assert!(signal::peak(&out) <= 1.0);
    assert!(out[late..late + 19_000] == sound[..19_000], "before it looks at the burst");
    let end = sound.len();
    // Released 80 ms at a time: exact again after about 1.7 s of the 2.
    assert!(out[late + end - 9_600..late + end] == sound[end - 9_600..], "after the release");
    let gains: Vec<f32> =
        out[late..].iter().zip(&sound).filter(|(_, x)| x.abs() > 0.05).map(|(y, x)| y / x).collect();
    let steepest = gains.windows(2).map(|pair| (pair[0] - pair[1]).abs()).fold(0.0, f32::max);
    assert!(steepest < 0.05, "the gain jumps by {steepest}");
}

#[test]
fn the_limiter_shows_what_it_does() {
    let folder = tempfile::tempdir().unwrap();
    let path = wav::write(folder.path(), "a.wav", RATE, &signal::tone(RATE, 997.0, 2.0, RATE as usize));
    let mut rig = Rig::new(RATE, &Params::default());
    rig.control.play(track(1, &path));
    rig.run(9_600);
    let levels = rig.control.levels();
    assert!((levels.limiter_db + 6.02).abs() < 0.3, "{levels:?}");
    assert!(levels.peak[0] > 0.95 && levels.peak[0] <= 1.0, "{levels:?}");
}

#[test]
fn what_is_no_number_is_silence() {
    let mut sound = signal::noise(2, 0.5, 9_600);
    for (n, bad) in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30, -1e9, f32::MAX].into_iter().enumerate()
    {
        sound[5_000 + 7 * n] = bad;
    }
    for bands in [Vec::new(), loudest()] {
        let (out, _) = through(&sound, &Params { bands, ..Params::default() });
        assert!(out.iter().all(|sample| sample.abs() <= 1.0), "also false for no number");
    }
}

fn shape() -> impl Strategy<Value = BandShape> {
    prop_oneof![Just(BandShape::Peaking), Just(BandShape::LowShelf), Just(BandShape::HighShelf)]
}

fn any_band() -> impl Strategy<Value = Band> {
    (shape(), 1.0f32..30_000.0, -40.0f32..40.0, 0.01f32..60.0)
        .prop_map(|(shape, frequency, gain_db, q)| Band { shape, frequency, gain_db, q })
}

prop_compose! {
    fn any_params()(
        volume_db in -110.0f32..6.0, muted in prop::bool::weighted(0.1), eq_enabled in any::<bool>(),
        preamp_db in -40.0f32..40.0, bands in prop::collection::vec(any_band(), 0..40),
        balance in -1.5f32..1.5, ceiling_db in -20.0f32..3.0,
    ) -> Params {
        Params { volume_db, muted, eq_enabled, preamp_db, bands, balance, ceiling_db }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_input_and_no_parameters_go_over(
        seed in any::<u64>(), amplitude in 0.0f32..50.0, params in any_params(),
    ) {
        let ceiling = 10f32.powf(params.ceiling_db.min(0.0) / 20.0) * 1.000_000_2;
        let mut sound = signal::noise(seed, amplitude, 6_000);
        sound.extend(signal::square(RATE, (seed % 9_000) as f64 + 20.0, 6_000));
        let (out, _) = through(&sound, &params);
        prop_assert!(out.iter().all(|sample| sample.abs() <= ceiling));
    }

    #[test]
    fn storms_of_edits_and_jumps_never_go_over(
        edits in prop::collection::vec((any_params(), 1usize..3_000, 0u8..8, 0.0f64..2.5), 1..40),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let square = wav::write(folder.path(), "a.wav", RATE, &signal::square(RATE, 70.0, 2 * RATE as usize));
        let noise = wav::write(folder.path(), "b.wav", 44_100, &signal::noise(3, 1.0, 30_000));
        let mut rig = Rig::new(RATE, &Params::default());
        rig.control.play(track(1, &square));
        for (n, (params, frames, what, to_s)) in edits.iter().enumerate() {
            // A ceiling that falls is kept by what comes after it, so it stays where it is here.
            rig.control.set_params(&Params { ceiling_db: 0.0, ..params.clone() });
            let id = n as u64 + 2;
            match what {
                0 => rig.control.seek(*to_s),
                1 => rig.control.play(track(id, &noise)),
                2 => rig.control.play(track(id, &square)),
                3 => rig.control.set_next(Some(track(id, &noise))),
                4 => rig.control.set_next(None),
                5 => rig.control.set_paused(n % 2 == 0),
                6 => rig.control.stop(),
                _ => {}
            }
            // Some as a device does, some in step with the decoder.
            let out = if n % 3 == 0 { rig.rush(*frames) } else { rig.run(*frames) };
            prop_assert!(out.iter().all(|sample| sample.abs() <= 1.0));
            prop_assert!(rig.control.playhead().position_s >= 0.0);
        }
        // And it still plays, flat, bit for bit.
        rig.control.set_paused(false);
        rig.control.stop();
        rig.control.set_params(&Params::default());
        rig.run(6 * RATE as usize);
        rig.control.play(track(1_000, &square));
        let late = rig.renderer.latency();
        let out = rig.run(9_600);
        prop_assert!(out[2 * late..] == signal::square(RATE, 70.0, 9_600 - late)[..]);
    }
}
