//! Levels and spectrum: what is shown is what sounds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod common;

use common::rig::{Rig, track};
use common::{signal, wav};
use engine::{Params, SPECTRUM_BANDS};

const RATE: u32 = 48_000;

fn playing(sound: &[f32], params: &Params) -> Rig {
    let folder = tempfile::tempdir().unwrap();
    let path = wav::write(folder.path(), "a.wav", RATE, sound);
    let mut rig = Rig::new(RATE, params);
    rig.control.play(track(1, &path));
    rig.run(480);
    rig
}

fn near(got: f32, expected: f32, within: f32) -> bool {
    (got - expected).abs() <= within
}

#[test]
fn levels_are_those_of_the_output() {
    let mut sound = signal::tone(RATE, 997.0, 0.5, 3 * RATE as usize);
    sound.iter_mut().skip(1).step_by(2).for_each(|right| *right *= 0.5);
    let params = Params { volume_db: -6.0206, ..Params::default() };
    let mut rig = playing(&sound, &params);
    rig.run(2 * RATE as usize);
    let levels = rig.control.levels();
    assert!(near(levels.peak[0], 0.25, 1e-3) && near(levels.peak[1], 0.125, 1e-3), "{levels:?}");
    let rms = 0.25 / 2f32.sqrt();
    assert!(near(levels.rms[0], rms, 2e-3) && near(levels.rms[1], rms / 2.0, 2e-3), "{levels:?}");
    assert_eq!(levels.limiter_db, 0.0);
    assert_eq!(rig.control.spectrum_analyzer().levels(), levels);
    rig.run(4 * RATE as usize);
    let levels = rig.control.levels();
    assert_eq!(levels.peak, [0.0; 2]);
    assert!(levels.rms[0] < 2e-3, "{levels:?}");
}

#[test]
fn a_tone_stands_in_its_band_at_its_level_whatever_the_volume() {
    for (hertz, amplitude) in [(60.0, 0.5), (997.0, 1.0), (997.0, 0.01), (9_000.0, 0.1)] {
        let sound = signal::tone(RATE, hertz, amplitude, 2 * RATE as usize);
        let mut rig = playing(&sound, &Params { volume_db: -40.0, ..Params::default() });
        let mut analyzer = rig.control.spectrum_analyzer();
        let mut bands = [0.0; SPECTRUM_BANDS];
        for _ in 0..30 {
            rig.run(800);
            bands = analyzer.bands();
        }
        let expected = 1.0 + 20.0 * (amplitude as f32).log10() / 72.0;
        let of = ((hertz / 40.0).log(400.0) * SPECTRUM_BANDS as f64) as usize;
        // A tone between two bins reads up to 1.5 dB low.
        assert!(near(bands[of], expected, 0.025), "{hertz} Hz at {amplitude}: {} in {bands:?}", bands[of]);
        let far = bands.iter().enumerate().filter(|(band, _)| band.abs_diff(of) > 7);
        assert!(far.map(|(_, level)| *level).fold(0.0, f32::max) < 0.1, "{hertz} Hz: {bands:?}");
    }
}

#[test]
fn bands_fall_evenly_to_nothing() {
    let sound = signal::tone(RATE, 997.0, 1.0, RATE as usize / 2);
    let mut rig = playing(&sound, &Params::default());
    let mut analyzer = rig.control.spectrum_analyzer();
    rig.run(20_000);
    analyzer.bands();
    rig.run(RATE as usize);
    analyzer.bands();
    let mut last = f32::INFINITY;
    for _ in 0..60 {
        rig.run(800);
        let most = analyzer.bands().into_iter().fold(0.0, f32::max);
        assert!(most <= last);
        last = most;
    }
    assert_eq!(last, 0.0);
    // And with no device at all: by calls.
    assert_eq!(analyzer.bands(), [0.0; SPECTRUM_BANDS]);
}

#[test]
fn the_sound_ends_with_its_owner() {
    let rig = playing(&signal::noise(1, 0.5, 2 * RATE as usize), &Params::default());
    let Rig { control, mut renderer, .. } = rig;
    drop(control);
    let mut out = vec![f32::NAN; 9_600];
    common::guard::without_allocation(|| renderer.render(&mut out));
    assert_eq!(signal::peak(&out[2_000..]), 0.0);
    assert!(renderer.wait_ready(480, std::time::Duration::from_secs(1)));
}
