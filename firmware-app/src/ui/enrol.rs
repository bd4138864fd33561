//! Adapter of the page with the code for a phone; makes its QR code.

use std::cell::RefCell;
use std::rc::Rc;

use protocol::remote::Role;
use qrcodegen::{QrCode, QrCodeEcc};
use slint::{Image, ModelRc, Rgb8Pixel, SharedPixelBuffer, SharedString, VecModel};

use super::cells::{clock, figures, sync};
use super::window::StereoWindow;
use crate::frame::Frame;
use crate::screen::{EnrolView, Touch};

/// Modules of light around a code (ISO/IEC 18004, 9.1).
const QUIET_ZONE: u32 = 4;
/// Largest side we draw, in pixels.
const LARGEST: u32 = 2048;

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

/// The text as a QR code in a white square of `side` pixels, every module the same whole number of pixels.
/// `None` if it does not fit at all.
fn picture(text: &str, side: u32) -> Option<Image> {
    let side = side.clamp(1, LARGEST);
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let modules = u32::try_from(code.size()).ok()?;
    let scale = side / (modules + 2 * QUIET_ZONE);
    if scale == 0 {
        return None;
    }
    let from = (side - modules * scale) / 2;
    let mut buffer = SharedPixelBuffer::<Rgb8Pixel>::new(side, side);
    for (index, pixel) in (0..).zip(buffer.make_mut_slice()) {
        let place = |at: u32| at.checked_sub(from).and_then(|at| i32::try_from(at / scale).ok());
        let is_dark = match (place(index % side), place(index / side)) {
            (Some(x), Some(y)) => code.get_module(x, y),
            _ => false,
        };
        let value = if is_dark { 0 } else { 255 };
        *pixel = Rgb8Pixel { r: value, g: value, b: value };
    }
    Some(Image::from_rgb8(buffer))
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "http://192.168.100.200:8080/enrol#0123456789abcdef0123456789abcdef";

    #[test]
    fn modules_are_whole_pixels_and_the_quiet_zone_is_white() {
        for side in [283, 340, 510] {
            let image = picture(URL, side).unwrap().to_rgb8().unwrap();
            assert_eq!((image.width(), image.height()), (side, side));
            let code = QrCode::encode_text(URL, QrCodeEcc::Medium).unwrap();
            let modules = u32::try_from(code.size()).unwrap();
            let scale = side / (modules + 8);
            let from = (side - modules * scale) / 2;
            assert!(scale >= 6 && from >= 4 * scale, "{scale} pixels a module, {from} around");
            for (index, pixel) in (0..).zip(image.as_slice()) {
                let (x, y) = (index % side, index / side);
                let inside = |at: u32| (from..from + modules * scale).contains(&at);
                let is_dark = inside(x) && inside(y) && {
                    let module = |at: u32| i32::try_from((at - from) / scale).unwrap();
                    code.get_module(module(x), module(y))
                };
                assert_eq!(pixel.r, if is_dark { 0 } else { 255 }, "{x} {y}");
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_no_picture() {
        assert!(picture(&"x".repeat(9000), 340).is_none());
        assert!(picture(URL, 20).is_none());
        assert_eq!(spoken("042917"), "0 4 2 9 1 7");
    }
}
