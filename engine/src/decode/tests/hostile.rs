//! Files that are broken, lie, or are no music: an error a driver can be told, in time, within memory.
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::tempdir;

use super::signal::{Format, music, wav};
use super::tools::{absent, ffmpeg, needs_tools, run};
use super::{Decoder, decode_all};
use crate::TrackError;

/// The longest any one call may take, in an optimised build on an idle machine. The tests share two cores.
const CALL: Duration = Duration::from_secs(1);
/// Most resident memory while a hostile file is handled, bytes.
const MEMORY: u64 = 64 << 20;

fn timed<T>(what: &Path, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    assert!(start.elapsed() < CALL, "{what:?} took {:?}", start.elapsed());
    result
}

/// Opens, reads up to a minute of sound, seeks about; every call in time. What came out, and how it ended.
pub(super) fn exercise(path: &Path) -> (usize, Result<(), TrackError>) {
    let mut decoder = match timed(path, || Decoder::open(path)) {
        Ok(decoder) => decoder,
        Err(error) => return (0, Err(error)),
    };
    let most = 60 * decoder.info().rate as usize;
    let (mut out, mut frames) = (Vec::new(), 0);
    let end = loop {
        out.clear();
        match timed(path, || decoder.read(&mut out)) {
            Ok(0) => break Ok(()),
            Ok(n) => frames += n,
            Err(error) => break Err(error),
        }
        assert!(out.iter().all(|x| x.is_finite()), "{path:?}");
        assert!(
            out.len() <= 2 * 12 * decoder.info().rate as usize,
            "{path:?} gave {} frames in one call",
            out.len() / 2
        );
        if frames > most {
            break Ok(());
        }
    };
    for place in [0, 12_345, frames as u64 / 2, frames as u64, u64::MAX / 2, u64::MAX] {
        if timed(path, || decoder.seek(place)).is_ok() {
            out.clear();
            let _ = timed(path, || decoder.read(&mut out));
        }
    }
    assert!(!decoder.poisoned, "{path:?}: something panicked");
    (frames, end)
}

fn random(bytes: usize, mut seed: u64) -> Vec<u8> {
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 24) as u8
    };
    (0..bytes).map(|_| next()).collect()
}

/// One real file of each kind.
pub(super) fn corpus(dir: &Path, frames: usize) -> Vec<PathBuf> {
    let source = wav(&dir.join("a.wav"), 44_100, 2, Format::S16, None, &music(44_100, 2, frames));
    if absent() {
        return vec![source];
    }
    let cases: [(&str, &[&str]); 10] = [
        ("a.flac", &["-c:a", "flac"]),
        ("b.oga", &["-c:a", "flac"]),
        ("c.mp3", &["-c:a", "libmp3lame", "-b:a", "128k"]),
        ("d.m4a", &["-c:a", "aac"]),
        ("e.m4a", &["-c:a", "alac"]),
        ("f.aac", &["-c:a", "aac"]),
        ("g.ogg", &["-c:a", "libvorbis"]),
        ("h.opus", &["-c:a", "libopus"]),
        ("i.aiff", &[]),
        ("j.mp4", &["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"]),
    ];
    let mut files = vec![source.clone()];
    files.extend(cases.iter().map(|(name, args)| ffmpeg(&source, args, &dir.join(name))));
    files
}

#[test]
fn what_is_not_music_is_refused_with_a_reason() {
    let dir = tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let error = |path: &Path| timed(path, || Decoder::open(path)).err();
    assert_eq!(error(&dir.path().join("none.mp3")), Some(TrackError::Missing));
    assert!(matches!(error(dir.path()), Some(TrackError::Unreadable(_))));
    assert_eq!(error(&write("zero.flac", b"")), Some(TrackError::Empty));
    assert_eq!(error(&write("one.mp3", b"\xff")), Some(TrackError::Unsupported));
    assert_eq!(
        error(&write("text.mp3", "This is a shopping list.\n".repeat(999).as_bytes())),
        Some(TrackError::Unsupported)
    );
    assert_eq!(error(&write("zeros.wav", &vec![0; 3 << 20])), Some(TrackError::Unsupported));
    assert_eq!(error(&write("ones.mp3", &vec![0xff; 3 << 20])), Some(TrackError::Unsupported));
    assert_eq!(
        error(&write("zip.mp3", &[b"PK\x03\x04".as_slice(), &random(100_000, 7)].concat())),
        Some(TrackError::Unsupported)
    );
    assert_eq!(
        error(&write(
            "jpeg.m4a",
            &[b"\xff\xd8\xff\xe0\0\x10JFIF\0".as_slice(), &random(100_000, 9)].concat()
        )),
        Some(TrackError::Unsupported)
    );
    for magic in [
        b"fLaC".as_slice(),
        b"OggS",
        b"OggS\0\x02",
        b"RIFF\xff\xff\xff\xffWAVE",
        b"FORM\0\0\x10\0AIFF",
        b"\0\0\0\x18ftypM4A ",
        b"caff\0\x01",
        b"ID3\x04\0\0\x7f\x7f\x7f\x7f",
    ] {
        for tail in [vec![], vec![0; 5000], random(200_000, 3)] {
            let path = write("magic.bin", &[magic, &tail].concat());
            assert!(error(&path).is_some(), "{magic:?}");
        }
    }
    #[cfg(unix)]
    {
        let pipe = dir.path().join("pipe.mp3");
        run("mkfifo", &[pipe.to_str().unwrap()]);
        assert!(matches!(error(&pipe), Some(TrackError::Unreadable(_))));
    }
}

#[test]
fn random_bytes_never_sound() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("noise.mp3");
    for seed in 1..40 {
        fs::write(&path, random(1 << 20, 0x1234_5678_9abc_def1_u64.wrapping_mul(2 * seed + 1))).unwrap();
        assert_eq!(exercise(&path), (0, Err(TrackError::Unsupported)), "{seed}");
    }
}

#[test]
fn a_cut_file_plays_up_to_the_cut() {
    needs_tools!();
    let dir = tempdir().unwrap();
    for file in corpus(dir.path(), 120_000) {
        let whole = fs::read(&file).unwrap();
        let full = decode_all(&file).unwrap().1;
        // A box of samples whose index was cut off with the end cannot be played.
        // Nor can a fragment of which the end is missing.
        let fragmented = file.ends_with("j.mp4");
        let indexed_behind =
            whole.windows(4).position(|w| w == b"moov") > whole.windows(4).position(|w| w == b"mdat");
        for cut in [whole.len() * 6 / 10, whole.len() - 1, 3000, 100, 44, 12, 1] {
            let cut = cut.min(whole.len() - 1);
            let path = dir.path().join("cut").with_extension(file.extension().unwrap());
            fs::write(&path, &whole[..cut]).unwrap();
            let (frames, end) = exercise(&path);
            if cut == whole.len() * 6 / 10 && !indexed_behind && !fragmented {
                assert_eq!(end, Ok(()), "{file:?}");
                // Pages of Ogg last a second here, and the one that is cut is lost.
                assert!(frames > 40_000 && frames < 80_000, "{file:?}: {frames} frames of 120000");
                let (_, part) = decode_all(&path).unwrap();
                let shared = part.len().min(full.len()) - 2 * 4096;
                assert_eq!(super::peak_difference(&part[..shared], &full[..shared]), 0.0, "{file:?}");
            }
        }
    }
}

#[test]
fn names_do_not_matter() {
    needs_tools!();
    let dir = tempdir().unwrap();
    for file in corpus(dir.path(), 120_000) {
        let path = dir.path().join("wrong.txt");
        fs::copy(&file, &path).unwrap();
        let (right, wrong) = (decode_all(&file).unwrap(), decode_all(&path).unwrap());
        assert!(right.0 == wrong.0 && right.1 == wrong.1, "{file:?}");
    }
}

#[test]
fn damage_in_the_middle_is_stepped_over_and_the_timeline_holds() {
    needs_tools!();
    let dir = tempdir().unwrap();
    for file in corpus(dir.path(), 500_000) {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let mut bytes = fs::read(&file).unwrap();
        let full = decode_all(&file).unwrap().1;
        let (from, to) = (bytes.len() * 50 / 100, bytes.len() * 51 / 100);
        // The index of a fragmented file lies among the sound.
        if name == "j.mp4" {
            continue;
        }
        bytes[from..to].copy_from_slice(&random(to - from, 77));
        let path = dir.path().join(format!("damaged-{name}"));
        fs::write(&path, &bytes).unwrap();
        let (frames, end) = exercise(&path);
        assert_eq!(end, Ok(()), "{name}");
        let (_, sound) = decode_all(&path).unwrap();
        println!("{name}: {frames} frames of {}", full.len() / 2);
        // Streams that count their frames by counting packets lose what the damage ate of them.
        let counted = matches!(name.as_str(), "c.mp3" | "f.aac");
        let short = if counted { 12_000 } else { 0 };
        assert!(frames <= full.len() / 2 && frames + short >= full.len() / 2, "{name}: {frames}");
        let tail = 2 * 20_000;
        let difference = super::peak_difference(&sound[sound.len() - tail..], &full[full.len() - tail..]);
        let exact = !counted && !matches!(name.as_str(), "d.m4a" | "h.opus");
        assert!(!exact || difference < 1.0e-4, "{name}: {difference} after the damage");
    }
}

#[test]
fn endless_garbage_between_frames_ends_the_track() {
    needs_tools!();
    let dir = tempdir().unwrap();
    for file in corpus(dir.path(), 120_000) {
        let mut bytes = fs::read(&file).unwrap();
        let keep = bytes.len() / 2;
        bytes.truncate(keep);
        bytes.resize(keep + (64 << 20), 0);
        let path = dir.path().join("garbage.bin");
        fs::write(&path, &bytes).unwrap();
        let (frames, _) = exercise(&path);
        println!("{file:?}: {frames} frames ahead of 64 MB of zeros");
    }
}

#[test]
fn tags_of_any_size_are_stepped_over() {
    needs_tools!();
    let dir = tempdir().unwrap();
    let source = wav(&dir.path().join("a.wav"), 44_100, 2, Format::S16, None, &music(44_100, 2, 50_000));
    let mp3 = ffmpeg(
        &source,
        &["-c:a", "libmp3lame", "-id3v2_version", "0", "-write_id3v1", "0"],
        &dir.path().join("a.mp3"),
    );
    let sound = fs::read(&mp3).unwrap();
    let want = decode_all(&mp3).unwrap().1;
    let mut id3 = b"ID3\x04\0\0".to_vec();
    let size = 20u32 << 20;
    id3.extend([
        (size >> 21) as u8 & 127,
        (size >> 14) as u8 & 127,
        (size >> 7) as u8 & 127,
        size as u8 & 127,
    ]);
    id3.extend(random(size as usize, 5));
    let mut ape = random(200_000, 6);
    ape.extend(b"APETAGEX\xd0\x07\0\0");
    ape.extend((200_000u32 + 32).to_le_bytes());
    ape.extend([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let id3v1 = [b"TAG".as_slice(), &[0xff; 125]].concat();
    let path = dir.path().join("tagged.mp3");
    fs::write(&path, [id3, sound, ape, id3v1].concat()).unwrap();
    let (_, got) = timed(&path, || decode_all(&path)).unwrap();
    assert!(got == want);
}

#[test]
fn floats_that_are_not_numbers_become_silence() {
    let dir = tempdir().unwrap();
    let mut samples = music(44_100, 2, 4000);
    for (i, bad) in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1.0e30].into_iter().enumerate() {
        samples[1000 + i] = bad;
    }
    for format in [Format::F32, Format::F64] {
        let path = wav(&dir.path().join("a.wav"), 44_100, 2, format, None, &samples);
        let (_, sound) = decode_all(&path).unwrap();
        assert_eq!(&sound[1000..1004], &[0.0; 4]);
        assert_eq!(sound[999], samples[999] as f32);
    }
}

/// Runs alone in a process of its own, so that its memory can be read off; see the test below.
#[test]
#[ignore = "the child of the memory test"]
fn memory_child() {
    let path = std::env::var("RUSTY_AUDIO_HOSTILE_FILE").unwrap();
    let before = resident_peak();
    let result = exercise(Path::new(&path));
    println!("PEAK {} {} {result:?}", before, resident_peak());
}

/// Peak resident set of this process in bytes (Linux).
fn resident_peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap_or("VmHWM: 0 kB");
    line.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) << 10
}

/// Files that ask for much memory, each in its own process.
#[cfg(target_os = "linux")]
#[test]
fn hostile_sizes_stay_within_64_mb() {
    needs_tools!();
    let dir = tempdir().unwrap();
    let mut files = Vec::new();
    let mut write = |name: &str, bytes: Vec<u8>| {
        let path = dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        files.push(path);
    };
    for file in corpus(dir.path(), 120_000) {
        let bytes = fs::read(&file).unwrap();
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        // Every aligned word of the header in turn becomes huge.
        for at in [4, 8, 16, 20, 24, 28, 36, 40, 48, 64, 100, 200] {
            let mut bad = bytes.clone();
            bad[at..at + 4].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff]);
            if at % 16 == 0 {
                write(&format!("{at}-{name}"), bad);
            }
        }
        if let Some(at) = bytes.windows(4).position(|w| w == b"stsz") {
            let mut bad = bytes.clone();
            bad[at + 8..at + 16].copy_from_slice(&[0x7f; 8]);
            write(&format!("stsz-{name}"), bad);
        }
    }
    // A picture of 100 MB in FLAC, and in MP4.
    let flac = fs::read(dir.path().join("a.flac")).unwrap();
    let info = 4 + 38;
    let block = |kind: u8, len: usize| [&[kind], &(len as u32).to_be_bytes()[1..]].concat();
    let mut big = flac[..info].to_vec();
    for _ in 0..7 {
        big.extend(block(6, (1 << 24) - 1));
        big.resize(big.len() + (1 << 24) - 1, 1);
    }
    big.extend(&flac[info..]);
    write("picture.flac", big);
    let me = std::env::current_exe().unwrap();
    for path in files {
        let done = std::process::Command::new(&me)
            .args([
                "--exact",
                "decode::tests::hostile::memory_child",
                "--ignored",
                "--nocapture",
                "--test-threads",
                "1",
            ])
            .env("RUSTY_AUDIO_HOSTILE_FILE", &path)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&done.stdout).into_owned();
        let line =
            text.lines().find_map(|l| l.split("PEAK ").nth(1)).unwrap_or_else(|| panic!("{path:?}: {text}"));
        let peak = line.split(' ').nth(1).and_then(|n| n.parse::<u64>().ok()).unwrap();
        assert!(peak < MEMORY, "{path:?}: {peak} bytes; {line}");
        println!("{:?}: {} MB, {line}", path.file_name().unwrap(), peak >> 20);
    }
}
