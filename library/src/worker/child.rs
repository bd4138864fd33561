//! The worker's own life: lock the door, say hello, read what is asked, until the questions end.
use std::panic;
use std::process::ExitCode;

use super::answer::{self, Answer, Outcome};
use super::link::Questions;
use super::request::Kind;
use super::sandbox;
use crate::art::{embedded_art, picture_art};
use crate::beneath::OpenFile;
use crate::bounded_file::BoundedFile;
use crate::error::LibraryError;
use crate::guard::contain;
use crate::playlist::{MAX_PLAYLIST_BYTES, PlaylistFile, PlaylistKind, parse_playlist};
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
        Kind::Playlist(kind) => playlist(kind, file).map(Answer::Playlist),
        Kind::Picture(edge) => Ok(Answer::Art(picture_art(file, u32::from(edge)))),
    }
}

fn playlist(kind: PlaylistKind, file: OpenFile) -> Result<PlaylistFile, LibraryError> {
    // One byte more than allowed is enough to see that it is too large.
    let most = MAX_PLAYLIST_BYTES + 1;
    let bytes = BoundedFile::new(file, most as u64).read_at(0, most)?;
    parse_playlist(kind, &bytes).map_err(|_| LibraryError::NotMusic)
}
