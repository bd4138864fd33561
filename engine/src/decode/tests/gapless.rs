//! Two halves of one piece, encoded apart, joined by decoding one after the other.
use std::path::{Path, PathBuf};

use tempfile::tempdir;

use super::decode_all;
use super::signal::{Format, expected, music, wav};
use super::tools::{ffmpeg, needs_tools, run};

const RATE: u32 = 48_000;
/// Not a multiple of any codec's block.
const CUT: usize = 100_003;
const TOTAL: usize = 220_007;

/// The two parts decoded and put together.
fn joined(parts: &[PathBuf; 2]) -> Vec<f32> {
    let mut out = decode_all(&parts[0]).unwrap().1;
    assert_eq!(out.len(), 2 * CUT, "{:?}", parts[0]);
    out.extend(decode_all(&parts[1]).unwrap().1);
    assert_eq!(out.len(), 2 * TOTAL, "{:?}", parts[1]);
    out
}

fn rms(x: impl Iterator<Item = f64>) -> f64 {
    let (n, sum) = x.fold((0.0, 0.0), |(n, sum), v| (n + 1.0, sum + v * v));
    f64::sqrt(sum / f64::max(n, 1.0))
}

/// The error at the joint, and its jump from sample to sample (a click is a jump), against what the codec does
/// elsewhere.
fn check_joint(what: &str, sound: &[f32], original: &[f32], most: f64) {
    let error: Vec<f64> = sound.iter().zip(original).map(|(a, b)| f64::from(a - b)).collect();
    let joint = 2 * (CUT - 480)..2 * (CUT + 480);
    let elsewhere = 2 * 20_000..2 * 90_000;
    let (here, there) =
        (rms(error[joint.clone()].iter().copied()), rms(error[elsewhere.clone()].iter().copied()));
    let steps = |range: std::ops::Range<usize>| {
        (range.start..range.end - 2).map(|i| (error[i + 2] - error[i]).abs()).fold(0.0, f64::max)
    };
    let (step_here, step_there) = (steps(joint), steps(elsewhere));
    println!(
        "{what}: error at the joint {here:.2e}, elsewhere {there:.2e}; largest step {step_here:.2e}, {step_there:.2e}"
    );
    assert!(here <= most * there, "{what}: {here} at the joint, {there} elsewhere");
    assert!(step_here <= most * step_there, "{what}: a click of {step_here}, elsewhere {step_there}");
}

fn halves(dir: &Path, samples: &[f64]) -> [PathBuf; 2] {
    [
        wav(&dir.join("1.wav"), RATE, 2, Format::S16, None, &samples[..2 * CUT]),
        wav(&dir.join("2.wav"), RATE, 2, Format::S16, None, &samples[2 * CUT..]),
    ]
}

#[test]
fn flac_and_alac_halves_are_the_undivided_original() {
    needs_tools!();
    let dir = tempdir().unwrap();
    let samples = music(RATE, 2, TOTAL);
    let parts = halves(dir.path(), &samples);
    for ext in ["flac", "m4a", "oga", "aiff"] {
        let args: &[&str] = if ext == "m4a" {
            &["-c:a", "alac"]
        } else if ext == "oga" {
            &["-c:a", "flac"]
        } else {
            &[]
        };
        let coded = [0, 1].map(|i| ffmpeg(&parts[i], args, &dir.path().join(format!("{i}.{ext}"))));
        assert!(joined(&coded) == expected(&samples, Format::S16), "{ext}");
    }
}

#[test]
fn lossy_halves_have_no_gap_and_no_click() {
    needs_tools!();
    let dir = tempdir().unwrap();
    let samples = music(RATE, 2, TOTAL);
    let original = expected(&samples, Format::S16);
    let parts = halves(dir.path(), &samples);
    let path = |name: &str| dir.path().join(name);
    let text = |p: &Path| p.to_str().unwrap().to_owned();

    // What is left at the joint is the encoders' own (ffmpeg's decode of each part is the same to 1e-7, see the
    // lossy tests): each encoder sees silence beyond its half: the last and first block are coarser, but in place.
    let apart = |name: &str, encode: &dyn Fn(&Path, &Path)| {
        let coded = [0, 1].map(|i| path(&format!("{i}.{name}")));
        (0..2).for_each(|i| encode(&parts[i], &coded[i]));
        joined(&coded)
    };
    let mp3 = apart("mp3", &|from, to| drop(run("lame", &["--quiet", "-b", "192", &text(from), &text(to)])));
    check_joint("MP3", &mp3, &original, 12.0);
    let aac =
        apart("m4a", &|from, to| drop(ffmpeg(from, &["-c:a", "aac", "-b:a", "192k", "-aac_pns", "0"], to)));
    check_joint("AAC", &aac, &original, 12.0);
    let vorbis =
        apart("ogg", &|from, to| drop(run("oggenc", &["-Q", "-q", "6", "-o", &text(to), &text(from)])));
    check_joint("Vorbis", &vorbis, &original, 12.0);
    let opus = apart("opus", &|from, to| {
        drop(run("opusenc", &["--quiet", "--bitrate", "192", &text(from), &text(to)]))
    });
    check_joint("Opus", &opus, &original, 12.0);
}

/// A chained Ogg file (RFC 3533, section 4) is one track: its links follow each other without a gap.
#[test]
fn links_of_a_chain_of_one_rate_follow_each_other_and_another_rate_ends_it() {
    needs_tools!();
    let dir = tempdir().unwrap();
    let samples = music(RATE, 2, TOTAL);
    let parts = halves(dir.path(), &samples);
    let slow = wav(&dir.path().join("3.wav"), 44_100, 2, Format::S16, None, &samples[..88_200]);
    let coded: Vec<PathBuf> = [&parts[0], &parts[1], &slow]
        .iter()
        .enumerate()
        .map(|(i, part)| {
            let out = dir.path().join(format!("{i}.ogg"));
            run(
                "oggenc",
                &[
                    "-Q",
                    "-q",
                    "5",
                    "-s",
                    &(i + 1).to_string(),
                    "-o",
                    out.to_str().unwrap(),
                    part.to_str().unwrap(),
                ],
            );
            out
        })
        .collect();
    let bytes = |i: usize| std::fs::read(&coded[i]).unwrap();
    let chain = dir.path().join("chain.ogg");
    std::fs::write(&chain, [bytes(0), bytes(1)].concat()).unwrap();
    let apart = joined(&[coded[0].clone(), coded[1].clone()]);
    let (info, sound) = decode_all(&chain).unwrap();
    assert_eq!((info.frames, sound.len()), (None, apart.len()));
    assert!(sound == apart);
    let mut decoder = super::Decoder::open(&chain).unwrap();
    for place in [CUT + 30_000, 17, CUT - 5, TOTAL - 1] {
        assert_eq!(decoder.seek(place as u64), Ok(place as u64));
        let mut out = Vec::new();
        assert!(decoder.read(&mut out).unwrap() > 0);
        assert!(out == sound[2 * place..2 * place + out.len()], "{place}");
    }
    std::fs::write(&chain, [bytes(0), bytes(2)].concat()).unwrap();
    assert_eq!(decode_all(&chain).unwrap().1.len(), 2 * CUT);
}
