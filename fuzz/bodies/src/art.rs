//! `art`: a picture beside a track, of whatever kind it says to be.

use crate::scratch;

/// Longest edge asked for, in pixels.
const EDGE: u32 = 96;

/// A track without sound and without a picture of its own, so that the one beside it is read.
const TRACK: &[u8; 44] = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0\
    \x44\xac\0\0\x10\xb1\x02\0\x04\0\x10\0data\0\0\0\0";

/// Decodes and scales `data` as the cover of an album.
///
/// # Panics
/// If an answer breaks what `library::read_art` promises.
pub fn art(data: &[u8]) {
    let track = scratch::path("track.wav");
    if !track.exists() {
        scratch::write("track.wav", TRACK);
    }
    scratch::write("cover.jpg", data);
    if let Ok(Some(art)) = library::read_art(&track, EDGE) {
        assert!((1..=EDGE).contains(&art.width) && (1..=EDGE).contains(&art.height), "{}", art.hash);
        assert_eq!(art.rgba.len() as u64, u64::from(art.width) * u64::from(art.height) * 4);
        assert!(!art.hash.is_empty());
    }
}
