//! The window, on a virtual X display.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod support;

use std::io::{BufRead, BufReader, ErrorKind};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use support::{Car, colours, read_png, run};

struct Display {
    server: Child,
    name: String,
}

impl Display {
    /// Starts a display of its own; `None` if there is no Xvfb and the tests may go without.
    fn start() -> Option<Self> {
        let started = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut server = match started {
            Ok(server) => server,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let allowed = std::env::var("RUSTY_AUDIO_WITHOUT_TOOLS").is_ok_and(|value| value == "1");
                assert!(
                    allowed,
                    "Xvfb is missing: install xvfb, or set RUSTY_AUDIO_WITHOUT_TOOLS=1 to go without"
                );
                eprintln!("skipped: Xvfb is missing, the window was not tested");
                return None;
            }
            Err(error) => panic!("Xvfb: {error}"),
        };
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Some(Self { server, name: format!(":{}", number.trim()) })
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn the_window_plays_and_shows_the_stereo() {
    let Some(display) = Display::start() else { return };
    let car = Car::with_album();
    let mut command = car.command(
        "play 01 dawn.wav\n\
         expect now.title == First Light\n\
         wait 3s\n\
         expect transport.position_s >= 2.5\n\
         turn volume +2\n\
         screenshot window.png\n\
         press menu\n\
         wait 500ms\n\
         screenshot menu.png\n",
    );
    command.args(["--sink", "null"]).env("DISPLAY", &display.name).env_remove("WAYLAND_DISPLAY");
    let ran = run(&mut command).expect_code(0);
    assert!(ran.took >= Duration::from_secs(3), "{:?}", ran.took);
    let [now, menu] = ["window.png", "menu.png"].map(|name| read_png(&car.path(name)));
    assert_eq!((now.0, now.1), (800, 480));
    assert!(colours(&now.2) > 16, "{} colours", colours(&now.2));
    assert_ne!(now.2, menu.2, "another page looks different");
}
