//! MPEG layer III with an ID3v2.3 tag (id3.org, ID3v2.3.0) and an Info frame that states the length.

use super::collection::{Album, Track};

/// MPEG-1 layer III, 32 kbit/s, 44.1 kHz, joint stereo; 104 bytes a frame.
const HEADER: [u8; 4] = [0xff, 0xfb, 0x10, 0x64];
const FRAME: usize = 104;
/// Frames of silence after the Info frame: enough for any reader to believe it is a stream.
const FRAMES: usize = 9;

/// The whole file.
pub fn encode(album: &Album, track: &Track) -> Vec<u8> {
    let mut file = tag(album, track);
    // 38.28 frames a second of 1152 samples each.
    let frames = (u64::from(track.seconds) * 44_100 / 1152) as u32;
    let mut info = frame();
    let body = [b"Info".to_vec(), 3_u32.to_be_bytes().to_vec(), frames.to_be_bytes().to_vec()].concat();
    let size = (frames * FRAME as u32).to_be_bytes();
    info[36..36 + body.len()].copy_from_slice(&body);
    info[36 + body.len()..40 + body.len()].copy_from_slice(&size);
    file.extend(info);
    (0..FRAMES).for_each(|_| file.extend(frame()));
    file
}

fn frame() -> Vec<u8> {
    let mut frame = HEADER.to_vec();
    frame.resize(FRAME, 0);
    frame
}

fn tag(album: &Album, track: &Track) -> Vec<u8> {
    let mut frames = Vec::new();
    let mut add = |id: &[u8; 4], value: &str| frames.extend(text_frame(id, &text(value)));
    add(b"TIT2", &track.title);
    add(b"TPE1", &track.artist);
    add(b"TPE2", &album.artist);
    add(b"TALB", &album.title);
    add(b"TRCK", &format!("{}/{}", track.number, track.of));
    add(b"TYER", &album.year.to_string());
    add(b"TCON", album.genre);
    if album.discs > 1 {
        add(b"TPOS", &format!("{}/{}", track.disc, album.discs));
    }
    if album.compilation {
        add(b"TCMP", "1");
    }
    if !track.composer.is_empty() {
        add(b"TCOM", &track.composer);
    }
    let gain = format!("\0REPLAYGAIN_TRACK_GAIN\0{:.2} dB", track.gain_db);
    frames.extend(text_frame(b"TXXX", gain.as_bytes()));
    // Room to grow, as taggers leave it.
    frames.resize(frames.len() + 256, 0);
    let size = frames.len() as u32;
    let mut file = b"ID3\x03\x00\x00".to_vec();
    file.extend([21, 14, 7, 0].map(|shift| (size >> shift & 0x7f) as u8));
    file.extend(frames);
    file
}

fn text_frame(id: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [id.as_slice(), &(body.len() as u32).to_be_bytes(), &[0, 0], body].concat()
}

/// ISO 8859-1 where it suffices, else UTF-16 with a byte order mark.
fn text(value: &str) -> Vec<u8> {
    if value.chars().all(|c| u32::from(c) < 256) {
        return std::iter::once(0).chain(value.chars().map(|c| c as u8)).collect();
    }
    let units = value.encode_utf16().flat_map(u16::to_le_bytes);
    [1, 0xff, 0xfe].into_iter().chain(units).collect()
}
