//! Lossless sources come out bit for bit, at every rate and word length, with exact length.
use tempfile::tempdir;

use super::signal::{Format, expected, music, to_stereo, wav};
use super::tools::{ffmpeg, needs_tools, reference, run};
use super::{Decoder, decode_all};

const FORMATS: [Format; 6] = [Format::U8, Format::S16, Format::S24, Format::S32, Format::F32, Format::F64];

#[test]
fn wav_of_every_word_length_is_bit_exact() {
    let dir = tempdir().unwrap();
    for format in FORMATS {
        for channels in [1u16, 2] {
            for mask in [None, Some(if channels == 1 { 4 } else { 3 })] {
                let samples = music(44_100, usize::from(channels), 12_345);
                let path = wav(&dir.path().join("a.wav"), 44_100, channels, format, mask, &samples);
                let (info, sound) = decode_all(&path).unwrap();
                let want = to_stereo(&expected(&samples, format), usize::from(channels));
                assert_eq!(info.frames, Some(12_345), "{format:?} {channels} {mask:?}");
                assert_eq!((info.rate, info.channels, info.codec.as_str()), (44_100, channels, "PCM"));
                assert_eq!(
                    info.bits,
                    Some(match format {
                        Format::U8 => 8,
                        Format::S16 => 16,
                        Format::S24 => 24,
                        Format::F64 => 64,
                        _ => 32,
                    })
                );
                assert!(sound == want, "{format:?} {channels} {mask:?}");
            }
        }
    }
}

#[test]
fn every_rate_from_8_to_192_khz_opens_and_the_rest_is_refused() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("r.wav");
    for rate in [
        8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 64_000, 88_200, 96_000,
        176_400, 192_000,
    ] {
        wav(&path, rate, 2, Format::S16, None, &music(rate, 2, 5000));
        let decoder = Decoder::open(&path).unwrap();
        assert_eq!((decoder.info().rate, decoder.info().frames), (rate, Some(5000)));
        assert_eq!(decoder.info().duration_s, Some(5000.0 / f64::from(rate)));
    }
    for rate in [7_999, 192_001, 384_000] {
        wav(&path, rate, 2, Format::S16, None, &music(rate, 2, 5000));
        assert_eq!(Decoder::open(&path).err(), Some(crate::TrackError::Unsupported), "{rate}");
    }
}

#[test]
fn encoded_lossless_formats_are_bit_exact_against_the_source_and_ffmpeg() {
    needs_tools!();
    let dir = tempdir().unwrap();
    let cases: [(&str, Format, &[&str], &str); 12] = [
        ("FLAC", Format::S16, &["-c:a", "flac"], "a.flac"),
        (
            "FLAC",
            Format::S24,
            &["-c:a", "flac", "-sample_fmt", "s32", "-bits_per_raw_sample", "24"],
            "b.flac",
        ),
        ("FLAC", Format::S16, &["-c:a", "flac"], "c.oga"),
        ("FLAC", Format::S16, &["-c:a", "flac", "-strict", "-2"], "d.mp4"),
        ("ALAC", Format::S16, &["-c:a", "alac"], "e.m4a"),
        ("ALAC", Format::S24, &["-c:a", "alac", "-sample_fmt", "s32p"], "f.m4a"),
        ("PCM", Format::S16, &["-c:a", "pcm_s16be"], "h.aiff"),
        ("PCM", Format::S24, &["-c:a", "pcm_s24be"], "i.aiff"),
        ("PCM", Format::F32, &["-c:a", "pcm_f32be"], "j.aiff"),
        ("PCM", Format::S16, &["-c:a", "pcm_s16le"], "k.aifc"),
        ("PCM", Format::S16, &["-c:a", "pcm_s16le", "-f", "aiff"], "l.bin"),
        ("PCM", Format::S24, &["-c:a", "pcm_s24le"], "m.caf"),
    ];
    for (rate, channels) in [(44_100u32, 2u16), (48_000, 1), (96_000, 2)] {
        let samples = music(rate, usize::from(channels), 2 * rate as usize + 77);
        for (codec, format, args, name) in cases {
            let name = if name == "k.aifc" { "k.aiff" } else { name };
            let source = wav(&dir.path().join("s.wav"), rate, channels, format, None, &samples);
            let path = ffmpeg(&source, args, &dir.path().join(name));
            let (info, sound) = decode_all(&path).unwrap_or_else(|e| panic!("{name} {rate}: {e}"));
            let want = to_stereo(&expected(&samples, format), usize::from(channels));
            assert_eq!((info.codec.as_str(), info.rate, info.channels), (codec, rate, channels), "{name}");
            assert_eq!(info.frames, Some((samples.len() / usize::from(channels)) as u64), "{name} {rate}");
            assert_eq!(sound.len(), want.len(), "{name} {rate} {channels}");
            assert!(sound == want, "{name} {rate} {channels}: not the source");
            assert!(sound == to_stereo(&reference(&path), usize::from(channels)), "{name}: not as ffmpeg");
        }
    }
}

#[test]
fn the_flac_tool_with_seek_table_tags_and_picture() {
    needs_tools!();
    let dir = tempdir().unwrap();
    let samples = music(44_100, 2, 100_000);
    let source = wav(&dir.path().join("s.wav"), 44_100, 2, Format::S16, None, &samples);
    let (plain, out) = (dir.path().join("cover.png"), dir.path().join("a.flac"));
    run(
        "ffmpeg",
        &[
            "-v",
            "error",
            "-y",
            "-f",
            "lavfi",
            "-i",
            "color=red:s=300x300",
            "-frames:v",
            "1",
            plain.to_str().unwrap(),
        ],
    );
    let picture = format!("--picture={}", plain.display());
    let args = [
        "-s",
        "-f",
        "-8",
        "-S",
        "0.2s",
        "-T",
        "TITLE=A",
        &picture,
        "-P",
        "100000",
        "-o",
        out.to_str().unwrap(),
        source.to_str().unwrap(),
    ];
    run("flac", &args);
    let (info, sound) = decode_all(&out).unwrap();
    assert_eq!((info.frames, info.bits), (Some(100_000), Some(16)));
    assert!(sound == expected(&samples, Format::S16));
}
