//! The main thread of a run without a window: waits, and draws the screen only when a script wants a
//! picture. Until then the interface costs no memory.

use std::rc::Rc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use firmware_app::ui::headless::HeadlessScreen;

use crate::cli::ScreenSize;
use crate::screen::Request;
use crate::screenshot::Picture;
use crate::session::Ending;
use crate::unit::Unit;

/// Longer than any animation: a picture shows the screen at rest.
const AT_REST: Duration = Duration::from_secs(2);

/// Serves requests until one asks for the end.
pub fn run(unit: &Unit, size: ScreenSize, requests: &Receiver<Request>) -> Ending {
    let mut screen = None;
    while let Ok(request) = requests.recv() {
        match request {
            // Whoever asked may be gone by now.
            Request::Picture(reply) => drop(reply.send(picture(&mut screen, unit, size))),
            Request::End(ending) => return ending,
        }
    }
    Ending::Closed
}

fn picture(screen: &mut Option<HeadlessScreen>, unit: &Unit, size: ScreenSize) -> Result<Picture, String> {
    if screen.is_none() {
        let app = unit.app().clone();
        let post = Rc::new(move |event| app.post(event));
        *screen =
            Some(HeadlessScreen::new(size.width, size.height, post).map_err(|error| error.to_string())?);
    }
    let screen = screen.as_mut().ok_or("the screen is gone")?;
    screen.show(&unit.frame());
    let (bands, levels) = unit.app().spectrum();
    screen.set_spectrum(&bands, levels);
    screen.render();
    screen.advance(AT_REST);
    let pixels = screen.render();
    Ok(Picture { width: pixels.width(), height: pixels.height(), rgb: pixels.as_bytes().to_vec() })
}
