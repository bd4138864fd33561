//! Adapter of the page with the code for a phone.

use std::cell::RefCell;
use std::rc::Rc;

use protocol::remote::Role;
use slint::{Image, ModelRc, SharedString, VecModel};

use super::cells::{clock, figures, sync};
use super::qr::picture;
use super::window::StereoWindow;
use crate::frame::Frame;
use crate::screen::{EnrolView, Touch};

/// The adapter.
pub struct EnrolPage {
    head: Rc<VecModel<SharedString>>,
    tail: Rc<VecModel<SharedString>>,
    left: Rc<VecModel<SharedString>>,
    /// Text and side of the picture that is set.
    picture: RefCell<Option<(String, u32)>>,
}

impl EnrolPage {
    pub fn attach(window: &dyn StereoWindow, touch: &Rc<dyn Fn(Touch)>) -> Self {
        let this = Self {
            head: Rc::default(),
            tail: Rc::default(),
            left: Rc::default(),
            picture: RefCell::default(),
        };
        let page = window.enrol();
        page.set_code_head(ModelRc::from(Rc::clone(&this.head)));
        page.set_code_tail(ModelRc::from(Rc::clone(&this.tail)));
        page.set_left(ModelRc::from(Rc::clone(&this.left)));
        let post = Rc::clone(touch);
        page.on_back(move || post(Touch::Back));
        this
    }

    pub fn show(&self, window: &dyn StereoWindow, frame: &Frame) {
        let Some(view) = &frame.screen.enrol else { return self.clear(window) };
        let page = window.enrol();
        let is_guest = view.role == Role::Guest;
        page.set_title(if is_guest { "Add a guest" } else { "Add a phone" }.into());
        page.set_promise(
            match is_guest {
                true => "A guest sees what plays and changes nothing.",
                false => "The phone may then control this unit.",
            }
            .into(),
        );
        let code = figures(&view.pin);
        sync(&self.head, code.iter().take(3).cloned());
        sync(&self.tail, code.iter().skip(3).cloned());
        page.set_code_spoken(spoken(&view.pin).into());
        page.set_address(view.address.as_str().into());
        sync(&self.left, figures(&clock(f64::from(view.left_s))));
        page.set_note(view.note.as_str().into());
        self.show_picture(window, view);
    }

    fn show_picture(&self, window: &dyn StereoWindow, view: &EnrolView) {
        let side = (window.metrics().get_code() * window.scale_factor()).round().max(1.0) as u32;
        let wanted = Some((view.url.clone(), side));
        if *self.picture.borrow() != wanted {
            window.enrol().set_picture(picture(&view.url, side).unwrap_or_default());
            *self.picture.borrow_mut() = wanted;
        }
    }

    /// A code that is no longer good does not stay in memory.
    fn clear(&self, window: &dyn StereoWindow) {
        if self.picture.take().is_some() {
            let page = window.enrol();
            page.set_picture(Image::default());
            page.set_code_spoken(SharedString::default());
            sync(&self.head, Vec::new());
            sync(&self.tail, Vec::new());
        }
    }
}

/// Figure by figure.
fn spoken(pin: &str) -> String {
    let figures: Vec<String> = pin.chars().map(String::from).collect();
    figures.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_spoken_figure_by_figure() {
        assert_eq!(spoken("042917"), "0 4 2 9 1 7");
    }
}
