//! Cover art out of real files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod common;

use common::{Scene, run, without_tools};
use library::{LibraryError, read_art};

const RED: [u8; 3] = [200, 40, 40];
const BLUE: [u8; 3] = [40, 60, 200];
const GREEN: [u8; 3] = [40, 170, 60];

/// Whether the left half of the art has this colour.
fn left_is(art: &library::Art, colour: [u8; 3]) -> bool {
    let at = ((art.height / 2 * art.width + art.width / 4) * 4) as usize;
    art.rgba[at..at + 3].iter().zip(colour).all(|(&a, b)| a.abs_diff(b) < 24)
}

#[test]
fn embedded_in_every_format() {
    if without_tools() {
        return;
    }
    let scene = Scene::new();
    let (wav, jpg) = (scene.wav("in.wav", 44_100, 20_000), scene.picture("a.jpg", 640, 480, BLUE));
    let (wav, jpg) = (wav.to_str().unwrap(), jpg.to_str().unwrap());
    let ffmpeg = |name: &str, codec: &[&str]| {
        let out = scene.text(name);
        let mut arguments = vec![
            "-v",
            "error",
            "-y",
            "-i",
            wav,
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
            "-metadata:s:v",
            "comment=Cover (front)",
        ];
        arguments.extend(codec);
        arguments.push(&out);
        run("ffmpeg", &arguments);
    };
    ffmpeg("a.flac", &[]);
    ffmpeg("3.mp3", &["-id3v2_version", "3"]);
    ffmpeg("4.mp3", &["-id3v2_version", "4"]);
    ffmpeg("a.m4a", &["-c:a", "alac"]);
    ffmpeg("a.aiff", &["-write_id3v2", "1"]);
    run("opusenc", &["--quiet", "--picture", jpg, wav, &scene.text("a.opus")]);
    let hashes: Vec<String> = ["a.flac", "3.mp3", "4.mp3", "a.m4a", "a.aiff", "a.opus"]
        .iter()
        .map(|name| {
            let art = read_art(&scene.file(name), 320).unwrap().unwrap_or_else(|| panic!("{name}: no art"));
            assert_eq!((art.width, art.height, art.rgba.len()), (320, 240, 320 * 240 * 4), "{name}");
            assert!(left_is(&art, BLUE), "{name}");
            assert!(art.accent[2] > art.accent[0], "{name}: {:?}", art.accent);
            art.hash
        })
        .collect();
    assert!(hashes.iter().all(|hash| *hash == hashes[0] && hash.len() == 32), "{hashes:?}");
}

#[test]
fn the_front_cover_wins_then_other_pictures_then_the_folder() {
    if without_tools() {
        return;
    }
    let scene = Scene::new();
    let wav = scene.wav("in.wav", 44_100, 20_000);
    let (back, front) = (scene.picture("b.png", 64, 64, RED), scene.picture("f.png", 64, 64, GREEN));
    let path = scene.file("a.flac");
    let out = path.to_str().unwrap();
    run("flac", &["-s", "-o", out, wav.to_str().unwrap()]);
    assert_eq!(read_art(&path, 64), Ok(None));
    scene.picture("Folder.JPG", 64, 64, BLUE);
    assert!(left_is(&read_art(&path, 64).unwrap().unwrap(), BLUE));
    run("metaflac", &[&format!("--import-picture-from=4||||{}", back.display()), out]);
    assert!(left_is(&read_art(&path, 64).unwrap().unwrap(), RED));
    run("metaflac", &[&format!("--import-picture-from=3||||{}", front.display()), out]);
    assert!(left_is(&read_art(&path, 64).unwrap().unwrap(), GREEN));
}

#[test]
fn folder_pictures_in_order_of_preference_and_of_every_kind() {
    let scene = Scene::new();
    let track = scene.wav("in.wav", 44_100, 1000);
    scene.write("COVER.jpg", b"not a picture");
    scene.picture("front.png", 50, 100, RED);
    // The damaged cover is passed over.
    let art = read_art(&track, 40).unwrap().unwrap();
    assert_eq!((art.width, art.height), (20, 40));
    assert!(left_is(&art, RED));
    // By content: a PNG called JPEG.
    let png = scene.picture("x.png", 30, 30, GREEN);
    std::fs::rename(png, scene.file("COVER.jpg")).unwrap();
    let art = read_art(&track, 100).unwrap().unwrap();
    assert_eq!((art.width, art.height), (30, 30), "small pictures are not enlarged");
    for name in ["cover.webp", "cover.gif", "cover.bmp"] {
        let other = Scene::new();
        let track = other.wav("in.wav", 44_100, 1000);
        let made = other.picture(name, 30, 30, GREEN);
        std::fs::rename(made, other.file("cover.png")).unwrap();
        assert!(read_art(&track, 100).unwrap().is_some(), "{name}");
    }
    assert_eq!(read_art(&scene.file("none.mp3"), 100), Err(LibraryError::Missing));
}

#[test]
fn a_large_cover_in_time() {
    let scene = Scene::new();
    let track = scene.wav("in.wav", 44_100, 1000);
    scene.picture("cover.jpg", 3000, 3000, BLUE);
    let start = std::time::Instant::now();
    let art = read_art(&track, 480).unwrap().unwrap();
    eprintln!("3000x3000 JPEG to 480: {:?}", start.elapsed());
    assert_eq!((art.width, art.height), (480, 480));
    assert!(start.elapsed() < std::time::Duration::from_secs(5), "{:?}", start.elapsed());
}
