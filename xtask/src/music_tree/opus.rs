//! Opus in Ogg (RFC 7845, RFC 3533): two header packets and a last page that states the length.

use super::collection::{Album, Track};
use super::flac::{comments, text};

/// Samples of 48 kHz before the music begins.
const PRE_SKIP: u16 = 312;
/// A 20 ms frame of silence.
const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];

/// The whole file.
pub fn encode(album: &Album, track: &Track) -> Vec<u8> {
    let mut head = b"OpusHead\x01\x02".to_vec();
    head.extend(PRE_SKIP.to_le_bytes());
    head.extend(44_100_u32.to_le_bytes());
    head.extend([0, 0, 0]);
    let mut tags = b"OpusTags".to_vec();
    tags.extend(text("libopus 1.3.1"));
    tags.extend(comments(album, track, false));
    let end = u64::from(track.seconds) * 48_000 + u64::from(PRE_SKIP);
    let serial = (track.number * 7919 + usize::from(album.year)) as u32;
    [page(2, 0, serial, 0, &head), page(0, 0, serial, 1, &tags), page(4, end, serial, 2, &SILENCE)].concat()
}

fn page(flags: u8, granule: u64, serial: u32, number: u32, packet: &[u8]) -> Vec<u8> {
    let mut page = b"OggS\x00".to_vec();
    page.push(flags);
    page.extend(granule.to_le_bytes());
    page.extend(serial.to_le_bytes());
    page.extend(number.to_le_bytes());
    page.extend([0; 4]);
    let whole = packet.len() / 255;
    page.push(whole as u8 + 1);
    page.resize(page.len() + whole, 255);
    page.push((packet.len() % 255) as u8);
    page.extend_from_slice(packet);
    let check = crc32(&page);
    page[22..26].copy_from_slice(&check.to_le_bytes());
    page
}

/// Polynomial 0x04c11db7, not reflected, start and end 0.
fn crc32(data: &[u8]) -> u32 {
    data.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte) << 24, |crc, _| {
            if crc & 1 << 31 != 0 { crc << 1 ^ 0x04c1_1db7 } else { crc << 1 }
        })
    })
}
