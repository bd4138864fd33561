//! Containers built by hand, so that any field of them can lie.

/// A box of ISO base media, its size true.
pub fn atom(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes(), kind.as_slice(), body].concat()
}

/// An MP4 file whose one movie box holds `movie`.
pub fn mp4(movie: &[u8]) -> Vec<u8> {
    [atom(b"ftyp", b"M4A \0\0\0\0M4A mp42isom"), atom(b"moov", movie), atom(b"mdat", &[0; 64])].concat()
}

/// The boxes around an iTunes item `kind` with this `data` box.
pub fn itunes(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let list = atom(b"ilst", &atom(kind, data));
    atom(b"udta", &atom(b"meta", &[&[0; 4], list.as_slice()].concat()))
}

/// An ID3v2 tag of this version over `body`.
pub fn id3(version: u8, flags: u8, body: &[u8]) -> Vec<u8> {
    let size = [21, 14, 7, 0].map(|shift| (body.len() >> shift & 0x7f) as u8);
    [b"ID3".as_slice(), &[version, 0, flags], &size, body].concat()
}

/// A frame of ID3v2.3.
pub fn frame(id: &[u8; 4], flags: u16, data: &[u8]) -> Vec<u8> {
    [id.as_slice(), &(data.len() as u32).to_be_bytes(), &flags.to_be_bytes(), data].concat()
}

/// A text frame in UTF-16, as every writer of ID3v2.3 makes it.
pub fn text_frame(id: &[u8; 4], text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    frame(id, 0, &[b"\x01\xff\xfe".as_slice(), &units].concat())
}

/// `frames` frames of silence, MPEG-1 layer III, 128 kbit/s, 44.1 kHz.
pub fn silence(frames: usize) -> Vec<u8> {
    [[0xff, 0xfb, 0x90, 0x00].as_slice(), &[0; 413]].concat().repeat(frames)
}

/// An honest MP3 of one second.
pub fn tagged_mp3(title: &str, artist: &str, album: &str) -> Vec<u8> {
    let frames =
        [text_frame(b"TIT2", title), text_frame(b"TPE1", artist), text_frame(b"TALB", album)].concat();
    [id3(3, 0, &frames), silence(38)].concat()
}

/// A FLAC file of one second that says it holds silence, with these metadata blocks (kind, declared length if
/// it lies, content).
pub fn flac(blocks: &[(u8, Option<u32>, &[u8])]) -> Vec<u8> {
    let mut file = b"fLaC\0\0\0\x22\x10\0\x10\0\0\0\0\0\0\0\x0a\xc4\x42\xf0\0\0\xac\x44".to_vec();
    file.extend([0; 16]);
    for (number, (kind, declared, content)) in blocks.iter().enumerate() {
        let last = if number + 1 == blocks.len() { 0x80 } else { 0 };
        let length = declared.unwrap_or(content.len() as u32) & 0x00ff_ffff;
        file.extend((u32::from(kind | last) << 24 | length).to_be_bytes());
        file.extend(*content);
    }
    file
}

/// The content of a FLAC picture block (RFC 9639, 8.8).
pub fn flac_picture(mime: &str, picture: &[u8]) -> Vec<u8> {
    let mut block = 3_u32.to_be_bytes().to_vec();
    block.extend((mime.len() as u32).to_be_bytes());
    block.extend(mime.as_bytes());
    block.extend([0; 20]);
    block.extend((picture.len() as u32).to_be_bytes());
    block.extend(picture);
    block
}

/// A PNG of so many pixels, all black: a thousandth of their size.
///
/// # Errors
/// If the encoder refuses.
pub fn black_png(width: u32, height: u32) -> anyhow::Result<Vec<u8>> {
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    let mut rows = writer.stream_writer()?;
    let row = vec![0; width as usize];
    for _ in 0..height {
        std::io::Write::write_all(&mut rows, &row)?;
    }
    rows.finish()?;
    writer.finish()?;
    Ok(png)
}

/// The zlib stream inside a PNG: here, a great many zeros.
pub fn png_data(png: &[u8]) -> Vec<u8> {
    let mut data = Vec::new();
    let mut at = 8;
    while let Some(header) = png.get(at..at + 8) {
        let length = u32::from_be_bytes([header[0], header[1], header[2], header[3]]) as usize;
        if &header[4..] == b"IDAT" {
            data.extend(&png[at + 8..at + 8 + length]);
        }
        at += length + 12;
    }
    data
}

/// A PNG chunk with its right checksum.
pub fn png_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [kind.as_slice(), data].concat();
    let mut crc = !0_u32;
    for byte in &body {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    [&(data.len() as u32).to_be_bytes(), body.as_slice(), &(!crc).to_be_bytes()].concat()
}

/// Base64 (RFC 4648), as pictures lie in Ogg.
pub fn base64(bytes: &[u8]) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = Vec::with_capacity(bytes.len() / 3 * 4 + 4);
    for group in bytes.chunks(3) {
        let mut word = [0; 4];
        word[1..=group.len()].copy_from_slice(group);
        let word = u32::from_be_bytes(word);
        for place in 0..4 {
            let sextet = word >> (18 - 6 * place) & 0x3f;
            text.push(if place <= group.len() { ALPHABET[sextet as usize] } else { b'=' });
        }
    }
    text
}

/// A Vorbis comment header's content: vendor, then the fields.
pub fn comments(fields: &[Vec<u8>]) -> Vec<u8> {
    let mut block = 0_u32.to_le_bytes().to_vec();
    block.extend((fields.len() as u32).to_le_bytes());
    for field in fields {
        block.extend((field.len() as u32).to_le_bytes());
        block.extend(field);
    }
    block
}

/// One logical Ogg stream of these packets; the checksums are right (RFC 3533).
pub fn ogg(packets: &[Vec<u8>]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut sequence = 0_u32;
    for (number, packet) in packets.iter().enumerate() {
        let mut rest = packet.as_slice();
        let mut begun = false;
        loop {
            let take = rest.len().min(255 * 255);
            let ends = take < 255 * 255;
            let mut table = vec![255; take / 255];
            if ends {
                table.push((take % 255) as u8);
            }
            let flags = u8::from(begun) | if number == 0 { 2 } else { 0 };
            file.extend(ogg_page(flags, sequence, &table, &rest[..take]));
            (rest, begun, sequence) = (&rest[take..], true, sequence + 1);
            if ends {
                break;
            }
        }
    }
    file
}

fn ogg_page(flags: u8, sequence: u32, table: &[u8], data: &[u8]) -> Vec<u8> {
    let mut page =
        [b"OggS\0".as_slice(), &[flags], &[0; 8], &7_u32.to_le_bytes(), &sequence.to_le_bytes()].concat();
    page.extend([0; 4]);
    page.push(table.len() as u8);
    page.extend(table);
    page.extend(data);
    let mut crc = 0_u32;
    for byte in &page {
        crc ^= u32::from(*byte) << 24;
        for _ in 0..8 {
            crc = if crc >> 31 == 1 { crc << 1 ^ 0x04c1_1db7 } else { crc << 1 };
        }
    }
    page[22..26].copy_from_slice(&crc.to_le_bytes());
    page
}

/// An Opus file of nothing but headers, with these comment fields.
pub fn opus(fields: &[Vec<u8>]) -> Vec<u8> {
    let head = b"OpusHead\x01\x02\x38\x01\x80\xbb\0\0\0\0\0".to_vec();
    let tags = [b"OpusTags".as_slice(), &comments(fields)].concat();
    ogg(&[head, tags, vec![0xf8, 0xff, 0xfe]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        assert_eq!(base64(b"Man"), b"TWFu");
        assert_eq!(base64(b"Ma"), b"TWE=");
        assert_eq!(base64(b"M"), b"TQ==");
        // The end chunk of every PNG.
        assert_eq!(png_chunk(b"IEND", &[]), b"\0\0\0\0IEND\xae\x42\x60\x82");
    }

    #[test]
    fn black_pictures_are_small_and_whole() {
        let png = black_png(600, 400).unwrap();
        assert!(png.len() < 4000 && !png_data(&png).is_empty());
        let reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
        assert_eq!(reader.info().size(), (600, 400));
    }

    #[test]
    fn ogg_pages_follow_each_other() {
        let file = ogg(&[vec![1; 19], vec![2; 255 * 255], vec![3; 600_000]]);
        assert_eq!(&file[..4], b"OggS");
        // One page, two (the second empty), and 600,000 / 65,025 rounded up.
        assert_eq!(file.windows(5).filter(|w| w == b"OggS\0").count(), 1 + 2 + 10);
    }
}
