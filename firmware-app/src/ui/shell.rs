//! Adapter of what is around the pages: which page, theme and accent, volume sheet, message.

use std::rc::Rc;

use protocol::{Command, Theme as Look, VOLUME_STEPS, db_to_step, step_to_db};

use super::accent::Accent;
use super::generated::PageKind;
use super::window::StereoWindow;
use crate::frame::Frame;
use crate::screen::{Page, Touch};

/// The adapter.
pub struct Shell;

impl Shell {
    pub fn attach(window: &dyn StereoWindow, touch: &Rc<dyn Fn(Touch)>) -> Self {
        let post = Rc::clone(touch);
        window.shell().on_dismiss(move || post(Touch::Do(Command::DismissMessage)));
        Self
    }

    pub fn show(&self, window: &dyn StereoWindow, frame: &Frame) {
        show_theme(window, frame);
        let shell = window.shell();
        shell.set_page(match frame.screen.page {
            Page::NowPlaying => PageKind::NowPlaying,
            Page::Equalizer => PageKind::Equalizer,
            Page::Off => PageKind::Off,
            Page::Search | Page::Name => PageKind::Search,
            Page::Enrol => PageKind::Enrol,
            Page::Pair => PageKind::Pair,
            Page::Menu
            | Page::Browser
            | Page::Actions
            | Page::Queue
            | Page::Presets
            | Page::Settings
            | Page::Phones
            | Page::Account
            | Page::Sent
            | Page::Choice => PageKind::List,
        });
        shell.set_message(frame.snapshot.message.as_str().into());
        if let Some(overlay) = frame.screen.volume_overlay {
            let steps = f32::from(VOLUME_STEPS);
            shell.set_volume(overlay.step.to_string().into());
            shell.set_volume_value(f32::from(overlay.step) / steps);
            shell.set_volume_limit(f32::from(db_to_step(frame.snapshot.volume.max_db)) / steps);
            shell.set_volume_level(level_text(overlay.step).into());
            shell.set_muted(overlay.muted);
        }
        shell.set_volume_shown(frame.screen.volume_overlay.is_some());
    }
}

fn show_theme(window: &dyn StereoWindow, frame: &Frame) {
    let theme = window.theme();
    let light = frame.snapshot.theme == Look::Day;
    theme.set_day(light);
    let grounds = [theme.get_ground(), theme.get_surface(), theme.get_raised()];
    let accent = Accent::new(frame.cover.as_ref().map(|cover| cover.accent), light, &grounds);
    theme.set_accent(accent.fill);
    theme.set_accent_text(accent.text);
    theme.set_on_accent(accent.on);
}

/// `−18.5 dB`; silence has no number.
fn level_text(step: u8) -> String {
    if step == 0 {
        return "−∞ dB".to_owned();
    }
    let level = step_to_db(step).0;
    if level == 0.0 { "0 dB".to_owned() } else { format!("−{:.1} dB", -level) }
}
