//! Files made to kill their reader: small on the stick, enormous or endless when believed.

use anyhow::Result;

use super::bytes::{
    atom, base64, black_png, comments, flac, flac_picture, frame, id3, itunes, mp4, opus, png_chunk,
    png_data, silence,
};

/// What a bomb inflates to: 250 MB.
const EDGE: u32 = 15_800;

/// Names with endings, and contents. All are refused or read without what hurts; none may harm.
///
/// # Errors
/// If the pictures cannot be made.
pub fn all() -> Result<Vec<(String, Vec<u8>)>> {
    let png = black_png(EDGE, EDGE)?;
    let zeros = png_data(&png);
    let mut files = Vec::new();
    let mut add = |name: &str, bytes: Vec<u8>| files.push((name.to_owned(), bytes));
    for (name, picture) in pictures(&png, &zeros) {
        for (ending, file) in carriers(&picture) {
            add(&format!("{name} inside.{ending}"), file);
        }
    }
    for (name, file) in compressed_frames(&zeros) {
        add(name, file);
    }
    for (name, file) in atoms() {
        add(name, file);
    }
    for (name, file) in sizes() {
        add(name, file);
    }
    for (name, file) in swarms() {
        add(name, file);
    }
    Ok(files)
}

/// Pictures that inflate, or say they would.
pub fn pictures(png: &[u8], zeros: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let head = &png[..33];
    // The decoder inflates a colour profile and compressed text before it looks at a pixel.
    let packed = |kind: &[u8; 4], before: &[u8]| {
        let chunk = png_chunk(kind, &[before, zeros].concat());
        [head, &chunk, &png[33..]].concat()
    };
    let mut absurd = png.to_vec();
    absurd[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
    let crc = png_chunk(b"IHDR", &absurd[16..29]);
    absurd[8..33].copy_from_slice(&crc);
    let gif = [
        b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\xff\xff\xff\xff\0\x08".as_slice(),
        &[0xff; 255],
    ]
    .concat();
    let bmp = [
        b"BM\xff\xff\xff\x7f\0\0\0\0\x36\0\0\0\x28\0\0\0\0\x20\0\0\0\x20\0\0\x01\0\x18\0\0\0\0\0".as_slice(),
        &[0; 64],
    ]
    .concat();
    let jpeg = [
        b"\xff\xd8\xff\xc2\0\x11\x08\xff\xff\xff\xff\x03\x01\x22\0\x02\x11\x01\x03\x11\x01".as_slice(),
        &b"\xff\xda\0\x0c\x03\x01\0\x02\x11\x03\x11\0\x3f\0\0".repeat(4000),
    ]
    .concat();
    vec![
        ("png", png.to_vec()),
        ("png profile", packed(b"iCCP", b"x\0\0")),
        ("png text", packed(b"zTXt", b"Title\0\0")),
        ("png international text", packed(b"iTXt", b"Title\0\x01\0\0\0")),
        ("png absurd", absurd),
        ("gif", gif),
        ("bmp", bmp),
        ("jpeg", jpeg),
    ]
}

/// The picture as the cover in every container.
fn carriers(picture: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let apic = frame(b"APIC", 0, &[b"\0image/png\0\x03\0".as_slice(), picture].concat());
    let block = flac_picture("image/png", picture);
    let field = [b"METADATA_BLOCK_PICTURE=".as_slice(), &base64(&block)].concat();
    let covr = itunes(b"covr", &atom(b"data", &[b"\0\0\0\x0e\0\0\0\0".as_slice(), picture].concat()));
    vec![
        ("mp3", [id3(3, 0, &apic), silence(20)].concat()),
        ("flac", flac(&[(6, None, &block)])),
        ("opus", opus(&[field])),
        ("m4a", mp4(&covr)),
    ]
}

/// ID3v2 frames whose content is zlib-compressed: 250 MB from 250 kB.
fn compressed_frames(zeros: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let inflated = (250_u32 << 20).to_be_bytes();
    let third = |id: &[u8; 4]| {
        let body = frame(id, 0x0080, &[inflated.as_slice(), zeros].concat());
        [id3(3, 0, &body), silence(20)].concat()
    };
    let synchsafe = |size: usize| [21, 14, 7, 0].map(|shift| (size >> shift & 0x7f) as u8);
    let content = [synchsafe(250 << 20).as_slice(), zeros].concat();
    let fourth = [b"APIC".as_slice(), &synchsafe(content.len()), &[0, 0x09], &content].concat();
    vec![
        ("compressed picture.mp3", third(b"APIC")),
        ("compressed title.mp3", third(b"TIT2")),
        ("compressed comment.mp3", third(b"COMM")),
        ("compressed picture, fourth.mp3", [id3(4, 0, &fourth), silence(20)].concat()),
        ("unsynchronised.mp3", [id3(3, 0x80, &b"\xff\0".repeat(2 << 20)), silence(20)].concat()),
        ("extended header.mp3", [id3(3, 0x40, &[0xff; 4096]), silence(20)].concat()),
    ]
}

/// Boxes in boxes, in circles, of no size and of all sizes.
fn atoms() -> Vec<(&'static str, Vec<u8>)> {
    let deep: Vec<u8> =
        (1..=50_000_u32).rev().flat_map(|level| [(8 * level).to_be_bytes(), *b"moov"].concat()).collect();
    let wide = atom(b"trak", &[]).repeat(200_000);
    let huge = |size: u32| [&size.to_be_bytes(), b"moov".as_slice(), &[0; 256]].concat();
    let head = atom(b"ftyp", b"M4A ");
    let long = [b"\0\0\0\x01moov".as_slice(), &u64::MAX.to_be_bytes(), &[0; 256]].concat();
    let table = |kind: &[u8; 4]| {
        let entries = atom(kind, &[&[0; 4], u32::MAX.to_be_bytes().as_slice(), &[0; 64]].concat());
        mp4(&atom(b"trak", &atom(b"mdia", &atom(b"minf", &atom(b"stbl", &entries)))))
    };
    vec![
        ("deep.m4a", [head.as_slice(), &deep].concat()),
        ("wide.m4a", mp4(&wide)),
        // Size 0 says "to the end of the file": a box that holds the boxes around it.
        (
            "cyclic.m4a",
            [head.as_slice(), &b"\0\0\0\0moov\0\0\0\0udta\0\0\0\0meta\0\0\0\0\0\0\0\0ilst".repeat(2000)]
                .concat(),
        ),
        ("too small.m4a", [head.as_slice(), &b"\0\0\0\x04moov".repeat(2000)].concat()),
        ("two gigabytes.m4a", [head.as_slice(), &huge(0x7fff_ffff)].concat()),
        ("four gigabytes.m4a", [head.as_slice(), &huge(u32::MAX)].concat()),
        ("sixteen exabytes.m4a", [head.as_slice(), &long].concat()),
        ("endless samples.m4a", table(b"stsz")),
        ("endless times.m4a", table(b"stts")),
        (
            "huge title.m4a",
            mp4(&itunes(b"\xa9nam", &[b"\x7f\xff\xff\xffdata".as_slice(), &[0x61; 64]].concat())),
        ),
    ]
}

/// Sizes of 2^31 and more, in every other container.
fn sizes() -> Vec<(&'static str, Vec<u8>)> {
    let count = [&0_u32.to_le_bytes(), u32::MAX.to_le_bytes().as_slice(), &[0xff; 64]].concat();
    let vendor = [u32::MAX.to_le_bytes().as_slice(), &[0x61; 64]].concat();
    let ape = [b"APETAGEX\xd0\x07\0\0\xff\xff\xff\x7f\xff\xff\xff\x7f\0\0\0\0".as_slice(), &[0; 8]].concat();
    vec![
        ("huge tag.mp3", [b"ID3\x04\0\0\x7f\x7f\x7f\x7f".as_slice(), &[0x54; 4096]].concat()),
        ("huge frame.mp3", [id3(3, 0, b"TIT2\x7f\xff\xff\xff\0\0\0abc"), silence(20)].concat()),
        ("huge block.flac", flac(&[(4, Some(0x00ff_ffff), &[0; 64]), (6, Some(0x00ff_ffff), &[0xff; 64])])),
        ("huge count.flac", flac(&[(4, None, &count)])),
        ("huge vendor.flac", flac(&[(4, None, &vendor)])),
        ("huge count.opus", opus_with(&count)),
        ("huge chunk.wav", [b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\x7f".as_slice(), &[1; 256]].concat()),
        (
            "huge list.wav",
            [b"RIFF\xff\xff\xff\x7fWAVELIST\xff\xff\xff\x7fINFOINAM\xff\xff\xff\x7f".as_slice(), &[0x61; 64]]
                .concat(),
        ),
        ("huge chunk.aiff", [b"FORM\x7f\xff\xff\xffAIFFCOMM\x7f\xff\xff\xff".as_slice(), &[1; 256]].concat()),
        ("huge ape.mp3", [silence(20), ape].concat()),
    ]
}

fn opus_with(comments: &[u8]) -> Vec<u8> {
    let head = b"OpusHead\x01\x02\x38\x01\x80\xbb\0\0\0\0\0".to_vec();
    super::bytes::ogg(&[head, [b"OpusTags".as_slice(), comments].concat()])
}

/// Millions of tiny things.
fn swarms() -> Vec<(&'static str, Vec<u8>)> {
    let fields = vec![b"a=".to_vec(); 1_000_000];
    let frames = frame(b"TPE1", 0, b"\0x").repeat(600_000);
    let title = [&[0_u8][..], &vec![b'a'; 8 << 20]].concat();
    vec![
        ("fields.flac", flac(&[(4, None, &comments(&fields))])),
        ("fields.opus", opus(&fields)),
        ("frames.mp3", [id3(3, 0, &frames), silence(20)].concat()),
        ("pages.ogg", b"OggS\0\0\0\0\0\0\0\0\0\0\x07\0\0\0\0\0\0\0\0\0\0\0\x01\0".repeat(200_000)),
        ("title.mp3", [id3(3, 0, &frame(b"TIT2", 0, &title)), silence(20)].concat()),
        ("zeros.mp3", vec![0; 16 << 20]),
        ("sync.mp3", vec![0xff; 16 << 20]),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn there_are_more_than_fifty_and_they_are_small() {
        let files = super::all().unwrap();
        assert!(files.len() > 50, "{}", files.len());
        let bomb = files.iter().find(|(name, _)| name == "compressed picture.mp3").unwrap();
        assert!(bomb.1.len() < 1 << 20, "{} bytes", bomb.1.len());
        assert!(files.iter().all(|(_, bytes)| bytes.len() <= 20 << 20));
        let mut names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), files.len());
    }
}
