//! The colours can be read: by night, in the sun, and whatever cover lends the accent.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/mod.rs"]
mod support;

use std::rc::Rc;

use firmware_app::ui::contrast;
use firmware_app::ui::headless::HeadlessScreen;
use firmware_app::ui::{Accent, StereoWindow};
use protocol::Theme;

#[test]
fn text_stands_at_seven_to_one_on_every_ground() {
    for look in [Theme::Night, Theme::Day] {
        let screen = HeadlessScreen::new(800, 480, Rc::new(|_| {})).unwrap();
        screen.show(&support::frame(support::snapshot(look), support::now_screen(), None));
        let theme = screen.window().theme();
        let grounds = [theme.get_ground(), theme.get_surface(), theme.get_raised()];
        let words = [theme.get_text(), theme.get_text_dim(), theme.get_accent_text(), theme.get_focus()];
        for (g, ground) in grounds.into_iter().enumerate() {
            for (w, word) in words.into_iter().enumerate() {
                let ratio = contrast(word, ground);
                assert!(ratio >= 7.0, "{look:?}: text {w} on ground {g} is {ratio:.2}:1");
            }
            let ratio = contrast(theme.get_accent(), ground);
            assert!(ratio >= 4.5, "{look:?}: the accent on ground {g} is {ratio:.2}:1");
        }
        let ratio = contrast(theme.get_on_accent(), theme.get_accent());
        assert!(ratio >= 4.5, "{look:?}: the sign on the accent is {ratio:.2}:1");
        let ratio = contrast(theme.get_spectrum(), theme.get_ground());
        assert!(ratio >= 3.0, "{look:?}: the spectrum is {ratio:.2}:1");
    }
}

#[test]
fn any_cover_lends_a_readable_accent() {
    let grounds = |light| {
        let screen = HeadlessScreen::new(800, 480, Rc::new(|_| {})).unwrap();
        let look = if light { Theme::Day } else { Theme::Night };
        screen.show(&support::frame(support::snapshot(look), support::now_screen(), None));
        let theme = screen.window().theme();
        [theme.get_ground(), theme.get_surface(), theme.get_raised()]
    };
    for light in [false, true] {
        let grounds = grounds(light);
        let levels = [0_u8, 51, 102, 153, 204, 255];
        for (r, g, b) in
            levels.iter().flat_map(|r| levels.iter().flat_map(move |g| levels.map(|b| (*r, *g, b))))
        {
            let accent = Accent::new(Some([r, g, b]), light, &grounds);
            for ground in grounds {
                assert!(contrast(accent.fill, ground) >= 4.5, "{r} {g} {b}");
                assert!(contrast(accent.text, ground) >= 7.0, "{r} {g} {b}");
            }
            assert!(contrast(accent.on, accent.fill) >= 4.5, "{r} {g} {b}: {accent:?}");
        }
    }
}
