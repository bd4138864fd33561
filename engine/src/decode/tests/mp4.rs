//! Delay and padding of AAC in MPEG-4, by edit list and by iTunSMPB.
use std::fs;

use tempfile::tempdir;

use super::decode_all;
use super::signal::{Format, music, wav};
use super::tools::{ffmpeg, needs_tools};

fn atom(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes(), kind.as_slice(), body].concat()
}

/// iTunes' tag in `udta/meta/ilst`, as its documentation by others describes it.
fn itunes(delay: u32, padding: u32, frames: u64) -> Vec<u8> {
    let text = format!(" 00000000 {delay:08X} {padding:08X} {frames:016X} 00000000 00000000");
    let full = |kind: &[u8; 4], body: &[u8]| atom(kind, &[&[0; 4], body].concat());
    let data = atom(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0], text.as_bytes()].concat());
    let item =
        atom(b"----", &[full(b"mean", b"com.apple.iTunes"), full(b"name", b"iTunSMPB"), data].concat());
    let hdlr = full(b"hdlr", b"\0\0\0\0mdirappl\0\0\0\0\0\0\0\0\0");
    atom(b"udta", &full(b"meta", &[hdlr, atom(b"ilst", &item)].concat()))
}

fn find(bytes: &[u8], kind: &[u8; 4]) -> usize {
    bytes.windows(4).position(|w| w == kind).unwrap()
}

#[test]
fn itunsmpb_cuts_as_the_edit_list_does_and_without_either_nothing_is_cut() {
    needs_tools!();
    let dir = tempdir().unwrap();
    let source = wav(&dir.path().join("a.wav"), 44_100, 2, Format::S16, None, &music(44_100, 2, 100_123));
    let path = ffmpeg(&source, &["-c:a", "aac"], &dir.path().join("a.m4a"));
    let (info, edited) = decode_all(&path).unwrap();
    assert_eq!((info.frames, edited.len()), (Some(100_123), 2 * 100_123));

    let mut bytes = fs::read(&path).unwrap();
    let edits = find(&bytes, b"edts");
    bytes[edits..edits + 4].copy_from_slice(b"free");
    fs::write(&path, &bytes).unwrap();
    let (_, whole) = decode_all(&path).unwrap();
    assert!(whole.len() > edited.len() && whole[2048..2048 + edited.len()] == edited);

    // `moov` is the last atom of this file, so that a tag can be added at its end.
    let moov = find(&bytes, b"moov") - 4;
    let tag = itunes(1024, 229, 100_123);
    let size = u32::from_be_bytes(bytes[moov..moov + 4].try_into().unwrap());
    assert_eq!(moov + size as usize, bytes.len());
    bytes[moov..moov + 4].copy_from_slice(&(size + tag.len() as u32).to_be_bytes());
    bytes.extend(tag);
    fs::write(&path, &bytes).unwrap();
    let (info, tagged) = decode_all(&path).unwrap();
    assert_eq!(info.frames, Some(100_123));
    assert!(tagged == edited);
}
