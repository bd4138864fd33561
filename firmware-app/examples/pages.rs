//! Draws the pages into a folder, to look at them: `cargo run --example pages -- OUT [WIDTHxHEIGHT]`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::path::PathBuf;
use std::rc::Rc;

use firmware_app::ui::headless::HeadlessScreen;
use protocol::Theme;

fn main() {
    let mut args = std::env::args().skip(1);
    let out = PathBuf::from(args.next().unwrap_or_else(|| "target/pages".to_owned()));
    let size = args.next().unwrap_or_else(|| "800x480".to_owned());
    let (width, height) = size.split_once('x').expect("WIDTHxHEIGHT");
    let (width, height) = (width.parse().expect("a number"), height.parse().expect("a number"));
    std::fs::create_dir_all(&out).expect("the folder can be made");
    for theme in [Theme::Night, Theme::Day] {
        for (name, frame) in support::scenes(theme) {
            let mut screen = HeadlessScreen::new(width, height, Rc::new(|_| {})).expect("a screen");
            screen.show(&frame);
            let (bands, levels) = support::movement(&frame);
            screen.set_spectrum(&bands, levels);
            let look = if theme == Theme::Day { "day" } else { "night" };
            let path = out.join(format!("{name}-{look}-{width}x{height}.png"));
            screen.save_png(&path).expect("the picture can be written");
            println!("{}", path.display());
        }
    }
}
