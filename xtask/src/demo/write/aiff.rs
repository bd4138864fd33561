//! AIFF, 16-bit, with an ID3v2.3 tag and picture in an `ID3 ` chunk.

use super::{Pcm, Tags};

/// The whole file.
pub fn encode(pcm: &Pcm, tags: &Tags, cover_png: &[u8]) -> Vec<u8> {
    let mut common = Vec::new();
    common.extend(2_u16.to_be_bytes());
    common.extend((pcm.len() as u32).to_be_bytes());
    common.extend(16_u16.to_be_bytes());
    common.extend(extended(pcm.rate));

    let mut sound = vec![0; 8];
    sound.extend(pcm.interleaved(i16::to_be_bytes));

    let mut body = b"AIFF".to_vec();
    body.extend(chunk(b"COMM", &common));
    body.extend(chunk(b"NAME", tags.title.as_bytes()));
    body.extend(chunk(b"AUTH", tags.artist.as_bytes()));
    body.extend(chunk(b"SSND", &sound));
    body.extend(chunk(b"ID3 ", &id3(tags, cover_png)));
    chunk(b"FORM", &body)
}

fn chunk(id: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut chunk = id.to_vec();
    chunk.extend((body.len() as u32).to_be_bytes());
    chunk.extend_from_slice(body);
    if body.len() % 2 == 1 {
        chunk.push(0);
    }
    chunk
}

/// A whole number as an 80-bit IEEE 754 extended float.
fn extended(value: u32) -> [u8; 10] {
    let zeros = value.leading_zeros();
    let exponent = (16_383 + 31 - zeros) as u16;
    let mantissa = u64::from(value) << (zeros + 32);
    let mut bytes = [0; 10];
    bytes[..2].copy_from_slice(&exponent.to_be_bytes());
    bytes[2..].copy_from_slice(&mantissa.to_be_bytes());
    bytes
}

/// ID3v2.3 (id3.org informal standard): text frames in Latin-1, one picture.
fn id3(tags: &Tags, cover_png: &[u8]) -> Vec<u8> {
    let track = format!("{}/{}", tags.track, tags.tracks);
    let mut frames = Vec::new();
    for (id, text) in [
        (b"TIT2", tags.title.as_str()),
        (b"TPE1", tags.artist.as_str()),
        (b"TPE2", tags.artist.as_str()),
        (b"TALB", tags.album.as_str()),
        (b"TRCK", track.as_str()),
        (b"TCON", tags.genre.as_str()),
        (b"TYER", tags.year.as_str()),
    ] {
        frames.extend(frame(id, &[&[0], text.as_bytes()].concat()));
    }
    // Encoding Latin-1, type 3 (front cover), empty description.
    frames.extend(frame(b"APIC", &[b"\0image/png\0\x03\0", cover_png].concat()));
    let size = frames.len() as u32;
    let mut tag = b"ID3\x03\x00\x00".to_vec();
    tag.extend([size >> 21, size >> 14, size >> 7, size].map(|part| (part & 0x7f) as u8));
    tag.extend(frames);
    tag
}

fn frame(id: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [id.as_slice(), &(body.len() as u32).to_be_bytes(), &[0, 0], body].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_extended_floats() {
        assert_eq!(extended(44_100), [0x40, 0x0e, 0xac, 0x44, 0, 0, 0, 0, 0, 0]);
        assert_eq!(extended(48_000), [0x40, 0x0e, 0xbb, 0x80, 0, 0, 0, 0, 0, 0]);
    }
}
