//! Every page, by day and by night, small and large, against the pictures people have agreed on.
//!
//! `UPDATE_GOLDENS=1 cargo test -p firmware-app --test goldens` takes today's pictures as the right ones;
//! look at each of them before committing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

#[path = "support/picture.rs"]
mod picture;
#[path = "support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use firmware_app::frame::Frame;
use firmware_app::screen::Screen;
use firmware_app::ui::headless::HeadlessScreen;
use picture::Picture;
use protocol::Theme;

fn draw(width: u32, height: u32, frame: &Frame) -> Picture {
    let mut screen = HeadlessScreen::new(width, height, Rc::new(|_| {})).unwrap();
    screen.show(frame);
    let (bands, levels) = support::movement(frame);
    screen.set_spectrum(&bands, levels);
    let pixels = screen.render();
    Picture { width, height, rgb: pixels.as_bytes().to_vec() }
}

fn check(theme: Theme, width: u32, height: u32) {
    let look = if theme == Theme::Day { "day" } else { "night" };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
    let update = std::env::var_os("UPDATE_GOLDENS").is_some_and(|value| value == "1");
    let mut wrong = Vec::new();
    for (name, frame) in support::scenes(theme) {
        let file = format!("{name}-{look}-{width}x{height}.png");
        let actual = draw(width, height, &frame);
        let golden = folder.join(&file);
        if update {
            std::fs::create_dir_all(&folder).unwrap();
            actual.write(&golden);
        } else if let Some(problem) = compare(&actual, &golden, &file) {
            wrong.push(format!("{file}: {problem}"));
        }
    }
    assert!(wrong.is_empty(), "{} pictures differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is wrong, if anything; leaves the picture and a difference under the target folder.
fn compare(actual: &Picture, golden: &Path, file: &str) -> Option<String> {
    let out = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("goldens");
    std::fs::create_dir_all(&out).unwrap();
    let problem = match Picture::read(golden) {
        None => "there is no golden".to_owned(),
        Some(wanted) => {
            let problem = actual.differs_from(&wanted)?;
            actual.difference(&wanted).write(&out.join(format!("diff-{file}")));
            problem
        }
    };
    let path = out.join(file);
    actual.write(&path);
    Some(format!("{problem}; see {}", path.display()))
}

#[test]
fn night_800x480() {
    check(Theme::Night, 800, 480);
}

#[test]
fn day_800x480() {
    check(Theme::Day, 800, 480);
}

#[test]
fn night_1280x720() {
    check(Theme::Night, 1280, 720);
}

#[test]
fn day_1280x720() {
    check(Theme::Day, 1280, 720);
}

#[test]
fn the_pictures_stay_small() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
    let sizes = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len());
    let total: u64 = sizes.sum();
    assert!((1..4_000_000).contains(&total), "{total} bytes of goldens");
}

#[test]
fn no_script_and_no_length_of_title_moves_anything_else() {
    let plain = support::snapshot(Theme::Night);
    let titles = ["夜の海岸道路をゆっくり走る", "الطريق الساحلي في الليل", "W", "🎵🎵🎵", "a\nb\nc\nd\ne"];
    let lower_half = |picture: &Picture| picture.rgb[800 * 3 * 220..].to_vec();
    let screen = Screen { up_next: String::new(), ..support::now_screen() };
    let wanted = lower_half(&draw(800, 480, &support::frame(plain.clone(), screen.clone(), None)));
    for title in titles {
        let mut other = plain.clone();
        other.now.title = title.repeat(3);
        let drawn = draw(800, 480, &support::frame(other, screen.clone(), None));
        assert!(lower_half(&drawn) == wanted, "{title} moved what lies below it");
    }
}

#[test]
fn a_difference_is_seen() {
    let frame = support::scenes(Theme::Night).remove(0).1;
    let picture = draw(800, 480, &frame);
    let mut other = picture.clone();
    assert_eq!(picture.differs_from(&other), None);
    for pixel in other.rgb.chunks_exact_mut(3).skip(800 * 100 + 100).take(500) {
        pixel[0] = pixel[0].wrapping_add(90);
    }
    assert!(picture.differs_from(&other).is_some());
}
