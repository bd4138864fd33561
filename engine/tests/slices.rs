//! Slices of a file as tracks of their own: exact, gapless, with their own time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]
mod common;

use common::rig::{Rig, short, track};
use common::{signal, wav};
use engine::{Event, Params, Slice, SourceInfo, Track, TrackError, TrackId};
use std::path::{Path, PathBuf};
use std::process::Command;

const CD: u32 = 44_100;
/// Where a CUE sheet would cut, in 1/75 s; the shortest slice is half a second.
const CUTS: [u32; 6] = [0, 111, 149, 301, 404, 450];

fn slice(id: u64, path: &Path, from: u32, to: Option<u32>) -> Track {
    let second = |index: u32| f64::from(index) / 75.0;
    Track { slice: Some(Slice { start_s: second(from), end_s: to.map(second) }), ..track(id, path) }
}

/// Six and a bit seconds of noise: a wrong or missing frame cannot hide.
fn noise() -> Vec<f32> {
    signal::noise(9, 0.9, 6 * CD as usize + 1234)
}

/// The same by a real encoder; `None` where the person says that there is none.
fn encoded(source: &Path, name: &str, args: &[&str]) -> Option<PathBuf> {
    if std::env::var("RUSTY_AUDIO_WITHOUT_TOOLS").is_ok_and(|v| v == "1") {
        eprintln!("skipped: RUSTY_AUDIO_WITHOUT_TOOLS=1");
        return None;
    }
    let out = source.with_file_name(name);
    let mut command = Command::new("ffmpeg");
    let done = command.args(["-v", "error", "-y", "-i"]).arg(source).args(args).arg(&out);
    let done = done.status().expect("install the Debian package ffmpeg");
    assert!(done.success());
    Some(out)
}

/// All slices between the cuts, one handed over after the other as an owner does.
fn in_slices(path: &Path, output: u32, frames: usize) -> (Vec<f32>, Vec<String>) {
    let mut rig = Rig::new(output, &Params::default());
    let nth = |n: usize| {
        let to = CUTS.get(n + 1).copied().filter(|_| n + 2 < CUTS.len());
        (n + 1 < CUTS.len()).then(|| slice(n as u64, path, CUTS[n], to))
    };
    rig.control.play(nth(0).unwrap());
    rig.control.set_next(nth(1));
    let (mut out, mut told, mut following) = (Vec::new(), Vec::new(), 2);
    while out.len() < 2 * frames {
        out.extend(rig.run((frames - out.len() / 2).min(480)));
        for event in rig.told() {
            if matches!(event, Event::Started { track, .. } if track.0 > 0) {
                rig.control.set_next(nth(following));
                following += 1;
            }
            told.extend(short(&[event]));
        }
    }
    (out, told)
}

fn whole(path: &Path, output: u32, frames: usize) -> Vec<f32> {
    let mut rig = Rig::new(output, &Params::default());
    rig.control.play(track(1, path));
    rig.run(frames)
}

const IN_ORDER: [&str; 6] = ["started 0", "started 1", "started 2", "started 3", "started 4", "finished 4"];

#[test]
fn slices_of_a_file_are_the_undivided_file() {
    let dir = tempfile::tempdir().unwrap();
    let source = wav::write(dir.path(), "whole.wav", CD, &noise());
    let flac = encoded(&source, "whole.flac", &["-sample_fmt", "s16"]);
    for path in std::iter::once(source).chain(flac) {
        for output in [CD, 48_000, 96_000] {
            let frames = noise().len() / 2 * output as usize / CD as usize + 3000;
            let (sound, told) = in_slices(&path, output, frames);
            assert_eq!(told, IN_ORDER);
            let first = sound.iter().zip(&whole(&path, output, frames)).position(|(a, b)| a != b);
            assert_eq!(first, None, "{} at {output} Hz", path.display());
        }
    }
}

#[test]
fn slices_of_lossy_files_join_without_a_seam() {
    let dir = tempfile::tempdir().unwrap();
    let source = wav::write(dir.path(), "whole.wav", CD, &signal::tone(CD, 997.0, 0.5, 6 * CD as usize));
    for (name, args) in [
        ("vbr.mp3", &["-q:a", "4"][..]),
        // No header: nothing states the length, and the places are found by reading.
        ("bare.mp3", &["-q:a", "4", "-write_xing", "0", "-id3v2_version", "0"]),
        ("a.m4a", &["-c:a", "aac", "-b:a", "128k", "-aac_pns", "0"]),
        ("a.ogg", &["-c:a", "libvorbis", "-q:a", "4"]),
    ] {
        let Some(path) = encoded(&source, name, args) else { return };
        let frames = 6 * CD as usize + 6000;
        let (sound, told) = in_slices(&path, CD, frames);
        assert_eq!(told, IN_ORDER, "{name}");
        let expected = whole(&path, CD, frames);
        let worst = sound.iter().zip(&expected).fold(0.0_f32, |worst, (a, b)| worst.max((a - b).abs()));
        println!("{name}: worst {worst:.1e}");
        assert!(worst <= 1e-6, "{name}: {worst}");
    }
}

/// What a slice says of itself when it starts, or why it does not.
fn start(track: Track) -> Result<SourceInfo, TrackError> {
    let mut rig = Rig::new(CD, &Params::default());
    rig.control.play(track);
    rig.run(4800);
    match rig.told().into_iter().next() {
        Some(Event::Started { info, .. }) => Ok(info),
        Some(Event::Failed { error, .. }) => Err(error),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_slice_has_its_own_length_or_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = wav::write(dir.path(), "whole.wav", CD, &signal::noise(3, 0.5, 3 * CD as usize));
    let length = |from, to| start(slice(1, &path, from, to)).map(|info| (info.frames, info.duration_s));
    assert_eq!(length(75, Some(150)), Ok((Some(u64::from(CD)), Some(1.0))));
    assert_eq!(length(75, None), Ok((Some(2 * u64::from(CD)), Some(2.0))));
    assert_eq!(length(75, Some(9999)), Ok((Some(2 * u64::from(CD)), Some(2.0))), "the file ends sooner");
    for (from, to) in [(225, None), (300, Some(400)), (75, Some(75)), (75, Some(10))] {
        assert_eq!(length(from, to), Err(TrackError::Empty), "{from} {to:?}");
    }
}

#[test]
fn slices_beyond_the_end_of_a_file_without_a_length() {
    let dir = tempfile::tempdir().unwrap();
    let source = wav::write(dir.path(), "whole.wav", CD, &signal::tone(CD, 997.0, 0.5, 3 * CD as usize));
    let Some(path) = encoded(&source, "bare.mp3", &["-q:a", "4", "-write_xing", "0"]) else { return };
    assert_eq!(start(slice(1, &path, 600, Some(700))), Err(TrackError::Empty));
    let info = start(slice(1, &path, 75, Some(150))).unwrap();
    assert_eq!((info.frames, info.duration_s), (None, Some(1.0)));
    // One that begins within and ends beyond plays to the file's end.
    let mut rig = Rig::new(CD, &Params::default());
    rig.control.play(slice(1, &path, 75, Some(9999)));
    rig.run(3 * CD as usize);
    assert_eq!(short(&rig.told()), ["started 1", "finished 1"]);
}

#[test]
fn positions_and_seeks_count_from_the_slices_start() {
    let dir = tempfile::tempdir().unwrap();
    let sound = signal::ladder(0, 5 * CD as usize);
    let path = wav::write(dir.path(), "whole.wav", CD, &sound);
    let mut rig = Rig::new(CD, &Params::default());
    // Seconds 1 to 4, resumed at second 0.5 of the slice.
    rig.control.play(Track { start_s: 0.5, ..slice(7, &path, 75, Some(300)) });
    let out = rig.run_aligned(9600);
    let fade = 2 * 441;
    let from = 2 * (CD as usize * 3 / 2);
    assert!(out[fade..] == sound[from + fade..from + out.len()]);
    let head = rig.control.playhead();
    assert_eq!(head.track, Some(TrackId(7)));
    let consumed = 9600 + rig.renderer.latency();
    assert!((head.position_s - 0.5 - consumed as f64 / f64::from(CD)).abs() < 1e-6, "{}", head.position_s);

    rig.control.seek(2.0);
    assert_eq!(rig.control.playhead().position_s, 2.0);
    let out = rig.run(2 * CD as usize);
    let last = out.chunks(2).rposition(|frame| frame[0] != 0.0).unwrap();
    // The last frame heard is the last of the slice, not of the file.
    assert_eq!(out[2 * last], sound[2 * (4 * CD as usize - 1)]);
    assert_eq!(short(&rig.told()), ["started 7", "finished 7"]);

    // Beyond its end: on to what follows, though the file goes on.
    rig.control.play(slice(8, &path, 75, Some(300)));
    rig.control.set_next(Some(slice(9, &path, 300, None)));
    rig.run(4800);
    rig.control.seek(99.0);
    rig.run(9600);
    assert_eq!(rig.control.playhead().track, Some(TrackId(9)));
    assert_eq!(short(&rig.told()), ["started 8", "started 9"]);
}

#[test]
fn another_slice_of_the_same_file_is_another_track() {
    let dir = tempfile::tempdir().unwrap();
    let sound = signal::ladder(0, 4 * CD as usize);
    let path = wav::write(dir.path(), "whole.wav", CD, &sound);
    let mut rig = Rig::new(CD, &Params::default());
    rig.control.play(slice(1, &path, 0, Some(75)));
    rig.control.set_next(Some(slice(2, &path, 75, Some(150))));
    rig.run(9600);
    // Decoded ahead already; the owner changes its mind.
    rig.control.set_next(Some(slice(2, &path, 225, None)));
    let late = rig.renderer.latency();
    rig.run(CD as usize - 9600 + late);
    let out = rig.run(4800);
    assert!(out[..] == sound[2 * 3 * CD as usize..][..out.len()]);
}
