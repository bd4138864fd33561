//! CPU seconds per second of audio of the chain, alone and behind the decoder. `cargo bench -p engine`;
//! words after `--` choose the cases whose names hold one of them, `once` makes it one round.
//!
//! Each case runs the public engine on a virtual device. The chain's own cost is what `render` takes while
//! the ring is full; the fastest of several rounds counts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use engine::{Band, BandShape, OfflineOptions, OutputFormat, Params, Track, TrackId, render_offline};
use std::f64::consts::TAU;
use std::path::Path;
use std::time::{Duration, Instant};

const RATE: u32 = 48_000;
const SECONDS: usize = 20;
const ROUNDS: usize = 7;

fn wav(rate: u32) -> Vec<u8> {
    let frames = rate as usize * SECONDS;
    let mut out = Vec::new();
    out.extend(b"RIFF");
    out.extend((36 + frames as u32 * 4).to_le_bytes());
    out.extend(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
    out.extend(rate.to_le_bytes());
    out.extend((rate * 4).to_le_bytes());
    out.extend(b"\x04\0\x10\0data");
    out.extend((frames as u32 * 4).to_le_bytes());
    for n in 0..frames {
        let t = n as f64 / f64::from(rate);
        let sample =
            0.3 * (TAU * 220.0 * t).sin() + 0.2 * (TAU * 1370.0 * t).sin() + 0.1 * (TAU * 7000.0 * t).sin();
        let sample = ((sample * 32_767.0) as i16).to_le_bytes();
        out.extend([sample, sample].concat());
    }
    out
}

/// A second of music, then nothing.
fn with_silence(mut wav: Vec<u8>) -> Vec<u8> {
    wav[44 + 4 * RATE as usize..].fill(0);
    wav
}

fn eq(bands: usize, gain_db: f32) -> Params {
    let band = |n: usize| Band {
        shape: BandShape::Peaking,
        frequency: 31.25 * 2f32.powi(n as i32 % 10),
        gain_db: if n.is_multiple_of(2) { gain_db } else { -gain_db },
        q: 1.41,
    };
    Params { bands: (0..bands).map(band).collect(), ..Params::default() }
}

/// Seconds spent in `render` per second of audio, decoding not counted.
fn rendering(rounds: usize, path: &Path, params: &Params, block: usize) -> f64 {
    let round = || {
        let output = OutputFormat { rate: RATE, channels: 2 };
        let (mut control, mut renderer) = engine::new(output, params, Box::new(|_| ())).unwrap();
        control.play(Track::whole(TrackId(1), path));
        let mut buffer = vec![0.0; 2 * block];
        let (mut spent, mut frames) = (Duration::ZERO, 0);
        while frames < RATE as usize * (SECONDS - 1) {
            assert!(renderer.wait_ready(block, Duration::from_secs(10)));
            let start = Instant::now();
            renderer.render(&mut buffer);
            spent += start.elapsed();
            frames += block;
        }
        spent.as_secs_f64() / (SECONDS - 1) as f64
    };
    (0..rounds).map(|_| round()).fold(f64::INFINITY, f64::min)
}

fn offline(rounds: usize, path: &Path, params: &Params, rate: u32) -> f64 {
    let options = OfflineOptions { rate: Some(rate), params: params.clone(), ..OfflineOptions::default() };
    let round = || {
        let start = Instant::now();
        render_offline(&[path], &options, &mut |_| Ok(()), &mut |_| Ok(())).unwrap();
        start.elapsed().as_secs_f64() / SECONDS as f64
    };
    (0..rounds).map(|_| round()).fold(f64::INFINITY, f64::min)
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let (native, other) = (folder.path().join("48.wav"), folder.path().join("44.wav"));
    std::fs::write(&native, wav(RATE)).unwrap();
    std::fs::write(&other, wav(44_100)).unwrap();
    let silence = folder.path().join("silence.wav");
    std::fs::write(&silence, with_silence(wav(RATE))).unwrap();
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let (once, words): (Vec<_>, Vec<_>) = words.into_iter().partition(|word| word == "once");
    let rounds = if once.is_empty() { ROUNDS } else { 1 };
    let show = |what: &str, cost: &dyn Fn() -> f64| {
        if words.is_empty() || words.iter().any(|word| what.contains(word.as_str())) {
            let cost = cost();
            println!("{what:<52} {:>9.1} us/s {:>8.0} x real time", cost * 1e6, 1.0 / cost);
        }
    };
    let quiet = |params: Params| Params { volume_db: -20.0, ..params };
    let loud = Params { preamp_db: 12.0, ..eq(10, 6.0) };
    for block in [64, 480, 1024] {
        show(&format!("flat, limiter at rest, meters; block {block}"), &|| {
            rendering(rounds, &native, &eq(0, 0.0), block)
        });
        show(&format!("10 bands, volume, limiter at rest; block {block}"), &|| {
            rendering(rounds, &native, &quiet(eq(10, 6.0)), block)
        });
    }
    show("10 bands, after music: silence", &|| rendering(rounds, &silence, &quiet(eq(10, 6.0)), 480));
    show("10 bands up, limiter at work", &|| rendering(rounds, &native, &loud, 480));
    show("31 bands", &|| rendering(rounds, &native, &quiet(eq(31, 3.0)), 480));
    show("offline WAV 48 -> 48, 10 bands (wall clock, 2 threads)", &|| {
        offline(rounds, &native, &quiet(eq(10, 6.0)), RATE)
    });
    show("offline WAV 44.1 -> 48, 10 bands (wall clock)", &|| {
        offline(rounds, &other, &quiet(eq(10, 6.0)), RATE)
    });
}
