//! Files made to hurt: each answers within a second and within 64 MB, and none panics.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, unsafe_code)]

mod common;

use common::{Scene, run, without_tools};
use library::{LibraryError, read_art, read_track};
use proptest::prelude::*;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::path::Path;
use std::time::{Duration, Instant};

/// Counts what each thread holds, and the most it ever held.
struct Counting;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn count(change: isize) {
    let held = HELD.with(|held| {
        held.set(held.get() + change);
        held.get()
    });
    PEAK.with(|peak| peak.set(peak.get().max(held)));
}

// SAFETY: every call goes to the system allocator unchanged; counting touches thread-local cells
// without destructors only, which allocate nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { System.dealloc(pointer, layout) }
    }
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const MAX_MEMORY: isize = 64 << 20;

/// Most time on the processor, and most time that may pass while other work is going on beside.
const MAX_TIME: Duration = Duration::from_secs(1);
const MAX_WAIT: Duration = Duration::from_secs(10);

/// Time this thread has spent on the processor, where the system tells it (Linux), else the clock's.
fn busy(since: Instant) -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    match stat.split_ascii_whitespace().next().and_then(|nanoseconds| nanoseconds.parse().ok()) {
        Some(nanoseconds) => Duration::from_nanos(nanoseconds),
        None => since.elapsed(),
    }
}

/// Reads tags and art; fails if either takes too much.
fn survives(path: &Path) -> (Result<library::TrackInfo, LibraryError>, Option<library::Art>) {
    let base = HELD.with(Cell::get);
    PEAK.with(|peak| peak.set(base));
    let start = Instant::now();
    let before = busy(start);
    let info = read_track(path);
    let (tags_done, tags_peak) = (busy(start), PEAK.with(Cell::get) - base);
    let art = read_art(path, 480);
    let (tags_time, art_time) = (tags_done - before, busy(start) - tags_done);
    assert!(start.elapsed() < MAX_WAIT, "{path:?}: {:?}", start.elapsed());
    let peak = PEAK.with(Cell::get) - base;
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    if tags_peak > 4 << 20 || peak > 16 << 20 || tags_time + art_time > Duration::from_millis(200) {
        eprintln!("{name}: tags {tags_time:?} {} kB, art {art_time:?} {} kB", tags_peak >> 10, peak >> 10);
    }
    assert!(tags_time < MAX_TIME && art_time < MAX_TIME, "{name}: {tags_time:?} {art_time:?}");
    assert!(peak < MAX_MEMORY, "{name}: {} kB", peak >> 10);
    (info, art.unwrap_or(None))
}

/// A box of ISO base media.
fn atom(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&u32::try_from(body.len() + 8).unwrap().to_be_bytes(), kind.as_slice(), body].concat()
}

fn id3(version: u8, body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len()).unwrap();
    let size = [21, 14, 7, 0].map(|shift| (size >> shift & 0x7f) as u8);
    [b"ID3".as_slice(), &[version, 0, 0], &size, body].concat()
}

fn frame(id: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let size = u32::try_from(data.len()).unwrap().to_be_bytes();
    [id.as_slice(), &size, &[0, 0], data].concat()
}

fn silent_mpeg() -> Vec<u8> {
    [[0xff, 0xfb, 0x90, 0x00].as_slice(), &[0; 413]].concat().repeat(20)
}

#[test]
fn small_and_random_files_are_not_music() {
    let scene = Scene::new();
    let mut state = 1_u64;
    let mut noise = |length: usize| -> Vec<u8> {
        (0..length)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 56) as u8
            })
            .collect()
    };
    for ending in ["mp3", "flac", "m4a", "ogg", "opus", "wav", "aiff", "aac"] {
        for (name, content) in [
            ("empty", Vec::new()),
            ("one", vec![0x49]),
            ("zeros", vec![0; 3 << 20]),
            ("ones", vec![0xff; 3 << 20]),
            ("noise", noise(5 << 20)),
            ("text", b"This is not music.\n".repeat(1000)),
        ] {
            let path = scene.write(&format!("{name}.{ending}"), &content);
            assert_eq!(survives(&path), (Err(LibraryError::NotMusic), None), "{path:?}");
        }
    }
    for magic in [
        b"fLaC".as_slice(),
        b"OggS",
        b"\0\0\0\x20ftypM4A ",
        b"RIFF\xff\xff\xff\xffWAVE",
        b"FORM\xff\xff\xff\xffAIFF",
        b"ID3\x04\0\0\x7f\x7f\x7f\x7f",
        b"ID3\x03\0\x80\0\x7f\x7f\x7f",
    ] {
        for tail in [vec![0xff; 4 << 20], vec![0; 4 << 20], noise(4 << 20), b"CTOC".repeat(1 << 20)] {
            let path = scene.write("magic.bin", &[magic, &tail].concat());
            let _ = survives(&path);
        }
    }
}

#[test]
fn folders_and_missing_files_are_typed_errors() {
    let scene = Scene::new();
    assert_eq!(read_track(scene.path()), Err(LibraryError::NotMusic));
    assert_eq!(read_track(&scene.file("none.mp3")), Err(LibraryError::Missing));
    assert_eq!(read_art(&scene.file("none.mp3"), 100), Err(LibraryError::Missing));
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_do_not_block() {
    let scene = Scene::new();
    let pipe = scene.text("a.mp3");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let cover = scene.text("cover.jpg");
    assert!(std::process::Command::new("mkfifo").arg(&cover).status().unwrap().success());
    assert_eq!(survives(Path::new(&pipe)).0, Err(LibraryError::NotMusic));
    assert_eq!(survives(Path::new("/dev/zero")).0, Err(LibraryError::NotMusic));
    let track = scene.wav("b.wav", 44_100, 100);
    assert_eq!(read_art(&track, 10), Ok(None));
    assert!(library::list_folder(scene.path(), scene.path()).unwrap().iter().all(|entry| entry.name == "b"));
}

#[test]
fn swarms_of_tiny_tags() {
    let scene = Scene::new();
    let tiny = [2_u32.to_le_bytes().as_slice(), b"a="].concat().repeat(2_000_000);
    let comments = [&[0; 4], u32::MAX.to_le_bytes().as_slice(), &tiny].concat();
    let mut flac = b"fLaC".to_vec();
    flac.extend([0, 0, 0, 34, 16, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0x0a, 0xc4, 0x42, 0xf0, 0, 1, 0, 0]);
    flac.extend([0; 16]);
    flac.extend((0x8400_0000 | u32::try_from(comments.len()).unwrap()).to_be_bytes());
    flac.extend(&comments);
    let (info, _) = survives(&scene.write("a.flac", &flac));
    assert_eq!(info.unwrap().format, "FLAC · 44.1 kHz · 16 bit");
    let frames = frame(b"TPE1", b"\0x").repeat(1_000_000);
    assert!(survives(&scene.write("a.mp3", &[id3(3, &frames), silent_mpeg()].concat())).0.is_ok());
    // Tables of contents that contain each other: recursion in a reader that builds the tree.
    let chain: Vec<u8> = (0..200_000_u32)
        .flat_map(|index| {
            let (id, next) = (format!("{index:x}\0"), format!("{:x}\0", index + 1));
            frame(b"CTOC", &[id.as_bytes(), &[if index == 0 { 3 } else { 1 }, 1], next.as_bytes()].concat())
        })
        .collect();
    assert!(survives(&scene.write("b.mp3", &[id3(3, &chain), silent_mpeg()].concat())).0.is_ok());
    let values = atom(b"\xa9ART", &atom(b"data", &[0, 0, 0, 1, 0, 0, 0, 0, b'x'])).repeat(300_000);
    let movie =
        atom(b"moov", &atom(b"udta", &atom(b"meta", &[&[0; 4], atom(b"ilst", &values).as_slice()].concat())));
    let _ = survives(&scene.write("a.m4a", &[atom(b"ftyp", b"M4A "), movie].concat()));
}

#[test]
fn deep_and_cyclic_boxes() {
    let scene = Scene::new();
    let mut nested = atom(b"moov", b"");
    for _ in 0..20_000 {
        nested = atom(b"moov", &nested);
    }
    let _ = survives(&scene.write("deep.m4a", &[atom(b"ftyp", b"M4A "), nested].concat()));
    let _ = survives(&scene.write("zero.m4a", &[atom(b"ftyp", b"M4A "), [0; 8].repeat(1000)].concat()));
    let huge = [b"\0\0\0\x01moov".as_slice(), &u64::MAX.to_be_bytes(), &[0; 64]].concat();
    let _ = survives(&scene.write("huge.m4a", &[atom(b"ftyp", b"M4A "), huge].concat()));
}

/// An ID3v2.3 tag with one front cover, and some sound.
fn with_cover(picture: &[u8]) -> Vec<u8> {
    let data = [b"\0image/png\0\x03\0".as_slice(), picture].concat();
    [id3(3, &frame(b"APIC", &data)), silent_mpeg()].concat()
}

#[test]
fn picture_bombs() {
    let scene = Scene::new();
    // A PNG of 8191x8191 in a few kilobytes: 268 MB of pixels.
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, 8191, 8191);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.write_header().unwrap().write_image_data(&vec![0; 1024 * 8191]).unwrap();
    assert!(png.len() < 100_000);
    assert_eq!(survives(&scene.write("png.mp3", &with_cover(&png))).1, None);
    // The same header announcing more.
    for edge in [65_535_u32, 0x7fff_ffff, u32::MAX] {
        let mut absurd = png.clone();
        absurd[16..20].copy_from_slice(&edge.to_be_bytes());
        absurd[20..24].copy_from_slice(&edge.to_be_bytes());
        assert_eq!(survives(&scene.write("absurd.mp3", &with_cover(&absurd))).1, None);
    }
    let jpeg = std::fs::read(scene.picture("small.jpg", 64, 64, [9, 99, 199])).unwrap();
    let header = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    for edge in [[0xff, 0xff], [0x20, 0x00], [0x10, 0x00]] {
        let mut absurd = jpeg.clone();
        absurd[header + 5..header + 7].copy_from_slice(&edge);
        absurd[header + 7..header + 9].copy_from_slice(&edge);
        let _ = survives(&scene.write("jpeg.mp3", &with_cover(&absurd)));
    }
    // A compressed frame that would inflate a thousandfold is not inflated.
    let mut compressed = frame(b"APIC", &[0x78; 4096]);
    compressed[9] = 0x80;
    assert_eq!(survives(&scene.write("z.mp3", &[id3(3, &compressed), silent_mpeg()].concat())).1, None);
    // The largest pictures that are taken at all, real and junk.
    let (_, art) = survives(&scene.write("junk.mp3", &with_cover(&vec![0x55; 15 << 20])));
    assert_eq!(art, None);
    let padded = [jpeg, vec![0; 14 << 20]].concat();
    assert!(survives(&scene.write("padded.mp3", &with_cover(&padded))).1.is_some());
    assert_eq!(survives(&scene.write("more.mp3", &with_cover(&vec![0x55; 40 << 20]))).1, None);
}

#[test]
fn a_large_honest_cover_fits() {
    let scene = Scene::new();
    let track = scene.wav("a.wav", 44_100, 100);
    scene.picture("cover.jpg", 4000, 4000, [200, 90, 20]);
    assert!(survives(&track).1.is_some());
    scene.picture("cover.jpg", 8000, 8000, [200, 90, 20]);
    assert_eq!(survives(&track).1, None);
}

#[test]
fn a_picture_in_ogg_fits() {
    if without_tools() {
        return;
    }
    let scene = Scene::new();
    let wav = scene.wav("in.wav", 44_100, 5000);
    let png = image::RgbImage::from_fn(1700, 1700, |x, y| {
        image::Rgb([(x * y) as u8, (x ^ y) as u8, (x * 7 + y * y) as u8])
    });
    png.save(scene.file("noise.png")).unwrap();
    run(
        "opusenc",
        &["--quiet", "--picture", &scene.text("noise.png"), wav.to_str().unwrap(), &scene.text("a.opus")],
    );
    let size = std::fs::metadata(scene.file("a.opus")).unwrap().len();
    let (info, art) = survives(&scene.file("a.opus"));
    assert_eq!(info.unwrap().format, "Opus · 48 kHz");
    assert!(art.is_some(), "{size} bytes");
}

/// Real files of every format with tags and a cover, once for all cases.
fn originals() -> &'static [Vec<u8>] {
    static FILES: std::sync::OnceLock<Vec<Vec<u8>>> = std::sync::OnceLock::new();
    FILES.get_or_init(|| {
        let scene = Scene::new();
        let (wav, jpg) = (scene.wav("in.wav", 44_100, 8000), scene.picture("a.jpg", 64, 64, [1, 2, 200]));
        let (wav, jpg) = (wav.to_str().unwrap(), jpg.to_str().unwrap());
        let names = ["a.flac", "a.mp3", "a.m4a", "l.m4a", "a.ogg", "a.opus", "a.wav", "a.aiff", "a.aac"];
        let codecs: [&[&str]; 9] = [
            &[],
            &[],
            &["-c:a", "aac"],
            &["-c:a", "alac"],
            &["-c:a", "libvorbis"],
            &["-c:a", "libopus"],
            &[],
            &["-write_id3v2", "1"],
            &["-c:a", "aac"],
        ];
        names
            .iter()
            .zip(codecs)
            .map(|(name, codec)| {
                let out = scene.text(name);
                let mut arguments = vec!["-v", "error", "-y", "-i", wav];
                let pictured = ["a.flac", "a.mp3", "a.m4a", "a.aiff"].contains(name);
                if pictured {
                    arguments.extend([
                        "-i",
                        jpg,
                        "-map",
                        "0",
                        "-map",
                        "1",
                        "-c:v",
                        "copy",
                        "-disposition:v",
                        "attached_pic",
                    ]);
                }
                arguments.extend(["-metadata", "title=T", "-metadata", "artist=A", "-metadata", "track=1/2"]);
                arguments.extend(codec);
                arguments.push(&out);
                run("ffmpeg", &arguments);
                std::fs::read(out).unwrap()
            })
            .collect()
    })
}

#[test]
fn truncated_anywhere() {
    if without_tools() {
        return;
    }
    let scene = Scene::new();
    for original in originals() {
        for cut in (0..original.len().min(3000)).step_by(37).chain((3000..original.len()).step_by(997)) {
            let _ = survives(&scene.write("cut.bin", &original[..cut]));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_real_files(
        which in 0..9_usize,
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>(), 0..3_u8), 1..24),
    ) {
        if without_tools() { return Ok(()); }
        let mut file = originals()[which].clone();
        for (index, value, kind) in changes {
            // Most structure is in the first bytes, for boxes in the last.
            let reach = match kind { 0 => file.len().min(400), _ => file.len() };
            let at = index.index(reach);
            let at = if kind == 2 { file.len() - 1 - at.min(1500).min(file.len() - 1) } else { at };
            file[at] = value;
        }
        let scene = Scene::new();
        let _ = survives(&scene.write("mutated.bin", &file));
    }
}
