//! How much of the screen is drawn again: the unit does this sixty times a second.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/fingers.rs"]
mod fingers;
#[path = "support/picture.rs"]
mod picture;
#[path = "support/mod.rs"]
mod support;

use std::path::Path;
use std::sync::Arc;

use fingers::Bench;
use firmware_app::screen::Screen;
use firmware_app::ui::headless::HeadlessScreen;
use picture::Picture;
use protocol::{Snapshot, Theme};

/// Left, top, right, bottom of what was drawn, and its area in pixels.
fn drawn(screen: &mut HeadlessScreen) -> Option<([i64; 4], i64)> {
    let region = screen.render_changes()?;
    let mut area = 0;
    let mut bounds = [i64::MAX, i64::MAX, i64::MIN, i64::MIN];
    for (place, size) in region.iter() {
        let (x, y) = (i64::from(place.x), i64::from(place.y));
        let (w, h) = (i64::from(size.width), i64::from(size.height));
        area += w * h;
        bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x + w), bounds[3].max(y + h)];
    }
    (area > 0).then_some((bounds, area))
}

#[test]
fn a_tick_of_the_spectrum_draws_the_spectrum_alone() {
    let frame =
        support::frame(support::snapshot(Theme::Night), support::now_screen(), Some(support::cover()));
    let mut bench = Bench::new(800, 480, &frame);
    bench.screen.set_spectrum(&support::spectrum(), support::levels());
    bench.screen.render();
    let moved = support::spectrum().map(|value| value * 0.7);
    bench.screen.set_spectrum(&moved, support::levels());
    let ([left, top, right, bottom], area) = drawn(&mut bench.screen).expect("bars moved");
    assert!(left >= 316 && right <= 776 && top >= 229 && bottom <= 289, "{left} {top} {right} {bottom}");
    assert!(area <= 460 * 60, "{area} pixels");
}

#[test]
fn a_second_draws_the_needle_and_the_figures_alone() {
    let snapshot = support::snapshot(Theme::Night);
    let frame = support::frame(snapshot.clone(), support::now_screen(), Some(support::cover()));
    let mut bench = Bench::new(800, 480, &frame);
    let mut later: Snapshot = snapshot;
    later.transport.position_s += 1.0;
    let frame = firmware_app::frame::Frame { snapshot: Arc::new(later), ..frame };
    bench.screen.show(&frame);
    let ([_, top, _, bottom], area) = drawn(&mut bench.screen).expect("time went on");
    assert!(top >= 291 && bottom <= 388, "{top} {bottom}");
    assert!(area <= 800 * 80, "{area} pixels");
}

#[test]
fn the_same_frame_draws_nothing() {
    let frame = support::frame(support::snapshot(Theme::Day), support::now_screen(), Some(support::cover()));
    let mut bench = Bench::new(800, 480, &frame);
    bench.screen.show(&frame);
    bench.screen.show(&support::frame(
        support::snapshot(Theme::Day),
        Screen { ..support::now_screen() },
        Some(support::cover()),
    ));
    assert_eq!(drawn(&mut bench.screen), None);
}

#[test]
fn partial_drawing_ends_in_the_same_picture_as_drawing_anew() {
    let scenes = support::scenes(Theme::Night);
    let mut bench = Bench::new(800, 480, &scenes[0].1);
    for (name, frame) in scenes.iter().chain(scenes.iter().rev()) {
        bench.screen.show(frame);
        // Lists keep their place while the focus is in sight, so only single pages are compared.
        let partial = bench.screen.render().as_bytes().to_vec();
        if name.starts_with("now") || name.starts_with("eq") {
            let mut fresh = Bench::new(800, 480, frame);
            let whole = fresh.screen.render().as_bytes().to_vec();
            let (width, height) = (800, 480);
            let (partial, whole) =
                (Picture { width, height, rgb: partial }, Picture { width, height, rgb: whole });
            let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("partial-{name}.png"));
            // Not to the bit: the renderer blends a path's edge twice where two dirty rectangles meet.
            if let Some(problem) = partial.differs_from(&whole) {
                partial.difference(&whole).write(&path);
                panic!("{name}: {problem}; see {}", path.display());
            }
        }
    }
}
