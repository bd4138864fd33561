//! The main thread of a run without a window: waits, and draws the screen only when a script wants a
//! picture. Until then the interface costs no memory.

use std::sync::mpsc::Receiver;

use crate::screen::Request;
use crate::session::Ending;

/// Serves requests until one asks for the end.
pub fn run(requests: &Receiver<Request>) -> Ending {
    while let Ok(request) = requests.recv() {
        match request {
            // Whoever asked may be gone by now.
            Request::Picture(reply) => drop(reply.send(Err("this build has no screen".to_owned()))),
            Request::End(ending) => return ending,
        }
    }
    Ending::Closed
}
