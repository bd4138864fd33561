//! FLAC (RFC 9639): stream information, a Vorbis comment, padding, one frame of silence.

use super::collection::{Album, Track};
use crate::demo::write::flac::{crc8, crc16};

/// The whole file.
pub fn encode(album: &Album, track: &Track) -> Vec<u8> {
    let mut file = b"fLaC".to_vec();
    block(&mut file, 0, &stream_info(track));
    let mut comment = text("reference libFLAC 1.4.3 20230623");
    comment.extend(comments(album, track, true));
    block(&mut file, 4, &comment);
    block(&mut file, 0x81, &[0; 512]);
    file.extend(silence());
    file
}

fn block(file: &mut Vec<u8>, kind: u8, body: &[u8]) {
    file.push(kind);
    file.extend(&(body.len() as u32).to_be_bytes()[1..]);
    file.extend_from_slice(body);
}

/// 16 bit, stereo, 44.1 kHz; no checksum of the sound.
fn stream_info(track: &Track) -> [u8; 34] {
    let mut body = [0; 34];
    body[..4].copy_from_slice(&[0x10, 0, 0x10, 0]);
    let samples = u64::from(track.seconds) * 44_100;
    let packed = 44_100_u64 << 44 | 1 << 41 | 15 << 36 | samples;
    body[10..18].copy_from_slice(&packed.to_be_bytes());
    body
}

/// The fields of a Vorbis comment after the vendor: count, then each with its length.
pub fn comments(album: &Album, track: &Track, gain: bool) -> Vec<u8> {
    let mut fields = vec![
        format!("TITLE={}", track.title),
        format!("ARTIST={}", track.artist),
        format!("ALBUM={}", album.title),
        format!("ALBUMARTIST={}", album.artist),
        format!("DATE={}", album.year),
        format!("GENRE={}", album.genre),
        format!("TRACKNUMBER={}", track.number),
        format!("TRACKTOTAL={}", track.of),
    ];
    if album.discs > 1 {
        fields.push(format!("DISCNUMBER={}", track.disc));
    }
    if album.compilation {
        fields.push("COMPILATION=1".to_owned());
    }
    if !track.composer.is_empty() {
        fields.push(format!("COMPOSER={}", track.composer));
    }
    if gain {
        fields.push(format!("REPLAYGAIN_TRACK_GAIN={:.2} dB", track.gain_db));
    }
    let mut body = (fields.len() as u32).to_le_bytes().to_vec();
    fields.iter().for_each(|field| body.extend(text(field)));
    body
}

/// Length and bytes.
pub fn text(text: &str) -> Vec<u8> {
    [&(text.len() as u32).to_le_bytes(), text.as_bytes()].concat()
}

/// One frame: 4096 samples, 44.1 kHz, left and right, 16 bit, both constant zero.
fn silence() -> Vec<u8> {
    let mut frame = vec![0xff, 0xf8, 0xc9, 0x18, 0];
    frame.push(crc8(&frame));
    frame.extend([0; 6]);
    let check = crc16(&frame);
    frame.extend(check.to_be_bytes());
    frame
}
