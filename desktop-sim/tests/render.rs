//! `render`: files through the sound chain into a WAV file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{Ran, noise, read_float_wav, run, simulator, tone, wav16};

const NO_TAGS: [&str; 3] = ["", "", ""];

fn render(dir: &Path, args: &[&str]) -> Ran {
    run(simulator().current_dir(dir).arg("render").args(args))
}

/// 16-bit samples as 32-bit floats: exact, the scale is a power of two.
fn floats(samples: &[i16]) -> Vec<f32> {
    samples.iter().map(|sample| f32::from(*sample) / 32_768.0).collect()
}

#[track_caller]
fn assert_same(found: &[f32], wanted: &[f32]) {
    let first = found.iter().zip(wanted).position(|(a, b)| a != b);
    assert_eq!((first, found.len()), (None, wanted.len()), "first difference, length");
}

#[test]
fn a_file_at_its_own_rate_is_bit_exact() {
    let dir = tempfile::tempdir().unwrap();
    let samples = noise(1, 100_003);
    wav16(&dir.path().join("a.wav"), 44_100, &samples, &NO_TAGS);
    let ran = render(dir.path(), &["a.wav", "out.wav", "--stats"]).expect_code(0);
    let (rate, found) = read_float_wav(&dir.path().join("out.wav"));
    assert_eq!(rate, 44_100);
    assert_same(&found, &floats(&samples));

    let stats: Value = serde_json::from_str(&ran.stdout).unwrap();
    let peak = floats(&samples).iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    assert_eq!(stats["rate"], 44_100);
    assert_eq!(stats["underruns"], 0);
    assert_eq!(stats["failed"], Value::Array(Vec::new()));
    assert!((stats["audio_seconds"].as_f64().unwrap() - 100_003.0 / 44_100.0).abs() < 1e-9, "{stats}");
    assert!((stats["peak"].as_f64().unwrap() - f64::from(peak)).abs() < 1e-6, "{stats}");
    assert!(cfg!(not(unix)) || stats["cpu_seconds"].as_f64().unwrap() > 0.0, "{stats}");
}

#[test]
fn two_files_follow_each_other_without_a_gap() {
    let dir = tempfile::tempdir().unwrap();
    let whole = noise(2, 90_000);
    let (first, second) = whole.split_at(2 * 41_777);
    wav16(&dir.path().join("1.wav"), 48_000, first, &NO_TAGS);
    wav16(&dir.path().join("2.wav"), 48_000, second, &NO_TAGS);
    render(dir.path(), &["1.wav", "2.wav", "out.wav"]).expect_code(0);
    assert_same(&read_float_wav(&dir.path().join("out.wav")).1, &floats(&whole));
}

#[test]
fn seek_and_seconds_cut_to_the_sample() {
    let dir = tempfile::tempdir().unwrap();
    let samples = noise(3, 48_000 * 3);
    wav16(&dir.path().join("a.wav"), 48_000, &samples, &NO_TAGS);
    render(dir.path(), &["a.wav", "out.wav", "--seek", "1.5", "--seconds", "0.75"]).expect_code(0);
    let wanted = floats(&samples[2 * 72_000..2 * (72_000 + 36_000)]);
    assert_same(&read_float_wav(&dir.path().join("out.wav")).1, &wanted);
}

#[test]
fn another_rate_keeps_length_level_and_pitch() {
    let dir = tempfile::tempdir().unwrap();
    wav16(&dir.path().join("a.wav"), 44_100, &tone(44_100, 2.0, 997.0), &NO_TAGS);
    render(dir.path(), &["a.wav", "out.wav", "--rate", "48000"]).expect_code(0);
    let (rate, found) = read_float_wav(&dir.path().join("out.wav"));
    assert_eq!((rate, found.len()), (48_000, 2 * 96_000));
    let amplitude = 12_000.0 / 32_768.0;
    let error = (9_600..86_400)
        .map(|n| {
            let phase = f64::from(n) / 48_000.0 * 997.0 * std::f64::consts::TAU;
            (f64::from(found[2 * n as usize]) - phase.sin() * amplitude).abs()
        })
        .fold(0.0, f64::max);
    // The source is cut to 16 bits: 1/32768 is its own error.
    assert!(error < 1e-4, "the tone is off by {error}");
}

#[test]
fn volume_and_preset_change_the_level_as_stated() {
    let dir = tempfile::tempdir().unwrap();
    wav16(&dir.path().join("a.wav"), 48_000, &tone(48_000, 2.0, 1_000.0), &NO_TAGS);
    let preset = r#"{"name":"Peak","preamp":-3.0,"bands":[{"kind":"peaking","frequency":1000.0,"gain":6.0,"q":1.41}]}"#;
    fs::write(dir.path().join("p.json"), preset).unwrap();
    render(dir.path(), &["a.wav", "plain.wav"]).expect_code(0);
    render(dir.path(), &["a.wav", "quiet.wav", "--volume", "-12"]).expect_code(0);
    render(dir.path(), &["a.wav", "peak.wav", "--preset", "p.json"]).expect_code(0);
    let level = |name: &str| {
        let (_, samples) = read_float_wav(&dir.path().join(name));
        let middle = &samples[48_000..144_000];
        let power = middle.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / middle.len() as f64;
        10.0 * power.log10()
    };
    let plain = level("plain.wav");
    assert!((level("quiet.wav") - plain + 12.0).abs() < 0.01, "{}", level("quiet.wav") - plain);
    assert!((level("peak.wav") - plain - 3.0).abs() < 0.05, "{}", level("peak.wav") - plain);
}

#[test]
fn what_cannot_be_played_is_named_and_skipped() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("bad.flac"), "no music").unwrap();
    let samples = noise(4, 5_000);
    wav16(&dir.path().join("a.wav"), 48_000, &samples, &NO_TAGS);
    let ran = render(dir.path(), &["bad.flac", "a.wav", "out.wav", "--stats"]).expect_code(0);
    assert!(ran.stderr.contains("bad.flac"), "{}", ran.stderr);
    let stats: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(stats["failed"][0]["path"], "bad.flac");
    assert_same(&read_float_wav(&dir.path().join("out.wav")).1, &floats(&samples));

    let ran = render(dir.path(), &["bad.flac", "none.mp3", "out2.wav"]).expect_code(1);
    assert!(ran.stderr.contains("bad.flac") && ran.stderr.contains("none.mp3"), "{}", ran.stderr);
    assert!(!dir.path().join("out2.wav").exists(), "nothing was played, so there is no file");
}

#[test]
fn music_is_never_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    wav16(&dir.path().join("a.wav"), 48_000, &noise(5, 5_000), &NO_TAGS);
    fs::copy(dir.path().join("a.wav"), dir.path().join("b.flac")).unwrap();
    let before = fs::read(dir.path().join("a.wav")).unwrap();
    for args in [["a.wav", "a.wav"], ["a.wav", "./a.wav"], ["a.wav", "b.flac"]] {
        let ran = render(dir.path(), &args).expect_code(1);
        assert!(ran.stderr.contains(".wav"), "{args:?}: {}", ran.stderr);
    }
    assert_eq!(fs::read(dir.path().join("a.wav")).unwrap(), before);
    assert_eq!(fs::read(dir.path().join("b.flac")).unwrap(), before);
    let elsewhere = render(dir.path(), &["a.wav", "no/such/folder/out.wav"]).expect_code(1);
    assert!(elsewhere.stderr.contains("no/such/folder"), "{}", elsewhere.stderr);
}

#[test]
fn a_bad_preset_is_refused_with_its_reason() {
    let dir = tempfile::tempdir().unwrap();
    wav16(&dir.path().join("a.wav"), 48_000, &noise(6, 5_000), &NO_TAGS);
    fs::write(dir.path().join("p.json"), r#"{"name":"x","preamp":9.0,"bands":[]}"#).unwrap();
    let ran = render(dir.path(), &["a.wav", "out.wav", "--preset", "p.json"]).expect_code(1);
    assert!(ran.stderr.contains("preamp") && ran.stderr.contains("p.json"), "{}", ran.stderr);
}
