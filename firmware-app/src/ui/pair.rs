//! Adapter of the page by which the unit gets an owner.

use std::cell::RefCell;
use std::rc::Rc;

use slint::{Image, ModelRc, SharedString, VecModel};

use super::cells::{clock, figures, sync};
use super::generated::PairStage;
use super::qr::picture;
use super::window::StereoWindow;
use crate::frame::Frame;
use crate::screen::{PairView, Touch};

/// The adapter.
pub struct PairPage {
    left: Rc<VecModel<SharedString>>,
    /// Text and side of the picture that is set.
    picture: RefCell<Option<(String, u32)>>,
}

impl PairPage {
    pub fn attach(window: &dyn StereoWindow, touch: &Rc<dyn Fn(Touch)>) -> Self {
        let this = Self { left: Rc::default(), picture: RefCell::default() };
        let page = window.pair();
        page.set_left(ModelRc::from(Rc::clone(&this.left)));
        let post = Rc::clone(touch);
        page.on_back(move || post(Touch::Back));
        let post = Rc::clone(touch);
        page.on_answer(move |accept| post(Touch::Answer(accept)));
        this
    }

    pub fn show(&self, window: &dyn StereoWindow, frame: &Frame) {
        let Some(view) = &frame.screen.pair else { return self.clear(window) };
        let page = window.pair();
        match view {
            PairView::Waits { text } => {
                page.set_stage(PairStage::Waits);
                page.set_words(text.as_str().into());
                self.show_left(None);
            }
            PairView::Code { code, address, url, left_s } => {
                page.set_stage(PairStage::Code);
                page.set_code(code.as_str().into());
                page.set_code_spoken(spoken(code).into());
                page.set_address(shown_address(address).into());
                self.show_left(Some(*left_s));
                self.show_picture(window, url);
            }
            PairView::Asks { name, email, left_s } => {
                page.set_stage(PairStage::Asks);
                page.set_words(name.as_str().into());
                page.set_email(email.as_str().into());
                self.show_left(Some(*left_s));
            }
        }
    }

    fn show_left(&self, left_s: Option<u32>) {
        let text = left_s.map(|left| clock(f64::from(left))).unwrap_or_default();
        sync(&self.left, figures(&text));
    }

    fn show_picture(&self, window: &dyn StereoWindow, url: &str) {
        let side = (window.metrics().get_code() * window.scale_factor()).round().max(1.0) as u32;
        let wanted = Some((url.to_owned(), side));
        if *self.picture.borrow() != wanted {
            window.pair().set_picture(picture(url, side).unwrap_or_default());
            *self.picture.borrow_mut() = wanted;
        }
    }

    /// A code that is no longer good does not stay in memory.
    fn clear(&self, window: &dyn StereoWindow) {
        if self.picture.take().is_some() {
            let page = window.pair();
            page.set_picture(Image::default());
            page.set_code(SharedString::default());
            page.set_code_spoken(SharedString::default());
        }
    }
}

/// Letter by letter.
fn spoken(code: &str) -> String {
    let letters: Vec<String> = code.chars().filter(|c| *c != '-').map(String::from).collect();
    letters.join(" ")
}

/// As people type it: nobody types the scheme.
fn shown_address(address: &str) -> &str {
    address.strip_prefix("https://").unwrap_or(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_spoken_letter_by_letter_and_an_address_is_short() {
        assert_eq!(spoken("BCDF-GHJK"), "B C D F G H J K");
        assert_eq!(shown_address("https://cloud.example/pair"), "cloud.example/pair");
        assert_eq!(shown_address("http://127.0.0.1:8787/pair"), "http://127.0.0.1:8787/pair");
    }
}
