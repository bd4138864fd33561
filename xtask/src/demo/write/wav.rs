//! WAV (RIFF), 16-bit PCM with a LIST INFO chunk.

use super::{Pcm, Tags};

/// The whole file.
pub fn encode(pcm: &Pcm, tags: &Tags) -> Vec<u8> {
    let mut format = Vec::new();
    format.extend(1_u16.to_le_bytes());
    format.extend(2_u16.to_le_bytes());
    format.extend(pcm.rate.to_le_bytes());
    format.extend((pcm.rate * 4).to_le_bytes());
    format.extend(4_u16.to_le_bytes());
    format.extend(16_u16.to_le_bytes());

    let mut info = b"INFO".to_vec();
    let track = tags.track.to_string();
    for (id, text) in [
        (b"INAM", tags.title.as_str()),
        (b"IART", tags.artist.as_str()),
        (b"IPRD", tags.album.as_str()),
        (b"ITRK", track.as_str()),
        (b"IGNR", tags.genre.as_str()),
        (b"ICRD", tags.year.as_str()),
    ] {
        let mut value = text.as_bytes().to_vec();
        value.push(0);
        info.extend(chunk(id, &value));
    }

    let mut body = b"WAVE".to_vec();
    body.extend(chunk(b"fmt ", &format));
    body.extend(chunk(b"LIST", &info));
    body.extend(chunk(b"data", &pcm.interleaved(i16::to_le_bytes)));
    chunk(b"RIFF", &body)
}

fn chunk(id: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut chunk = id.to_vec();
    chunk.extend((body.len() as u32).to_le_bytes());
    chunk.extend_from_slice(body);
    if body.len() % 2 == 1 {
        chunk.push(0);
    }
    chunk
}
