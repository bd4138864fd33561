//! Pictures of the screen without a screen.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use support::{Car, colours, read_png, run};

#[test]
fn a_screenshot_has_the_asked_size_and_shows_something() {
    let car = Car::with_album();
    car.script_with(
        "play 01 dawn.wav\nexpect now.title == First Light\nscreenshot shots/now.png\n\
         press menu\nscreenshot menu.png\ntheme day\nscreenshot day.png\n",
        &["--headless", "--sink", "virtual", "--size", "1280x720"],
    )
    .expect_code(0);
    let pictures = ["shots/now.png", "menu.png", "day.png"].map(|name| read_png(&car.path(name)));
    for (width, height, pixels) in &pictures {
        assert_eq!((*width, *height), (1280, 720));
        assert!(colours(pixels) > 16, "{} colours", colours(pixels));
    }
    assert_ne!(pictures[0].2, pictures[1].2, "another page looks different");
    assert_ne!(pictures[1].2, pictures[2].2, "day looks different from night");
}

#[cfg(target_os = "linux")]
#[test]
fn a_display_that_does_not_answer_is_no_reason_to_stop() {
    let car = Car::with_album();
    let mut command = car.command("play 01 dawn.wav\nexpect now.title == First Light\nscreenshot now.png\n");
    command
        .args(["--sink", "virtual"])
        .env("DISPLAY", ":4711")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET");
    let ran = run(&mut command).expect_code(0);
    assert!(ran.stderr.contains("No window: "), "{}", ran.stderr);
    let (width, height, pixels) = read_png(&car.path("now.png"));
    assert_eq!((width, height), (800, 480));
    assert!(colours(&pixels) > 16);
}
