//! Lossy codecs against ffmpeg's decoders: as near as two decoders of one standard can be, and as long as
//! the music was.
use std::path::{Path, PathBuf};

use tempfile::tempdir;

use super::signal::{Format, music, to_stereo, wav};
use super::tools::{ffmpeg, needs_tools, reference, run};
use super::{decode_all, rms_difference};

/// What the two decoders may differ by, root mean square.
const CLOSE: f64 = 1.0e-4;

fn encode(tool: &str, source: &Path, out: PathBuf) -> PathBuf {
    let (from, to) = (source.to_str().unwrap(), out.to_str().unwrap());
    match tool {
        "lame cbr" => drop(run("lame", &["--quiet", "-b", "128", from, to])),
        "lame vbr" => drop(run("lame", &["--quiet", "-V", "2", from, to])),
        "oggenc" => drop(run("oggenc", &["-Q", "-q", "5", "-o", to, from])),
        "opusenc" => drop(run("opusenc", &["--quiet", "--bitrate", "128", from, to])),
        "aac" => drop(ffmpeg(source, &["-c:a", "aac", "-b:a", "160k", "-aac_pns", "0"], &out)),
        "ffmpeg mp3" => drop(ffmpeg(source, &["-c:a", "libmp3lame", "-b:a", "192k"], &out)),
        "ffmpeg opus" => drop(ffmpeg(source, &["-c:a", "libopus", "-b:a", "128k"], &out)),
        other => panic!("{other}"),
    }
    out
}

#[test]
fn lossy_formats_agree_with_ffmpeg_and_have_the_length_of_the_source() {
    needs_tools!();
    let dir = tempdir().unwrap();
    let cases = [
        ("lame cbr", "MP3", "a.mp3"),
        ("lame vbr", "MP3", "b.mp3"),
        ("ffmpeg mp3", "MP3", "c.mp3"),
        ("oggenc", "Vorbis", "d.ogg"),
        ("opusenc", "Opus", "e.opus"),
        ("ffmpeg opus", "Opus", "f.opus"),
        ("aac", "AAC", "g.m4a"),
    ];
    for (rate, channels) in [(44_100u32, 2u16), (48_000, 2), (44_100, 1), (22_050, 2), (32_000, 1)] {
        for frames in [3 * rate as usize + 123, 2 * rate as usize] {
            let samples = music(rate, usize::from(channels), frames);
            let source = wav(&dir.path().join("s.wav"), rate, channels, Format::S16, None, &samples);
            for (tool, codec, name) in cases {
                let path = encode(tool, &source, dir.path().join(name));
                check(tool, codec, &path, rate, channels, frames);
            }
        }
    }
}

fn check(tool: &str, codec: &str, path: &Path, rate: u32, channels: u16, frames: usize) {
    let what = format!("{tool} {rate} {channels} {frames}");
    let (info, sound) = decode_all(path).unwrap_or_else(|e| panic!("{what}: {e}"));
    assert_eq!(info.codec, codec, "{what}");
    let want = to_stereo(&reference(path), usize::from(channels));
    // Opus runs at 48 kHz whatever went in, and its encoder's resampler rounds up.
    let exact = (frames as u64 * u64::from(info.rate)).div_ceil(u64::from(rate)) as usize;
    // ffmpeg 5.1 writes a padding that is too short at 22.05 kHz, and its resampler may give a frame more.
    let spare = if tool.starts_with("ffmpeg") && sound.len() == want.len() { 16 } else { 0 };
    assert!(
        (exact..=exact + spare).contains(&(sound.len() / 2)),
        "{what}: {} frames, not {exact}",
        sound.len() / 2
    );
    assert_eq!(info.frames, Some((sound.len() / 2) as u64), "{what}");
    // ffmpeg cuts the priming of AAC, but not the rest of the last packet: it is never shorter.
    assert!(
        want.len() == sound.len() || (tool == "aac" && want.len() > sound.len()),
        "{what}: {}",
        want.len()
    );
    let difference = rms_difference(&sound, &want[..sound.len()]);
    println!("{what}: rms {difference:.1e}");
    assert!(difference <= CLOSE, "{what}: {difference}");
}

#[test]
fn adts_plays_from_its_first_packet_because_it_states_no_delay() {
    needs_tools!();
    let dir = tempdir().unwrap();
    let samples = music(44_100, 2, 88_200);
    let source = wav(&dir.path().join("s.wav"), 44_100, 2, Format::S16, None, &samples);
    let path = ffmpeg(
        &source,
        &["-c:a", "aac", "-b:a", "160k", "-aac_pns", "0", "-f", "adts"],
        &dir.path().join("a.aac"),
    );
    let (info, sound) = decode_all(&path).unwrap();
    let want = reference(&path);
    assert_eq!((info.codec.as_str(), info.frames, sound.len()), ("AAC", None, want.len()));
    assert!(info.duration_s.is_some_and(|s| (1.5..3.0).contains(&s)));
    assert!(rms_difference(&sound, &want) <= CLOSE);
}

/// The noise of perceptual noise substitution is each decoder's own; its power is not.
#[test]
fn aac_with_noise_substitution_has_the_power_of_ffmpegs_decode() {
    needs_tools!();
    let dir = tempdir().unwrap();
    let samples = music(44_100, 2, 88_200);
    let source = wav(&dir.path().join("s.wav"), 44_100, 2, Format::S16, None, &samples);
    let path = ffmpeg(&source, &["-c:a", "aac", "-b:a", "96k"], &dir.path().join("a.m4a"));
    let (_, sound) = decode_all(&path).unwrap();
    let want = reference(&path);
    let power = |x: &[f32]| x.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>();
    assert!((10.0 * (power(&sound) / power(&want[..sound.len()])).log10()).abs() < 0.05);
}

/// MP3 without any header: nothing may be cut on the strength of a guessed length.
#[test]
fn mp3_without_a_header_is_played_whole() {
    needs_tools!();
    let dir = tempdir().unwrap();
    let mut samples = vec![0.0; 2 * 44_100];
    samples.extend(music(44_100, 2, 3 * 44_100));
    let source = wav(&dir.path().join("s.wav"), 44_100, 2, Format::S16, None, &samples);
    let path = dir.path().join("a.mp3");
    run("lame", &["--quiet", "-V", "4", "-t", source.to_str().unwrap(), path.to_str().unwrap()]);
    let (info, sound) = decode_all(&path).unwrap();
    let want = reference(&path);
    assert_eq!((info.frames, sound.len()), (None, want.len()));
    assert!(rms_difference(&sound, &want) <= CLOSE);
}
