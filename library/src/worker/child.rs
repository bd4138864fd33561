//! The worker's own life: lock the door, say hello, read what is asked, until the questions end.
use std::panic;
use std::process::ExitCode;

use super::answer::{self, Answer, Outcome};
use super::link::Questions;
use super::request::Kind;
use super::sandbox;
use crate::art::{embedded_art, picture_art};
use crate::beneath::OpenFile;
use crate::error::LibraryError;
use crate::guard::contain;
use crate::tags;

/// First bytes a worker sends, before what it could lock. Tells it from any other program.
pub(super) const HELLO: [u8; 7] = *b"library";

/// The worker's whole life: answers requests from standard input until that closes.
///
/// To be called by `main` before anything else, and nothing after it: on Unix it closes every descriptor
/// it inherited but the standard ones, and on Linux it can open nothing afterwards.
#[must_use]
pub fn worker_main() -> ExitCode {
    // What a file does to its reader is told by the answer, or by the silence.
    panic::set_hook(Box::new(|_| {}));
    let locks = sandbox::enter();
    let mut questions = Questions::new();
    let mut hello = HELLO.to_vec();
    hello.push(locks.to_byte());
    if questions.answer(&hello).is_err() {
        return ExitCode::FAILURE;
    }
    while let Some((request, file)) = questions.next() {
        let outcome = contain("worker", || read(request.kind, file));
        let frame = answer::write(request.sequence, &outcome.unwrap_or(Err(LibraryError::Hostile)));
        if questions.answer(&frame).is_err() {
            break;
        }
    }
    ExitCode::SUCCESS
}

fn read(kind: Kind, file: Result<OpenFile, LibraryError>) -> Outcome {
    let file = file?;
    match kind {
        Kind::Track => tags::read_open(file).map(|info| Answer::Track(Box::new(info))),
        Kind::Embedded(edge) => embedded_art(file, u32::from(edge)).map(Answer::Art),
        Kind::Picture(edge) => Ok(Answer::Art(picture_art(file, u32::from(edge)))),
    }
}
