//! A seek followed by reading is the straight decode from there.
use std::path::Path;

use tempfile::tempdir;

use super::signal::{Format, music, wav};
use super::tools::{ffmpeg, needs_tools, run};
use super::{Decoder, decode_all, peak_difference};

/// Checks a file at many places; `within` 0 asks for the very same bits.
fn check(path: &Path, within: f32) {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let (info, straight) = decode_all(path).unwrap();
    let frames = (straight.len() / 2) as u64;
    let mut decoder = Decoder::open(path).unwrap();
    let rate = u64::from(info.rate);
    let mut places = vec![
        0,
        1,
        2,
        1023,
        1024,
        1152,
        4096,
        rate - 1,
        rate,
        frames / 3,
        frames / 2,
        frames - rate / 3,
        frames - 2000,
        frames - 1,
        frames,
        frames + 1,
        frames + 99 * rate,
        5,
    ];
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..24 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        places.push((random >> 33) % frames);
    }
    let mut worst = 0.0f32;
    for place in places {
        let reached = decoder.seek(place).unwrap_or_else(|e| panic!("{name} to {place}: {e}"));
        assert_eq!(reached, place.min(frames), "{name}");
        let (mut out, from) = (Vec::new(), 2 * reached as usize);
        // Some places are read to the end, to check it.
        let most = if place % 3 == 0 { usize::MAX } else { 30_000 };
        while out.len() < most && decoder.read(&mut out).unwrap() > 0 {}
        if most == usize::MAX {
            assert_eq!(out.len(), straight.len() - from, "{name} from {place} to the end");
        }
        let difference = peak_difference(&out, &straight[from..from + out.len()]);
        assert!(difference <= within, "{name} from {place}: {difference}");
        worst = worst.max(difference);
    }
    println!("{name}: worst {worst:.1e}");
}

#[test]
fn lossless_seeks_are_exact() {
    needs_tools!();
    let dir = tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let source = wav(&at("s.wav"), 44_100, 2, Format::S16, None, &music(44_100, 2, 400_123));
    check(&source, 0.0);
    check(&ffmpeg(&source, &["-c:a", "flac"], &at("a.flac")), 0.0);
    check(&ffmpeg(&source, &["-c:a", "flac"], &at("b.oga")), 0.0);
    check(&ffmpeg(&source, &["-c:a", "alac"], &at("c.m4a")), 0.0);
    check(&ffmpeg(&source, &[], &at("d.aiff")), 0.0);
    let (out, from) = (at("e.flac"), source.to_str().unwrap().to_owned());
    run("flac", &["-s", "-f", "-5", "--no-seektable", "-o", out.to_str().unwrap(), &from]);
    check(&out, 0.0);
    run("flac", &["-s", "-f", "-5", "-S", "0.5s", "-o", out.to_str().unwrap(), &from]);
    check(&out, 0.0);
}

#[test]
fn lossy_seeks_are_exact_to_the_frame_and_close_in_value() {
    needs_tools!();
    let dir = tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    for (rate, channels) in [(44_100, 2), (48_000, 2), (22_050, 1)] {
        let source = wav(
            &at("s.wav"),
            rate,
            channels,
            Format::S16,
            None,
            &music(rate, usize::from(channels), 9 * rate as usize + 321),
        );
        let from = source.to_str().unwrap();
        let tool = |tool: &str, args: &[&str], name: &str| {
            let out = at(name);
            run(
                tool,
                &args
                    .iter()
                    .map(|a| if *a == "OUT" { out.to_str().unwrap() } else { *a })
                    .collect::<Vec<_>>(),
            );
            out
        };
        check(&tool("lame", &["--quiet", "-V", "3", from, "OUT"], "a.mp3"), 1.0e-6);
        check(&tool("lame", &["--quiet", "-b", "64", from, "OUT"], "b.mp3"), 1.0e-6);
        check(&tool("lame", &["--quiet", "-V", "3", "-t", from, "OUT"], "no-header.mp3"), 1.0e-6);
        check(&tool("oggenc", &["-Q", "-q", "4", "-o", "OUT", from], "c.ogg"), 1.0e-6);
        check(&tool("opusenc", &["--quiet", "--bitrate", "96", from, "OUT"], "d.opus"), 1.0e-4);
        check(
            &tool("opusenc", &["--quiet", "--bitrate", "24", "--framesize", "60", from, "OUT"], "e.opus"),
            1.0e-4,
        );
        let aac = ["-c:a", "aac", "-b:a", "128k", "-aac_pns", "0"];
        check(&ffmpeg(&source, &aac, &at("f.m4a")), 1.0e-6);
        check(&ffmpeg(&source, &aac, &at("g.aac")), 1.0e-6);
    }
}

#[test]
fn a_file_with_several_tracks_is_searched_all_the_same() {
    needs_tools!();
    let dir = tempdir().unwrap();
    let source = wav(&dir.path().join("s.wav"), 44_100, 2, Format::S16, None, &music(44_100, 2, 200_000));
    let video = [
        "-f",
        "lavfi",
        "-i",
        "color=blue:s=64x64:r=5:d=1",
        "-map",
        "0:a",
        "-map",
        "1:v",
        "-c:v",
        "mpeg4",
        "-c:a",
        "alac",
    ];
    check(&ffmpeg(&source, &video, &dir.path().join("a.mp4")), 0.0);
    let theora = [
        "-f",
        "lavfi",
        "-i",
        "color=blue:s=64x64:r=5:d=4",
        "-map",
        "0:a",
        "-map",
        "1:v",
        "-c:v",
        "libtheora",
        "-c:a",
        "libvorbis",
    ];
    check(&ffmpeg(&source, &theora, &dir.path().join("b.ogv")), 1.0e-6);
}
