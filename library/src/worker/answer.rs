//! What the worker answers, as frames: length, sequence, status, body.
use super::codec::{Reader, Writer};
use super::request::Kind;
use super::{playlist_codec, track_codec};
use crate::art::{Art, content_hash};
use crate::bytes::le32;
use crate::error::LibraryError;
use crate::playlist::PlaylistFile;
use crate::tags::TrackInfo;

/// Bytes of the length and the sequence before each body.
const HEAD: usize = 8;

/// Most bytes of an answer about tags, and of an error.
const MAX_TRACK: usize = 64 << 10;

/// Most bytes of a playlist: 16 MiB of text, and what goes around it.
const MAX_PLAYLIST: usize = 20 << 20;

/// Most characters of the system's own words.
const MAX_MESSAGE: usize = 200;

/// A value that was read.
#[derive(Debug, PartialEq)]
pub(super) enum Answer {
    Track(Box<TrackInfo>),
    Art(Option<Art>),
    Playlist(PlaylistFile),
}

/// An answer or why there is none.
pub(super) type Outcome = Result<Answer, LibraryError>;

/// `None` when the first frame of `inbox` is not complete yet, `Some(Err)` when it never will be:
/// it is longer than any answer to `kind`.
pub(super) fn first_frame(inbox: &[u8], kind: Kind) -> Option<Result<(u32, &[u8]), TooLong>> {
    let length = le32(inbox, 0)? as usize;
    if length > max_body(kind) {
        return Some(Err(TooLong));
    }
    let body = inbox.get(HEAD..HEAD.checked_add(length)?)?;
    Some(Ok((le32(inbox, 4)?, body)))
}

/// The worker announced an answer of impossible length.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

/// Bytes a frame with this body takes.
pub(super) fn frame_length(body: &[u8]) -> usize {
    HEAD + body.len()
}

/// Most bytes of the body of an answer.
fn max_body(kind: Kind) -> usize {
    match kind {
        Kind::Track => MAX_TRACK,
        Kind::Playlist(_) => MAX_PLAYLIST,
        Kind::Embedded(edge) | Kind::Picture(edge) => usize::from(edge) * usize::from(edge) * 4 + MAX_TRACK,
    }
}

/// A whole frame.
pub(super) fn write(sequence: u32, outcome: &Outcome) -> Vec<u8> {
    let mut to = Writer(Vec::with_capacity(512));
    to.u32(0);
    to.u32(sequence);
    match outcome {
        Ok(Answer::Track(info)) => {
            to.byte(0);
            track_codec::write(&mut to, info);
        }
        Ok(Answer::Playlist(playlist)) => {
            to.byte(3);
            playlist_codec::write(&mut to, playlist);
        }
        Ok(Answer::Art(None)) => to.byte(1),
        Ok(Answer::Art(Some(art))) => {
            to.byte(2);
            to.u32(art.width);
            to.u32(art.height);
            to.bytes(&art.accent);
            to.bytes(&art.rgba);
        }
        Err(LibraryError::Missing) => to.byte(0x10),
        Err(LibraryError::Outside) => to.byte(0x11),
        Err(LibraryError::NotMusic) => to.byte(0x12),
        Err(LibraryError::Hostile) => to.byte(0x13),
        Err(LibraryError::Unreadable(message)) => {
            to.byte(0x14);
            let line: String =
                message.chars().filter(|character| !character.is_control()).take(MAX_MESSAGE).collect();
            to.text(&line);
        }
    }
    let length = u32::try_from(to.0.len().saturating_sub(HEAD)).unwrap_or(u32::MAX);
    for (place, byte) in to.0.iter_mut().zip(length.to_le_bytes()) {
        *place = byte;
    }
    to.0
}

/// The body of an answer to `kind`; `None` when it is nothing an honest worker says.
pub(super) fn read(body: &[u8], kind: Kind) -> Option<Outcome> {
    let mut from = Reader::new(body);
    let status = from.byte()?;
    let outcome = match (status, kind) {
        (0, Kind::Track) => Ok(Answer::Track(Box::new(track_codec::read(&mut from)?))),
        (1, Kind::Embedded(_) | Kind::Picture(_)) => Ok(Answer::Art(None)),
        (2, Kind::Embedded(edge) | Kind::Picture(edge)) => Ok(Answer::Art(Some(read_art(&mut from, edge)?))),
        (3, Kind::Playlist(_)) => Ok(Answer::Playlist(playlist_codec::read(&mut from)?)),
        (0x10, _) => Err(LibraryError::Missing),
        (0x11, _) => Err(LibraryError::Outside),
        (0x12, _) => Err(LibraryError::NotMusic),
        (0x13, _) => Err(LibraryError::Hostile),
        (0x14, _) => Err(LibraryError::Unreadable(from.line(MAX_MESSAGE)?)),
        _ => return None,
    };
    from.end(outcome)
}

/// The hash is reckoned here: a worker that was taken over cannot put its picture in another one's place.
fn read_art(from: &mut Reader<'_>, edge: u16) -> Option<Art> {
    let (width, height) = (from.u32()?, from.u32()?);
    let allowed = 1..=u32::from(edge);
    if !allowed.contains(&width) || !allowed.contains(&height) {
        return None;
    }
    let accent = [from.byte()?, from.byte()?, from.byte()?];
    let rgba = from.bytes(width as usize * height as usize * 4)?.to_vec();
    Some(Art { hash: content_hash(width, height, &rgba), width, height, rgba, accent })
}

#[cfg(test)]
mod tests {
    use super::{
        Answer, Art, Kind, LibraryError, TooLong, content_hash, first_frame, frame_length, read, write,
    };
    use crate::playlist::{PlaylistFile, PlaylistKind};

    fn art(width: u32, height: u32) -> Art {
        let rgba = vec![7; (width * height * 4) as usize];
        Art { hash: content_hash(width, height, &rgba), width, height, rgba, accent: [1, 2, 3] }
    }

    #[test]
    fn every_answer_survives() {
        for (kind, outcome) in [
            (Kind::Track, Ok(Answer::Track(Box::default()))),
            (Kind::Embedded(8), Ok(Answer::Art(None))),
            (Kind::Picture(8), Ok(Answer::Art(Some(art(8, 3))))),
            (Kind::Playlist(PlaylistKind::Cue), Ok(Answer::Playlist(PlaylistFile::default()))),
            (Kind::Track, Err(LibraryError::NotMusic)),
            (Kind::Track, Err(LibraryError::Missing)),
            (Kind::Track, Err(LibraryError::Outside)),
            (Kind::Track, Err(LibraryError::Hostile)),
            (Kind::Track, Err(LibraryError::Unreadable("Input/output error (os error 5)".into()))),
        ] {
            let frame = write(9, &outcome);
            let (sequence, body) = first_frame(&frame, kind).unwrap().unwrap();
            assert_eq!((sequence, frame_length(body)), (9, frame.len()));
            assert_eq!(read(body, kind), Some(outcome));
            for end in 0..frame.len() {
                assert_eq!(first_frame(&frame[..end], kind), None, "incomplete");
            }
        }
    }

    #[test]
    fn answers_to_other_questions_and_lies_are_refused() {
        let body = |outcome| write(1, &outcome)[8..].to_vec();
        let track = body(Ok(Answer::Track(Box::default())));
        assert_eq!(read(&track, Kind::Picture(8)), None);
        assert_eq!(read(&track, Kind::Playlist(PlaylistKind::Pls)), None);
        let picture = body(Ok(Answer::Art(Some(art(8, 3)))));
        assert_eq!(read(&picture, Kind::Track), None);
        assert_eq!(read(&picture, Kind::Picture(7)), None, "larger than asked for");
        assert_eq!(read(&picture[..picture.len() - 1], Kind::Picture(8)), None);
        assert_eq!(read(&[&picture[..], &[0]].concat(), Kind::Picture(8)), None);
        let mut flat = picture;
        flat[1] = 0;
        assert_eq!(read(&flat, Kind::Picture(8)), None, "no width");
        assert_eq!(read(&[], Kind::Track), None);
        assert_eq!(read(&[0x77], Kind::Track), None);
    }

    #[test]
    fn no_answer_is_longer_than_its_question_allows() {
        let announced = |length: u32| [length.to_le_bytes(), 1_u32.to_le_bytes()].concat();
        assert_eq!(first_frame(&announced(64 << 10), Kind::Track), None);
        assert_eq!(first_frame(&announced((64 << 10) + 1), Kind::Track), Some(Err(TooLong)));
        assert_eq!(first_frame(&announced(u32::MAX), Kind::Embedded(512)), Some(Err(TooLong)));
        assert_eq!(first_frame(&announced(512 * 512 * 4), Kind::Embedded(512)), None);
    }
}
