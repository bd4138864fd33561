//! Multichannel sources against the matrix of ITU-R BS.775, layout by layout and codec by codec.
use tempfile::tempdir;

use super::signal::{Format, expected, music, wav};
use super::tools::{ffmpeg, needs_tools, reference, run};
use super::{decode_all, peak_difference};

const H: f32 = std::f32::consts::FRAC_1_SQRT_2;
const L: [f32; 2] = [1.0, 0.0];
const R: [f32; 2] = [0.0, 1.0];
const C: [f32; 2] = [H, H];
const LFE: [f32; 2] = [0.0, 0.0];
const SL: [f32; 2] = [H, 0.0];
const SR: [f32; 2] = [0.0, H];
const S: [f32; 2] = [0.5, 0.5];

/// Name for ffmpeg, WAVE mask, gains in the order of the mask's bits.
const LAYOUTS: [(&str, u32, &[[f32; 2]]); 9] = [
    ("2.1", 0x00b, &[L, R, LFE]),
    ("3.0", 0x007, &[L, R, C]),
    ("quad", 0x033, &[L, R, SL, SR]),
    ("4.0", 0x107, &[L, R, C, S]),
    ("5.0", 0x037, &[L, R, C, SL, SR]),
    ("5.1", 0x03f, &[L, R, C, LFE, SL, SR]),
    ("5.1(side)", 0x60f, &[L, R, C, LFE, SL, SR]),
    ("6.1", 0x70f, &[L, R, C, LFE, S, SL, SR]),
    ("7.1", 0x63f, &[L, R, C, LFE, SL, SR, SL, SR]),
];

fn mixed(samples: &[f32], gains: &[[f32; 2]]) -> Vec<f32> {
    let frames = samples.chunks_exact(gains.len());
    let side = |frame: &[f32], side: usize| frame.iter().zip(gains).map(|(x, g)| x * g[side]).sum::<f32>();
    frames.flat_map(|frame| [side(frame, 0), side(frame, 1)]).collect()
}

#[test]
fn wav_layouts_follow_the_recommendation() {
    let dir = tempdir().unwrap();
    for (name, mask, gains) in LAYOUTS {
        let samples = music(48_000, gains.len(), 5000);
        let path =
            wav(&dir.path().join("a.wav"), 48_000, gains.len() as u16, Format::S24, Some(mask), &samples);
        let (info, sound) = decode_all(&path).unwrap();
        assert_eq!(usize::from(info.channels), gains.len(), "{name}");
        let want = mixed(&expected(&samples, Format::S24), gains);
        assert!(peak_difference(&sound, &want) < 1.0e-6, "{name}");
    }
}

/// Each codec has its own order of channels; ffmpeg puts them into that of the mask.
#[test]
fn coded_layouts_come_in_their_codecs_own_order() {
    needs_tools!();
    let dir = tempdir().unwrap();
    let cases: [(&str, &[&str], &[&str], f32); 4] = [
        ("flac", &["-c:a", "flac"], &["3.0", "quad", "5.0", "5.1", "6.1", "7.1"], 1.0e-6),
        ("m4a", &["-c:a", "alac"], &["3.0", "4.0", "5.0", "5.1"], 1.0e-6),
        ("ogg", &[], &["3.0", "quad", "5.0", "5.1", "6.1", "7.1"], 1.0e-4),
        (
            "opus",
            &["-c:a", "libopus", "-b:a", "512k", "-mapping_family", "1"],
            &["3.0", "quad", "5.0", "5.1", "6.1", "7.1"],
            1.0e-4,
        ),
    ];
    for (ext, args, layouts, within) in cases {
        for (name, mask, gains) in LAYOUTS.iter().filter(|(name, ..)| layouts.contains(name)) {
            let samples = music(48_000, gains.len(), 48_000);
            let source = wav(
                &dir.path().join("s.wav"),
                48_000,
                gains.len() as u16,
                Format::S16,
                Some(*mask),
                &samples,
            );
            let path = dir.path().join(format!("a.{ext}"));
            if ext == "ogg" {
                run("oggenc", &["-Q", "-q", "6", "-o", path.to_str().unwrap(), source.to_str().unwrap()]);
            } else {
                ffmpeg(&source, args, &path);
            }
            let (info, sound) = decode_all(&path).unwrap_or_else(|e| panic!("{ext} {name}: {e}"));
            assert_eq!(usize::from(info.channels), gains.len(), "{ext} {name}");
            let want = mixed(&reference(&path), gains);
            assert_eq!(sound.len(), want.len(), "{ext} {name}");
            let difference = peak_difference(&sound, &want);
            println!("{ext} {name}: {difference:.1e}");
            assert!(difference < within, "{ext} {name}: {difference}");
        }
    }
}
