//! What this layer adds to symphonia's own work: time of decoding to stereo f32 against the bare codec.
use std::fs::File;
use std::time::Duration;
#[cfg(not(target_os = "linux"))]
use std::time::Instant;

use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::formats::FormatOptions;
use symphonia::core::formats::probe::Hint;
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use tempfile::tempdir;

use super::Decoder;
use super::signal::{Format, music, wav};
use super::tools::{ffmpeg, needs_tools};

/// Time this thread has spent on a processor.
#[cfg(target_os = "linux")]
fn cpu() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
}

/// The wall clock, where the other is not to be had without unsafe code.
#[cfg(not(target_os = "linux"))]
fn cpu() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

fn bare(path: &std::path::Path) -> Duration {
    let start = cpu();
    let mss = MediaSourceStream::new(Box::new(File::open(path).unwrap()), Default::default());
    let probe = symphonia::default::get_probe();
    let mut reader =
        probe.probe(&Hint::new(), mss, FormatOptions::default(), MetadataOptions::default()).unwrap();
    let Some(CodecParameters::Audio(params)) = reader.tracks()[0].codec_params.clone() else { panic!() };
    let mut codec = symphonia::default::get_codecs()
        .make_audio_decoder(&params, &AudioDecoderOptions::default())
        .unwrap();
    while let Ok(Some(packet)) = reader.next_packet() {
        std::hint::black_box(codec.decode(&packet).unwrap().frames());
    }
    cpu() - start
}

fn ours(path: &std::path::Path) -> Duration {
    let start = cpu();
    let mut decoder = Decoder::open(path).unwrap();
    let mut out = Vec::with_capacity(1 << 16);
    while decoder.read(&mut out).unwrap() > 0 {
        std::hint::black_box(&out);
        out.clear();
    }
    cpu() - start
}

/// The bound is loose, because tests share the machine; the figure to quote is the printed one.
#[test]
fn decoding_costs_little_more_than_the_codec_itself() {
    needs_tools!();
    let dir = tempdir().unwrap();
    let source = wav(&dir.path().join("a.wav"), 44_100, 2, Format::S16, None, &music(44_100, 2, 30 * 44_100));
    for args in [["-c:a", "flac", "a.flac"], ["-c:a", "libmp3lame", "b.mp3"]] {
        let path = ffmpeg(&source, &args[..2], &dir.path().join(args[2]));
        let mut pairs: Vec<(Duration, Duration)> = (0..9).map(|_| (bare(&path), ours(&path))).collect();
        pairs.sort();
        let least =
            |pick: fn(&(Duration, Duration)) -> Duration| pairs.iter().map(pick).min().unwrap().as_secs_f64();
        let ratio = least(|p| p.1) / least(|p| p.0);
        println!("{}: {ratio:.3} of symphonia alone ({:?} for 30 s)", args[2], pairs[0].1);
        assert!(ratio < 1.6, "{}: {ratio}", args[2]);
    }
}
