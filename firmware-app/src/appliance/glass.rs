//! The unit's screen as its command line asks for it, drawn by the program's first thread.

use std::panic::{AssertUnwindSafe, catch_unwind};

use firmware_app::AppHandle;
use firmware_app::ui::kiosk::{Kiosk, KioskError};
use hal::linux::{DrmConfig, DrmScreen};
use hal::{BadRotation, Rotation, Screen};

use super::ending::Ending;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct GlassOptions {
    /// Draw nothing, even if there is a display
    #[arg(long)]
    no_screen: bool,
    /// Size of the display's mode in pixels; what the display prefers if not given or if it has none like it
    #[arg(long, value_name = "WxH", value_parser = size)]
    screen_mode: Option<(u32, u32)>,
    /// Turns the picture and the touch screen clockwise: 0, 90, 180 or 270
    #[arg(long, value_name = "DEGREES", default_value = "0", value_parser = rotation)]
    rotate: Rotation,
}

impl GlassOptions {
    /// Draws until it is over; false if there is nothing to draw with, at once.
    pub fn draw(&self, app: &AppHandle, ending: &Ending) -> bool {
        if self.no_screen {
            return false;
        }
        let config = DrmConfig { mode: self.screen_mode, rotation: self.rotate, ..DrmConfig::default() };
        let mut screen = match DrmScreen::open(config) {
            Ok(screen) => screen,
            Err(error) => {
                tracing::error!(%error, "the stereo plays without a screen");
                return false;
            }
        };
        ending.wakes(screen.waker());
        let drawing = AssertUnwindSafe(|| -> Result<(), KioskError> {
            let cost = Kiosk::new(app, &mut screen)?.run(|| ending.is_over(app));
            tracing::info!(?cost, "the screen is dark");
            Ok(())
        });
        // What is drawn with is large and not ours; its bugs must not take the music down. Nothing that has seen the
        // panic is used again: the screen is closed, and the stereo's loop shares only finished frames.
        match catch_unwind(drawing) {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::error!(%error, "the stereo plays without a screen");
                false
            }
            Err(_) => {
                tracing::error!("drawing has failed: the stereo plays without a screen");
                false
            }
        }
    }
}

/// `800x480`.
fn size(text: &str) -> Result<(u32, u32), String> {
    let sides = text.split_once(['x', 'X']).and_then(|(width, height)| {
        let side = |text: &str| text.parse().ok().filter(|side| (1..=8192).contains(side));
        Some((side(width)?, side(height)?))
    });
    sides.ok_or_else(|| "a size is WIDTHxHEIGHT in pixels, such as 800x480".to_owned())
}

fn rotation(text: &str) -> Result<Rotation, BadRotation> {
    text.parse()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_two_sides() {
        assert_eq!(size("800x480"), Ok((800, 480)));
        assert_eq!(size("1280X800"), Ok((1280, 800)));
        for text in ["800", "0x480", "800x", "x", "9000x480", "-1x5", "800x480x2"] {
            assert!(size(text).is_err(), "{text}");
        }
    }
}
